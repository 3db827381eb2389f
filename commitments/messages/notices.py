"""Who is told that a message did not get through, and by which way.

About a customer's message, also one that grew too old to be sent: the owner, who can call. About a
colleague's or a program's: the team's manager, by another way than the one that failed, once a day
for each way that fails; while they are away, whoever stands in is told as well. A notice to a
manager that fails causes no further one; it stands on the page of messages that need a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from commitments.models import Commitment, Membership, Role, User
from notifications import outbox
from notifications.envelope import JSON, Delivered, Message, Outcome

from . import programs, staff
from .naming import id_in
from .roster import Roster

WORDS: dict[str, str] = {
    "failed": "It could not be delivered.",
    "suppressed": "This address takes no mail any more. Please call.",
    "bounced": "It was accepted, and then came back.",
    "complained": "It arrived, and was marked as unwanted. Nothing more goes to this address.",
    "expired": "It was too old to be of use, and was not sent.",
    "uncertain": "It may have arrived, or not. Please ask, and say on the promise what you found.",
}
_UNREACHED = frozenset({"failed", "bounced", "complained", "uncertain"})
_WAYS = {"inbox": "in Followthrough", "email": "by e-mail", "sms": "by text message"}
_INSTEAD = {"email": "inbox", "inbox": "email"}


def to_owner(
    commitment: Commitment, delivered: Delivered, outcome: Outcome, *, now: datetime
) -> None:
    """The customer may not have heard: somebody has to call.

    What was too old to be sent waited for us: its notices gather, as all that comes late.
    """
    roster = Roster([commitment], now=now)
    notice = staff.to(
        roster.of(commitment, "owner"),
        commitment,
        staff.Template.UNDELIVERED,
        roster=roster,
        reason=f"{delivered.key}:{outcome}",
        late=outcome == "expired",
        now=now,
        words=WORDS[outcome],
    )
    outbox.enqueue(list(notice), now=now)


def to_managers(
    commitment: Commitment | None, delivered: Delivered, outcome: Outcome, *, now: datetime
) -> None:
    """A colleague or a program may miss what they have to know."""
    if outcome not in _UNREACHED or delivered.template == staff.Template.UNREACHED:
        return
    whom = User.objects.filter(pk=delivered.person_id or 0).first()
    managers = _managers(commitment, whom, now=now)
    others = [person for person in managers if person != whom] or managers
    outbox.enqueue(list(_notices(others, commitment, whom, delivered, now=now)), now=now)


def _managers(commitment: Commitment | None, whom: User | None, *, now: datetime) -> list[User]:
    """Those of the promise, or of the teams this colleague is of, and their stand-ins."""
    if commitment is not None:
        roster = Roster([commitment], now=now)
        return roster.with_stand_ins(roster.of(commitment, "manager"))
    teams = Membership.objects.filter(user=whom).values_list("team", flat=True)
    found = User.objects.filter(
        memberships__team__in=teams, memberships__role=Role.MANAGER, is_active=True
    )
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    managers = list(found.distinct().order_by("pk")) or list(administrators.order_by("pk"))
    roster = Roster(now=now)
    roster.know(set(teams))
    return roster.with_stand_ins(managers)


def _notices(
    managers: list[User],
    commitment: Commitment | None,
    whom: User | None,
    delivered: Delivered,
    *,
    now: datetime,
) -> Iterator[Message]:
    channel = _INSTEAD.get(delivered.channel, "")
    unreached = delivered.person_id or delivered.address
    reason = f"unreached:{unreached}:{delivered.channel}:{now.date()}"
    for person in managers:
        key = f"{reason}:u{person.pk}"
        yield Message(
            key=f"{key}:{channel}" if channel else key,
            about=commitment.about if commitment else f"user:{person.pk}",
            audience="staff",
            person_id=person.pk,
            channel=channel,
            address=person.email,
            name=person.name,
            template=staff.Template.UNREACHED.value,
            context=_context(whom, delivered),
            is_escalation=True,
            not_before=now,
            sender=settings.COMPANY_NAME,
            language=person.language,
        )


def _context(whom: User | None, delivered: Delivered) -> dict[str, JSON]:
    way = _WAYS.get(delivered.channel, f"by {delivered.channel}")
    if whom is None:
        called = f"The program {delivered.name or delivered.address}"
        words, way = "A program that listens to us did not take a message.", ""
        advice = "Please see whether it is running, and whether its address is right."
    else:
        called, first = whom.name or whom.email, whom.first_name
        words = f"A message to {first} {way} did not get through."
        advice = f"Please tell {first}, and see that the way is put right."
    return {
        "whom": called,
        "way": way,
        "words": words,
        "advice": advice,
        "company": settings.COMPANY_NAME,
        "url": f"{settings.PUBLIC_URL}{_page_about(delivered)}",
    }


def _page_about(delivered: Delivered) -> str:
    """Where it is sent again: what a program asked for, on the page of that program."""
    pk = id_in(delivered.address, "endpoint")
    if delivered.template == programs.HAPPENED and pk is not None:
        return f"/settings/webhooks/{pk}/"
    return "/needs-attention/"
