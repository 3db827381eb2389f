"""Programs that call the API, and what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from commitments.models import ApiToken, Commitment, Conversation, Customer, Event, Team, User
from tests.api import conformance
from tests.makers import NOON, a_team, ana

LIST = "/api/v1/commitments/"


@dataclass(frozen=True)
class Program:
    """Calls with a token; `post` sends JSON, `send` the bytes as they are.

    What is asked and answered is held to the schema.
    """

    token: str

    def get(self, path: str = LIST, query: str | dict[str, Any] = "", **headers: str) -> Any:
        asked = query if isinstance(query, str) else urlencode(query)
        return self.call("GET", f"{path}?{asked}" if asked else path, **headers)

    def post(self, body: object, path: str = LIST, **headers: str) -> Any:
        return self.send(json.dumps(body), path, **headers)

    def send(
        self, raw: str | bytes, path: str = LIST, kind: str = "application/json", **headers: str
    ) -> Any:
        data = raw.encode() if isinstance(raw, str) else raw
        return self.call("POST", path, data=data, content_type=kind, **headers)

    def fulfil(self, reference: str, body: object, **headers: str) -> Any:
        return self.post(body, f"{LIST}{reference}/fulfil/", **headers)

    def call(self, method: str, path: str, **rest: Any) -> HttpResponse:
        names = {
            name: value for name, value in rest.items() if name not in {"data", "content_type"}
        }
        headers = {name.replace("_", "-"): value for name, value in names.items()}
        sent = {name: value for name, value in rest.items() if name not in names}
        signed = {"Authorization": f"Bearer {self.token}"} | headers
        answer = Client().generic(method, path, headers=signed, **sent)
        conformance.check(method, path, sent.get("data", b""), answer)
        return answer


def a_program(user: User | None = None, **fields: Any) -> Program:
    """A program with a token of somebody's: of Ana's, if nobody is named."""
    _, secret = ApiToken.issue(user=user or ana(), now=NOON, **fields)
    return Program(secret)


def a_promise(**fields: Any) -> dict[str, Any]:
    """What a program sends to make one; a field that is `...` is left out."""
    usual = {
        "customer": {"name": "Tom Okafor", "email": "tom@customers.example"},
        "wording": "Send the kettle's replacement part",
        "kind": "followup",
        "due_at": "2026-05-21T18:00:00Z",
    }
    return {name: value for name, value in (usual | fields).items() if value is not ...}


def another_team() -> Team:
    """Repairs, in which nobody of the cast is."""
    return Team.objects.create(name="Repairs", calendar=a_team().calendar)


def errors_of(answer: Any) -> dict[str | None, str]:
    """Field and sentence of each error in a refusal."""
    assert answer["Content-Type"] == "application/problem+json"
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def assert_nothing_was_made(answer: Any) -> None:
    """Neither a promise, nor half of one; and the list still works."""
    assert answer["Content-Type"] == "application/problem+json"
    assert everything() == (0, 0, 0, 0)
    assert a_program().get().json()["results"] == []


def everything() -> tuple[int, ...]:
    """How many rows of each kind there are."""
    kept = (Commitment, Conversation, Customer, Event)
    return tuple(model.objects.count() for model in kept)


def ana_of_billing() -> User:
    """Ana, with her team and the starting set around her."""
    a_team()
    return ana()
