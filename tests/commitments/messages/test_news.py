"""Which times a mail names once the promised one has passed, or the promise has ended."""

from __future__ import annotations

import pytest

from commitments import messages, services
from commitments.messages import customer
from commitments.models import EventKind
from notifications import rendering
from notifications.models import Delivery
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana

pytestmark = pytest.mark.django_db


def mail(template: str) -> str:
    return Delivery.objects.filter(template=template).earliest("pk").text


def said_in(message: messages.Message) -> str:
    return rendering.words(
        message.template, message.context, channel="email", language=message.language
    ).text


def test_where_no_time_is_known_the_note_names_none():
    late = a_commitment(due_at=NOON + HOUR)
    event = late.events.get(kind=EventKind.MADE)

    note = customer.about_promise(
        late, customer.Template.SLIP_NOTE, event=event, hear_by=None, now=NOON + 2 * HOUR
    )

    assert isinstance(note, messages.Message)
    assert "You will hear from us as soon as there is news." in said_in(note)


def test_an_answer_after_the_end_says_when_it_was_done_and_no_longer_by_when():
    kept = a_commitment(due_at=NOON + 3 * HOUR)
    services.fulfil(kept.pk, by=ana(), how="Sent it", now=NOON + HOUR)
    services.reply(kept.pk, words="With the lid?", now=NOON + 2 * HOUR)

    services.answer(
        kept.pk, by=ana(), words="Yes.", told=services.Told.MESSAGE, now=NOON + 2 * HOUR
    )
    text = mail("progress")

    assert "Done: Thursday 21 May, 1:00 pm" in text
    assert "By: " not in text
    assert "Who sees to it" not in text


def test_news_of_a_promise_that_is_late_names_the_time_as_one_that_passed():
    late = a_commitment(due_at=NOON + HOUR)

    services.update(
        late.pk, by=ana(), words="Packed.", tell_customer=True, now=NOON + HOUR + MINUTE
    )
    text = mail("progress")

    assert "The time we gave you: Thursday 21 May, 1:00 pm" in text
    assert "By: " not in text
