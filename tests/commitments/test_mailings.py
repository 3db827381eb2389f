"""Reports by mail: to whom they come, when, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from commitments import mailings, schedules
from commitments.errors import CommitmentError
from commitments.models import Absence, Holiday, Membership, Role, Schedule, User
from notifications.models import ContactPoint, Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONDAY = datetime(2026, 5, 25, 8, tzinfo=UTC)
WEEK = 7 * DAY
WEEKLY = Schedule.What.WEEKLY


def weekly_of(person: User) -> Schedule:
    return Schedule.objects.get(what=WEEKLY, whose=person)


def mails(template: str = "weekly") -> list[Delivery]:
    return list(Delivery.objects.filter(template=template, channel="email").order_by("pk"))


def begin(**zone: str) -> None:
    """Ines manages a team in which something is open."""
    makers.a_team(**zone)
    makers.a_commitment(due_at=MONDAY + 9 * HOUR)
    mailings.begin_weekly(NOON)


def test_who_manages_a_team_gets_it_on_mondays_without_asking() -> None:
    begin()

    assert [each.whose for each in Schedule.objects.filter(what=WEEKLY)] == [makers.ines()]
    assert weekly_of(makers.ines()).next_at == MONDAY
    assert mailings.begin_weekly(NOON + DAY) == 0


def test_a_new_manager_gets_it_from_the_next_night_on() -> None:
    makers.a_team()
    Schedule.objects.filter(what="housekeeping").update(next_at=NOON)

    schedules.run(NOON)

    assert weekly_of(makers.ines()).next_at == MONDAY


def test_a_team_that_is_retired_has_no_week() -> None:
    team = makers.a_team()
    team.retired_at = NOON
    team.save()

    assert mailings.begin_weekly(NOON) == 0
    assert not mailings.manages(makers.ines())


def test_two_rounds_and_a_clock_that_is_put_back_make_one_mail_a_week() -> None:
    begin()

    for at in (MONDAY, MONDAY + MINUTE, MONDAY + 2 * DAY):
        Schedule.objects.filter(what=WEEKLY).update(next_at=MONDAY)
        schedules.run(at)

    assert [mail.key for mail in mails()] == [f"weekly:u{makers.ines().pk}:2026-05-25:email"]
    assert weekly_of(makers.ines()).next_at == MONDAY + WEEK


def test_after_an_outage_it_comes_late_and_the_next_on_its_monday() -> None:
    begin()

    schedules.run(MONDAY + 2 * DAY)

    assert len(mails()) == 1
    assert weekly_of(makers.ines()).next_at == MONDAY + WEEK


def test_after_an_outage_the_old_one_is_not_sent_before_the_new_one() -> None:
    begin()

    schedules.run(MONDAY + WEEK - HOUR)
    before = mails()
    schedules.run(MONDAY + WEEK)

    assert before == []
    assert [mail.key for mail in mails()] == [f"weekly:u{makers.ines().pk}:2026-06-01:email"]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        # The clocks go on by an hour on 29 March, and back on 25 October.
        ("Europe/Berlin", "2026-03-23T07:00+00:00", "2026-03-30T06:00+00:00"),
        ("Europe/Berlin", "2026-10-19T06:00+00:00", "2026-10-26T07:00+00:00"),
        ("America/New_York", "2026-03-02T13:00+00:00", "2026-03-09T12:00+00:00"),
        ("Asia/Kolkata", "2026-03-23T02:30+00:00", "2026-03-30T02:30+00:00"),
    ],
)
def test_it_is_eight_on_the_readers_wall_whatever_the_clocks_do(
    zone: str, before: str, after: str
) -> None:
    makers.a_team(zone=zone)
    first = datetime.fromisoformat(before)

    mailings.begin_weekly(first - HOUR)
    assert weekly_of(makers.ines()).next_at == first
    schedules.run(first)

    assert weekly_of(makers.ines()).next_at == datetime.fromisoformat(after)


def test_a_time_that_the_clocks_skip_comes_right_after_the_gap_once() -> None:
    schedule = Schedule(local_time=time(2, 30), zone="Europe/Berlin")
    gap = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert schedule.after(gap - 23 * HOUR) == gap
    assert schedule.after(gap) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_show_twice_comes_once() -> None:
    schedule = Schedule(local_time=time(2, 30), zone="Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert schedule.after(first - HOUR) == first
    assert schedule.after(first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_it_follows_its_reader_to_the_east_and_to_the_west() -> None:
    begin()
    User.objects.filter(pk=makers.ines().pk).update(zone="Asia/Tokyo")
    schedules.run(MONDAY)
    assert weekly_of(makers.ines()).next_at == MONDAY + WEEK - 9 * HOUR

    User.objects.filter(pk=makers.ines().pk).update(zone="America/New_York")
    schedules.run(MONDAY + WEEK - 9 * HOUR)  # Sunday evening there
    schedules.run(MONDAY + WEEK + 4 * HOUR)

    keys = [mail.key.rpartition(":")[0] for mail in mails()]
    assert keys == [
        f"weekly:u{makers.ines().pk}:2026-05-25",
        f"weekly:u{makers.ines().pk}:2026-06-01",
    ]
    assert weekly_of(makers.ines()).next_at == MONDAY + 2 * WEEK + 4 * HOUR


def away(*, until: datetime) -> None:
    Absence.objects.create(user=makers.ines(), deputy=makers.dev(), starts_at=NOON, ends_at=until)


def test_whoever_is_away_reads_it_on_the_first_day_back() -> None:
    begin()
    away(until=MONDAY + DAY + HOUR)

    for day in range(4):
        schedules.run(MONDAY + day * DAY)

    [mail] = mails()
    assert mail.enqueued_at == MONDAY + 2 * DAY
    assert weekly_of(makers.ines()).next_at == MONDAY + WEEK


def test_whoever_is_away_all_week_reads_only_the_next_one() -> None:
    begin()
    away(until=MONDAY + WEEK - HOUR)

    for day in range(9):
        schedules.run(MONDAY + day * DAY)

    assert [mail.key for mail in mails()] == [f"weekly:u{makers.ines().pk}:2026-06-01:email"]


def test_on_a_holiday_it_waits_for_the_next_working_day() -> None:
    begin()
    calendar = makers.a_team().calendar
    Holiday.objects.create(
        calendar=calendar, on=MONDAY.date(), name="Spring bank holiday", spans=[]
    )

    schedules.run(MONDAY)
    schedules.run(MONDAY + DAY)

    assert [mail.enqueued_at for mail in mails()] == [MONDAY + DAY]


def test_with_nothing_to_say_there_is_none() -> None:
    makers.a_team()
    mailings.begin_weekly(NOON)

    schedules.run(MONDAY)

    assert mails() == []
    assert weekly_of(makers.ines()).next_at == MONDAY + WEEK


@pytest.mark.parametrize("lost", ["role", "account"])
def test_who_has_left_gets_none_and_whoever_comes_back_does(lost: str) -> None:
    begin()
    places, people = (
        Membership.objects.filter(user=makers.ines()),
        User.objects.filter(pk=makers.ines().pk),
    )
    places.update(role=Role.AGENT if lost == "role" else Role.MANAGER)
    people.update(is_active=lost != "account")
    schedules.run(MONDAY)
    assert mails() == []

    places.update(role=Role.MANAGER)
    people.update(is_active=True)
    schedules.run(MONDAY + WEEK)

    assert len(mails()) == 1


def test_who_turned_it_off_is_not_asked_again_and_may_turn_it_on() -> None:
    begin()
    ines = makers.ines()

    mailings.choose_weekly(ines, at=None, now=NOON)
    mailings.begin_weekly(NOON)
    schedules.run(MONDAY)
    assert mails() == []

    on = mailings.choose_weekly(ines, at=time(7, 30), weekday=1, now=MONDAY)
    assert on.next_at == MONDAY + DAY - HOUR / 2


def test_another_day_of_a_week_that_was_told_makes_no_second_mail_of_it() -> None:
    begin()
    schedules.run(MONDAY)

    mailings.choose_weekly(makers.ines(), at=time(8), weekday=2, now=MONDAY + HOUR)
    schedules.run(MONDAY + 2 * DAY)

    assert len(mails()) == 1
    assert weekly_of(makers.ines()).next_at == MONDAY + 9 * DAY


def test_an_agent_cannot_turn_it_on() -> None:
    makers.a_team()

    with pytest.raises(CommitmentError, match="who manage a team"):
        mailings.choose_weekly(makers.ana(), at=time(8), now=NOON)


def test_quiet_hours_hold_the_mail_and_not_the_inbox() -> None:
    begin()
    ines = makers.ines()
    ContactPoint.objects.create(
        user=ines, channel="email", address=ines.email, quiet_from=time(20), quiet_to=time(9),
        zone="UTC", verified_at=NOON, wants=ContactPoint.Wants.ESCALATIONS,
    )  # fmt: skip

    schedules.run(MONDAY)

    found = Delivery.objects.filter(template="weekly").values_list("channel", "not_before")
    assert dict(found) == {"inbox": MONDAY, "email": MONDAY + HOUR}
