"""Promises from a file are walked through six weeks: everything is delivered, each thing once.

What is to be expected is worked out here, minute by minute and without any of the code under test,
from the usual working week (Monday to Friday, 9:00 to 17:30) and the usual ladder: two working
hours before due the owner, at due the owner, two working hours after it the lead, a working day
after it the manager and the customer.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import Count
from pytest_django import Settings

from commitments.imports import COLUMNS
from commitments.models import Commitment, Event
from commitments.models.event import first_broken_link
from notifications.models import Attempt, Delivery
from tests.makers import a_team
from tests.smtp import Mail, sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 10, 29, 13, tzinfo=UTC)
END = datetime(2026, 12, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TWO_HOURS = 120

# The clocks go back on Sunday, 1 November. When, agent, kind, the time in the words said, and when
# that is, on the wall in New York; the last columns: is it understood, has the customer an address?
INVENTED = (
    ("10-29 10:00", "ana", "followup", "tomorrow", "10-30 17:30", True, True),
    ("10-29 10:20", "omar", "callback", "in 2 hours", "10-29 12:20", True, True),
    ("10-29 11:00", "ana", "callback", "in 1 hour", "10-29 12:00", True, True),
    ("10-29 16:00", "omar", "refund", "as soon as the moon is full", "11-02 17:00", False, True),
    ("10-30 09:15", "lena", "callback", "", "10-30 13:15", False, True),
    ("10-30 15:45", "lena", "callback", "", "11-02 11:15", False, False),
    ("10-30 16:05", "ana", "refund", "within 3 business days", "11-04 17:30", True, True),
    ("10-30 17:10", "omar", "followup", "within 24 hours", "10-31 17:10", True, True),
    ("11-01 12:00", "ana", "followup", "by 4pm", "11-01 16:00", True, False),
    ("11-02 09:05", "lena", "replacement", "", "11-04 17:30", False, True),
    ("11-02 14:00", "omar", "repair", "", "11-09 17:30", False, True),
    ("11-03 08:00", "ana", "escalation", "shortly, no doubt", "11-05 17:30", False, True),
    ("11-03 13:30", "omar", "followup", "Friday", "11-06 17:30", True, True),
    ("11-05 18:40", "lena", "followup", "Friday 10:30", "11-06 10:30", True, True),
    ("12-08 09:30", "ana", "repair", "", "12-15 17:30", False, True),
    ("12-09 12:00", "omar", "followup", "in 6 hours", "12-09 18:00", True, True),
)


@dataclass(frozen=True)
class Expected:
    """One mail: who is to have it, about which promise, in which template, and when."""

    case: str
    template: str
    address: str
    at: datetime


def test_everything_from_a_file_is_delivered_once_and_in_time(
    tmp_path: Path, settings: Settings
) -> None:
    a_team(zone=ZONE.key)
    settings.VAR_DIR = tmp_path
    said = imported(a_file_of_invented_promises(tmp_path))

    with sink() as server:
        settings.EMAIL_URL = server.url
        call_command("run_due", start=START, end=END, stdout=io.StringIO())

    expected = sorted(all_expected(), key=repr)
    not_understood = [case for case in INVENTED if case[3] and not case[5]]
    assert said[-4] == "16 promises imported for Billing care."
    assert len([line for line in said if "is not understood;" in line]) == len(not_understood) == 2
    assert sorted(delivered(), key=repr) == expected
    assert Counter(each.template for each in expected) == COUNTS
    bundles = Delivery.objects.filter(template="bundle").annotate(inside=Count("bundled"))
    inside = sum(bundle.inside for bundle in bundles)
    weeks = Delivery.objects.filter(template="weekly", channel="email")
    read_at = {each.enqueued_at.astimezone(ZONE).strftime("%a %H:%M") for each in weeks}
    assert read_at == {"Mon 08:00"}
    mails = len(expected) - inside + len(bundles) + len(weeks)
    assert len(server.accepted) == len({id_of(mail) for mail in server.accepted}) == mails


# Counted once more by hand. Of 16 promises one is due after the end, and for one the end comes
# before its lead is asked; five were due so soon that no reminder was left; two customers have no
# address.
COUNTS = {"reminder": 10, "overdue": 15, "escalation": 28, "slip_note": 12, "undelivered": 2}


def test_what_was_delivered_is_what_stands_on_the_timelines(
    tmp_path: Path, settings: Settings
) -> None:
    a_team(zone=ZONE.key)
    settings.VAR_DIR = tmp_path
    imported(a_file_of_invented_promises(tmp_path))

    call_command("run_due", start=START, end=END, stdout=io.StringIO())

    steps = Counter(Event.objects.filter(step__isnull=False).values_list("commitment", "step"))
    assert set(steps.values()) == {1}
    assert {step for _, step in steps} == {1, 2, 3, 4}
    assert Event.objects.filter(kind="breached").count() == COUNTS["overdue"]
    assert Event.objects.filter(kind="message_sent").count() == COUNTS["slip_note"]
    assert Event.objects.filter(kind="message_not_sent").count() == 2
    assert Attempt.objects.count() == Delivery.objects.exclude(state="bundled").count()
    assert [first_broken_link(each) for each in Commitment.objects.all()] == [None] * 16


def a_file_of_invented_promises(folder: Path) -> Path:
    path = folder / "invented.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, (at, agent, kind, due, _, _, reachable) in enumerate(INVENTED):
            email = f"customer-{number}@customers.example" if reachable else ""
            customer = (f"case-{number}", "chat", f"{agent}@larkfield.example", f"Cy No. {number}")
            writer.writerow((*customer, email, wall(at).isoformat(), f"Do {number}", kind, due))
    return path


def imported(path: Path) -> list[str]:
    said = io.StringIO()
    options = {"team": "Billing care", "zone": ZONE.key, "now": START.isoformat()}
    call_command("import_commitments", path, stdout=said, **options)
    return said.getvalue().splitlines()


def all_expected() -> Iterator[Expected]:
    """Every mail, worked out from the table above."""
    for number, (promised, agent, _, _, due, _, reachable) in enumerate(INVENTED):
        due_at, case = wall(due), f"case-{number}"
        reminded_at = so_many_open_minutes(due_at, TWO_HOURS, step=-MINUTE)
        day_after = next_working_day(due_at)
        mails = [
            ("overdue", f"{agent}@larkfield.example", due_at),
            ("escalation", "dev@larkfield.example", so_many_open_minutes(due_at, TWO_HOURS)),
            ("escalation", "ines@larkfield.example", day_after),
        ]
        if reminded_at > wall(promised):
            mails.append(("reminder", f"{agent}@larkfield.example", reminded_at))
        if reachable:
            mails.append(("slip_note", f"customer-{number}@customers.example", day_after))
        else:  # somebody has to call
            mails.append(("undelivered", f"{agent}@larkfield.example", day_after))
        for template, address, at in mails:
            if at < END:
                yield Expected(case, template, address, at)


def delivered() -> Iterator[Expected]:
    """Every mail that was accepted, alone or in a bundle; `at` to the minute of its reason."""
    cases = {
        each.about: each.conversation.outside_reference
        for each in Commitment.objects.select_related("conversation")
    }
    mails = Delivery.objects.filter(channel="email", state__in=["sent", "bundled"])
    for row in mails.exclude(template__in=["bundle", "weekly"]):
        at = row.enqueued_at.replace(second=0, microsecond=0)
        yield Expected(cases[row.about], row.template, row.address, at)


def wall(said: str) -> datetime:
    """An instant of 2026 as clocks in New York show it."""
    at = datetime.strptime(f"2026-{said}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - given its zone here
    return at.replace(tzinfo=ZONE).astimezone(UTC)


def is_open(at: datetime) -> bool:
    there = at.astimezone(ZONE)
    return there.weekday() < 5 and 9 * 60 <= there.hour * 60 + there.minute < 17 * 60 + 30


def so_many_open_minutes(at: datetime, minutes: int, *, step: timedelta = MINUTE) -> datetime:
    """Where one stands after walking, minute by minute, past so many minutes of working time."""
    while minutes:
        passed = at if step > timedelta(0) else at + step
        minutes -= is_open(passed)
        at += step
    return at


def next_working_day(at: datetime) -> datetime:
    """The same time on the wall on the next working day, or the first open minute after it."""
    there = at.astimezone(ZONE).replace(tzinfo=None) + timedelta(days=1)
    while there.weekday() >= 5:
        there += timedelta(days=1)
    at = there.replace(tzinfo=ZONE).astimezone(UTC)
    while not is_open(at):
        at += MINUTE
    return at


def id_of(mail: Mail) -> str:
    return str(mail.message["Message-ID"])
