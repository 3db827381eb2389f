"""Every verb through the API: what it does, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import time_machine

from commitments import services
from commitments.api.verbs import VERBS
from commitments.models import Commitment, Membership, Role
from notifications.models import Delivery
from tests.api.callers import LIST, a_program, another_team, errors_of
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, events_of, fresh, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 4 * HOUR
BODIES: Mapping[str, dict[str, Any]] = {
    "update": {"words": "It is packed.", "tell_customer": True},
    "move": {"due_at": "2026-05-22T10:00:00Z", "reason": "The part is late.", "told": "message"},
    "wait": {"what": "A photo of the plug."},
    "resume": {},
    "reassign": {},  # to Dev, whose id a test knows
    "acknowledge": {},
    "fulfil": {"how": "Sent by courier."},
    "release": {"reason": "He bought another."},
    "abandon": {
        "reason": "No parts are made any more.",
        "offer": "A new kettle.",
        "cause": "outside",
    },
    "void": {"reason": "Typed twice."},
    "reopen": {"reason": "It never came."},
    "help": {"reason": "Nobody answers in the stores."},
}
EVENTS = {
    "update": "updated",
    "move": "moved",
    "wait": "waited",
    "resume": "resumed",
    "reassign": "reassigned",
    "acknowledge": "acknowledged",
    "fulfil": "fulfilled",
    "release": "released",
    "abandon": "abandoned",
    "void": "voided",
    "reopen": "reopened",
    "help": "help_asked",
}


def body_of(verb: str) -> dict[str, Any]:
    return {"owner": dev().pk} if verb == "reassign" else dict(BODIES[verb])


def ready_for(verb: str) -> Commitment:
    """A promise of Ana's with which this can be done now."""
    made = a_commitment(due_at=DUE)
    if verb == "resume":
        services.wait(made.pk, by=ana(), what="A photo", now=NOON)
    if verb == "reopen":
        services.fulfil(made.pk, by=ana(), how="Sent", now=NOON)
    return fresh(made)


def path_of(made: Commitment, verb: str) -> str:
    return f"{LIST}{made.reference}/{verb}/"


def when(verb: str, clock: time_machine.Coordinates) -> None:
    """Nobody says "I have it" before somebody has been asked."""
    clock.move_to(DUE + MINUTE if verb == "acknowledge" else NOON + MINUTE)


def test_these_are_all_verbs() -> None:
    assert {verb.name() for verb in VERBS} == BODIES.keys() == EVENTS.keys()


@pytest.mark.parametrize("verb", BODIES)
def test_a_verb_is_done_once_and_answers_how_the_promise_stands_then(
    verb: str, at_noon: time_machine.Coordinates
) -> None:
    made = ready_for(verb)
    when(verb, at_noon)
    program, key = a_program(), {"Idempotency_Key": "k-1", "If_Match": f'"{made.event_count}"'}

    answer = program.post(body_of(verb), path_of(made, verb), **key)
    again = program.post(body_of(verb), path_of(made, verb), **key)

    after = fresh(made)
    assert answer.status_code == again.status_code == 200, answer.content
    assert answer.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert answer["ETag"] == f'"{after.event_count}"'
    assert (answer.json()["status"], answer.json()["version"]) == (after.status, after.event_count)
    assert events_of(made).count(EVENTS[verb]) == 1
    assert after.events.get(kind=EVENTS[verb]).actor == ana()


@pytest.mark.parametrize("verb", BODIES)
def test_a_promise_that_has_changed_since_it_was_read_is_left_as_it_is(
    verb: str, at_noon: time_machine.Coordinates
) -> None:
    made = ready_for(verb)
    when(verb, at_noon)
    before = events_of(made)

    answer = a_program().post(body_of(verb), path_of(made, verb), If_Match='"77"')

    assert answer.status_code == 412
    assert events_of(made) == before


@pytest.mark.parametrize("verb", BODIES)
def test_what_the_caller_may_not_see_does_not_exist(
    verb: str, at_noon: time_machine.Coordinates
) -> None:
    made = ready_for(verb)
    when(verb, at_noon)
    body, before = body_of(verb), events_of(made)
    Commitment.objects.filter(pk=made.pk).update(team=another_team())

    answer = a_program().post(body, path_of(made, verb))
    invented = a_program().post(body, f"{LIST}ZZZZZ/{verb}/")

    assert answer.status_code == invented.status_code == 404
    assert answer.json() == invented.json()
    assert events_of(made) == before


@pytest.mark.parametrize("verb", BODIES)
def test_fields_that_are_not_known_are_named_and_nothing_is_done(
    verb: str, at_noon: time_machine.Coordinates
) -> None:
    made = ready_for(verb)
    when(verb, at_noon)
    before = events_of(made)

    answer = a_program().post(body_of(verb) | {"resaon": "x"}, path_of(made, verb))

    assert answer.status_code == 400
    assert list(errors_of(answer)) == ["resaon"]
    assert events_of(made) == before


