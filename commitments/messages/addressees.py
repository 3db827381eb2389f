"""To whom a delivery goes now, which may differ from where it went when it was enqueued.

We say who is meant and whether they may still know of it. Where a person wants to be reached, other
than at the address of their account, only notifications knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from commitments.models import (
    CheckIn,
    Commitment,
    Conversation,
    Customer,
    Membership,
    Schedule,
    User,
)
from commitments.models.people import WATCHING
from notifications.envelope import Action, Delivered, Recipient

from . import acting
from .naming import id_in, ids_in
from .reaching import unreachable

WEBHOOK = "webhook"
_ABOUT_OURSELVES = "user"  # an account, a digest: nobody's business but that person's
_WHAT_HAPPENED = "events_of"  # a promise: what a program hears of it once it has happened
_ABOUT_FIGURES = "schedule"  # a report by mail: while it is wanted, and theirs to see


def of(keys: Sequence[Delivered], *, now: datetime) -> Mapping[str, Recipient | None]:
    """By key; None refuses. As many queries for a thousand as for one."""
    people = User.objects.in_bulk({each.person_id for each in keys if each.person_id})
    customers = _customers_of(keys)
    colleagues = {**_colleagues_of(keys), **_readers_of(keys)}
    pressing = acting.of(keys)
    return {
        each.key: _customer(each, customers, now=now)
        if each.audience == "customer"
        else _program(each, colleagues)
        if each.channel == WEBHOOK
        else _colleague(each, people, colleagues, pressing)
        for each in keys
    }


def _customer(
    delivered: Delivered, customers: Mapping[str, Customer], *, now: datetime
) -> Recipient | None:
    """At their address now; nowhere if they asked for no more since it was written."""
    customer = customers.get(delivered.about)
    if customer is None or unreachable(customer, delivered.template, now=now) is not None:
        return None
    return Recipient(customer.email, customer.name)


def _program(delivered: Delivered, colleagues: Mapping[str, set[int]]) -> Recipient | None:
    """An endpoint is named, never written out: its address can change, its secret is its own."""
    is_a_trial = delivered.about == delivered.address
    is_asked_for = id_in(delivered.about, _WHAT_HAPPENED) is not None  # and did happen
    may_hear = is_a_trial or is_asked_for or delivered.about in colleagues
    return Recipient(delivered.address) if may_hear else None


def _colleague(
    delivered: Delivered,
    people: Mapping[int, User],
    colleagues: Mapping[str, set[int]],
    pressing: Mapping[str, tuple[Action, ...]],
) -> Recipient | None:
    """Nobody hears of a promise that they could not open: not who has left the team meanwhile."""
    person, about = people.get(delivered.person_id or 0), delivered.about
    if person is None or not person.is_active:
        return None
    is_their_own = id_in(about, _ABOUT_OURSELVES) == person.pk
    sees_all = person.is_superuser and id_in(about, _ABOUT_FIGURES) is None
    may_open = is_their_own or sees_all or person.pk in colleagues.get(about, ())
    if not may_open:
        return None
    return Recipient(person.email, person.name, pressing.get(delivered.key, ()))


def _colleagues_of(keys: Sequence[Delivered]) -> Mapping[str, set[int]]:
    """Who belongs to the team of what each delivery is about, or stands in for its lead."""
    found: dict[str, set[int]] = defaultdict(set)
    pks = ids_in((each.about for each in keys if each.audience == "staff"), "commitment")
    rows = Commitment.objects.filter(pk__in=pks).values_list(
        "pk", "team__lead_fallback", "team__memberships__user"
    )
    for pk, fallback, member in rows:
        found[f"commitment:{pk}"] |= {fallback, member}
    return found


def _readers_of(keys: Sequence[Delivered]) -> Mapping[str, set[int]]:
    """Who asked for figures, and may see all of them still; nobody where they want no more."""
    pks = ids_in((each.about for each in keys), _ABOUT_FIGURES)
    wanted = Schedule.objects.filter(pk__in=pks, next_at__isnull=False).select_related("whose")
    people = {schedule.whose_id: schedule.whose for schedule in wanted}
    places: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Membership.objects.filter(user__in=list(people)).values_list("user", "team", "role")
    for user, team, role in rows:
        places[user][team] = role
    return {
        schedule.about: {person.pk}
        for schedule in wanted
        if (person := schedule.whose) and _may_read(schedule, person, places[person.pk])
    }


def _may_read(schedule: Schedule, person: User, roles: Mapping[int, str]) -> bool:
    everybodys = [team for team, role in roles.items() if role in WATCHING]
    return person.is_superuser or schedule.may_be_read(
        member_of=roles.keys(), sees_all_of=everybodys
    )


def _customers_of(keys: Sequence[Delivered]) -> Mapping[str, Customer]:
    """Whose customer's promise, check-in or conversation it is, by what deliveries are about."""
    about = [each.about for each in keys if each.audience == "customer"]
    talks = Conversation.objects.filter(pk__in=ids_in(about, "conversation"))
    rows = [
        *Commitment.objects.filter(pk__in=ids_in(about, "commitment")).select_related("customer"),
        *CheckIn.objects.filter(pk__in=ids_in(about, "check_in")).select_related("customer"),
    ]
    whose = [(row.about, row.customer) for row in rows]
    whose += [
        (f"conversation:{talk.pk}", talk.customer) for talk in talks.select_related("customer")
    ]
    return dict(whose)
