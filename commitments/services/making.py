"""A promise is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from commitments import agenda, messages
from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    Conversation,
    Customer,
    Kind,
    PolicyVersion,
    Team,
    User,
    ValueReason,
    ground,
)
from commitments.models.ground import Ground
from commitments.models.people import KEEPING
from commitments.rules import calling, due_time, lifecycle, steps, words

from . import laying, valuing
from .meeting import check_not_erased, standing
from .work import Work, not_sent

_MAIL: Final = messages.customer.Template.AGREEMENT


class NotTogether(CommitmentError):
    """One of several promises was refused, so none was made; `position` counts from 0."""

    def __init__(self, no: CommitmentError, *, position: int) -> None:
        super().__init__(str(no), field=no.field)
        self.position = position


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A promise as somebody put it. `summary` None leaves the agreement mail to the kind.

    `promised_at` defaults to `now`; imports give their own, and then a due time that has passed is
    taken as it is, unless somebody has `entered_now` what was promised before. `origin` and
    `origin_key` name where it came from; the same pair is made once.
    An owner who did not log it themselves is told, unless `tell_owner` is off. `due_steps` say how
    `due_at` was worked out. `because` is the cause of what the value makes up for, and its
    `value_reason` is asked for where the value is not usual.
    """

    customer_id: int
    team_id: int
    kind_id: int
    wording: str
    due_at: datetime
    owner_id: int | None = None
    due_said: str = ""
    due_steps: steps.Chain = ()
    team_note: str = ""
    urgent: bool = False
    summary: bool | None = None
    tell_owner: bool = True
    conversation_id: int | None = None
    case: str = ""
    case_url: str = ""
    channel: str = "phone"
    difficult: bool = False
    keep_by: str = ""
    window_start: datetime | None = None
    follows_id: int | None = None
    origin: str = ""
    origin_key: str = ""
    promised_at: datetime | None = None
    entered_now: bool = False
    value: Decimal | None = None
    currency: str = ""
    value_reason: str = ""
    because: str = ""

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody enters it at this moment, and can be asked."""
        return self.promised_at is None or self.entered_now


@transaction.atomic
def make(draft: Draft, *, by: User | None, now: datetime) -> Commitment:
    """Record a promise, set its clock, and plan the customer's summary for after the undo.

    Raises `CommitmentError` where the due time, the words or the people will not do.
    """
    return make_on(_ground(draft, by=by), draft, by=by, now=now)


def make_on(
    ground: Ground,
    draft: Draft,
    *,
    customer: Customer | None = None,
    by: User | None,
    now: datetime,
) -> Commitment:
    """The same on what was read in the caller's transaction, which ends with what this raises.

    So was the `customer`, as `meeting.standing` does it.
    """
    if by is not None:
        lifecycle.check_may_act(role_on(ground, by))
    check_makes_promises(ground.team, draft)
    commitment = _commitment(ground, draft, customer=customer, by=by, now=now)
    differs = _why_it_differs(commitment, draft, by=by, now=now)
    terms = agenda.Terms.of(commitment, steps=ground.ladder, hours=ground.hours)
    work = Work(commitment, by=by, now=now, terms=terms)
    wants_mail = draft.summary if draft.summary is not None else commitment.kind.summary_on
    mail = wants_mail and commitment.kind.for_customers
    obstacle = messages.customer.unreachable(commitment.customer, _MAIL, now=now) if mail else None
    unsent = (not_sent(_MAIL, obstacle, now=now),) if obstacle else ()
    (event,) = laying.write([laying.laid(work, besides=unsent)], now=now)
    if differs is not None:
        differs.commitment = commitment
        differs.save()
    if mail and not obstacle:
        work.tell_customer(_MAIL, event, voice=messages.customer.Voice.on(ground, _MAIL))
    if draft.tell_owner and (commitment.owner is None or commitment.owner != by):
        work.tell_staff(messages.staff.Template.HANDED_OVER, event)
    return commitment


@transaction.atomic
def make_together(drafts: Sequence[Draft], *, by: User | None, now: datetime) -> list[Commitment]:
    """Record the promises of one conversation, each as `make` does: all of them, or none.

    The first draft finds or begins the conversation. Raises `NotTogether`.
    """
    made: list[Commitment] = []
    for position, each in enumerate(drafts):
        here = made[0].conversation_id if made else each.conversation_id
        try:
            draft = replace(each, conversation_id=here)
            made.append(make_on(_ground(draft, by=by), draft, by=by, now=now))
        except CommitmentError as no:
            raise NotTogether(no, position=position) from no
    return made


def _ground(draft: Draft, *, by: User | None) -> Ground:
    return ground.of_team(
        draft.team_id,
        kind_id=draft.kind_id,
        urgent=draft.urgent,
        text=_MAIL,
        by_id=by.pk if by else None,
    )


def ground_of_caller(by: User, *, team_id: int | None, code: str, urgent: bool) -> list[Ground]:
    """What `make_on` stands on where a program asks: of the team it names, or of up to two of those
    in which it acts. The kind is None where there is none with this code.
    """
    return ground.of_caller(
        by.pk,
        team_id=team_id,
        code=code,
        urgent=urgent,
        text=_MAIL,
        sees_all=by.is_superuser,
    )


def role_on(ground: Ground, by: User) -> str | None:
    """What `work.role_of` answers, of what was read."""
    return "administrator" if by.is_superuser else ground.role


def _commitment(
    ground: Ground, draft: Draft, *, customer: Customer | None, by: User | None, now: datetime
) -> Commitment:
    team, kind, version = ground.team, ground.kind, ground.version
    check_times(draft, zone=team.calendar.zone, now=now)
    if kind is None or version is None:
        raise Kind.DoesNotExist
    owner = _owner(ground, draft, by=by)
    agent = owner if by is None or by.is_service else by
    at = draft.promised_at or now
    conversation = _conversation(draft, team=team, customer=customer, agent=agent, at=at)
    commitment = laid_down(
        draft,
        conversation=conversation,
        owner=owner,
        team=team,
        kind=kind,
        version=version,
        now=now,
    )
    commitment.id = ground.next_id
    return commitment


def check_times(draft: Draft, *, zone: str, now: datetime) -> None:
    """Refuse, with CommitmentError, times that cannot be; `zone` is the team's."""
    due_time.check_due(
        draft.due_at,
        promised_at=draft.promised_at or now,
        now=now,
        by_hand=draft.is_by_hand,
        zone=zone,
    )
    calling.check_window(draft.window_start, due_at=draft.due_at)


