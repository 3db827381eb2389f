"""The demonstration: an invented company whose every page has something on it."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from commitments import starting
from commitments.errors import CommitmentError
from commitments.models import (
    Absence,
    Calendar,
    CallAttempt,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Event,
    Membership,
    Team,
    Thanks,
    User,
)
from commitments.models.event import first_broken_link
from commitments.reports import breaks, kept, ratings, values, workload
from commitments.reports.scope import Scope
from commitments.web import heard
from commitments.web.reports import happened, trend
from config import demo
from config.demo.diary import Diary
from config.management.commands import prepare
from notifications.models import Delivery
from tests.makers import DAY, NOON, a_team

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 3, 29, 22, 50, tzinfo=UTC)

OUTCOMES = {
    "": 55,
    "on_time": 206,
    "late": 30,
    "moved": 12,
    "broken": 7,
    "released": 9,
    "void": 7,
}


@pytest.fixture(autouse=True)
def _at_ones_own_machine(settings: Settings) -> None:
    settings.IS_PUBLIC = False


def seeded(now: datetime) -> list[str]:
    said = io.StringIO()
    call_command("seed_demo", now=now, stdout=said)
    return said.getvalue().splitlines()


@pytest.mark.both_databases
@pytest.mark.timeout(600)  # sixty days are walked through, verb by verb
def test_every_page_has_something_on_it() -> None:
    said = seeded(WEDNESDAY)

    assert said[0] == "Larkfield Energy. Sign in with the password larkfield-demo as"
    assert said[1] == "  ana@larkfield.example    Ana Moreno, agent in Billing care"
    assert len(said) == 1 + User.objects.count() == 15
    assert said[-1] == "  sam@larkfield.example    Sam Whitlock, administrator"
    assert User.objects.get(email="ana@larkfield.example").check_password("larkfield-demo")
    assert set(Team.objects.values_list("name", flat=True)) == {
        *("Billing care", "Moves", "Field visits")
    }
    assert set(Membership.objects.values_list("role", flat=True)) == {
        *("agent", "lead", "manager", "auditor")
    }
    assert Commitment.objects.count() == 326
    outcomes = Counter(Commitment.objects.values_list("outcome", flat=True))
    assert outcomes == OUTCOMES
    assert Commitment.objects.told(WEDNESDAY).count() == 4
    assert Commitment.objects.not_told(WEDNESDAY).count() == 9
    assert Commitment.objects.waiting().count() == 4
    assert Commitment.objects.filter(acknowledged_until__gt=WEDNESDAY).count() == 1
    assert Commitment.objects.live().filter(urgent=True).count() == 4
    assert Commitment.objects.live().filter(window_start__isnull=False).count() == 7
    assert Commitment.objects.live().filter(events__kind="reopened").count() == 1
    assert [each.customer.name for each in Commitment.objects.exclude(disputed_at=None)] == [
        "Grace Bell"
    ]
    ella = Commitment.objects.get(customer__name="Ella Thornton")
    assert (ella.owner, ella.is_overdue(WEDNESDAY)) == (User.objects.get(name="Ana Moreno"), True)
    heard_of = heard.of(ella, zone="Europe/London", now=WEDNESDAY)
    assert heard_of is not None
    assert "/make-right/?when=Thu+19+Nov" in heard_of.move_url  # what is done next
    outcomes_of_calls = Counter(CallAttempt.objects.values_list("outcome", flat=True))
    assert outcomes_of_calls == {"no_answer": 1, "voicemail": 1, "busy": 1, "reached": 1}
    assert CheckInAnswer.objects.count() == 78
    assert [each.rating for each in CheckInAnswer.objects.filter(confirmed=False)] == [4, 1]
    assert Commitment.objects.filter(origin="check_in").count() == 2
    away = Absence.objects.get(starts_at__lt=WEDNESDAY, ends_at__gt=WEDNESDAY)
    assert (away.user.name, away.deputy.name) == ("Jonas Brandt", "Tess Alder")
    beth = Membership.objects.get(user__email="beth@larkfield.example")
    assert beth.calendar is not None
    assert beth.calendar.hours().next_open(WEDNESDAY).date() == date(2026, 11, 19)
    assert Commitment.objects.live().filter(owner=beth.user).count() == 4
    assert_that_every_report_has_something_to_say()


def assert_that_every_report_has_something_to_say() -> None:
    ines = User.objects.get(email="ines@larkfield.example")
    scope = Scope.of(ines, {}, WEDNESDAY)

    weeks = kept.kept(scope, by="week")
    assert trend.found(weeks, scope, now=WEDNESDAY).title == "Kept on time is rising"
    assert [each.is_too_few for each in weeks] == [False] * 9
    rated = ratings.ratings(scope, by="happened")
    assert happened.chart(rated, scope).title == "Being told matters as much as being on time"
    assert [each.answers for each in rated] == [34, 4, 13, 11]
    assert [each.promises for each in breaks.hand_offs(scope)] == [34, 3, 4]
    assert len(breaks.causes(scope)) == 9
    assert [each.words for each in values.outside(scope)] == [
        "No more than the fee was ever taken.",
        "Our own mistake for twelve weeks; agreed with Dev.",
    ]
    assert len(workload.look(scope, WEDNESDAY).moves()) == 5
    decisions = Counter(Commitment.objects.filter(decision__isnull=False).values_list("status"))
    assert decisions == {("open",): 3, ("fulfilled",): 1}
    assert Thanks.objects.count() == 7


@pytest.mark.timeout(600)
def test_it_can_begin_on_any_day_with_any_starting_set_and_leaves_nothing_undone() -> None:
    starting.ensure(zone="UTC", now=SUNDAY_NIGHT)

    seeded(SUNDAY_NIGHT)

    assert not Commitment.objects.filter(next_action_at__lt=SUNDAY_NIGHT).exists()
    assert not Delivery.objects.filter(attempt_at__lt=SUNDAY_NIGHT).exists()
    assert not CheckIn.objects.filter(send_at__lt=SUNDAY_NIGHT).exists()
    assert not Event.objects.filter(recorded_at__gt=SUNDAY_NIGHT).exists()
    assert Commitment.objects.filter(status="open", due_at__gt=SUNDAY_NIGHT).count() == 38
    assert [first_broken_link(each) for each in Commitment.objects.all()] == [None] * 326
    assert set(Calendar.objects.values_list("zone", flat=True)) == {"Europe/London"}


def test_it_fills_only_an_empty_database() -> None:
    a_team()

    with pytest.raises(CommandError, match="needs an empty database"):
        seeded(WEDNESDAY)

    assert Team.objects.count() == 1


@pytest.mark.parametrize(
    ("setting", "named"),
    [("EMAIL_URL", "EMAIL_URL"), ("NOTIFICATIONS_EMAIL_BACKEND", "EMAIL_BACKEND")],
)
def test_it_writes_to_nobody_for_real(setting: str, named: str, settings: Settings) -> None:
    setattr(settings, setting, "smtp://127.0.0.1:1")

    with pytest.raises(CommandError, match=f"{named} is set"):
        seeded(WEDNESDAY)

    assert not User.objects.exists()


def test_where_others_come_nobody_gets_a_published_password(settings: Settings) -> None:
    settings.IS_PUBLIC = True

    with pytest.raises(CommandError, match="password of the demonstration is published"):
        seeded(WEDNESDAY)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("embedded", "is_public", "url", "laid"),
    [
        (True, False, "", True),
        (True, True, "", False),
        (False, False, "", False),
        (True, False, "smtp://127.0.0.1:1", False),
    ],
)
def test_a_start_lays_it_down_for_this_machine_alone(
    settings: Settings, embedded: bool, is_public: bool, url: str, laid: bool
) -> None:
    settings.EMBEDDED, settings.IS_PUBLIC, settings.EMAIL_URL = embedded, is_public, url

    assert prepare.is_for_trying_out() is laid


def test_where_others_come_no_start_leaves_a_published_password(settings: Settings) -> None:
    sam = User.objects.create(
        email="sam@larkfield.example", password=make_password("larkfield-demo")
    )
    prepare.refuse_a_published_password()
    settings.IS_PUBLIC = True

    with pytest.raises(CommandError, match=r"demonstration: as sam@larkfield\.example\. Begin"):
        prepare.refuse_a_published_password()

    sam.set_password("kettle-in-the-rain")
    sam.save()
    prepare.refuse_a_published_password()


@pytest.mark.both_databases
def test_those_who_still_have_the_published_password_are_found() -> None:
    published, own = make_password("larkfield-demo"), make_password("kettle-in-the-rain")
    for email, password, is_active in (
        ("sam@larkfield.example", published, True),
        ("ana@larkfield.example", published, True),
        ("dev@larkfield.example", own, True),
        ("ines@larkfield.example", published, False),
        ("tom@larkfield.example", "", True),
        ("sam@elsewhere.example", published, True),
    ):
        User.objects.create(email=email, password=password, is_active=is_active)

    with CaptureQueriesContext(connection) as asked:
        found = demo.open_to_all()

    assert found == ["ana@larkfield.example", "sam@larkfield.example"]
    assert len(asked) == 1


def test_an_interrupted_demonstration_leaves_nothing_behind() -> None:
    with pytest.raises(CommitmentError):
        seeded(datetime(1001, 1, 10, tzinfo=UTC) - 365 * DAY)

    assert not User.objects.exists()


def test_the_diary_counts_in_working_time() -> None:
    hours = a_team().calendar.hours()
    diary = Diary(now=NOON, hours=hours)  # a Thursday, open from 9:00 to 17:30

    told = {said: diary.when(said).isoformat()[:16] for said in ("-4 10:20", "-4h", "+40m", "+1h")}

    assert told == {
        "-4 10:20": "2026-05-15T10:20",
        "-4h": "2026-05-20T16:30",
        "+40m": "2026-05-21T12:40",
        "+1h": "2026-05-21T13:00",
    }
    with pytest.raises(ValueError, match="next week"):
        diary.when("next week")
