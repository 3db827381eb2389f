"""An agent's blind copy of a mail to a customer becomes a draft: `promise+fri10am@…`.

That the mail is from the agent it names is not proven: whoever knows their address can write such
a mail. So nothing is promised by it. Their team sees a draft, the agent says what they make of it,
and no customer hears of it before. Its time is the phrase in the address, read in the team's zone
as of when the mail reached us; or, at `promise@…` alone, what its text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q

from commitments import lengths
from commitments.models import Customer, Kind, Membership, Suggestion, Team, User
from commitments.models.people import KEEPING
from commitments.reading import deadlines, promises, wordings
from commitments.services import meeting, suggestions

from . import machines, quoting
from .ends import TAKEN, Dropped, End, Quarantined
from .letters import Letter

_MOST: Final = 5  # promises of one mail
_PHRASE: Final = r"(?:\+([a-z0-9._+=:/-]{0,60}))?"
_BETWEEN: Final = re.compile(r"[._+=/-]+")
_GLUED: Final = re.compile(
    r"(?<=[a-z])(?=\d)|(?<=\d)(?=(?!(?:am|pm|h|m|d)(?:\d|\b))[a-z])"
    r"|(?<=working)(?=day|hour)|(?<=business)(?=day|hour)",
    re.IGNORECASE,
)
_ANSWERS: Final = re.compile(r"\s*(?:(?:re|fwd?|aw|wg|rv)\s?:\s*){1,5}", re.IGNORECASE)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """Whose draft it is, for whom, and as of when it is read."""

    user: User
    team: Team
    customer: Customer | None
    name: str
    email: str
    kinds: Sequence[Kind]
    now: datetime


def phrase_in(addresses: str) -> str | None:
    """What an address of ours for promises says after its `+`; None where there is none of it."""
    local, _, domain = settings.PROMISE_ADDRESS.lower().rpartition("@")
    if not local:
        return None
    ours = rf"(?<![\w.+-]){re.escape(local)}{_PHRASE}@{re.escape(domain)}(?![\w-]|\.\w)"
    found = re.search(ours, addresses, re.IGNORECASE)
    return None if found is None else found[1] or ""


def take(letter: Letter, phrase: str, *, now: datetime) -> End:
    """Raises Dropped, or Quarantined where the operator should know that nothing came of it."""
    user = _user_called(letter.sender)
    if _lately(user, now=now) >= lengths.current().drafts_an_hour:
        raise Quarantined("too many", "Too many drafts came from this sender in an hour.")
    proposals = list(_proposals(letter, phrase, _desk(letter, user, now=now)))
    try:
        for proposal in proposals:
            suggestions.propose(proposal, now=now)
    except suggestions.TooManySuggestions as no:
        raise Quarantined("too many", str(no)) from no
    count = len(proposals)
    said = "It is a draft." if count == 1 else f"It is {count} drafts."
    return End(outcome=TAKEN, said=said, reason="a draft")


def _user_called(sender: str) -> User:
    user = User.objects.filter(email=sender, is_active=True).first() if sender else None
    if user is None:
        raise Quarantined("unknown sender", "Its sender is nobody of ours.")
    return user


def _lately(user: User, *, now: datetime) -> int:
    theirs = Suggestion.objects.filter(source=suggestions.MAIL, for_whom=user)
    return theirs.filter(said_at__gt=now - _HOUR).count()


def _desk(letter: Letter, user: User, *, now: datetime) -> _Desk:
    places = Membership.objects.filter(user=user, role__in=KEEPING, team__retired_at=None)
    found = places.select_related("team__calendar").order_by("team__name")
    teams = [place.team for place in found]
    if not teams:
        raise Quarantined("unknown sender", "Its sender makes no promises.")
    name, email = _written_to(letter)
    known = {team: _known(team, email) for team in teams} if email else {}
    team = next((team for team in teams if known.get(team)), teams[0])
    return _Desk(
        user=user,
        team=team,
        customer=known.get(team),
        name=name,
        email=email,
        kinds=list(Kind.objects.for_customers()),
        now=now,
    )


def _written_to(letter: Letter) -> tuple[str, str]:
    """The first it went to who is neither one of us nor an address of ours; empty where all are."""
    people = [*letter.people("To"), *letter.people("Cc")]
    others = [(name, email) for name, email in people if not machines.is_ours(email)]
    ours = set(
        User.objects.filter(email__in=[email for _, email in others]).values_list(
            "email", flat=True
        )
    )
    return next(((name, email) for name, email in others if email not in ours), ("", ""))


def _known(team: Team, email: str) -> Customer | None:
    return meeting.known_by(team, Q(erased_at=None), email=email)


def _proposals(letter: Letter, phrase: str, desk: _Desk) -> Iterator[suggestions.Proposal]:
    own = quoting.own_words(letter.text)
    subject = _ANSWERS.sub("", letter.subject)
    plain = suggestions.Proposal(
        team_id=desk.team.pk,
        source=suggestions.MAIL,
        key=letter.fingerprint,
        said_at=desk.now,
        for_whom_id=desk.user.pk,
        customer_id=desk.customer.pk if desk.customer else None,
        name=desk.customer.name if desk.customer else desk.name,
        email=desk.email,
        wording=subject,
        said=own or subject,
    )
    found = promises.suggest([promises.Turn("agent", own)])[: 1 if phrase else _MOST]
    if not found and not own and not subject and not desk.email:
        raise Dropped("without words", "It says nothing.")
    if not found:
        yield _due(plain, phrase, desk, closes_by=None)
    for place, one in enumerate(found):
        kind = next((kind for kind in desk.kinds if kind.code == one.kind), None)
        wording = wordings.wording_of(one.quote, deadline=one.deadline_text, limit=500)
        proposal = replace(
            plain,
            key=f"{plain.key}:{place}" if place else plain.key,
            kind_id=kind.pk if kind else None,
            wording=wording or subject,
        )
        yield _due(proposal, phrase or one.deadline_text, desk, closes_by=kind)


def _due(
    proposal: suggestions.Proposal, said: str, desk: _Desk, *, closes_by: Kind | None
) -> suggestions.Proposal:
    """With the time that is meant, or with its words alone where they cannot be read."""
    hours = desk.team.calendar.hours()
    closes = closes_by.usual_hour if closes_by else None
    ways = _spellings(said)
    for way in ways:
        read = deadlines.read(way, now=desk.now, zone=hours.zone, hours=hours, closes=closes)
        if read is not None:
            return replace(proposal, due_said=way, due_at=read.at)
    return replace(proposal, due_said=ways[0])


def _spellings(said: str) -> list[str]:
    """`fri10am` as people write it, and as it came, for dates such as 2026-05-26."""
    if " " in said.strip():
        return [" ".join(said.split())]
    apart = _GLUED.sub(" ", _BETWEEN.sub(" ", said)).strip()
    return [apart, said]
