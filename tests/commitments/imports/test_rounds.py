"""A file goes on its way in a batch at a time: whatever happens, each row is made once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from commitments import imports, schedules
from commitments.imports import bringing
from commitments.models import (
    Commitment,
    Customer,
    Import,
    ImportRemark,
    Membership,
    Schedule,
    User,
)
from config import jobs
from tests.makers import HOUR, MINUTE, NOON, a_team, a_user, ana, events_of

from .files import a_row
from .uploads import LONG, an_upload, asked_of, brought_in, checked, fresh, rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BATCHES = 3 * bringing.BATCH


class _Dead(BaseException):
    """The process that was at it is no more."""


def remarks_of(upload: Import) -> list[tuple[int, str, str]]:
    found = ImportRemark.objects.filter(of=upload).order_by("line", "what")
    return list(found.values_list("line", "what", "says"))


def test_checking_says_what_would_come_of_each_row_and_makes_nothing() -> None:
    upload = checked(
        an_upload(
            a_row(),
            a_row(due="once the moon", conversation="case-2"),
            a_row(kind="refnd"),
            a_row(),
            a_row(due="", conversation="case-3", agent="omar@larkfield.example"),
            a_row(due="", conversation="case-4"),
        )
    )

    assert (upload.state, upload.rows, upload.good, upload.bad) == ("judged", 6, 3, 2)
    assert (upload.repeated, upload.without_time, upload.not_understood) == (1, 1, 1)
    assert upload.customers == 1
    assert remarks_of(upload) == [
        (
            3,
            "guessed",
            "“once the moon” is not understood; Follow-up as usual, due Fri 22 May, 5:30 pm.",
        ),
        (4, "bad", remarks_of(upload)[1][2]),
        (5, "repeated", "It says the same as line 2."),
        (
            6,
            "bad",
            "Nobody who can own promises of Billing care has the address omar@larkfield.example.",
        ),
    ]
    assert "There is no kind “refnd”" in remarks_of(upload)[1][2]
    assert not Commitment.objects.exists()
    assert not Customer.objects.exists()


def test_what_is_good_is_made_by_whoever_uploaded_it() -> None:
    upload = brought_in(an_upload(*rows(3), a_row(kind="refnd")), now=NOON + MINUTE)

    assert (upload.state, upload.made, upload.bad, upload.done) == ("finished", 3, 1, 4)
    assert (upload.finished_at, upload.next_at) == (NOON + MINUTE, None)
    made = Commitment.objects.order_by("pk")[0]
    event = made.events.get(sequence=1)
    assert (event.actor, event.recorded_at, made.owner) == (ana(), NOON + MINUTE, ana())
    assert events_of(made)[0] == "made"


def test_the_same_file_again_makes_nothing() -> None:
    brought_in(an_upload(*rows(3)))

    again = checked(an_upload(*rows(4)))
    assert (again.good, again.already_there) == (1, 3)
    again = brought_in(an_upload(*rows(4)))

    assert (again.made, again.already_there) == (1, 3)
    assert Commitment.objects.count() == 4


def test_a_row_may_become_good_or_bad_since_it_was_checked() -> None:
    upload = checked(an_upload(*rows(1), *rows(1, agent="omar@larkfield.example")))
    Membership.objects.create(user=a_user("Omar Haddad"), team=a_team(), role="agent")
    Membership.objects.filter(user=ana()).update(role="auditor")
    Membership.objects.create(user=a_user("Sam"), team=a_team(), role="agent")
    Import.objects.update(by=a_user("Sam"))

    imports.begin(upload.pk, by=a_user("Sam"), now=NOON)
    imports.go_on(upload.pk, now=NOON, within=LONG)

    assert (fresh(upload).made, fresh(upload).bad) == (1, 1)
    assert [line for line, _, _ in remarks_of(upload)] == [2]


@pytest.mark.parametrize("state", ["judging", "making"])
def test_killed_in_the_middle_it_goes_on_after_the_last_batch_that_held(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    upload = an_upload(*rows(BATCHES), *rows(2))
    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)
    if state == "making":
        imports.go_on(upload.pk, now=NOON, within=LONG)
        imports.begin(upload.pk, by=ana(), now=NOON)

    with monkeypatch.context() as dying:
        _dies_in_batch(2, dying)
        with pytest.raises(_Dead):
            imports.run(NOON)
    half = fresh(upload)
    assert (half.state, half.done, half.next_at) == (state, bringing.BATCH, NOON)
    assert Commitment.objects.count() == (bringing.BATCH if state == "making" else 0)
    imports.run(NOON + MINUTE)

    held = fresh(upload)
    assert (held.done, held.rows, held.bad) == (BATCHES + 2, BATCHES + 2, 0)
    if state == "judging":
        assert (held.state, held.good, held.repeated) == ("judged", BATCHES, 2)
    else:
        assert (held.state, held.made, held.already_there) == ("finished", BATCHES, 2)
        assert Commitment.objects.count() == BATCHES


def _dies_in_batch(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between what came of a batch and its commit."""
    calls = []
    bulk_create = ImportRemark.objects.bulk_create

    def dying(remarks: Any, *args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == number:
            raise _Dead
        return bulk_create(remarks, *args, **options)

    monkeypatch.setattr(ImportRemark.objects, "bulk_create", dying)


def test_a_round_ends_and_the_next_goes_on(settings: Settings) -> None:
    upload = an_upload(*rows(BATCHES))
    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)

    done = imports.go_on(upload.pk, now=NOON, within=-LONG)

    assert (done, fresh(upload).done) == (0, 0)
    Schedule.objects.all().delete()
    assert jobs.left_due("run_schedules", now=NOON) == 1
    assert schedules.run(NOON) == 4
    assert fresh(upload).state == "judged"
    assert jobs.left_due("run_schedules", now=NOON) == 0


