"""Who is heard at the door, and what is said to everybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from commitments import sealed
from commitments.models import Commitment, HelpDesk, Suggestion
from tests.commitments.helpdesks.desks import SECRET, Desk
from tests.commitments.helpdesks.letters import a_letter, signed
from tests.makers import MINUTE, NOON, a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refused(answer: Any, status: int, code: str) -> str:
    """The sentence of a refusal that did nothing."""
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Commitment.objects.exists()
    assert not Suggestion.objects.exists()
    return str(answer.json()["detail"])


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "é", "x" * 9_000])
def test_what_is_not_signed_is_not_read(signature: str, box: Desk) -> None:
    answer = box.post(a_letter(), X_Letterbox=signature)

    assert "not signed with the secret" in refused(answer, 401, "not_signed")
    assert HelpDesk.objects.get().heard_at is None


def test_one_changed_byte_is_refused(box: Desk) -> None:
    body = json.dumps(a_letter()).encode()
    changed = body.replace(b"fri 10am", b"fri 11am")

    refused(box.send(changed, signed=body), 401, "not_signed")


def test_the_secret_of_another_desk_opens_nothing(box: Desk) -> None:
    other = signed(json.dumps(a_letter()).encode(), "another-secret-of-somebody-else")

    refused(box.post(a_letter(), X_Letterbox=other["X-Letterbox"]), 401, "not_signed")


def test_while_secrets_change_each_of_them_is_believed(box: Desk) -> None:
    HelpDesk.objects.update(secrets=sealed.seal(["the-new-one-is-first-in-line", SECRET]))

    assert box.post(a_letter()).status_code == 201


def test_a_desk_without_a_secret_believes_nobody(box: Desk) -> None:
    HelpDesk.objects.update(secrets="")

    refused(box.send(b"{}", signed=b"{}"), 401, "not_signed")


def test_a_secret_sealed_with_a_lost_key_believes_nobody(box: Desk) -> None:
    HelpDesk.objects.update(secrets="gAAAA-no-such-thing")

    refused(box.post(a_letter()), 401, "not_signed")


@pytest.mark.parametrize("path", ["999999", "9" * 40])
def test_where_there_is_no_desk_nobody_answers(path: str, box: Desk) -> None:
    refused(Client().post(f"/hooks/helpdesks/{path}/"), 404, "not_found")


@pytest.mark.parametrize("change", [{"off_at": NOON}, {"system": "gone"}], ids=["off", "no file"])
def test_a_desk_that_is_switched_off_or_no_longer_understood_is_not_there(
    change: dict[str, Any], box: Desk
) -> None:
    HelpDesk.objects.update(**change)

    refused(box.post(a_letter()), 404, "not_found")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_it_only_listens(method: str, box: Desk) -> None:
    answer = getattr(Client(), method)(box.path)

    assert answer.status_code == 405


def test_who_is_signed_in_is_no_help_desk(box: Desk) -> None:
    client = Client()
    client.force_login(a_team().members.first())  # type: ignore[arg-type]

    answer = client.post(box.path, json.dumps(a_letter()), content_type="application/json")

    refused(answer, 401, "not_signed")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "parse_error"),
        (b"{", "parse_error"),
        (b"null", "parse_error"),
        (b"[]", "parse_error"),
        (b"[" * 100_000, "parse_error"),
        (b'{"ticket": ' + b"1" * 5_000 + b"}", "parse_error"),
        (b'{"ticket": NaN}', "parse_error"),
        (b'{"ticket": "1", "ticket": "2"}', "invalid"),
        (b'{"ticket": "\xff"}', "parse_error"),
        (b"{}", "parse_error"),
        (b'{"ticket": {"id": 7}}', "parse_error"),
        (b'{"ticket": true}', "parse_error"),
    ],
)
def test_what_cannot_be_read_is_a_clear_refusal(body: bytes, code: str, box: Desk) -> None:
    assert refused(box.send(body), 400, code)


def test_a_body_of_megabytes_is_not_read(box: Desk) -> None:
    assert refused(box.post(a_letter(line="x" * 1_100_000)), 413, "too_large")


@pytest.mark.parametrize(
    "letter",
    [
        {"customer": None},
        {"customer": [1]},
        {"agent": {"email": 7}},
        {"at": "yesterday"},
        {"at": 10**30},
        {"id": "\u0000" * 500},
        {"holds": [{}, [], 1]},
        {"line": "\ud800 fri 10am"},
        {"ticket": "7" * 900},
    ],
    ids=str,
)
def test_hostile_values_break_nothing(letter: dict[str, Any], box: Desk) -> None:
    assert box.post(a_letter(**letter)).status_code in (200, 201, 400, 422)


def test_when_a_desk_was_last_heard_is_noted_once_a_minute(box: Desk, at_noon: Any) -> None:
    box.post(a_letter())
    at_noon.shift(MINUTE / 2)
    box.post(a_letter())
    first = HelpDesk.objects.get().heard_at
    at_noon.shift(MINUTE)
    box.post(a_letter())

    assert (first, HelpDesk.objects.get().heard_at) == (NOON, NOON + 1.5 * MINUTE)


def test_too_many_suggestions_are_asked_to_wait(box: Desk, settings: Any) -> None:
    settings.COMMITMENTS_LENGTHS = {"suggestions_waiting_at_most": 1}
    assert box.post(a_letter(line="soon")).status_code == 200

    answer = box.post(a_letter(id="m2", line="soon"))

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert Suggestion.objects.count() == 1


def test_nobody_keeps_an_answer(box: Desk) -> None:
    assert box.post(a_letter())["Cache-Control"] == "no-store"
