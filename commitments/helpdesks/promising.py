"""What an agent said in a note becomes a promise, or a suggestion where it cannot be understood."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Customer, HelpDesk, Kind, Suggestion
from commitments.reading import deadlines, quick_add
from commitments.reading.quick_add import Line
from commitments.rules import saying
from commitments.services import suggestions
from commitments.understanding import kinds

from . import people
from .adapter import News, System

_OLDEST: Final = timedelta(days=1)  # what was said longer ago is not made a promise by a machine


class NotUnderstood(CommitmentError):
    """Why it is no promise, for the agent who has to put it right."""


def is_stale(news: News, *, now: datetime) -> bool:
    return news.at is not None and now - news.at > _OLDEST


def made_before(news: News, *, desk: HelpDesk) -> Commitment | None:
    """The promise that was made of this very message."""
    return Commitment.objects.filter(origin=desk.origin, origin_key=news.key).first()


def make(news: News, *, desk: HelpDesk, system: System, now: datetime) -> Commitment:
    """Raises CommitmentError, and then nothing may stay of what was done."""
    said_at = min(news.at or now, now)
    line = _line(news)
    kind = _kind(line, desk=desk)
    reading = _due(line, kind=kind, desk=desk, now=said_at)
    customer = people.customer_of(news.customer, desk=desk)
    agent = people.agent(news.agent, team=desk.team)
    keeper = agent or people.keeper(team=desk.team)
    draft = services.Draft(
        customer_id=customer.pk,
        team_id=desk.team_id,
        kind_id=kind.pk,
        owner_id=keeper.pk if keeper else None,
        wording=saying.sentence_case(line.wording) or kind.usual_wording,
        due_at=reading.at,
        due_said=line.when,
        due_steps=reading.steps,
        window_start=reading.begins_at,
        team_note=line.note,
        urgent=line.is_urgent,
        summary=False if line.no_mail else None,
        case=news.case,
        case_url=desk.page_of(news.path),
        channel=system.channel,
        keep_by=line.keep_by,
        origin=desk.origin,
        origin_key=news.key,
        promised_at=said_at,
    )
    return services.make(draft, by=agent, now=now)


def suggest(news: News, *, desk: HelpDesk, system: System, now: datetime) -> Suggestion:
    """Put it to the agent, or to the team's lead. Raises TooManySuggestions."""
    reader = people.agent(news.agent, team=desk.team) or people.keeper(team=desk.team)
    line = _as_far_as_read(news.line)
    proposal = suggestions.Proposal(
        team_id=desk.team_id,
        source=desk.origin,
        key=news.key,
        said_at=min(news.at or now, now),
        for_whom_id=reader.pk if reader else None,
        customer_id=_known_customer(news, desk=desk),
        name=news.customer.name,
        email=news.customer.email,
        phone=news.customer.phone,
        wording=line.wording,
        due_said=line.when,
        said=news.line,
        case=news.case,
        case_url=desk.page_of(news.path),
        channel=system.channel,
    )
    return suggestions.propose(proposal, now=now)


def _line(news: News) -> Line:
    """The ticket says who the customer is, and which case: a line that differs is in doubt."""
    line = quick_add.parse(news.line)
    if line.customer:
        raise NotUnderstood(f"The ticket says who it is for: leave out @{line.customer}.")
    if line.hand_to:
        raise NotUnderstood(f"It is yours at first: hand it to {line.hand_to} on its own page.")
    if line.case and line.case != news.case:
        raise NotUnderstood(f"The ticket is {news.case}: leave out #{line.case}.")
    return line


def _kind(line: Line, *, desk: HelpDesk) -> Kind:
    """The one that is named, or that its words say; else what the help desk usually promises."""
    known = list(Kind.objects.for_customers())
    if line.kind:
        return kinds.called(line.kind, known)
    guess = kinds.guessed(line.wording, known) if line.wording else None
    if guess is None and desk.kind not in known:
        raise NotUnderstood(f"{desk.kind} is retired. Choose another kind for this help desk.")
    return guess or desk.kind


def _due(line: Line, *, kind: Kind, desk: HelpDesk, now: datetime) -> deadlines.Reading:
    """As the team reads it. What people read in two ways is not decided by a machine."""
    calendar = desk.team.calendar
    zone, hours, closes = calendar.zone, calendar.hours(), kind.usual_hour
    if not line.when or line.is_vague:
        raise NotUnderstood("By when? Say a time such as 4pm, fri 10am or in 2 hours.")
    reading = deadlines.read(line.when, now=now, zone=zone, hours=hours, closes=closes)
    if reading is None:
        passed = deadlines.why_not(line.when, now=now, zone=zone, hours=hours, closes=closes)
        raise NotUnderstood(passed or f"“{line.when}” could not be read as a time.")
    if reading.alternatives:
        said = saying.say_time(reading.at, zone=zone, now=now)
        raise NotUnderstood(f"“{line.when}” may mean {said}, or another time. Say which.")
    return reading


def _as_far_as_read(text: str) -> Line:
    try:
        return quick_add.parse(text)
    except CommitmentError:
        return Line(wording=text)


def _known_customer(news: News, *, desk: HelpDesk) -> int | None:
    """Whom the help desk's id names, if anybody."""
    named = Customer.objects.filter(
        external_source=desk.origin, external_id=news.customer.id, erased_at=None
    )
    known = named.select_related("merged_into").first() if news.customer.id else None
    return known.standing.pk if known is not None else None
