"""What Tom saw: two promises of one call, one asked about only when the other was kept as well.

Everything is read where Tom reads it: in the mails that reach his server, and on the pages behind
the links in them. He is told a new time before the old one, hears that it is done, and is not asked
how it went while a callback is still owed. Then he is asked once, says that something is still
wrong, is heard on the same page, and has a new promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import LazySettings

from commitments import checkins, services, sweep
from commitments.models import CheckIn, CheckInAnswer, Commitment
from commitments.rules.calling import Call
from notifications import delivery
from tests import smtp
from tests.commitments.public.makers import SECOND, Browser, an_answer, seen, value_on
from tests.makers import DAY, HOUR, MINUTE, a_commitment, a_team, ana, fresh
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TUESDAY = datetime(2026, 5, 26, tzinfo=UTC)
WEDNESDAY, THURSDAY = TUESDAY + DAY, TUESDAY + 2 * DAY
HUNG_UP = TUESDAY + 9 * HOUR + 10 * MINUTE
NEXT_WEDNESDAY = WEDNESDAY + 7 * DAY
TOM = "tom@customers.example"


@pytest.fixture(autouse=True)
def _plain_static_names(settings: LazySettings) -> None:
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[smtp.Sink]:
    with smtp.sink() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end


class Days:
    """Tom's phone, and the weeks that go by. Every three hours the worker has looked."""

    def __init__(self, sink: smtp.Sink) -> None:
        self.sink, self.phone, self.now = sink, Browser(), HUNG_UP

    def at(self, instant: datetime) -> None:
        while self.now + 3 * HOUR < instant:
            self.now += 3 * HOUR
            self._work()
        self.now = instant
        self._work()

    def _work(self) -> None:
        sweep.run(self.now)
        checkins.run(self.now)
        delivery.run(self.now)

    def mails(self) -> list[str]:
        """Tom's letter box: each mail as text, its subject on top, oldest first."""
        return [_text_of(mail) for mail in self.sink.accepted if mail.recipient == TOM]

    def subjects(self) -> list[str]:
        return [mail.partition("\n")[0] for mail in self.mails()]

    def follow(self, pattern: str) -> tuple[str, str]:
        """Open the link in the newest mail; answers its address and the words of the page."""
        found = re.search(rf"https?://[^/\s]+/c/[^/\s]+{pattern}(?=\s|$)", self.mails()[-1])
        assert found is not None, self.mails()[-1]
        link = urlsplit(found[0])
        address = f"{link.path}?{link.query}".rstrip("?")
        page = self.phone.get(address, now=self.now)
        assert page.status_code == 200
        return address, seen(page)


def _text_of(mail: smtp.Mail) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return f"{mail.message['Subject']}\n{body.get_content()}"


def test_what_the_customer_saw(sink: smtp.Sink) -> None:
    a_team()
    days = Days(sink)
    lid = a_commitment(
        wording="Send the new lid", due_at=WEDNESDAY + 12 * HOUR, now=HUNG_UP, case="48213"
    )
    callback = a_commitment(
        wording="Call you about the refund",
        kind="callback",
        due_at=NEXT_WEDNESDAY + 16 * HOUR,
        now=HUNG_UP + MINUTE,
        keep_by="phone",
        case="48213",
    )

    _it_is_agreed(days, lid)
    _a_new_time_is_told_first(days, lid)
    _it_is_done(days, lid)
    _nobody_asks_how_it_went_while_a_callback_is_owed(days, lid)
    _the_callback_is_kept(days, callback)
    _tom_is_asked_about_both_and_says_that_something_is_still_wrong(days)
    _it_is_promised_anew(days, lid, callback)


def _it_is_agreed(days: Days, lid: Commitment) -> None:
    days.at(HUNG_UP + 5 * MINUTE)

    assert [subject.partition(":")[0] for subject in days.subjects()] == ["What we agreed"] * 2
    [agreed] = [each for each in days.mails() if "Send the new lid" in each]
    assert "Wednesday 27 May, 12:00 noon" in agreed
    address, page = days.follow("/")
    assert "On track By Wednesday 27 May, 12:00 noon Tomorrow" in page
    assert "Call you about the refund" in page
    right = f"{address}right/?about={lid.reference}"
    form = days.phone.get(right, now=days.now)
    days.phone.post(right, {"value": value_on(form)}, now=days.now + 5 * SECOND)
    assert "You told us that this is right." in days.follow("/")[1]


