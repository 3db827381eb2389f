"""Addresses of many rows, looked up once: Django's `reverse` begins anew for each of them."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

_STAND_IN = 0


def of_each(name: str) -> Callable[[object], str]:
    """Answers the address `name` of one key after another, each a number or a reference."""
    before, _, after = reverse(name, args=[_STAND_IN]).rpartition(str(_STAND_IN))
    return lambda key: f"{before}{key}{after}"
