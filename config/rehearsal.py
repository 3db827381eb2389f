"""A policy rehearsed: a promise that does not exist, a clock that is moved by hand, every message.

The real code makes the promise, sweeps it and words its messages, within one transaction that is
always rolled back: none of it is seen by anybody else, nothing is sent, nothing is kept but a few
numbers that are skipped. On SQLite it holds the only write lock while it runs, which is about a
second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from commitments import services, sweep
from commitments.models import (
    Commitment,
    Customer,
    EventKind,
    Kind,
    Membership,
    Role,
    Team,
    User,
)
from commitments.policies.rehearsals import Happened, Plan, Rehearsal, Said
from commitments.web import timeline
from notifications.channels import Letter
from notifications.delivery import leases, preparing
from notifications.models import Delivery, State

_CUSTOMER = "Tom Example"
_ADDRESS = "tom@customer.invalid"
_MOST = 500  # instants, where a clock would never stand still


def rehearse(plan: Plan) -> Rehearsal:
    """Let it happen, write it down, and undo all of it. Raises CommitmentError."""
    with transaction.atomic():
        try:
            return _rehearsed(plan)
        finally:
            transaction.set_rollback(True)


def _rehearsed(plan: Plan) -> Rehearsal:
    commitment = _made(plan)
    said: list[Said] = []
    at: datetime | None = plan.start
    for _ in range(_MOST):
        if at is None or at >= plan.end:
            break
        sweep.one(commitment.pk, now=at)
        said += _as_one_each(_sent(commitment, at=at), at=at)
        at = _next(commitment, after=at)
    commitment = Commitment.objects.with_everything().get(pk=commitment.pk)
    return Rehearsal(
        version=commitment.policy_version.number,
        owner=str(commitment.owner) if commitment.owner else "nobody",
        due_at=commitment.due_at,
        happened=tuple(_happened(commitment)),
        said=tuple(said),
        goes_on_at=at,
    )


def _made(plan: Plan) -> Commitment:
    """Under this policy, whatever the kind's own is."""
    Kind.objects.filter(pk=plan.kind.pk).update(policy=plan.policy)
    owner = _owner(plan.team)
    hours = plan.team.calendar.hours()
    chain = plan.kind.usual_steps(plan.start, hours=hours)
    draft = services.Draft(
        customer_id=Customer.objects.create(name=_CUSTOMER, email=_ADDRESS).pk,
        team_id=plan.team.pk,
        kind_id=plan.kind.pk,
        wording=plan.kind.usual_wording,
        due_at=chain[-1].ends_at,
        due_steps=chain,
        owner_id=owner.pk if owner else None,
        urgent=plan.urgent,
    )
    return services.make(draft, by=owner, now=plan.start)


def _owner(team: Team) -> User | None:
    """An agent, or whoever else of the team can keep a promise."""
    people = Membership.objects.of_people().filter(team=team, user__is_active=True)
    members = people.exclude(role=Role.AUDITOR)
    found = members.select_related("user").order_by("pk")
    agents = [member for member in found if member.role == Role.AGENT]
    return next((member.user for member in [*agents, *found]), None)


def _next(commitment: Commitment, *, after: datetime) -> datetime | None:
    """The next instant at which the promise or one of its messages comes due."""
    clock = Commitment.objects.values_list("next_action_at", flat=True).get(pk=commitment.pk)
    waiting = Delivery.objects.filter(about=commitment.about, attempt_at__gt=after)
    clocks = [clock, waiting.next_at()]
    return min((each for each in clocks if each is not None and each > after), default=None)


def _sent(commitment: Commitment, *, at: datetime) -> Iterator[tuple[Delivery, Letter]]:
    """Word what leaves now, as delivery does, and let the promise know that it has gone out."""
    due = Delivery.objects.filter(about=commitment.about, state=State.QUEUED, attempt_at__lte=at)
    rows = list(due.order_by("pk"))
    ready, refused = preparing.sort_out(rows, now=at)
    for row, compose in ready:
        leases.subject().settled(row.as_delivered(), "sent", at)
        yield row, compose()
    ended = [row.pk for row, _ in ready] + [result.row.pk for result in refused]
    Delivery.objects.filter(pk__in=ended).update(state=State.SENT, attempt_at=None, settled_at=at)


def _as_one_each(sent: Iterable[tuple[Delivery, Letter]], *, at: datetime) -> Iterator[Said]:
    """One message by all its ways, in its longest words; and what leaves together with it."""
    ways: dict[str, list[tuple[Delivery, Letter]]] = defaultdict(list)
    leaving: Counter[tuple[int | None, str]] = Counter()
    for row, letter in sent:
        ways[row.key.removesuffix(f":{row.channel}")].append((row, letter))
        leaving[row.person_id, row.channel] += row.person_id is not None and row.channel != "inbox"
    for several in ways.values():
        row, letter = max(several, key=lambda each: len(each[1].text))
        yield Said(
            at=at,
            to=letter.name or letter.address,
            audience=row.audience,
            channels=tuple(sorted(way.channel for way, _ in several)),
            subject=letter.subject,
            text=letter.text,
            together=max(leaving[way.person_id, way.channel] for way, _ in several),
        )


def _happened(commitment: Commitment) -> Iterator[Happened]:
    """Its timeline, oldest first, without the messages, which are shown as they are."""
    events = commitment.events.newest_first()
    told = timeline.history_of(commitment, most=commitment.event_count)
    lines = zip(events, told.lines, strict=True)
    for event, line in reversed(list(lines)):
        if event.kind != EventKind.MESSAGE_SENT:
            yield Happened(at=event.at, title=line.title, words=line.note or line.words.strip())
