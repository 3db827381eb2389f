"""Which promises many at once is about: those that were ticked, or all that the filters choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from commitments import lengths
from commitments.models import Commitment, User
from commitments.rules import reference, saying

from . import all_promises
from .filters import ListFilters


@dataclass(frozen=True, kw_only=True)
class Picked:
    """Promises that this person may see, those due first on top; `problem` says what is wrong."""

    promises: Sequence[Commitment] = ()
    problem: str = ""

    @property
    def references(self) -> str:
        return " ".join(each.reference for each in self.promises)

    @property
    def open(self) -> list[Commitment]:
        return [each for each in self.promises if each.is_live]

    @property
    def closed(self) -> list[Commitment]:
        return [each for each in self.promises if not each.is_live]

    @property
    def count(self) -> str:
        return saying.say_count(len(self.promises), "promise")


def asked_for(data: QueryDict, *, user: User, now: datetime) -> Picked:
    """As the list sends it: `pick` for each ticked one, or `all` with the filters."""
    if "all" not in data:
        return named(" ".join(data.getlist("pick")), user=user)
    filters = ListFilters(data, user=user)
    if filters.errors:
        return Picked(problem=" ".join(filters.problems()))
    chosen = all_promises.chosen_by(filters, user=user, now=now)
    found = chosen.with_everything().order_by("due_at", "pk")[: most() + 1]
    return _picked(list(found))


def named(references: str, *, user: User) -> Picked:
    """Those of these references that this person may see; the others do not exist for them."""
    words = references.split()
    if len(words) > most():
        return Picked(problem=_too_many())
    pks = {pk for word in words if (pk := reference.read(word)) is not None}
    seen = Commitment.objects.visible_to(user).filter(pk__in=pks).with_everything()
    return _picked(list(seen.order_by("due_at", "pk")))


def _picked(found: list[Commitment]) -> Picked:
    if not found:
        return Picked(problem="Choose the promises first: tick them in the list.")
    if len(found) > most():
        return Picked(problem=_too_many())
    return Picked(promises=found)


def most() -> int:
    """At once: each is a transaction of its own, and a person reads through what will happen."""
    return lengths.current().many_at_once


def _too_many() -> str:
    return f"Choose {most()} promises at most. Narrow the list, and take the rest after that."
