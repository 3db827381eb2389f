"""To whom a delivery goes now, which may differ from where it went when it was enqueued.

We say who is meant and whether they may still know of it. Where a person wants to be reached, other
than at the address of their account, only notifications knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from commitments.models import CheckIn, Commitment, Conversation, User
from notifications.envelope import Delivered, Recipient

WEBHOOK = "webhook"
_ABOUT_OURSELVES = "user"  # an account, a digest: nobody's business but that person's


def of(keys: Sequence[Delivered]) -> Mapping[str, Recipient | None]:
    """By key; None refuses. As many queries for a thousand as for one."""
    people = User.objects.in_bulk({each.person_id for each in keys if each.person_id})
    customers, colleagues = _customers_of(keys), _colleagues_of(keys)
    return {
        each.key: customers.get(each.about)
        if each.audience == "customer"
        else _program(each, colleagues)
        if each.channel == WEBHOOK
        else _colleague(people.get(each.person_id or 0), each.about, colleagues)
        for each in keys
    }


def id_in(about: str, what: str) -> int | None:
    """The id in `commitment:7`, if it names one of that kind."""
    kind, _, pk = about.partition(":")
    return int(pk) if kind == what and pk.isdecimal() else None


def ids_in(about: Iterable[str], what: str) -> set[int]:
    return {pk for each in about if (pk := id_in(each, what)) is not None}


def _program(delivered: Delivered, colleagues: Mapping[str, set[int]]) -> Recipient | None:
    """An endpoint is named, never written out: its address can change, its secret is its own."""
    is_a_trial = delivered.about == delivered.address
    return Recipient(delivered.address) if is_a_trial or delivered.about in colleagues else None


def _colleague(
    person: User | None, about: str, colleagues: Mapping[str, set[int]]
) -> Recipient | None:
    """Nobody hears of a promise that they could not open: not who has left the team meanwhile."""
    if person is None or not person.is_active:
        return None
    is_their_own = id_in(about, _ABOUT_OURSELVES) == person.pk
    may_open = is_their_own or person.is_superuser or person.pk in colleagues.get(about, ())
    return Recipient(person.email, person.name) if may_open else None


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


def _customers_of(keys: Sequence[Delivered]) -> Mapping[str, Recipient]:
    """The customer's address now, by what the deliveries are about; the erased have none."""
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
    return {
        subject: Recipient(customer.email, customer.name)
        for subject, customer in whose
        if customer.is_reachable
    }
