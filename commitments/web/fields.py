"""Forms that refuse in our own sentences, and what their fields are given once they know for whom.

What people write is kept, and refused, as `rules.words` says. What they choose, or what a page
hands back unseen, can only be wrong if it was changed on its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.forms.utils import pretty_name

from commitments.errors import CommitmentError
from commitments.models import User
from commitments.rules import saying, words

LONGEST = 4000
_CHANGED = "This form was changed on its way. Reload the page and send it again."
_UNSEEN = ("required", "invalid", "invalid_choice", "max_length", "null_characters_not_allowed")


class SpokenForm(forms.Form):
    """The base of every form; a sentence that a field brings along stays."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            asked = str(field.label or pretty_name(name))
            for code, sentence in _sentences(field, asked).items():
                if field.error_messages.get(code) == _djangos_own(field).get(code):
                    field.error_messages[code] = sentence
        super().full_clean()


def _sentences(field: forms.Field, asked: str) -> dict[str, str]:
    if field.widget.is_hidden:
        return dict.fromkeys(_UNSEEN, _CHANGED)
    return {
        "required": f"“{asked}” needs an answer.",
        "invalid_choice": f"Choose one of the answers offered for “{asked}”.",
        "max_length": _CHANGED,
        "null_characters_not_allowed": _CHANGED,
    }


def _djangos_own(field: forms.Field) -> Mapping[str, Any]:  # Any: lazy translations
    found: dict[str, Any] = {}  # Any: likewise
    for kind in reversed(type(field).__mro__):
        found |= getattr(kind, "default_error_messages", {})
    return found


class Words(forms.CharField):
    """Text as `rules.words` keeps it. `what` begins the sentence that refuses it: "The update"."""

    def __init__(
        self,
        *,
        what: str,
        limit: int,
        lines: bool = False,
        error_messages: Mapping[str, str] | None = None,
        **options: Any,  # Any: Django's options
    ) -> None:
        empty = {"required": f"{what} is empty. Please write something."}
        given = empty | dict(error_messages or {})
        super().__init__(max_length=limit, error_messages=given, **options)
        self.what, self.limit, self.lines = what, limit, lines

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # Any: as Django declares it
        """Without a longest length: a browser would cut off what is pasted, and say nothing."""
        attrs = dict(super().widget_attrs(widget))
        attrs.pop("maxlength", None)
        return attrs

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        text = str(value or "")
        if self.required and not text.strip():
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            return words.clean(
                text, what=self.what, limit=self.limit, required=self.required, lines=self.lines
            )
        except CommitmentError as no:
            raise ValidationError(str(no)) from no


class Address(forms.EmailField):
    """One e-mail address, or nothing."""

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        text = str(value or "")
        try:
            return words.one_address(text) if text.strip() else ""
        except CommitmentError as no:
            raise ValidationError(str(no)) from no


class Instant(forms.DateTimeField):
    """An instant, in UTC, or nothing; what no calendar of UTC holds is none."""

    def to_python(self, value: Any) -> datetime | None:  # Any: as Django declares it
        at = super().to_python(value)
        try:
            return at.astimezone(UTC) if at else None
        except OverflowError as no:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from no


class Link(forms.URLField):
    """A web address, or nothing; one that a browser would run is none."""

    default_validators = [URLValidator(schemes=["http", "https"])]
    default_error_messages: ClassVar[dict[str, Any]] = {  # Any: as Django declares it
        "invalid": "Give a web address, such as https://help.example.org/48213."
    }

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        limit = self.max_length or LONGEST
        try:
            text = words.clean(str(value or ""), what="The link", limit=limit, required=False)
        except CommitmentError as no:
            raise ValidationError(str(no)) from no
        return str(super().clean(text))


def lines(
    label: str, *, what: str, rows: int = 3, limit: int = LONGEST, **options: Any
) -> Words:  # Any: Django's options
    """A field of several lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return Words(label=label, what=what, limit=limit, lines=True, widget=area, **options)


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:  # Any: any model
    """Let people choose among these rows."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])  # declared so by its form
    field.queryset = rows


def offer(form: forms.BaseForm, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Let people choose among these words."""
    field = cast("forms.ChoiceField", form.fields[name])  # declared so by its form
    field.choices = choices


class ColleagueField(forms.ModelChoiceField[User]):
    """A colleague, with how much they have on their hands; the rows carry it as `load`."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj}, {saying.say_count(getattr(obj, 'load', 0), 'open promise')}"
