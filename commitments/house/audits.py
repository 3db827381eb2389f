"""What an auditor does not take along: who a customer is, and how they are reached.

In a team that somebody audits they read what was promised and what became of it. They call and
write to nobody, so no page gives them a customer's e-mail, phone or number elsewhere; and what
leaves the house, as a file, a mail, a calendar or to a program, names no customer to them and has
none of the words that people wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from commitments.models import Commitment, Conversation, Customer, Membership, Role, User


def audited_by(user: User) -> frozenset[int]:
    """The teams in which somebody looks on; one query, or none where they have been read."""
    if user.is_superuser:
        return frozenset()
    if user.audited_teams is not None:
        return user.audited_teams
    places = Membership.objects.select_related("team__calendar")  # as whoever reads them next wants
    prefetch_related_objects([user], Prefetch("memberships", queryset=places))
    theirs = user.memberships.all()
    return frozenset(place.team_id for place in theirs if place.role == Role.AUDITOR)


def reached_by(user: User, customers: list[int]) -> frozenset[int]:
    """Those of these customers whom somebody may call: one of the teams they act in knows them."""
    audited = audited_by(user)
    if not audited:
        return frozenset(customers)
    teams = [place.team_id for place in user.memberships.all() if place.team_id not in audited]
    spoken = Conversation.objects.filter(customer=OuterRef("pk"), team__in=teams)
    owed = Commitment.objects.filter(customer=OuterRef("pk"), team__in=teams)
    known = Customer.objects.filter(Exists(spoken) | Exists(owed), pk__in=customers)
    return frozenset(known.values_list("pk", flat=True))


def left_bare(said: dict[str, Any], *, customer_id: int, words: Iterable[str]) -> dict[str, Any]:
    """What a program is told, of which it has some: its customer unnamed, and these empty."""
    unnamed = {"customer": {"id": customer_id, "name": name_of(customer_id)}}
    empty = dict.fromkeys(words, "")
    return said | {name: each for name, each in (unnamed | empty).items() if name in said}


def name_of(customer_id: int) -> str:
    """What a customer is called who is not to be named."""
    return f"Customer {customer_id}"
