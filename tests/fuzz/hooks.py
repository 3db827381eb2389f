"""What is asked of every answer besides Schemathesis's own checks; it loads them by name."""

from __future__ import annotations

import json
from collections.abc import Mapping

import schemathesis
from schemathesis import Case, CheckContext, Response

# How the doors refuse a request of the wrong shape. One that fits the schema never gets these.
OF_SHAPE = ("There is no such", "This must be", "This field", "Give this once", "This key stands")

# What a pattern cannot say: which letters make a reference depends on how many there are.
NO_REFERENCE = "the reference of a promise, such as K7Q2M."
# For JSON schema 7.0 is an integer; for us it is what a program made of an id by counting with it.
NO_ID = "a whole number from 1."


@schemathesis.check
def the_schema_takes_no_more_than_the_doors(
    ctx: CheckContext, response: Response, case: Case
) -> None:
    """A request that fits the schema is not refused for its shape."""
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive or response.status_code != 400:
        return
    sent = json.loads(response.request.body or "null")
    excused = (NO_REFERENCE, NO_ID) if _has_a_float(sent) else (NO_REFERENCE,)
    said = [error["message"] for error in response.json()["errors"]]
    assert [each for each in said if each.startswith(OF_SHAPE) and not each.endswith(excused)] == []


def _has_a_float(body: object) -> bool:
    if isinstance(body, Mapping):
        return any(_has_a_float(each) for each in body.values())
    if isinstance(body, list):
        return any(_has_a_float(each) for each in body)
    return isinstance(body, float)


@schemathesis.check
def a_refusal_says_why(ctx: CheckContext, response: Response, case: Case) -> None:
    """In a sentence for people and a code for programs, and again in the status."""
    if response.status_code < 400 or case.method == "HEAD":
        return
    body = response.json()
    assert (body["status"], bool(body["code"])) == (response.status_code, True)
    assert body["detail"].endswith((".", "!", "?")), body["detail"]
