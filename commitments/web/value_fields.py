"""What a promise is worth, asked for beside it, and what is usually given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from commitments.models.valuing import currency_of, usual
from commitments.rules import causes
from commitments.rules.usual_value import Usual

from . import fields
from .understood import Understood

_AMOUNT = "Give an amount like 42.50, above 0."


@dataclass(frozen=True, kw_only=True)
class Hint:
    """What is usually given for a kind; for a cause, where enough was given for it."""

    usual: Usual
    kind: str
    currency: str
    cause: str = ""

    @property
    def said(self) -> str:
        """`Usually 20.00 to 60.00 EUR, in the middle 35.00: of the last 45, for the same cause`"""
        low, median, high = (
            f"{each:,}" for each in (self.usual.low, self.usual.median, self.usual.high)
        )
        about = f" for “{self.cause}”" if self.usual.is_of_cause else ""
        return (
            f"{self.kind}{about}: usually {low} to {high} {self.currency}, in the middle {median}. "
            f"So it was for eight in ten of the last {self.usual.count}."
        )


def amount(**options: Any) -> forms.DecimalField:  # Any: Django's options
    return forms.DecimalField(
        label="Value",
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits", "min_value"),
            _AMOUNT,
        ),
        **options,
    )


class Currency(fields.Words):
    """Three letters, in whatever case; empty: the one in which the team gave last."""

    def __init__(self, **options: Any) -> None:  # Any: Django's options
        super().__init__(
            label="Currency",
            what="The currency",
            limit=3,
            required=False,
            help_text="Empty: as your team gave last.",
            widget=forms.TextInput(attrs={"autocomplete": "off", "size": 5}),
            **options,
        )

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        return super().clean(value).upper()


def reason() -> fields.Words:
    return fields.Words(
        label="Why does the value differ?",
        what="The reason",
        limit=300,
        required=False,
        help_text="Only where it is not usual. Leads and managers read it.",
    )


def currency_for(said: str, *, team_id: int) -> str:
    """The one that was given, or the team's, or the house's."""
    return said or currency_of(team_id) or settings.CURRENCY


def hint(
    *, team_id: int, kind_id: int, kind: str, currency: str, cause: str = "", now: datetime
) -> Hint | None:
    """None where nothing is usual yet."""
    found = usual(team_id=team_id, kind_id=kind_id, currency=currency, cause=cause, now=now)
    if found is None:
        return None
    return Hint(usual=found, kind=kind, currency=currency, cause=causes.said(cause))


class Valued(fields.SpokenForm):
    """The three fields, for the form of a promise."""

    now: datetime
    understood: Understood | None

    value = amount(help_text="For a refund, a credit and the like: 42.50.")
    currency = Currency()
    value_reason = reason()

    def worth(self, *, team_id: int) -> dict[str, Any]:  # Any: fields of a draft
        """As a draft takes it; nothing where no value was given."""
        said = self.cleaned_data
        if said.get("value") is None:
            return {}
        return {
            "value": said["value"],
            "currency": currency_for(said.get("currency", ""), team_id=team_id),
            "value_reason": said.get("value_reason", ""),
        }

    @property
    def asks_value(self) -> bool:
        """Of a kind that is worth something, and wherever something was written about it."""
        names = ("value", "currency", "value_reason")
        is_said = any(self.data.get(name) or name in self.errors for name in names)
        return is_said or (self.understood is not None and self.understood.kind.has_value)

    @property
    def usual_value(self) -> Hint | None:
        """What is usually given for what was understood; asks the database each time."""
        read = self.understood
        if read is None or not read.kind.has_value:
            return None
        said = "" if "currency" in self.errors else self.cleaned_data.get("currency", "")
        return hint(
            team_id=read.team.pk,
            kind_id=read.kind.pk,
            kind=read.kind.name,
            currency=currency_for(said, team_id=read.team.pk),
            now=self.now,
        )
