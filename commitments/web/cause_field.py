"""The question why something was not in time: a choice from a short list, which the team reads."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from commitments.rules import causes

from .verb_forms import VerbForm

ASKED = "Why was it not in time?"
_REQUIRED = "Choose why it was not in time."


def as_list(help_text: str = "Team only.") -> forms.ChoiceField:
    """For forms that ask for it beside other things."""
    return _field(forms.Select(), [("", "Choose the cause"), *_choices()], help_text)


def as_buttons(help_text: str = "Team only.") -> forms.ChoiceField:
    """All of them in sight."""
    return _field(forms.RadioSelect(), [*_choices()], help_text)


def fit(form: VerbForm, *, is_asked: bool) -> None:
    """Ask only where there is something to explain that nobody has explained yet."""
    if not is_asked or form.commitment.cause:
        del form.fields["cause"]


def _field(
    widget: forms.Widget, choices: list[tuple[str, str]], help_text: str
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=ASKED,
        choices=choices,
        widget=widget,
        help_text=help_text,
        error_messages={"required": _REQUIRED, "invalid_choice": _REQUIRED},
    )


def _choices() -> Iterator[tuple[str, str]]:
    for cause, words in causes.SAID.items():
        yield cause.value, words