def laid_down(
    draft: Draft,
    *,
    conversation: Conversation,
    owner: User | None,
    team: Team,
    kind: Kind,
    version: PolicyVersion,
    now: datetime,
) -> Commitment:
    """The promise as its row first has it. Raises CommitmentError where its words will not do, or
    its customer was erased.

    Nothing is read or written.
    """
    check_not_erased(conversation.customer)
    note = words.clean(draft.team_note, what="The note", limit=2000, required=False, lines=True)
    promised_at = draft.promised_at or now
    commitment = Commitment(
        conversation=conversation,
        customer=conversation.customer,
        team=team,
        owner=owner,
        kind=kind,
        policy_version=version,
        wording=words.clean(draft.wording, what="The promise", limit=500),
        team_note=note,
        urgent=draft.urgent,
        promised_at=promised_at,
        first_due_at=draft.due_at,
        due_at=draft.due_at,
        due_zone=team.calendar.zone,
        due_said=words.clean(draft.due_said, what="The time", limit=200, required=False),
        window_start=draft.window_start,
        revised_at=max(promised_at, now),
        value=draft.value,
        currency=draft.currency,
        keep_by=draft.keep_by,
        follows_id=draft.follows_id,
        origin=draft.origin,
        origin_key=draft.origin_key,
    )
    commitment.some_listen = vars(team)["some_listen"]  # was read with the team
    commitment.explain_due(draft.due_steps, since=promised_at)
    return commitment


def _why_it_differs(
    commitment: Commitment, draft: Draft, *, by: User | None, now: datetime
) -> ValueReason | None:
    """Asked of people alone, about what they enter now: imports have been decided elsewhere."""
    if draft.value is None or by is None or draft.origin or not draft.is_by_hand:
        return None
    worth = valuing.Worth(
        value=draft.value,
        currency=draft.currency,
        reason=draft.value_reason,
        because=draft.because,
    )
    valuing.check(worth, kind=commitment.kind)
    return valuing.reason_for(commitment, worth, by=by, now=now)


def check_makes_promises(team: Team, draft: Draft) -> None:
    """A retired team still answers for what it promised: what follows from that is made there."""
    if team.retired_at is not None and draft.follows_id is None:
        raise CommitmentError(
            f"{team.name} is retired: no new promises are made there. Choose another team.",
            field="team",
        )


def _owner(ground: Ground, draft: Draft, *, by: User | None) -> User | None:
    if draft.owner_id is None:
        return None
    if by is not None and draft.owner_id == by.pk and by.is_active and ground.role in KEEPING:
        return by
    return member(draft.owner_id, ground.team)


def member(user_id: int, team: Team) -> User:
    """Somebody who can own a promise of this team; strangers and the unknown look alike."""
    found = User.objects.filter(
        pk=user_id,
        is_active=True,
        memberships__team=team,
        memberships__role__in=KEEPING,
    ).first()
    if found is None:
        raise CommitmentError(f"Choose somebody of {team.name}.", field="owner")
    return found


def _conversation(
    draft: Draft, *, team: Team, customer: Customer | None, agent: User | None, at: datetime
) -> Conversation:
    """The conversation named, or the one of this case, or a new one, which is not written yet.

    The one named may be another team's, which has handed on since what was promised in it.
    """
    every = Conversation.objects.select_related("customer")
    if draft.conversation_id is not None:
        named = every.get(pk=draft.conversation_id)
        named.customer = standing([named.customer_id])[named.customer_id]
        return named
    customer = customer or standing([draft.customer_id])[draft.customer_id]
    case = words.clean(draft.case, what="The case", limit=120, required=False)
    if case:
        of_case = every.filter(team=team, customer=customer, outside_reference=case)
        known = of_case.order_by("-at").first()
        if known is not None:
            return known
    return Conversation(
        team=team,
        customer=customer,
        agent=agent,
        channel=draft.channel,
        outside_reference=case,
        outside_url=draft.case_url,
        at=at,
        difficult=draft.difficult,
    )
