"""What happened to a promise, for programs: in order, page by page, and only to who may see it."""

from __future__ import annotations

from typing import Any

import pytest

from commitments import services
from commitments.models import Commitment
from tests.api.callers import LIST, a_program, another_team, errors_of
from tests.api.counting import after, queries_of
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_draft, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    """Made, moved an hour later, and taken back."""
    made = a_commitment()
    later = {"due_at": NOON + 7 * HOUR, "reason": "The line is busy.", "told": services.Told.PHONE}
    services.move(made.pk, by=dev(), now=NOON + MINUTE, **later)  # type: ignore[arg-type]  # of unlike kinds
    services.undo(made.events.get(kind="moved").pk, by=dev(), now=NOON + MINUTE)
    return made


def test_each_event_says_what_who_and_when(kettle: Commitment):
    made, moved, undone = events(kettle)

    assert (made["sequence"], made["kind"], made["undoes"]) == (1, "made", None)
    assert made["actor"] == {"id": ana().pk, "name": "Ana Moreno"}
    assert (moved["kind"], moved["actor"]["name"]) == ("moved", dev().name)
    assert moved["words"] == "The line is busy."
    assert moved["at"] == moved["recorded_at"] == "2026-05-21T12:01:00Z"
    assert moved["changes"]
    assert (undone["kind"], undone["undoes"]) == ("undone", 2)


def test_events_are_found_by_what_happened(kettle: Commitment):
    assert [each["sequence"] for each in events(kettle, kind="moved")] == [2]
    seen = [each["visible"] for each in events(kettle)]
    assert len(events(kettle, visible="true")) == sum(seen)
    assert len(events(kettle, visible="false")) == len(seen) - sum(seen)


def test_a_page_begins_after_the_last_and_new_events_come_at_the_end(kettle: Commitment):
    program = a_program()
    first = program.get(path(kettle), query="page_size=2").json()
    services.update(kettle.pk, by=ana(), words="It is on its way.", tell_customer=False, now=NOON)

    second = program.get(after(first)).json()

    pages = [[each["sequence"] for each in page["results"]] for page in (first, second)]
    assert pages == [[1, 2], [3, 4]]
    assert second["next"] is None


def test_the_events_of_another_team_are_not_there():
    theirs = services.make(a_draft(team=another_team(), owner_id=None), by=None, now=NOON)

    answer = a_program().get(path(theirs))

    assert answer.status_code == 404


def test_words_that_were_erased_are_empty(kettle: Commitment):
    kettle.events.get(kind="moved").text.delete()

    assert events(kettle)[1]["words"] == ""


def test_what_the_clock_did_has_no_actor():
    late = a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    services.fulfil(late.pk, by=ana(), how="Sent.", cause="slipped", now=NOON)

    breach = next(each for each in events(late) if each["kind"] == "breached")

    assert (breach["actor"], breach["at"]) == (None, "2026-05-21T11:00:00Z")


def test_a_longer_history_asks_no_more_of_the_database(kettle: Commitment):
    program = a_program()
    program.get(path(kettle))  # which notes that the token is in use
    few = queries_of(lambda: program.get(path(kettle)))
    for number in range(9):
        said = f"Still at it, {number}."
        services.update(kettle.pk, by=dev(), words=said, tell_customer=False, now=NOON)

    many = queries_of(lambda: program.get(path(kettle)))

    assert len(many) == len(few) == 3  # the token, the promise, the page


@pytest.mark.parametrize("query", ["kind=mooved", "visible=1", "cursor=x", "ordering=-at", "q=a"])
def test_a_query_that_cannot_be_understood_is_refused(kettle: Commitment, query: str):
    answer = a_program().get(path(kettle), query=query)

    assert (answer.status_code, len(errors_of(answer))) == (400, 1)


def test_nothing_is_written_here(kettle: Commitment):
    assert a_program().post({}, path(kettle)).status_code == 405


def events(promise: Commitment, **query: str) -> Any:
    answer = a_program().get(path(promise), query=query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def path(promise: Commitment) -> str:
    return f"{LIST}{promise.reference}/events/"
