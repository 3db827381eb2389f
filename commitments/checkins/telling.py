"""Who hears at once what a customer answered, or that nobody asked them.

What is still open is a promise of its own: the customer hears by when somebody answers, and whoever
owes that now, with the team's managers, what was said. Of a low rating hear those who kept what was
asked about, and their managers; nobody who reads it in the other message. It is said once of a
check-in: whoever answers low twice, or thinks better of it between, is unhappy once.

A question whose day passed while nothing could be sent is not asked late: the owners are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from commitments import messages
from commitments.models import CheckInAnswer, Commitment, Event, EventKind, User
from commitments.rules import ratings

_STALE = (
    "It was to ask how it went, and its day passed while nothing could be sent, so it was held"
    " back. You can still ask, from the page of the promise."
)


def ask_owners(lines: Sequence[Event], *, meant_at: datetime, now: datetime) -> None:
    """Each once, of the first of these lines that is theirs, on the timelines of promises."""
    roster = messages.Roster([line.commitment for line in lines], now=now)
    reached: set[User] = set()
    for line in lines:
        owner = [each for each in roster.of(line.commitment, "owner") if each not in reached]
        reached.update(owner)
        said = messages.staff.to(
            owner,
            line.commitment,
            messages.staff.Template.UNDELIVERED,
            roster=roster,
            reason=str(line.pk),
            event_id=line.pk,
            words=_STALE,
            late=True,
            meant_at=meant_at,
            now=now,
        )
        messages.send(said, now=now)


def tell(
    given: CheckInAnswer, commitments: Sequence[Commitment], *, follow_up: Commitment | None
) -> None:
    """Of one answer, about these promises; `follow_up` is what was promised because of it."""
    told = _of_follow_up(follow_up, given) if follow_up is not None else []
    if ratings.is_low(given.rating) and not _was_low_before(given):
        messages.send(_of_rating(given, commitments, told), now=given.at)


def _of_follow_up(follow_up: Commitment, given: CheckInAnswer) -> list[User]:
    made = follow_up.events.get(kind=EventKind.MADE)
    _tell_customer(follow_up, made, given)
    roster = messages.Roster([follow_up], now=given.at)
    people = _meant(follow_up, roster)
    said = messages.staff.to(
        people,
        follow_up,
        messages.staff.Template.CUSTOMER_STILL_OPEN,
        roster=roster,
        reason=str(made.pk),
        event_id=made.pk,
        now=given.at,
        words=given.words,
        more=_more(given),
    )
    messages.send(said, now=given.at)
    return people


def _tell_customer(follow_up: Commitment, made: Event, given: CheckInAnswer) -> None:
    """What happens next, and by when."""
    template = messages.customer.Template.STILL_OPEN
    mail = messages.customer.about_promise(
        follow_up, template, event=made, now=given.at, words=given.words, at_once=True
    )
    if isinstance(mail, messages.Message):
        messages.send([mail], now=given.at)


def _was_low_before(given: CheckInAnswer) -> bool:
    others = given.check_in.answers.exclude(pk=given.pk).values_list("rating", flat=True)
    return any(ratings.is_low(rating) for rating in others)


def _of_rating(
    given: CheckInAnswer, commitments: Sequence[Commitment], told: Sequence[User]
) -> Iterator[messages.Message]:
    """Each hears of the newest promise that concerns them."""
    roster = messages.Roster(commitments, now=given.at)
    reached = set(told)
    for commitment in reversed(commitments):
        people = [each for each in _meant(commitment, roster) if each not in reached]
        reached.update(people)
        yield from messages.staff.to(
            people,
            commitment,
            messages.staff.Template.LOW_RATING,
            roster=roster,
            reason=f"check_in:{given.check_in_id}:low",
            now=given.at,
            words=given.words,
            more=_more(given),
        )


def _meant(commitment: Commitment, roster: messages.Roster) -> list[User]:
    """Whoever owns it, or else whoever is left to ask, and the managers; each once."""
    people = [*roster.of(commitment, "owner"), *roster.of(commitment, "manager")]
    return list(dict.fromkeys(people))


def _more(given: CheckInAnswer) -> dict[str, str | bool]:
    """How they feel, where somebody should talk with them, and whether that is in doubt."""
    feels = ratings.IN_WORDS[given.rating] if ratings.is_low(given.rating) else ""
    return {"feels": feels, "doubted": not given.confirmed}
