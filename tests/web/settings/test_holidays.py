"""Settings, Holidays: looked at before they are kept, and none moves a promise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments.house import first_day
from commitments.models import Calendar, Holiday
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, fresh
from tests.web.pages import text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FRIDAY = date(2026, 5, 22)


def plan(ada: Client, **said: str) -> Any:
    page = ada.get("/settings/holidays/add/")
    return press(ada, page, "preview", on="2026-05-22", name="Power cut", **said)


def send(ada: Client, page: Any, button: str = "save", **said: Any) -> Any:
    data = fields(page) | {"press": [button]}
    data |= {name.replace("__", "-"): value for name, value in said.items()}
    return ada.post("/settings/holidays/plan/", data)


def test_a_day_is_looked_at_before_it_is_kept(ada: Client) -> None:
    chain = a_team().calendar.hours().walk_days(NOON, 1)
    kettle = a_commitment(due_at=chain[-1].ends_at, due_steps=chain)

    page = plan(ada)

    assert "One open promise would be due at another time" in text(page)
    assert not Holiday.objects.exists()
    assert send(ada, page).status_code == 302
    assert Holiday.objects.get().on == FRIDAY
    assert fresh(kettle).due_at == kettle.due_at


@pytest.mark.parametrize(
    ("zone", "on", "is_over_at"),
    [
        ("Pacific/Auckland", date(2026, 5, 21), NOON),
        ("America/Los_Angeles", date(2026, 5, 20), NOON - 5 * HOUR),
    ],
)
@pytest.mark.parametrize("ahead", [True, False])
def test_a_day_lies_ahead_until_it_is_over_where_it_is_kept(
    ada: Client, traveller: Any, zone: str, on: date, is_over_at: datetime, ahead: bool
) -> None:
    now = is_over_at - ahead * MINUTE
    calendar = a_team().calendar
    Calendar.objects.update(zone=zone)
    Holiday.objects.create(calendar=calendar, on=on, name="Power cut")
    traveller.move_to(now)

    days, weeks = text(ada.get("/settings/holidays/")), text(ada.get("/settings/hours/"))
    state = next(each for each in first_day.look(now) if each.name == "holidays")

    assert ("Days ahead" in days, "The last year: 1" in days) == (ahead, not ahead)
    assert f"{ahead:d} holidays ahead for {calendar}" in weeks
    assert state.said == ("One day ahead." if ahead else "No days ahead.")


def test_what_was_changed_on_the_page_is_shown_again_first(ada: Client) -> None:
    chain = a_team().calendar.hours().walk_days(NOON, 1)
    a_commitment(due_at=chain[-1].ends_at, due_steps=chain)
    page = plan(ada)

    again = send(ada, page, row__0__spans="9:00-17:30")

    assert again.status_code == 200
    assert "No open promise was counted across these days." in text(again)
    assert not Holiday.objects.exists()


def test_rows_that_no_browser_sends_break_nothing(ada: Client) -> None:
    page = plan(ada)

    for said in (
        {"row__0__on": "never"}, {"row__0__spans": "9-9"}, {"row__TOTAL_FORMS": "-1"},
        {"row__0__name": "\x00"}, {"calendars": ["999999"]}, {"row__0__on": "0000-00-00"},
    ):  # fmt: skip
        assert send(ada, page, **said).status_code == 422
    data = fields(page) | {"press": ["save"]}
    data.pop("row-0-keep")
    assert ada.post("/settings/holidays/plan/", data).status_code == 422
    assert not Holiday.objects.exists()


def test_a_countrys_holidays_are_kept_where_ticked(ada: Client) -> None:
    page = ada.get("/settings/holidays/country/")
    regions = press(ada, page, "regions", country="GB")
    plan = press(ada, regions, "preview", country="GB", region="SCT", first_year="2026", years="1")

    send(ada, plan)

    assert "Scotland" in text(regions)
    assert Holiday.objects.filter(on=date(2026, 11, 30)).exists()


def test_a_file_is_looked_at_before_it_is_kept(ada: Client) -> None:
    body = (
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260601\r\n"
        b"SUMMARY:Works outing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    plan = upload(ada, body)

    send(ada, plan)

    assert Holiday.objects.get().name == "Works outing"


@pytest.mark.parametrize("body", [b"hello", b"\x00" * 50, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"])
def test_what_is_no_calendar_file_is_refused(ada: Client, body: bytes) -> None:
    refused = upload(ada, body)

    assert refused.status_code == 422
    assert not Holiday.objects.exists()


def upload(ada: Client, body: bytes) -> Any:
    page = ada.get("/settings/holidays/file/")
    data = fields(page) | {"file": SimpleUploadedFile("days.ics", body)}
    return ada.post("/settings/holidays/file/", data)


def test_one_that_a_promise_was_counted_by_cannot_be_taken_out(ada: Client) -> None:
    day = Holiday.objects.create(calendar=a_team().calendar, on=FRIDAY, name="Closed")
    chain = a_team().calendar.hours().walk_days(NOON, 1)
    a_commitment(due_at=chain[-1].ends_at, due_steps=chain)

    page = ada.get(f"/settings/holidays/{day.pk}/")
    refused = press(ada, ada.get(f"/settings/holidays/{day.pk}/remove/"))

    assert "Take it out" not in text(page)
    assert "One open promise was counted by Closed." in text(page)
    assert refused.status_code == 422
    assert Holiday.objects.exists()


def test_other_hours_on_that_day_show_whom_they_touch(ada: Client) -> None:
    day = Holiday.objects.create(calendar=a_team().calendar, on=FRIDAY, name="Closed")
    chain = a_team().calendar.hours().walk_days(NOON, 1)
    kettle = a_commitment(due_at=chain[-1].ends_at, due_steps=chain)

    shown = press(ada, ada.get(f"/settings/holidays/{day.pk}/"), spans="9-12")
    press(ada, shown)

    assert "One open promise would be due at another time" in text(shown)
    assert Holiday.objects.get().spans == [[540, 720]]
    assert fresh(kettle).due_at == kettle.due_at
