"""Help desks that are connected, and their webhooks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from commitments import sealed
from commitments.models import Commitment, HelpDesk, Kind, Team
from tests.makers import NOON, a_team, events_of

SECRET = "a-secret-of-forty-characters-and-no-more"
Sign = Callable[[bytes, str], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One that signs with `sign`, which is given a body and a secret and answers headers."""

    row: HelpDesk
    sign: Sign
    secret: str = SECRET

    @property
    def path(self) -> str:
        return f"/hooks/helpdesks/{self.row.pk}/"

    def post(self, said: object, **headers: str) -> Any:
        return self.send(json.dumps(said).encode(), **headers)

    def send(self, body: bytes, *, signed: bytes | None = None, **headers: str) -> Any:
        """`signed` is what the signature is of, where that is not what is sent."""
        right = self.sign(body if signed is None else signed, self.secret)
        given = {**right, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return Client().post(self.path, data=body, content_type="application/json", headers=given)


def a_desk(
    system: str, sign: Sign, *, address: str = "https://help.example", **fields: Any
) -> Desk:
    team: Team = fields.pop("team", None) or a_team()
    row = HelpDesk.objects.create(
        **{
            "name": f"Our {system}",
            "system": system,
            "address": address,
            "team": team,
            "kind": Kind.objects.get(code="followup"),
            "secrets": sealed.seal([SECRET]),
            "made_at": NOON,
        }
        | fields
    )
    return Desk(row=row, sign=sign)


def the_promise() -> Commitment:
    """The only one there is."""
    return Commitment.objects.with_everything().get()


def everything(promise: Commitment) -> dict[str, Any]:
    """All that stands of a promise but its history, which only grows."""
    columns = Commitment.objects.filter(pk=promise.pk).values().get()
    return {
        name: value for name, value in columns.items() if name not in ("event_count", "head_hash")
    }


def one_byte_changed(body: bytes) -> bytes:
    """The body with another letter in its middle: still JSON, and not what was signed."""
    at = body.index(b"promise:") + len(b"promise: x")
    return body[:at] + (b"x" if body[at : at + 1] != b"x" else b"y") + body[at + 1 :]


def assert_touched_nothing(promise: Commitment, before: dict[str, Any], *, told: list[str]) -> None:
    """It stands as it stood, and its history says so much more."""
    assert everything(promise) == before
    lines = promise.events.filter(kind="case_told").order_by("sequence")
    assert [event.changes["case"] for event in lines] == told
    assert set(events_of(promise)) <= {"made", "case_told", "passed_over", "message_not_sent"}


__all__ = [
    "SECRET",
    "Desk",
    "a_desk",
    "assert_touched_nothing",
    "everything",
    "one_byte_changed",
    "the_promise",
]
