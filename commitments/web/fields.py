"""Small things that Django's form fields are given once their form knows whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from commitments.models import User
from commitments.rules import saying

LONGEST = 4000


def lines(label: str, *, rows: int = 3, **options: Any) -> forms.CharField:  # Any: Django's options
    """A field of several lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=area, **options)


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
