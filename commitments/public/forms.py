"""The questions of a check-in."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from commitments.checkins import Reply
from commitments.errors import CommitmentError
from commitments.models import Done
from commitments.rules import words

from . import refusals

DONE = (
    (Done.YES.value, gettext_lazy("Yes")),
    (Done.PARTLY.value, gettext_lazy("Partly")),
    (Done.NO.value, gettext_lazy("No")),
)
OPEN = (
    ("no", gettext_lazy("No, all settled")),
    ("yes", gettext_lazy("Yes, something is still open")),
)
RATINGS = (
    ("1", gettext_lazy("Very unhappy")),
    ("2", gettext_lazy("Unhappy")),
    ("3", gettext_lazy("Neither")),
    ("4", gettext_lazy("Happy")),
    ("5", gettext_lazy("Very happy")),
)


class AnswerForm(forms.Form):
    """Nothing is chosen beforehand but what the link in the mail stood for."""

    done = forms.ChoiceField(
        label=gettext_lazy("Did we do what we said?"),
        choices=DONE,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether we did what we said")},
    )
    rating = forms.ChoiceField(
        label=gettext_lazy("How do you feel about how this was handled?"),
        choices=RATINGS,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how you feel, from very unhappy to very happy")
        },
    )
    open = forms.ChoiceField(
        label=gettext_lazy("Is anything still unresolved?"),
        choices=OPEN,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether anything is still unresolved")},
    )
    words = forms.CharField(
        label=gettext_lazy("Anything you would like us to know?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_words(self) -> str:
        said = self.cleaned_data["words"]
        try:
            return words.clean(said, what="Your words", limit=4000, required=False, lines=True)
        except CommitmentError as refusal:
            raise forms.ValidationError(refusals.of_words(refusal)) from refusal

    def answers(self) -> list[tuple[str, str]]:
        """Question and answer in words, as they were given."""
        given = self.cleaned_data
        said = [
            (str(self.fields[name].label), str(dict(choices)[given[name]]))
            for name, choices in (("done", DONE), ("rating", RATINGS), ("open", OPEN))
        ]
        return [*said, *([(gettext("Your words"), given["words"])] if given["words"] else [])]

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
