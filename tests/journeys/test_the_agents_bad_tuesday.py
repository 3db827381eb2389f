"""The agent's bad Tuesday: three promises in one difficult call, and how each of them was kept.

Ana logs them within four minutes of hanging up. One is moved before its date and Tom is told, one
is kept with evidence, and the callback is reached at the second try. What Tom reads is read at his
mail server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from commitments import sweep
from commitments.models import Commitment, Kind
from commitments.rules.lifecycle import Outcome
from notifications import delivery
from tests import makers, smtp
from tests.makers import DAY, HOUR, MINUTE
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TUESDAY = datetime(2026, 5, 26, tzinfo=UTC)
HUNG_UP = TUESDAY + 9 * HOUR + 10 * MINUTE


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[smtp.Sink]:
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(HUNG_UP, tick=False) as traveller:
        yield traveller


class Day:
    """Ana's browser, and the clock on her wall. What is due is done whenever it is moved on."""

    def __init__(self, client: Client, clock: time_machine.Traveller, sink: smtp.Sink) -> None:
        self.client, self.clock, self.sink = client, clock, sink
        self.now = HUNG_UP

    def at(self, instant: datetime) -> None:
        """Go on to this instant; every quarter of an hour the worker has looked."""
        is_overnight = instant.date() > self.now.date()
        while self.now + 15 * MINUTE < instant:
            self.now += 15 * MINUTE
            self._work()
        self.now = instant
        self._work()
        if is_overnight:  # her session has ended
            self.client.force_login(makers.ana())

    def _work(self) -> None:
        self.clock.move_to(self.now, tick=False)
        sweep.run(self.now)
        delivery.run(self.now)

    def log(self, line: str) -> Commitment:
        """A line is typed, seen as it is read, and sent with Enter."""
        read = self.client.post("/promises/read/", {"line": line})
        typed = {"once": f"key {line}"[:64], "line": line} | pages.hidden(read)
        saved = self.client.post("/promises/new/", typed)
        assert saved.status_code == 302, pages.text(saved)
        return Commitment.objects.latest("pk")

    def do(self, promise: Commitment, verb: str, **fields: str) -> Any:  # a response
        """Open a verb's form, fill it in, and send it again where it first shows what it read."""
        path = f"/promises/{promise.reference}/{verb}/"
        return self.fill_in(path, **fields)

    def fill_in(self, path: str, **fields: str) -> Any:  # likewise
        sent = self.client.post(
            path.partition("?")[0], pages.hidden(self.client.get(path)) | fields
        )
        if sent.status_code == 200:
            sent = self.client.post(path.partition("?")[0], pages.hidden(sent) | fields)
        assert sent.status_code == 302, pages.text(sent)
        return sent

    def mails(self) -> list[str]:
        """What Tom has been written, as text, oldest first."""
        theirs = [mail for mail in self.sink.accepted if mail.recipient == "tom@customers.example"]
        return [_text_of(mail) for mail in theirs]


def _text_of(mail: smtp.Mail) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return f"{mail.message['Subject']}\n{body.get_content()}"


@pytest.fixture
def day(clock: time_machine.Traveller, sink: smtp.Sink) -> Day:
    """Tom has called before; a refund of this house needs evidence."""
    makers.a_team()
    Kind.objects.filter(code="refund").update(needs_evidence=True)
    old = makers.a_commitment(now=HUNG_UP - 7 * DAY, due_at=HUNG_UP - 6 * DAY, case="48213")
    makers.services.fulfil(old.pk, by=makers.ana(), how="Sent", now=HUNG_UP - 7 * DAY + HOUR)
    return Day(pages.signed_in(makers.ana()), clock, sink)


def test_three_promises_of_one_call_are_logged_and_kept(day: Day) -> None:
    day.at(HUNG_UP + MINUTE)
    refund = day.log("@tom #refund refund the double charge thu 5pm #48213")
    day.at(HUNG_UP + 2 * MINUTE)
    bill = day.log("@tom send the corrected bill tomorrow noon")
    day.at(HUNG_UP + 3 * MINUTE)
    callback = day.log("@tom call back with the meter figures today between 2 and 4pm ~phone")

    three = [refund, bill, callback]
    assert [each.promised_at - HUNG_UP for each in three] == [MINUTE, 2 * MINUTE, 3 * MINUTE]
    assert [each.due_at for each in three] == [
        TUESDAY + 2 * DAY + 17 * HOUR,
        TUESDAY + DAY + 12 * HOUR,
        TUESDAY + 16 * HOUR,
    ]
    assert callback.window_start == TUESDAY + 14 * HOUR

    _each_is_confirmed_in_writing(day)
    _the_callback_is_reached_at_the_second_try(day, callback)
    _the_bill_is_moved_before_its_date(day, bill)
    _the_refund_is_kept_with_evidence(day, refund)
    _the_bill_is_kept_at_its_new_time(day, bill)

    outcomes = [makers.fresh(each).outcome for each in three]
    assert outcomes == [Outcome.ON_TIME, Outcome.MOVED, Outcome.ON_TIME]
    assert not [text for text in day.mails() if "sorry" in text.lower()]
    mine = pages.text(day.client.get("/promises/mine/"))
    assert "Kept on time 2 Moved, customer told first 1 Kept late 0" in mine


