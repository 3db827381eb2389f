"""Each refusal has a code that programs can rely on, whatever its sentence says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework import exceptions
from rest_framework.test import APIRequestFactory

from commitments import once
from commitments.api import problems
from tests.api.callers import LIST, a_program, a_promise
from tests.makers import a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_every_code_that_the_list_names():
    kettle = a_commitment()
    there = f"{LIST}{kettle.reference}/"
    program, reader = a_program(), a_program(scope="read")

    assert said(program.post({})) == (400, "invalid")
    assert said(program.send("{")) == (400, "parse_error")
    assert said(Client().get(LIST)) == (401, "not_authenticated")
    assert said(Client().get(LIST, headers={"Authorization": "Bearer x"})) == (
        *(401, "authentication_failed"),
    )
    assert said(reader.post(a_promise())) == (403, "permission_denied")
    assert said(program.get(f"{LIST}nothing/")) == (404, "not_found")
    assert said(program.call("POST", there)) == (405, "method_not_allowed")
    assert said(program.get(Accept="text/csv")) == (406, "not_acceptable")
    assert said(program.send("{}", kind="text/plain")) == (415, "unsupported_media_type")
    assert said(program.post({"how": "Sent."}, f"{there}fulfil/", If_Match='"9"')) == (
        *(412, "changed_meanwhile"),
    )
    assert said(program.send(b" " * 3_000_000)) == (413, "too_large")
    program.post(a_promise(), Idempotency_Key="k")
    assert said(program.post(a_promise(wording="Another"), Idempotency_Key="k")) == (
        *(422, "key_used_differently"),
    )
    program.fulfil(kettle.reference, {"how": "Sent."})
    assert said(program.fulfil(kettle.reference, {"how": "Again."})) == (409, "not_possible_now")


def test_a_refusal_says_its_status_in_the_body_too():
    body = a_program().get(f"{LIST}nothing/").json()

    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Not Found", 404)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("gone"), (503, "busy")),
        (once.StillAtWork("Wait."), (409, "in_progress")),
        (exceptions.Throttled(wait=3), (429, "throttled")),
    ],
)
def test_the_codes_of_what_seldom_happens(error: Exception, expected: tuple[int, str]):
    answer = problems.answer(error, {"request": APIRequestFactory().get(LIST), "kwargs": {}})

    assert answer is not None
    assert (answer.data["status"], answer.data["code"]) == expected
    assert int(answer["Retry-After"]) > 0


def said(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return body["status"], body["code"]