def _a_new_time_is_told_first(days: Days, lid: Commitment) -> None:
    days.at(WEDNESDAY + 9 * HOUR + 30 * MINUTE)
    services.move(
        lid.pk,
        by=ana(),
        due_at=THURSDAY + 15 * HOUR,
        reason="The lids come with tomorrow's lorry.",
        told=services.Told.MESSAGE,
        now=days.now,
    )
    days.at(days.now + MINUTE)

    assert days.subjects()[-1].startswith("New time for")
    assert "The lids come with tomorrow's lorry." in days.mails()[-1]
    assert "sorry" not in days.mails()[-1]
    _, page = days.follow("/")
    assert "New time By Thursday 28 May, 3:00 pm Tomorrow" in page
    assert "Was Wednesday 27 May, 12:00 noon . Ana explains why below." in page


def _it_is_done(days: Days, lid: Commitment) -> None:
    days.at(THURSDAY + 14 * HOUR)
    services.fulfil(lid.pk, by=ana(), how="The lid is at your door.", now=days.now)
    days.at(days.now + MINUTE)

    assert days.subjects()[-1].startswith("Done:")
    assert "The lid is at your door." in days.mails()[-1]
    _, page = days.follow("/")
    assert "Done Thursday 28 May, 2:00 pm The lid is at your door." in page
    assert "Done (done) Check-in (to come)" in page
    assert fresh(lid).outcome == "moved"


def _nobody_asks_how_it_went_while_a_callback_is_owed(days: Days, lid: Commitment) -> None:
    so_far = len(days.mails())
    days.at(TUESDAY + 7 * DAY + 16 * HOUR)  # three working days and two hours on

    assert len(days.mails()) == so_far
    assert CheckIn.objects.get().state == "held"
    with time_machine.travel(days.now, tick=False):
        page = pages.text(pages.signed_in(ana()).get(f"/promises/{lid.reference}/"))
    assert "Check-in held back" in page
    assert "another promise to this customer is still open" in page


def _the_callback_is_kept(days: Days, callback: Commitment) -> None:
    days.at(NEXT_WEDNESDAY + 10 * HOUR)
    services.attempt(callback.pk, by=ana(), came_of_it=Call.REACHED, now=days.now)
    services.fulfil(callback.pk, by=ana(), how="We spoke about the refund.", now=days.now + MINUTE)
    days.at(days.now + 2 * MINUTE)

    assert days.subjects()[-1].startswith("Done:")
    assert CheckIn.objects.get().state == "planned"


def _tom_is_asked_about_both_and_says_that_something_is_still_wrong(days: Days) -> None:
    day = CheckIn.objects.get().send_at
    assert day is not None
    days.at(day + HOUR)

    asked, page = days.follow(r"/check-in/\?r=2")
    assert "We promised: Send the new lid" in page
    assert "We promised: Call you about the refund" in page
    assert not CheckInAnswer.objects.exists()
    form = days.phone.get(asked, now=days.now)
    said = an_answer(form, done="partly", rating="2", open="yes", words="The lid has a crack.")
    sent = days.phone.post(asked, said, now=days.now + MINUTE)
    thanks = seen(days.phone.get(sent["Location"], now=days.now + MINUTE))

    follow_up = Commitment.objects.get(follows__isnull=False)
    assert "Thank you for telling us, Tom" in thanks
    assert follow_up.due_at == days.now + MINUTE + 4 * HOUR
    assert f"Ana gets back to you by {follow_up.due_at:%A} {follow_up.due_at.day} June" in thanks
    assert "The lid has a crack." not in thanks


def _it_is_promised_anew(days: Days, lid: Commitment, callback: Commitment) -> None:
    days.at(days.now + 5 * MINUTE)

    assert days.subjects()[-1] == "Thank you for telling us, Tom"
    _, page = days.follow("/")
    assert "On track" in page
    with time_machine.travel(days.now, tick=False):
        mine = pages.text(pages.signed_in(ana()).get("/promises/mine/"))
    assert "Look into what is still open: Call you about the refund" in mine
    days.at(days.now + 5 * DAY)
    assert len([each for each in days.mails() if "/check-in/" in each]) == 1
    assert [fresh(each).status for each in (lid, callback)] == ["fulfilled", "fulfilled"]