def test_what_was_seen_may_be_lost_and_the_file_is_checked_anew() -> None:
    upload = an_upload(*rows(BATCHES), *rows(1))
    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)
    Import.objects.update(done_upto=bringing.BATCH + 1, done=bringing.BATCH, rows=1, good=1)

    imports.run(NOON)

    held = fresh(upload)
    assert (held.done, held.rows, held.good, held.repeated) == (*[BATCHES + 1] * 2, BATCHES, 1)


def test_stopped_it_lets_go_and_begun_again_it_makes_the_rest() -> None:
    upload = checked(an_upload(*rows(5)))
    imports.begin(upload.pk, by=ana(), now=NOON)
    imports.stop(upload.pk, by=ana())

    assert imports.run(NOON + HOUR) == 0
    assert not Commitment.objects.exists()
    assert brought_in(fresh(upload)).made == 5


def test_nothing_stays_beside_the_file_once_it_is_checked(imports_folder: Path) -> None:
    upload = checked(an_upload(a_row()))

    assert [path.name for path in imports_folder.iterdir()] == [upload.stored]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"wording,customer\n", "no row follows them"),
        (b"wording,customer\n" + b"Call,Tom\n" * 300 + b'"Call', "The row at line 302 opens"),
        (b"wording,customer\n" + b"Call,Tom\n" * 401, "more than 400 rows"),
    ],
)
def test_a_file_that_will_not_do_is_refused_as_a_whole(
    settings: Settings, data: bytes, said: str
) -> None:
    settings.COMMITMENTS_LENGTHS = {"import_rows_at_most": 400}

    upload = checked(an_upload(data=data))

    assert (upload.state, upload.next_at) == ("refused", None)
    assert said in upload.says


def test_a_file_that_is_gone_is_refused() -> None:
    upload = an_upload(a_row())
    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)
    upload.path.unlink()

    imports.run(NOON)

    assert (fresh(upload).state, fresh(upload).says[:16]) == ("refused", "The file is gone")


def test_whoever_left_the_team_brings_nothing_in() -> None:
    upload = checked(an_upload(a_row(agent="")))
    imports.begin(upload.pk, by=ana(), now=NOON)
    Membership.objects.filter(user=ana()).delete()

    imports.run(NOON)

    assert fresh(upload).state == "refused"
    assert not Commitment.objects.exists()


def test_whoever_left_the_house_brings_nothing_in() -> None:
    upload = checked(an_upload(a_row(agent="")))
    imports.begin(upload.pk, by=ana(), now=NOON)
    User.objects.filter(pk=ana().pk).update(is_active=False)

    imports.run(NOON)

    assert fresh(upload).says == "Who uploaded it has left meanwhile."
    assert not Commitment.objects.exists()


def test_one_file_that_raises_is_put_off_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken, good = an_upload(a_row()), an_upload(a_row())
    for upload in (broken, good):
        imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)
    Import.objects.filter(pk=broken.pk).update(choices={"order": "sideways"})

    imports.run(NOON)

    assert (fresh(broken).state, fresh(broken).next_at) == ("judging", NOON + 15 * MINUTE)
    assert fresh(good).state == "judged"


def test_where_the_database_does_not_answer_it_stays_due() -> None:
    upload = an_upload(a_row())
    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)

    def refuses(execute: Any, sql: str, *args: Any) -> Any:
        if "commitments_import" in sql and "UPDATE" in sql:
            raise OperationalError("canceling statement due to lock timeout")
        return execute(sql, *args)

    with connection.execute_wrapper(refuses):
        imports.run(NOON)

    assert (fresh(upload).state, fresh(upload).next_at) == ("judging", NOON)


def test_people_of_other_teams_are_told_apart_from_nobody() -> None:
    a_team("Tech care")
    other = a_user("Other Team")
    upload = checked(an_upload(a_row(agent=other.email), a_row(agent="none@larkfield.example")))

    said = {says.replace("none@", "other@") for _, _, says in remarks_of(upload)}
    assert len(said) == 1
    assert upload.bad == 2
