"""One story in which every message is sent once at least, and something internal is said at every
turn. SECRET stands in each word that is for the team only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from commitments import checkins, messages, services, sweep
from commitments.models import CheckIn, Commitment, Customer, EventKind, Kind
from commitments.rules.ladder import Basis
from notifications.envelope import Delivered
from notifications.models import Delivery
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    ana,
    dev,
    fresh,
    ines,
    stand_under,
    tom,
)

SECRET = "between ourselves"
MONDAY = NOON + 4 * DAY
FRIDAY = NOON + 8 * DAY
ASKED_AT = NOON + 14 * DAY

Look = Callable[[Commitment, datetime], None]


def tell(look: Look | None = None, *, language: str = "en") -> Commitment:
    """Ana's promise to Tom from the call to the promise that follows; `look` is called at every
    turn with the promise and the instant. Customers are written to in `language`.
    """
    look = look or _look_away
    tom(language=language)
    kettle = _promised_and_missed(look)
    _told_late_and_waited_for(kettle, look)
    _kept_opened_and_kept_again(kettle, look)
    _asked_and_still_open(kettle, look)
    _others_end_otherwise(look, language=language)
    return fresh(kettle)


def _look_away(promise: Commitment, now: datetime) -> None:
    """Nobody looks."""


def _promised_and_missed(look: Look) -> Commitment:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, team_note=SECRET, keep_by="phone", case="48213")
    Kind.objects.update(inform_every=1)
    pk = kettle.pk
    services.update(pk, by=ana(), words=SECRET, tell_customer=False, now=NOON + 5 * MINUTE)
    services.update(pk, by=ana(), words="It is packed.", tell_customer=True, now=NOON + 6 * MINUTE)
    services.reply(pk, words="Is the lid with it?", now=NOON + 7 * MINUTE)
    services.dispute(pk, words="You said two o'clock.", now=NOON + 8 * MINUTE)
    services.answer(
        pk, by=ana(), words="It was three.", told=services.Told.MESSAGE, now=NOON + 9 * MINUTE
    )
    services.help(pk, by=ana(), reason=SECRET, now=NOON + 10 * MINUTE)
    services.reassign(pk, by=ana(), owner_id=dev().pk, note=SECRET, now=NOON + 20 * MINUTE)
    services.reassign(pk, by=ines(), owner_id=ana().pk, note=SECRET, now=NOON + 30 * MINUTE)
    services.ask_for_update(pk, by=dev(), note=SECRET, now=NOON + 40 * MINUTE)
    look(kettle, NOON + HOUR)
    services.move(
        pk,
        by=ana(),
        due_at=NOON + 4 * HOUR,
        reason="The courier comes at four.",
        told=services.Told.MESSAGE,
        now=NOON + HOUR,
    )
    look(kettle, NOON + 2 * HOUR)
    _sweep(NOON + HOUR, NOON + 4 * HOUR)
    services.acknowledge(pk, by=dev(), now=NOON + 4 * HOUR + 10 * MINUTE)
    look(kettle, NOON + 5 * HOUR)
    _sweep(NOON + 5 * HOUR, NOON + 2 * DAY)
    look(kettle, NOON + 2 * DAY)
    return kettle


def _told_late_and_waited_for(kettle: Commitment, look: Look) -> None:
    services.move(
        kettle.pk,
        by=ana(),
        due_at=MONDAY + DAY,
        reason="It went to the wrong house.",
        told=services.Told.MESSAGE,
        now=MONDAY - HOUR,
    )
    look(kettle, MONDAY - HOUR)
    services.wait(kettle.pk, by=ana(), what="Your new address", now=MONDAY)
    look(kettle, MONDAY + HOUR)
    _sweep(MONDAY, FRIDAY)
    look(kettle, FRIDAY)
    services.resume(kettle.pk, by=ana(), note=SECRET, now=FRIDAY + HOUR)
    look(kettle, FRIDAY + HOUR)


def _kept_opened_and_kept_again(kettle: Commitment, look: Look) -> None:
    _fulfil(kettle, "It is at your door.", now=FRIDAY + 2 * HOUR)
    _bounce("done", now=FRIDAY + 2 * HOUR)
    look(kettle, FRIDAY + 2 * HOUR)
    services.reopen(kettle.pk, by=dev(), reason=SECRET, now=FRIDAY + 2 * HOUR + 10 * MINUTE)
    look(kettle, FRIDAY + 2 * HOUR + 20 * MINUTE)
    _fulfil(kettle, "Now it is at your door.", now=FRIDAY + 3 * HOUR)
    thanks = {"owner_id": ana().pk, "note": SECRET, "now": FRIDAY + 4 * HOUR}
    services.thank(kettle.pk, by=dev(), shared=True, **thanks)
    services.thank(kettle.pk, by=ines(), shared=False, **thanks)


def _fulfil(kettle: Commitment, how: str, *, now: datetime) -> None:
    services.fulfil(kettle.pk, by=ana(), how=how, evidence=SECRET, cause="outside", now=now)


def _asked_and_still_open(kettle: Commitment, look: Look) -> None:
    checkins.run(ASKED_AT)
    check_in = CheckIn.objects.get(items__commitment=kettle, sent_at__isnull=False)
    unhappy = checkins.Reply(done="no", still_open=False, rating=1, words="It took too long.")
    checkins.answer(check_in.pk, unhappy, now=ASKED_AT + 30 * MINUTE)
    reply = checkins.Reply(done="partly", still_open=True, rating=2, words="The lid is missing.")
    checkins.answer(check_in.pk, reply, now=ASKED_AT + HOUR)
    look(kettle, ASKED_AT + HOUR)


def _others_end_otherwise(look: Look, *, language: str) -> None:
    address = "tim@customers.example"
    tim = Customer.objects.create(name="Tim Reed", email=address, language=language)
    shared = {"customer": tim, "team_note": SECRET}
    given_up = a_commitment(**shared)
    services.abandon(
        given_up.pk,
        by=ana(),
        reason="It is not made any more.",
        offer="A new one.",
        cause="outside",
        now=NOON,
    )
    unwanted = a_commitment(**shared, conversation_id=given_up.conversation_id)
    services.release(unwanted.pk, by=ana(), reason=SECRET, now=NOON + MINUTE)
    mistaken = a_commitment(**shared, conversation_id=given_up.conversation_id)
    services.void(mistaken.pk, by=ana(), reason=SECRET, now=NOON + MINUTE)
    taken_back = a_commitment(**shared, conversation_id=given_up.conversation_id)
    services.update(taken_back.pk, by=ana(), words=SECRET, tell_customer=True, now=NOON + MINUTE)
    said = taken_back.events.get(kind=EventKind.UPDATED)
    services.undo(said.pk, by=ana(), now=NOON + MINUTE)
    look(given_up, NOON + HOUR)
    _late_for_a_reason_that_was_approved(customer=tim)
    _late_and_made_up_for(customer=tim)
    _all_of_one_call_in_one_mail(customer=tim)
    _unreachable_by_chat(given_up)


def _all_of_one_call_in_one_mail(*, customer: Customer) -> None:
    first = a_commitment(customer=customer, wording="Ring back", keep_by="phone")
    again = a_commitment(wording="Book the visit", conversation_id=first.conversation_id)
    services.recap(again.conversation_id, by=ana(), now=NOON + MINUTE)


def _late_for_a_reason_that_was_approved(*, customer: Customer) -> None:
    late = a_commitment(customer=customer, due_at=NOON + 3 * HOUR)
    version = stand_under(late, [(Basis.ELAPSED, 3600, ["customer"])])
    version.steps.update(words="The part is out of stock everywhere.")
    sweep.run(NOON + 4 * HOUR + MINUTE)


def _late_and_made_up_for(*, customer: Customer) -> None:
    late = a_commitment(customer=customer, due_at=NOON + 3 * HOUR)
    amends = services.Remedy(
        wording="Take the postage off the bill",
        kind_id=Kind.objects.get(code="credit").pk,
        owner_id=ana().pk,
        due_at=MONDAY,
    )
    services.make_right(
        late.pk,
        by=ana(),
        missed_at=late.due_at,
        happened="The part did not fit.",
        cause="took_longer",
        new=services.NewTime(due_at=MONDAY),
        told=services.Told.MESSAGE,
        remedy=amends,
        now=NOON + 4 * HOUR,
    )


def _unreachable_by_chat(promise: Commitment) -> None:
    """So the manager hears of it by the inbox and by mail."""
    nag = Delivered(
        key="nag",
        about=promise.about,
        event_id=None,
        audience="staff",
        person_id=ana().pk,
        channel="chat",
        address="",
        template="reminder",
    )
    messages.subject.settled(nag, "failed", NOON + HOUR)


def _bounce(template: str, *, now: datetime) -> None:
    row = Delivery.objects.filter(template=template).latest("pk")
    delivered = Delivered(
        key=row.key,
        about=row.about,
        event_id=row.event_id,
        audience="customer",
        person_id=None,
        channel=row.channel,
        address=row.address,
        template=row.template,
    )
    messages.subject.settled(delivered, "failed", now)


def _sweep(start: datetime, end: datetime) -> None:
    """Every hour, a minute past."""
    while start <= end:
        sweep.run(start + MINUTE)
        start += HOUR
