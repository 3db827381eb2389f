"""F50: killed while it brings a file in; whatever the statement, each row is made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from commitments import imports
from commitments.models import Commitment, Conversation, Customer, Event, Import
from commitments.models.event import first_broken_link
from tests.commitments.imports.uploads import LONG, an_upload, asked_of, fresh, rows
from tests.faults.stand import Stand, until
from tests.faults.test_killed_figures import nobody_is_at_it
from tests.makers import MINUTE, NOON, ana

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]

KILLED = -9
NEVER = 0


def begun(stand: Stand, count: int) -> Import:
    """Checked, and to be brought in."""
    stand.unaudited_because = "promises of May are long due"
    upload = an_upload(*rows(count))
    imports.check(upload.pk, asked_of(upload), by=ana(), now=NOON)
    imports.go_on(upload.pk, now=NOON, within=LONG)
    return imports.begin(upload.pk, by=ana(), now=NOON)


def made() -> tuple[int, int, int]:
    promises = Commitment.objects.filter(origin="import")
    return promises.count(), promises.values("origin_key").distinct().count(), _half_made()


def _half_made() -> int:
    """Promises without what happened to them, and people and conversations without a promise."""
    return (
        Commitment.objects.exclude(events__kind="made").count()
        + Conversation.objects.filter(commitments=None).count()
        + Customer.objects.filter(conversations=None).count()
    )


def test_killed_at_one_statement_after_the_other(stand: Stand, imports_folder: Path) -> None:
    upload = begun(stand, 500)

    deaths, statement = 0, 8
    while _killed_before(statement, stand, imports_folder):
        deaths, statement = deaths + 1, statement + 3
        held = fresh(upload)
        assert made() == (held.made, held.made, 0)

    assert deaths > 10
    held = fresh(upload)
    assert (held.state, held.made, held.already_there, held.bad) == ("finished", 500, 0, 0)
    assert made() == (500, 500, 0)
    some = Commitment.objects.order_by("pk")[::50]
    assert [first_broken_link(each) for each in some] == [None] * 10


def _killed_before(statement: int, stand: Stand, folder: Path) -> bool:
    """A round is killed before it says that statement; or it comes to its end."""
    ended = stand.round("imports", at=NOON, IMPORTS=str(folder), DIES_BEFORE=statement).wait()
    until(nobody_is_at_it)  # the database has noticed
    assert ended in (0, KILLED), stand.forks.said[-3000:]
    return ended == KILLED


@pytest.mark.long_fault
@pytest.mark.timeout(600)
def test_ten_thousand_rows_killed_at_row_five_thousand(stand: Stand, imports_folder: Path) -> None:
    upload = begun(stand, 10_000)

    round_ = stand.round("imports", at=NOON, IMPORTS=str(imports_folder), DIES_BEFORE=NEVER)
    while fresh(upload).done < 5_000:
        pass
    round_.kill()
    assert round_.wait() == KILLED
    until(nobody_is_at_it)
    half = fresh(upload)
    assert 5_000 <= half.made < 10_000
    assert made() == (half.made, half.made, 0)
    while fresh(upload).state == "making":
        stand.do("imports", at=NOON + MINUTE, IMPORTS=str(imports_folder), DIES_BEFORE=NEVER)

    held = fresh(upload)
    assert (held.state, held.made, held.already_there) == ("finished", 10_000, 0)
    assert made() == (10_000, 10_000, 0)
    assert Event.objects.filter(kind="made").count() == 10_000
