"""The customers a team knows: who is meant, who is new, and what we know of each.

By an id that another system gave them, or else by e-mail, or else by phone; a name alone makes
nobody known. Matching stays inside the team: somebody whom only others know is new here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from commitments.errors import CommitmentError
from commitments.models import (
    Channel,
    Commitment,
    Conversation,
    Customer,
    EventKind,
    Role,
    Team,
    User,
)
from commitments.models.people import CustomerQuerySet
from commitments.rules import lifecycle, wall_clock, words

from .work import hold, role_of

_SHARED = """
select *, exists (
    select 1 from commitments_conversation
    where customer_id = customer.id and team_id = %(team)s
) as is_known
from commitments_customer as customer
where id in (
    select coalesce(merged_into_id, id) from commitments_customer where id = any(%(pks)s)
)
order by id
for key share of customer
"""
_CALLED = {
    "name": "name",
    "email": "e-mail",
    "phone": "phone number",
    "zone": "time zone",
    "language": "language",
    "external_source": "number elsewhere",
    "external_id": "number elsewhere",
}


@dataclass(frozen=True, kw_only=True)
class Details:
    """What we know of a customer. An empty `zone` is the team's; `external_source` names the system
    whose `external_id` it is.
    """

    name: str
    email: str = ""
    phone: str = ""
    zone: str = ""
    language: str = "en"
    external_source: str = ""
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Met:
    """A customer whom a team knows now, and whether it did not before."""

    customer: Customer
    is_new: bool


def customer_for(
    *,
    team: Team,
    name: str,
    email: str = "",
    phone: str = "",
    zone: str = "",
    language: str = "en",
    external_source: str = "",
    external_id: str = "",
) -> Customer:
    """The customer this team knows by that id, e-mail or phone, or a new one. Raises
    CommitmentError.
    """
    details = Details(
        name=name,
        email=email,
        phone=phone,
        zone=zone,
        language=language,
        external_source=external_source,
        external_id=external_id,
    )
    return _known_or_new(team, _checked(details)).customer


@transaction.atomic
def meet(
    details: Details, *, team: Team, channel: str = Channel.OTHER, by: User, now: datetime
) -> Met:
    """The same before anything is promised to them: somebody new is spoken with from now on.

    Whoever is known stays as they are. Raises CommitmentError.
    """
    lifecycle.check_may_act(role_of(by, team))
    met = _known_or_new(team, _checked(details))
    if met.is_new:
        Conversation.objects.create(
            team=team, customer=met.customer, agent=by, channel=channel, at=now
        )
    return met


@transaction.atomic
def edit_customer(
    customer_id: int,
    changes: Mapping[str, str],
    *,
    by: User,
    check: Callable[[Customer], None] | None = None,
    now: datetime,
) -> Customer:
    """From now on they are so, for whatever is sent. What is open to them says what was changed.

    `changes` are by the names of `Details`; `check` may refuse what stands there now, and nobody
    changes it any more. Raises CommitmentError, and changes nothing then.
    """
    lifecycle.check_may_act(most_in_teams_of(by, customer_id))
    live = Commitment.objects.live().filter(customer=customer_id).order_by("pk")
    held = [hold(pk, by=None, now=now) for pk in live.values_list("pk", flat=True)]
    customer = held_customer(customer_id)
    check_is_somebody(customer)
    if check is not None:
        check(customer)
    known = {each.name: getattr(customer, each.name) for each in fields(Details)}
    wanted = _checked(Details(**(known | dict(changes))))
    changed = [name for name, value in known.items() if value != getattr(wanted, name)]
    if not changed:
        return customer
    for name in changed:
        setattr(customer, name, getattr(wanted, name))
    _save(customer, changed)
    said = ", ".join(dict.fromkeys(_CALLED[name] for name in changed))
    for work in held:
        work.by, work.commitment.customer = by, customer
        work.record(
            EventKind.UPDATED, words=f"What we know of them changed: {said}.", audience="team"
        )
    return customer


def known_customer(pk: int, *, team: Team) -> Customer:
    """Who has this id now, as `standing` answers it. Raises CommitmentError for whom the team has
    never spoken with, and whose details were erased.
    """
    is_id = 0 < pk <= BigIntegerField.MAX_BIGINT
    found = standing([pk], team=team).get(pk) if is_id else None
    if found is None or not vars(found)["is_known"] or found.erased_at is not None:
        raise CommitmentError("The team knows no customer with this id.", field="customer")
    return found


def standing(pks: Collection[int], *, team: Team | None = None) -> dict[int, Customer]:
    """Who these are now, by the ids that they are asked for by; and whether the `team` knows them.

    Until the caller's transaction ends nobody merges them with others, so that a promise made to
    one meanwhile cannot be left behind; others may make promises to them beside it.
    """
    found = {customer.pk: customer for customer in _shared(sorted(pks), team=team)}
    late = [each.pk for each in found.values() if each.merged_into_id is not None]
    if late:  # merged while this waited for them
        others = standing(late, team=team)
        found |= others | {each.pk: each for each in others.values()}
    leads_to = {pk: pk for pk in pks if pk in found}
    if before := set(pks) - leads_to.keys():
        merged = Customer.objects.filter(pk__in=before, merged_into__isnull=False)
        leads_to |= {each.pk: each.merged_into_id or each.pk for each in merged}
    return {pk: found[now] for pk, now in leads_to.items()}


def held_customer(customer_id: int) -> Customer:
    """Held until the transaction ends; whoever they have been merged into by now."""
    while True:
        with transaction.atomic():
            customer = Customer.objects.select_for_update().known_as(customer_id).get()
            if customer.merged_into_id is None:
                return customer
            transaction.set_rollback(True)  # holding nobody while the other is waited for


def _shared(pks: list[int], *, team: Team | None) -> Iterable[Customer]:
    """On SQLite a transaction that writes is alone. Who was merged is not held: whoever merges
    holds two in the order of their ids.
    """
    if connection.vendor == "postgresql":
        return _read({"pks": pks, "team": team.pk if team else None})
    now = Customer.objects.filter(pk__in=pks).values_list(Coalesce("merged_into", "pk"))
    talks = Conversation.objects.filter(customer=OuterRef("pk"), team=team)
    return Customer.objects.filter(pk__in=now).annotate(is_known=Exists(talks))


def _read(asked: Mapping[str, Any]) -> list[Customer]:  # Any: parameters
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, asked)
        names = [column.name for column in cursor.description]
        return [Customer.from_db(connection.alias, names, row) for row in cursor.fetchall()]


def teams_of(customer_id: int) -> QuerySet[Team]:
    """Those that have spoken with this customer, or owe them something."""
    spoken = Conversation.objects.filter(customer=customer_id).values("team")
    owed = Commitment.objects.filter(customer=customer_id).values("team")
    return Team.objects.filter(pk__in=spoken) | Team.objects.filter(pk__in=owed)


def most_in_teams_of(by: User, customer_id: int) -> str | None:
    """What this person is in a team that has to do with the customer: somebody who acts, if they do
    so in any.
    """
    roles = {role_of(by, team) for team in teams_of(customer_id)} - {None}
    acting = roles - {Role.AUDITOR.value}
    return next(iter(acting or roles), None)


def _known_or_new(team: Team, details: Details) -> Met:
    with transaction.atomic():
        known = _known(team, details)
        if known is None:
            # Of two who speak with the same new customer at once, the second waits and finds them.
            Team.objects.select_for_update(no_key=True).get(pk=team.pk)
            known = _known(team, details)
        if known is not None:
            return Met(customer=known, is_new=False)
        customer = Customer(**{each.name: getattr(details, each.name) for each in fields(Details)})
        _save(customer)
    return Met(customer=customer, is_new=True)


def _known(team: Team, details: Details) -> Customer | None:
    if details.external_id:
        theirs = Q(external_source=details.external_source, external_id=details.external_id)
        if (found := known_by(team, theirs)) is not None:
            return found
    # Whom that system calls otherwise is somebody else, at the same address.
    other = ~Q(external_source=details.external_source) if details.external_id else Q()
    if details.email:
        return known_by(team, other, email=details.email)
    return known_by(team, other & Q(phone=details.phone)) if details.phone else None


def known_by(team: Team, which: Q, *, email: str = "") -> Customer | None:
    """The one of whom that is said, or was before they were merged, and whom this team knows."""
    rows = entries_known_to(team).filter(which)
    if email:
        rows = rows.annotate(folded=Lower("email")).filter(folded=email.lower())
    found = rows.first()
    return found.standing if found is not None else None


def entries_known_to(team: Team) -> CustomerQuerySet:
    """Each customer of the team's, and what was merged into one: ask for its `standing`.

    First whoever stands for themselves, the oldest before others.
    """
    talks = Conversation.objects.filter(
        team=team, customer=Coalesce(OuterRef("merged_into"), OuterRef("pk"))
    )
    rows = Customer.objects.filter(Exists(talks)).select_related("merged_into")
    return rows.order_by(F("merged_into").asc(nulls_first=True), "pk")


def _save(customer: Customer, changed: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            customer.save(update_fields=changed)
    except IntegrityError:
        raise CommitmentError(
            "Somebody else has this id in that system already.", field="external_id"
        ) from None


def check_not_erased(customer: Customer) -> None:
    if customer.erased_at is not None:
        raise CommitmentError("Their details were erased, and nothing is known of them any more.")


def check_is_somebody(customer: Customer) -> None:
    check_not_erased(customer)
    if customer.external_source == Customer.OUR_TEAM:
        raise CommitmentError("This is one of our own teams, and no customer.")


def _checked(details: Details) -> Details:
    """As it is kept. Raises CommitmentError."""
    source = words.clean(
        details.external_source,
        what="The system",
        limit=40,
        required=False,
        field="external_source",
    )
    number = words.clean(
        details.external_id, what="The id", limit=120, required=False, field="external_id"
    )
    if bool(source) is not bool(number):
        raise CommitmentError(
            "Give the id, and the system that it is from: both or neither.", field="external_id"
        )
    if source == Customer.OUR_TEAM:
        raise CommitmentError("Our own teams stand under this name.", field="external_source")
    if details.language not in dict(settings.LANGUAGES):
        raise CommitmentError(
            f"Choose one of: {', '.join(dict(settings.LANGUAGES))}.", field="language"
        )
    return Details(
        name=words.clean(details.name, what="The customer's name", limit=150),
        email=words.one_address(details.email) if details.email.strip() else "",
        phone=words.clean(details.phone, what="The phone number", limit=40, required=False),
        zone=wall_clock.zone_named(details.zone).key if details.zone else "",
        language=details.language,
        external_source=source,
        external_id=number,
    )