def _each_is_confirmed_in_writing(day: Day) -> None:
    day.at(HUNG_UP + 5 * MINUTE)

    told = "\n".join(day.mails())
    assert "Refund the double charge" in told
    assert "Send the corrected bill" in told
    assert "Call back with the meter figures" in told
    assert "Thursday 28 May, 5:00 pm" in told


def _the_callback_is_reached_at_the_second_try(day: Day, callback: Commitment) -> None:
    day.at(TUESDAY + 14 * HOUR + 10 * MINUTE)
    listed = pages.text(day.client.get("/calls/"))
    assert "Call now" in listed
    assert "2:00 pm to 4:00 pm" in listed

    tried = day.do(callback, "attempt", came_of_it="no_answer", back="calls")
    assert tried["Location"] == "/calls/"
    said = pages.text(day.client.get("/calls/"))
    assert "No answer, today at 2:10 pm. That is the first try in the window." in said

    day.at(TUESDAY + 15 * HOUR + 20 * MINUTE)
    reached = day.do(callback, "attempt", came_of_it="reached_done", back="calls")
    assert makers.fresh(callback).told_at == day.now
    form = pages.text(day.client.get(reached["Location"]))
    assert "We spoke on the phone on Tuesday 26 May, 3:20 pm." in form
    day.fill_in(reached["Location"], how="I called you with the figures: 4,182 on 1 May.")

    day.at(day.now + MINUTE)
    assert "I called you with the figures: 4,182 on 1 May." in day.mails()[-1]
    assert [one.outcome for one in callback.call_attempts.all()] == ["no_answer", "reached"]
    assert makers.fresh(callback).attempted_at is None
    assert "No call is owed" in pages.text(day.client.get("/calls/"))


def _the_bill_is_moved_before_its_date(day: Day, bill: Commitment) -> None:
    day.at(TUESDAY + 16 * HOUR + 30 * MINUTE)

    day.do(
        bill,
        "move",
        when="fri noon",
        reason="The tariff team needs until Thursday to check it.",
        told="message",
    )
    day.at(day.now + MINUTE)

    mail = day.mails()[-1]
    assert re.search(r"^New time for .*: Friday 29 May, 12:00 noon$", mail, re.MULTILINE)
    assert "The tariff team needs until Thursday to check it." in mail
    moved = makers.fresh(bill)
    assert moved.told_at is not None
    assert moved.told_at < TUESDAY + DAY + 12 * HOUR
    assert (moved.first_due_at, moved.due_at) == (
        TUESDAY + DAY + 12 * HOUR,
        TUESDAY + 3 * DAY + 12 * HOUR,
    )


def _the_refund_is_kept_with_evidence(day: Day, refund: Commitment) -> None:
    day.at(TUESDAY + 2 * DAY + 11 * HOUR)
    path = f"/promises/{refund.reference}/done/"
    form = pages.hidden(day.client.get(path))
    refused = day.client.post(path, form | {"how": "It is on its way to your account."})
    assert refused.status_code == 422
    assert "A refund needs evidence: give its number or a link." in pages.text(refused)

    day.do(refund, "done", how="It is on its way to your account.", evidence="RF-2231")
    day.at(day.now + MINUTE)

    assert makers.fresh(refund).evidence == "RF-2231"
    assert "It is on its way to your account." in day.mails()[-1]
    assert "RF-2231" not in "\n".join(day.mails())


def _the_bill_is_kept_at_its_new_time(day: Day, bill: Commitment) -> None:
    day.at(TUESDAY + 3 * DAY + 11 * HOUR)

    day.do(bill, "done", how="The corrected bill is in your inbox.")
    day.at(day.now + MINUTE)

    assert "The corrected bill is in your inbox." in day.mails()[-1]
