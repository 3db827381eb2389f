"""Why this date: the steps to a due time, on the promise's page."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from commitments import services
from commitments.models import Calendar, Commitment, Holiday, User
from commitments.services import Told
from commitments.understanding import why
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


def bank_holiday() -> None:
    calendar = makers.a_team().calendar
    Holiday.objects.create(calendar=calendar, on=date(2026, 5, 25), name="Spring <bank> holiday")


def in_two_working_days() -> Commitment:
    chain = makers.a_team().calendar.hours().walk_days(NOON, 2)
    return makers.a_commitment(
        due_at=chain[-1].ends_at, due_steps=chain, due_said="within 2 business days"
    )


def shown(client: Client, commitment: Commitment) -> str:
    """What the folded part says."""
    page = client.get(f"/promises/{commitment.reference}/").content.decode()
    part = page.partition('<details class="why">')[2].partition("</details>")[0]
    return pages.text_of(part)


def test_the_page_says_why_it_is_due_then(client: Client) -> None:
    bank_holiday()
    kettle = in_two_working_days()

    assert shown(client, kettle) == (
        "Why this date"
        " From Thu 21 May, 12:00 noon, UTC"
        " Thu 21 May itself does not count"
        " Fri 22 May: working day 1"
        " Sat 23 May and Sun 24 May: closed"
        " Mon 25 May, Spring <bank> holiday: closed"
        " Tue 26 May: working day 2, closing at 5:30 pm"
        " Said as “within 2 business days”."
    )


def test_the_last_line_says_when_it_is_due() -> None:
    chain = makers.a_team().calendar.hours().walk(NOON, 2 * HOUR)

    assert why.lines_of(chain, zone="UTC", now=NOON, holidays={}) == [
        "From Thu 21 May, 12:00 noon, UTC",
        "Thu 21 May, 12:00 noon to 2:00 pm: 2 h",
        "Due Thu 21 May, 2:00 pm, UTC",
    ]


def test_no_steps_are_no_lines() -> None:
    assert why.lines_of((), zone="UTC", now=NOON, holidays={}) == []


def test_a_reader_elsewhere_is_told_their_own_time(client: Client) -> None:
    kettle = makers.a_commitment()
    User.objects.filter(pk=makers.ana().pk).update(zone="America/New_York")

    said = shown(client, kettle)

    assert "Set for Thu 21 May at 6:00 pm, UTC" in said
    assert said.endswith("On your clock, New York time, it is due Thu 21 May, 2:00 pm.")


def test_a_date_that_was_moved_shows_the_new_reason_only(client: Client) -> None:
    kettle = in_two_working_days()
    services.move(
        kettle.pk, by=makers.ana(), due_at=NOON + DAY, reason="Sooner", told=Told.NO, now=NOON
    )

    assert shown(client, kettle) == (
        "Why this date From Thu 21 May, 12:00 noon, UTC Set for Fri 22 May at 12:00 noon, UTC"
    )


def test_a_holiday_that_was_dropped_since_stays_a_holiday(client: Client) -> None:
    bank_holiday()
    kettle = in_two_working_days()
    Holiday.objects.all().delete()

    assert "Mon 25 May, a holiday: closed" in shown(client, kettle)


def test_without_kept_steps_there_is_nothing_to_unfold(client: Client) -> None:
    kettle = makers.a_commitment()
    Commitment.objects.filter(pk=kettle.pk).update(due_steps=[])

    assert "Why this date" not in pages.text(client.get(f"/promises/{kettle.reference}/"))


def test_each_calendar_names_its_own_days() -> None:
    bank_holiday()
    other = Calendar.objects.create(name="Elsewhere", zone="UTC")

    assert why.holidays_of(makers.a_team().calendar) == {date(2026, 5, 25): "Spring <bank> holiday"}
    assert why.holidays_of(other) == {}
