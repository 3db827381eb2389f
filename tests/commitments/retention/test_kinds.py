"""What was kept long enough goes, as it was said beforehand; what is younger or owed stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from commitments import retention
from commitments.models import Absence, MailTally, OnceKey, QuarantinedMail, Session
from commitments.services import suggestions
from notifications.models import Attempt, Delivery, InboxItem, JobRound
from tests.commitments.imports.uploads import an_upload
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def messages() -> None:
    a_commitment()
    Delivery.objects.update(state="sent", settled_at=NOON, attempt_at=None)


def attempts() -> None:
    messages()
    row = Delivery.objects.first()
    Attempt.objects.create(delivery=row, token=1, started_at=NOON, ended_at=NOON, ending="accepted")


def reminders() -> None:
    for key, read_at in (("read", NOON), ("unread", None)):
        InboxItem.objects.create(
            user=ana(), about=f"commitment:{key}", title=key, created_at=NOON, read_at=read_at
        )


def drafts() -> None:
    proposal = suggestions.Proposal(
        team_id=a_team().pk, source="mail", key="<1@customers.example>", said_at=NOON
    )
    suggestions.propose(proposal, now=NOON)


def a_stray_file() -> None:
    name = storages["attachments"].save("a" * 32, an_upload(now=NOON + 900 * DAY).path.open("rb"))
    old = (NOON - DAY).timestamp()
    os.utime(storages["attachments"].path(name), (old, old))


def a_mail() -> None:
    QuarantinedMail.objects.create(
        fingerprint="f", at=NOON, reason="It names nothing.", size=2, content=b"no"
    )


def an_absence() -> None:
    Absence.objects.create(
        user=ana(), deputy=dev(), starts_at=NOON - DAY, ends_at=NOON, note="In hospital"
    )


OLD: dict[str, tuple[Callable[[], object], timedelta]] = {
    "message_words": (messages, timedelta(days=90, seconds=1)),
    "attempts": (attempts, timedelta(days=180, seconds=1)),
    "reminders": (reminders, timedelta(days=180, seconds=1)),
    "job_rounds": (
        lambda: JobRound.objects.create(name="an_old_job", finished_at=NOON),
        timedelta(days=7, seconds=1),
    ),
    "once_keys": (
        lambda: OnceKey.objects.create(principal="user:1", key="k", expires_at=NOON + DAY),
        DAY,
    ),
    "sessions": (
        lambda: Session.objects.create(
            session_key="s", began_at=NOON, seen_at=NOON, expire_date=NOON + 14 * DAY
        ),
        14 * DAY,
    ),
    "drafts": (drafts, 7 * DAY),
    "quarantined_mails": (a_mail, 14 * DAY),
    "mail_counts": (
        lambda: MailTally.objects.create(on=NOON.date(), outcome="taken", mails=3),
        401 * DAY,
    ),
    "imports": (an_upload, 14 * DAY),
    "files": (a_stray_file, timedelta(days=6, seconds=1)),
    "absence_notes": (an_absence, 180 * DAY),
}


def the_kind(code: str, after: timedelta) -> retention.Kind:
    return next(kind for kind in retention.kinds(NOON + after) if kind.code == code)


@pytest.fixture(autouse=True)
def _team(store: Path) -> None:
    a_team()


def test_every_kind_is_tried_here() -> None:
    assert [kind.code for kind in retention.kinds(NOON)] == [*OLD, "customers"]


@pytest.mark.parametrize("code", OLD)
def test_it_stays_for_its_time_and_goes_then(code: str) -> None:
    lay, after = OLD[code]
    lay()

    early, late = the_kind(code, after - timedelta(seconds=1)), the_kind(code, after)
    if code == "mail_counts":
        early = the_kind(code, after - DAY)

    assert (early.waiting(), retention.apply([early]).rows[code]) == (0, 0)
    said = late.waiting()
    assert said == late.waiting() > 0
    assert retention.apply([late]).rows[code] == said
    assert (late.waiting(), retention.apply([late]).rows[code]) == (0, 0)


@pytest.mark.parametrize(
    ("figure", "value", "code"),
    [
        ("NOTIFICATIONS_LENGTHS", {"bodies_kept": None}, "message_words"),
        ("NOTIFICATIONS_LENGTHS", {"attempts_kept": None}, "attempts"),
        ("NOTIFICATIONS_LENGTHS", {"inbox_kept": None}, "reminders"),
        ("COMMITMENTS_LENGTHS", {"quarantine_kept": None}, "quarantined_mails"),
        ("COMMITMENTS_LENGTHS", {"tally_kept": None}, "mail_counts"),
        ("COMMITMENTS_LENGTHS", {"absence_note_kept": None}, "absence_notes"),
    ],
)
def test_what_is_kept_for_ever_stays(
    figure: str, value: dict[str, Any], code: str, settings: Settings
) -> None:
    OLD[code][0]()
    setattr(settings, figure, value)
    kind = the_kind(code, 9_000 * DAY)

    assert kind.kept is None
    assert (kind.waiting(), retention.apply([kind]).rows[code]) == (0, 0)


def test_it_goes_on_where_it_was_stopped(settings: Settings) -> None:
    settings.NOTIFICATIONS_LENGTHS = {"pruned_at_once": 1}
    for key in "abc":
        OnceKey.objects.create(principal="user:1", key=key, expires_at=NOON)

    first = retention.apply([the_kind("once_keys", HOUR)], within=timedelta(microseconds=1))
    rest = retention.apply([the_kind("once_keys", HOUR)])

    assert (first.rows["once_keys"], first.is_all) == (1, False)
    assert (rest.rows["once_keys"], rest.is_all) == (2, True)


def test_the_note_of_an_absence_goes_and_the_absence_stays() -> None:
    an_absence()

    retention.apply([the_kind("absence_notes", 181 * DAY)])

    assert list(Absence.objects.values_list("user", "note")) == [(ana().pk, "")]
