"""Every door of the house: each named address, and each operation of the API.

They are read off the resolver and the schema, never listed by hand. A promise's verbs share one
address and are a door each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from commitments.web import verbs
from tests.api import conformance

METHODS = ("GET", "POST")


@dataclass(frozen=True, order=True)
class Door:
    """One method of one address: `web:promise`, `web:verb/update`, `/api/v1/kinds/`."""

    name: str
    method: str

    @property
    def is_of_the_api(self) -> bool:
        return self.name.startswith("/")

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


@cache
def addresses() -> frozenset[str]:
    """The names of all addresses; those of the API by their paths, as the schema has them."""
    named = {name for name in _names(get_resolver(), "") if not name.startswith("api:")}
    spoken = {f"web:verb/{verb}" for verb in verbs.FORMS}
    return frozenset(named - {"web:verb"} | spoken | {path for _, path in operations()})


@cache
def operations() -> frozenset[tuple[str, str]]:
    """Method and path of each operation of the API."""
    return frozenset((method.upper(), path) for method, path in conformance.operations())


def every() -> list[Door]:
    """Both methods of every page, and of the API what its schema has."""
    pages = [name for name in addresses() if not name.startswith("/")]
    return sorted(
        [Door(name, method) for name in pages for method in METHODS]
        + [Door(path, method) for method, path in operations()]
    )


def _names(resolver: URLResolver, inside: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{inside}{pattern.namespace}:" if pattern.namespace else inside
            yield from _names(pattern, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield inside + pattern.name
