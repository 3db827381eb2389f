"""What calls of the API need: each sends what would do something, if they might."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.safety.ways import Way, spoken, to

_ONE: Final = "/api/v1/commitments/{reference}/"
_DESK: Final = "/api/v1/webhooks/{id}/"
_WHO: Final = {"name": "Wanda Pim", "email": "wanda@customers.example"}
_DUE: Final = {"due_at": "2026-05-25T10:00:00Z"}
_PROMISE: Final = {"wording": "Call back", "kind": "callback", **_DUE}


def _verb(name: str, body: Mapping[str, Any], about: str = "open") -> dict[str, Way]:
    return {f"{_ONE}{name}/": spoken(body, reference=about)}


def _desk(name: str, body: Mapping[str, Any], of: str = "endpoint") -> dict[str, Way]:
    return {f"{_DESK}{name}/": spoken(body, id=of)}


CALLS: Final[Mapping[str, Way]] = {
    "/api/v1/check-ins/": spoken({"commitment": "{settled}"}),
    "/api/v1/check-ins/{id}/": to(id="check-in"),
    "/api/v1/check-ins/{id}/confirm/": spoken({"answer": "{answer}"}, id="check-in"),
    "/api/v1/commitments/": spoken({"customer": _WHO, "team": "{team}", **_PROMISE}),
    _ONE: to(reference="open"),
    f"{_ONE}events/": to(reference="open"),
    **_verb("abandon", {"reason": "None is left", "offer": "The fee back", "cause": "outside"}),
    **_verb("acknowledge", {}, about="late"),
    **_verb("fulfil", {"how": "Brought it"}),
    **_verb("help", {"reason": "I cannot find the shade."}),
    **_verb("move", {"reason": "It comes later", "told": "message", **_DUE}),
    **_verb("reassign", {"owner": "{lead}"}),
    **_verb("release", {"reason": "She bought one."}),
    **_verb("reopen", {"reason": "It was the wrong one.", **_DUE}, about="kept"),
    **_verb("resume", {}, about="waiting"),
    **_verb("update", {"words": "She rang.", "tell_customer": False}),
    **_verb("void", {"reason": "By mistake"}),
    **_verb("wait", {"what": "a photo of the lantern"}),
    "/api/v1/conversations/": spoken(
        {"customer": _WHO, "team": "{team}", "commitments": [_PROMISE]}
    ),
    "/api/v1/conversations/{id}/": to(id="conversation"),
    "/api/v1/customers/": spoken({**_WHO, "team": "{team}"}),
    "/api/v1/customers/{id}/": to(id="customer"),
    "/api/v1/customers/{id}/edit/": spoken({"language": "es"}, id="customer"),
    "/api/v1/customers/{id}/merge/": spoken({"into": "{other customer}"}, id="customer"),
    "/api/v1/customers/{id}/write-again/": spoken({}, id="other customer"),
    "/api/v1/deadlines/read/": spoken({"due": "tomorrow 4pm", "team": "{team}"}),
    "/api/v1/kinds/{code}/": to(code="refund"),
    "/api/v1/people/{id}/": to(id="person"),
    "/api/v1/suggestions/": spoken({"text": "Ana: I will call back tomorrow.", "team": "{team}"}),
    "/api/v1/teams/{id}/": to(id="team"),
    "/api/v1/webhooks/": spoken({"name": "Till", "url": "https://203.0.113.9/hook"}),
    _DESK: to(id="endpoint"),
    f"{_DESK}deliveries/": to(id="endpoint"),
    f"{_DESK}deliveries/{{message}}/": to(id="endpoint", message="told"),
    f"{_DESK}deliveries/{{message}}/replay/": spoken({}, id="endpoint", message="told"),
    **_desk("disable", {}),
    **_desk("edit", {"name": "Front desk"}),
    **_desk("enable", {}, of="silent endpoint"),
    **_desk("replay", {"since": "2026-05-21T00:00:00Z"}),
    **_desk("rotate", {"overlap_hours": 2}),
    **_desk("test", {}),
}
