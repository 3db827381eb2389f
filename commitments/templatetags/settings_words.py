"""Words of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from commitments.rules import business_time

register = template.Library()


@register.filter
def spans(of_a_day: Sequence[Sequence[int]]) -> str:
    """`09:00 to 12:00, 13:00 to 17:00`, or that it is closed."""
    clock = business_time.clock_of
    said = [f"{clock(opens)} to {clock(closes)}" for opens, closes in of_a_day]
    return ", ".join(said) or "Closed"
