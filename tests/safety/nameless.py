"""Addresses without a name, which no row can speak of: by pattern, why there are any.

Whoever comes there is led on to an address with a name, or finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from tests.browser.tour import routes

# `*` stands for a table; what follows is one address of the kind.
EXCUSED: Final[Mapping[str, tuple[str, str]]] = {
    "admin/password_change/": (
        "/admin/password_change/",
        "stands before Django's own and leads to ours; the row of that one is walked here",
    ),
    "admin/*/<path:object_id>/": (
        "/admin/commitments/team/1/",
        "is Django's, and leads on to the address that ends in `change/`",
    ),
    "admin/(?P<url>.*)$": ("/admin/nothing/", "is Django's, for what is not there"),
    "api/v1/": ("/api/v1/nothing/", "answers in JSON that nothing is there"),
    "c/^(?:.*/)?$": ("/c/nothing/here/", "looks like every dead link of a customer"),
}


def unexcused() -> list[str]:
    return [each for each in _patterns() if not any(_fits(each, one) for one in EXCUSED)]


def gone() -> list[str]:
    """Excuses for what is no longer there."""
    return [one for one in EXCUSED if not any(_fits(each, one) for each in _patterns())]


def examples() -> Iterator[tuple[str, str]]:
    """One address of each, and what its door is called: tokens are shown to the API alone."""
    for pattern, (address, _) in EXCUSED.items():
        yield (address if address.startswith("/api/") else pattern), address


def _patterns() -> Iterator[str]:
    return (pattern for name, pattern in routes.patterns() if not name)


def _fits(pattern: str, excused: str) -> bool:
    if pattern == excused:
        return True
    return excused.startswith("admin/*/") and fnmatchcase(pattern, excused)
