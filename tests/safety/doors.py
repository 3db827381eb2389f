"""Every door of the house: each named address, and each operation of the API.

They are read off the resolver and the schema, never listed by hand. A promise's verbs share one
address and are a door each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from commitments.web import verbs
from tests.api import conformance
from tests.browser.tour import routes

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
    named = {name for name in routes.names() if not name.startswith("api:")}
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
