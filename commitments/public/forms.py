"""The questions of a check-in."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from commitments.checkins import Reply
from commitments.errors import CommitmentError
from commitments.models import Done
from commitments.rules import words

OPEN = (("no", "No, all settled"), ("yes", "Yes, something is still open"))
RATINGS = (
    ("1", "Very unhappy"),
    ("2", "Unhappy"),
    ("3", "Neither"),
    ("4", "Happy"),
    ("5", "Very happy"),
)


class AnswerForm(forms.Form):
    """Nothing is chosen beforehand but what the link in the mail stood for."""

    done = forms.ChoiceField(
        label="Did we do what we said?",
        choices=Done.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether we did what we said"},
    )
    rating = forms.ChoiceField(
        label="How do you feel about how this was handled?",
        choices=RATINGS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you feel, from very unhappy to very happy"},
    )
    open = forms.ChoiceField(
        label="Is anything still unresolved?",
        choices=OPEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether anything is still unresolved"},
    )
    words = forms.CharField(
        label="Anything you would like us to know?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_words(self) -> str:
        said = self.cleaned_data["words"]
        try:
            return words.clean(said, what="Your words", limit=4000, required=False, lines=True)
        except CommitmentError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def answers(self) -> list[tuple[str, str]]:
        """Question and answer in words, as they were given."""
        given = self.cleaned_data
        said = [
            (str(self.fields[name].label), str(dict(choices)[given[name]]))
            for name, choices in (("done", Done.choices), ("rating", RATINGS), ("open", OPEN))
        ]
        return [*said, *([("Your words", given["words"])] if given["words"] else [])]

    def reply(self, *, browser_key: str) -> Reply:
        given = self.cleaned_data
        return Reply(
            done=given["done"],
            still_open=given["open"] == "yes",
            rating=int(given["rating"]),
            words=given["words"],
            browser_key=browser_key,
        )


def from_link(query: QueryDict) -> AnswerForm:
    """The empty form, with what the link said chosen: `?r=4`, `?open=yes`."""
    chosen = {"rating": query.get("r", ""), "open": "yes" if query.get("open") == "yes" else ""}
    return AnswerForm(initial=chosen)
