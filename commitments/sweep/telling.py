"""What a batch says: to each person once for each deed, though two of its audiences mean them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from commitments import lengths, messages
from commitments.agenda import Action, Deed
from commitments.models import Commitment, Conversation, Event, User

from . import audience
from .grounds import Grounds
from .planning import Done, Plan

_Templates = messages.staff.Template
_INSTEAD = {
    audience.UNREACHABLE: "We cannot write to them: there is no address that takes our e-mails.",
    audience.LATE: "It would have gone out long after its time, so it was held back.",
}


def tell(plan: Plan, grounds: Grounds, *, now: datetime) -> None:
    """Everything into the outbox; before it, what is on its way to those who had it is taken back.

    The events have their ids by now.
    """
    done = plan.done
    handed = [(each.commitment, each.hand_over) for each in done if each.hand_over]
    messages.withdraw_from_owners(
        [(commitment, over.from_id) for commitment, over in handed if over.from_id is not None],
        reason="handed to a colleague",
        now=now,
    )
    written_to = [each.commitment for each in done if each.audience.to_customer]
    _read_conversations(written_to)
    late_since = now - lengths.current().catch_up_after
    said = [
        message
        for each in done
        for message in _messages(each, grounds, late=each.deed.at < late_since, now=now)
    ]
    if any(messages.programs.may_listen(each) for each in plan.commitments):
        said += messages.programs.happened(plan.commitments, plan.events, now=now)
    messages.send(said, now=now, hurry=False)


def _read_conversations(written_to: Collection[Commitment]) -> None:
    """With their customers; one query, and none where no customer is written to."""
    if not written_to:
        return
    asked = {each.conversation_id for each in written_to}
    found = Conversation.objects.select_related("customer").in_bulk(asked)
    for each in written_to:
        each.conversation = found[each.conversation_id]


def _messages(
    done: Done, grounds: Grounds, *, late: bool, now: datetime
) -> Iterator[messages.Message]:
    pierces_quiet = done.deed.step is not None and done.deed.step.pierces_quiet
    heard: set[int] = set()
    for template, people, event, words in _staff(done, grounds):
        new = {person.id: person for person in people if person.id not in heard}
        heard.update(new)
        yield from messages.staff.to(
            new.values(),
            done.commitment,
            template,
            roster=grounds.roster,
            reason=_reason(event),
            event_id=event.id,
            words=words,
            pierces_quiet=pierces_quiet,
            late=late,
            meant_at=done.deed.at,
            now=now,
        )
    if done.audience.programs:
        yield from _to_programs(done, grounds, late=late, now=now)
    if done.audience.to_customer:
        yield from _to_customer(done, grounds, now=now)


def _staff(done: Done, grounds: Grounds) -> Iterator[tuple[_Templates, Iterable[User], Event, str]]:
    """By which template, to whom, because of which event, with which words."""
    if done.hand_over is not None:
        yield _Templates.HANDED_OVER, [done.hand_over.to], done.hand_over.event, ""
    if done.audience.asked_instead:
        words = _INSTEAD[done.audience.obstacle]
        yield _Templates.UNDELIVERED, done.audience.asked_instead, done.event, words
    for name, people in done.audience.people.items():
        words = _notice(done, grounds) if name == messages.FALLBACK else ""
        yield _template(done.deed, name), people, done.event, words


def _template(deed: Deed, name: str) -> _Templates:
    if deed.step is not None:
        if deed.step.is_before_due:
            return _Templates.REMINDER
        keeps_it = name in {"owner", "deputy"}
        return _Templates.OVERDUE if keeps_it else _Templates.ESCALATION
    match deed.action:
        case Action.INFORM:
            return _Templates.UPDATE_DUE
        case Action.DECIDE:
            return _Templates.DECIDE
        case _:
            return _Templates.ASK_AGAIN if name == audience.HOLDER else _Templates.OVERDUE


def _notice(done: Done, grounds: Grounds) -> str:
    """Why it comes to somebody whom the step does not name."""
    owner = done.commitment.owner
    if owner is None:
        return "Please find somebody to own it."
    if not grounds.roster.of_team(done.commitment, owner):
        return f"{owner.first_name} cannot be asked any more. Please find somebody to own it."
    if grounds.roster.is_away(owner):
        return f"{owner.first_name} is away, and nobody stands in."
    return "Nobody whom this step of the policy is for is here, so it comes to you."


def _to_programs(
    done: Done, grounds: Grounds, *, late: bool, now: datetime
) -> Iterator[messages.Message]:
    for token in done.audience.programs:
        yield messages.programs.step_taken(
            done.commitment,
            token,
            name=grounds.listeners()[token],
            event=done.event,
            reason=_reason(done.event),
            late=late,
            now=now,
        )


def _to_customer(done: Done, grounds: Grounds, *, now: datetime) -> Iterator[messages.Message]:
    templates = messages.customer.Template
    nudging = done.deed.action is Action.NUDGE
    said = messages.customer.about_promise(
        done.commitment,
        templates.NUDGE if nudging else templates.SLIP_NOTE,
        event=done.event,
        words=done.deed.step.words if done.deed.step else "",
        hear_by=None if nudging else grounds.hear_by(done.commitment, now=now),
        reason=_reason(done.event),
        voice=grounds.voice(),
        meant_at=done.deed.at,
        now=now,
    )
    if isinstance(said, messages.Message):
        yield said


def _reason(event: Event) -> str:
    """A step is said once per revision and repetition; anything else once per event."""
    if event.step is None:
        return str(event.pk)
    return f"{event.commitment_id}:{event.revision}:{event.step}:{event.repetition}"
