"""Killed while it writes the mail of the week, before its commit and after; two rounds at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commitments import mailings
from commitments.models import Membership, Role, Schedule, User
from notifications.models import Delivery
from tests.faults.stand import Stand
from tests.makers import DAY, HOUR, MINUTE, a_commitment, a_team, a_user, ines

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]

KILLED = 137
MONDAY = datetime(2026, 5, 25, 8, tzinfo=UTC)


def begin(stand: Stand) -> None:
    stand.audited_at = MONDAY + MINUTE
    a_team()
    a_commitment(due_at=MONDAY + 9 * HOUR, summary=False)
    mailings.begin_weekly(MONDAY - 3 * DAY)


def keys() -> list[str]:
    return sorted(Delivery.objects.filter(template="weekly").values_list("key", flat=True))


def once_for(manager: User) -> list[str]:
    return [f"weekly:u{manager.pk}:2026-05-25:{way}" for way in ("email", "inbox")]


def is_done() -> bool:
    return not Schedule.objects.filter(what="weekly", next_at__lte=MONDAY).exists()


def test_killed_before_its_commit_nothing_is_written_and_then_all_of_it_once(stand: Stand) -> None:
    begin(stand)

    for _ in range(3):
        assert stand.round("schedules", at=MONDAY, CRASH_AT="T1.pre").wait() == KILLED
        assert (keys(), is_done()) == ([], False)
    stand.do("schedules", at=MONDAY + MINUTE)

    assert (keys(), is_done()) == (once_for(ines()), True)


def test_killed_after_its_commit_it_is_written_and_not_again(stand: Stand) -> None:
    begin(stand)

    assert stand.round("schedules", at=MONDAY, CRASH_AT="wake").wait() == KILLED
    assert (keys(), is_done()) == (once_for(ines()), True)
    stand.do("schedules", at=MONDAY + MINUTE)

    assert keys() == once_for(ines())


def test_two_rounds_at_once_write_each_manager_once(stand: Stand) -> None:
    begin(stand)
    for number in range(12):
        manager = a_user(f"Manager{number} Reed")
        Membership.objects.create(user=manager, team=a_team(), role=Role.MANAGER)
    mailings.begin_weekly(MONDAY - 3 * DAY)

    both = [stand.round("schedules", at=MONDAY) for _ in range(2)]

    assert [each.wait() for each in both] == [0, 0], stand.forks.said[-3000:]
    assert len(keys()) == 2 * 13
    assert is_done()