@pytest.mark.parametrize("verb", BODIES)
def test_a_token_that_may_read_and_an_auditor_change_nothing(
    verb: str, at_noon: time_machine.Coordinates
) -> None:
    made = ready_for(verb)
    when(verb, at_noon)
    body, before = body_of(verb), events_of(made)

    reader = a_program(scope="read").post(body, path_of(made, verb))
    Membership.objects.filter(user=ana()).update(role=Role.AUDITOR)
    auditor = a_program().post(body, path_of(made, verb))

    assert (reader.status_code, auditor.status_code) == (403, 403)
    assert events_of(made) == before


@pytest.mark.parametrize("verb", [verb for verb in BODIES if verb != "reopen"])
def test_what_is_closed_is_told_with_409_and_how_it_stands(
    verb: str, at_noon: time_machine.Coordinates
) -> None:
    made = ready_for(verb)
    services.release(made.pk, by=ana(), reason="Not wanted", now=NOON)
    when(verb, at_noon)

    answer = a_program().post(body_of(verb), path_of(made, verb))

    assert answer.status_code == 409
    assert answer.json()["current"]["outcome"] == "released"


@pytest.mark.parametrize(
    ("verb", "name"),
    [(verb, name) for verb, body in BODIES.items() for name in body if name not in {"offer"}],
)
def test_a_missing_field_is_named(verb: str, name: str, at_noon: time_machine.Coordinates) -> None:
    made = ready_for(verb)
    when(verb, at_noon)
    body = {key: value for key, value in body_of(verb).items() if key != name}

    answer = a_program().post(body, path_of(made, verb))

    assert answer.status_code == 400
    assert list(errors_of(answer)) == [name]


def test_a_new_time_may_be_said_in_words_and_the_customer_is_written_to() -> None:
    made = a_commitment(due_at=DUE)

    body = {"due": "tomorrow 10am", "reason": "The part is late.", "told": "message"}
    answer = a_program().post(body, path_of(made, "move"))

    after = fresh(made)
    assert answer.json()["due_at"] == "2026-05-22T10:00:00Z"
    assert (after.due_said, after.first_due_at) == ("tomorrow 10am", DUE)
    assert Delivery.objects.filter(about=made.about, template="new_time").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due": "when the cows come home"}, "due"),
        ({"due": "yesterday 4pm"}, "due"),
        ({"due_at": "2026-05-20T10:00:00Z"}, "due_at"),
        ({"due_at": "2026-05-22T10:00:00Z", "due": "tomorrow 10am"}, "due_at"),
        ({}, "due_at"),
        ({"due_at": "2026-05-22T10:00:00Z", "told": "loudly"}, "told"),
    ],
)
def test_a_time_that_is_none_moves_nothing(body: dict[str, Any], field: str) -> None:
    made = a_commitment(due_at=DUE)

    said = {"reason": "The part is late.", "told": "no"} | body
    answer = a_program().post(said, path_of(made, "move"))

    assert answer.status_code == 400
    assert list(errors_of(answer)) == [field]
    assert fresh(made).due_at == DUE


def test_what_is_opened_again_may_be_given_a_time_in_words() -> None:
    made = ready_for("reopen")

    body = {"reason": "It never came.", "due": "tomorrow 10am"}
    answer = a_program().post(body, path_of(made, "reopen"))

    assert answer.json()["due_at"] == "2026-05-22T10:00:00Z"
    assert fresh(made).is_live


def test_it_is_handed_to_a_team_and_has_no_owner_there() -> None:
    made = a_commitment(due_at=DUE)
    repairs = another_team()
    Membership.objects.create(user=ana(), team=repairs, role=Role.AGENT)

    answer = a_program().post({"team": repairs.pk}, path_of(made, "reassign"))

    assert (answer.json()["team"]["name"], answer.json()["owner"]) == ("Repairs", None)


@pytest.mark.parametrize("body", [{}, {"owner": 1, "team": 1}])
def test_it_is_handed_to_one_or_the_other(body: dict[str, Any]) -> None:
    made = a_commitment(due_at=DUE)

    answer = a_program().post(body, path_of(made, "reassign"))

    assert list(errors_of(answer)) == ["owner"]


def test_nobody_voids_the_promise_of_a_colleague() -> None:
    made = a_commitment(due_at=DUE, owner_id=dev().pk)

    answer = a_program().post({"reason": "Typed twice."}, path_of(made, "void"))

    assert answer.status_code == 403
    assert fresh(made).is_live


def test_a_late_end_asks_for_its_cause() -> None:
    made = a_commitment(due_at=NOON - HOUR, now=NOON - DAY)

    for verb in ("fulfil", "release", "abandon"):
        body = body_of(verb) | {"cause": ""}
        answer = a_program(ines()).post(body, path_of(made, verb))
        assert list(errors_of(answer)) == ["cause"]

    told = a_program().post(body_of("fulfil") | {"cause": "took_longer"}, path_of(made, "fulfil"))
    assert told.json()["outcome"] == "late"
