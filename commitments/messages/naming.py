"""How the outbox names what a message is about: a kind and an id, as in `commitment:7`."""

from __future__ import annotations

from collections.abc import Iterable


def id_in(about: str, what: str) -> int | None:
    """The id in `commitment:7`, if it names one of that kind."""
    kind, _, pk = about.partition(":")
    return int(pk) if kind == what and pk.isdecimal() else None


def ids_in(about: Iterable[str], what: str) -> set[int]:
    return {pk for each in about if (pk := id_in(each, what)) is not None}
