"""What nobody needs any more is forgotten: in batches, and nothing else with it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from notifications import delivery, lengths, outbox
from notifications.delivery import pruning
from notifications.models import Attempt, Delivery, InboxItem, JobRound
from tests.notifications.makers import NOON, ana, in_anas_inbox, queue, the_delivery, to_tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = timedelta(days=1)


def sent(*keys: str, days: int = 0) -> None:
    at = NOON + days * DAY
    queue(*(to_tom(key, not_before=at) for key in keys), now=at)
    delivery.run(at)


def prune(now: datetime) -> Counter[str]:
    return pruning.let_go(pruning.kinds(now), within=lengths.current().round).rows


def words(key: str) -> tuple[str, bool, bool]:
    row = the_delivery(key)
    return (row.subject and "subject", bool(row.text or row.html), bool(row.context))


def test_the_words_of_what_ended_long_ago_go_and_the_subject_stays() -> None:
    sent("old")
    sent("young", days=1)

    done = prune(NOON + 91 * DAY - timedelta(hours=1))

    assert done["message_words"] == 1
    assert words("old") == ("subject", False, False)
    assert words("young") == ("subject", True, True)
    assert prune(NOON + 92 * DAY)["message_words"] == 1


def test_what_still_needs_a_person_keeps_its_words() -> None:
    sent("failed")
    Delivery.objects.update(state="failed")

    prune(NOON + 91 * DAY)

    assert words("failed") == ("subject", True, True)


@pytest.mark.parametrize("is_resent", [True, False])
def test_what_needed_a_person_loses_its_words_once_somebody_has_seen_to_it(is_resent: bool) -> None:
    sent("failed", "other")
    Delivery.objects.update(state="failed")
    prune(NOON + 91 * DAY)
    pk = the_delivery("failed").pk

    if is_resent:
        again = outbox.resend(pk, now=NOON + 92 * DAY)
        assert words(again) == ("subject", True, True)
    else:
        outbox.attend(pk, by_id=ana().pk, now=NOON + 92 * DAY)

    assert words("failed") == ("subject", False, False)
    assert words("other") == ("subject", True, True)


def test_what_is_seen_to_while_it_is_young_keeps_its_words_until_it_is_old() -> None:
    sent("old")
    sent("failed", days=1)
    Delivery.objects.filter(key="failed").update(state="failed")
    prune(NOON + 91 * DAY - timedelta(hours=1))

    outbox.attend(the_delivery("failed").pk, by_id=ana().pk, now=NOON + 91 * DAY)

    assert words("failed") == ("subject", True, True)


def test_what_has_not_ended_is_never_touched_nor_passed_by() -> None:
    sent("first")
    queue(to_tom("waiting"))
    sent("after")
    Delivery.objects.filter(key="waiting").update(
        state="queued", settled_at=None, attempt_at=NOON + 400 * DAY, expires_at=None
    )

    prune(NOON + 91 * DAY)
    assert [words(key)[1] for key in ("first", "waiting", "after")] == [False, True, True]
    Delivery.objects.filter(key="waiting").update(state="sent", settled_at=NOON, attempt_at=None)
    prune(NOON + 91 * DAY)

    assert [words(key)[1] for key in ("first", "waiting", "after")] == [False, False, False]


def test_old_attempts_of_what_has_ended_go() -> None:
    sent("old", "under way")
    sent("young", days=1)
    Delivery.objects.filter(key="under way").update(
        state="leased", phase="claimed", attempt_at=NOON, settled_at=None
    )

    done = prune(NOON + 181 * DAY - timedelta(hours=1))

    assert done["attempts"] == 1
    left = Attempt.objects.values_list("delivery__key", flat=True)
    assert sorted(left) == ["under way", "young"]


def test_reminders_that_were_read_long_ago_go_and_unread_ones_stay() -> None:
    for key, days in (("read", 0), ("unread", 0), ("young", 1)):
        queue(in_anas_inbox(key, not_before=NOON + days * DAY), now=NOON + days * DAY)
        delivery.run(NOON + days * DAY)
    InboxItem.objects.exclude(delivery__key="unread").update(read_at=NOON + DAY)

    done = prune(NOON + 181 * DAY - timedelta(hours=1))

    assert done["reminders"] == 1
    assert sorted(ana().inbox.values_list("delivery__key", flat=True)) == ["unread", "young"]


def test_rounds_of_jobs_that_are_no_more_go_and_an_absent_job_stays_to_be_seen() -> None:
    for name in ("remind_owners", "heartbeat", "an_old_job"):
        JobRound.objects.create(name=name, finished_at=NOON)
    JobRound.objects.create(name="a_new_version_s_job", finished_at=NOON + 7 * DAY)

    assert prune(NOON + 8 * DAY)["job_rounds"] == 1

    left = sorted(JobRound.objects.values_list("name", flat=True))
    assert "an_old_job" not in left
    assert {"a_new_version_s_job", "heartbeat", "remind_owners"} <= set(left)


def test_it_goes_in_batches_each_in_a_transaction_of_its_own(settings: Settings) -> None:
    settings.NOTIFICATIONS_LENGTHS = {"pruned_at_once": 2}
    sent("1", "2", "3", "4", "5")

    with CaptureQueriesContext(connection) as asked:
        assert prune(NOON + 91 * DAY)["message_words"] == 5

    updates = [each["sql"] for each in asked if 'SET "subject"' not in each["sql"]]
    emptied = [sql for sql in updates if sql.startswith('UPDATE "notifications_delivery"')]
    assert len(emptied) == 3


def test_a_night_without_anything_old_reads_no_table_through() -> None:
    sent("1", "2", "3")

    with CaptureQueriesContext(connection) as asked:
        prune(NOON + DAY)

    reads = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
    assert all("LIMIT" in sql for sql in reads)


def test_it_ends_with_its_time(settings: Settings) -> None:
    settings.NOTIFICATIONS_LENGTHS = {"pruned_at_once": 1, "round": timedelta(0)}
    sent_at_leisure()

    assert prune(NOON + 91 * DAY) == {"message_words": 1}


def sent_at_leisure() -> None:
    """Two messages that ended."""
    queue(to_tom("1"), to_tom("2"))
    Delivery.objects.update(state="sent", settled_at=NOON, attempt_at=None)
