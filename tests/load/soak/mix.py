"""What is asked for, and how often: a working day of a team, its programs and its customers.

22 of 100 are pages of the staff, 40 reads of the API, 20 looks at customers' links or words
through them, 8 promises made, 10 that are moved on or kept.
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

_ADDRESSES = 40  # from which customers come
_VALUE = re.compile(rb'name="value" value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request. `heard` is given the answer's body where it was right; `also` is no error."""

    what: str
    method: str
    address: str
    headers: dict[str, str]
    body: bytes = b""
    right: int = 200
    also: tuple[int, ...] = ()
    heard: Callable[[bytes], None] = lambda _: None


@dataclass(kw_only=True)
class Mix:
    """Draws requests; what one makes, later ones go on with."""

    cookie: str
    staff: list[dict[str, Any]]
    links: list[str]
    dice: random.Random = field(default_factory=lambda: random.Random(9))
    lock: threading.Lock = field(default_factory=threading.Lock)
    forms: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=50))

    def __post_init__(self) -> None:
        for each in self.staff:
            each["open"] = deque()
        self.staff = [each for each in self.staff if each["customers"] and each["promises"]]
        self.kinds = (
            (self._day, 8), (self._list, 4), (self._promise, 6), (self._overdue, 2),
            (self._team, 1), (self._customer, 1),
            (self._api_list, 13), (self._api_one, 15), (self._api_events, 5), (self._api_me, 3),
            (self._api_found, 2), (self._api_report, 2),
            (self._status, 17), (self._reply_form, 2), (self._reply, 1),
            (self._make, 8), (self._update, 2), (self._move, 2), (self._fulfil, 6),
        )  # fmt: skip

    def draw(self) -> Asked:
        with self.lock:
            kinds, weights = zip(*self.kinds, strict=True)
            (kind,) = self.dice.choices(kinds, weights)
            asked: Asked = kind(self.dice.choice(self.staff))
        return asked

    def _page(self, who: dict[str, Any], what: str, address: str) -> Asked:
        headers = {"Cookie": f"{self.cookie}={who['session']}"}
        return Asked(what=f"page: {what}", method="GET", address=address, headers=headers)

    def _day(self, who: dict[str, Any]) -> Asked:
        return self._page(who, "my promises", "/promises/mine/")

    def _list(self, who: dict[str, Any]) -> Asked:
        return self._page(who, "all promises", "/promises/")

    def _promise(self, who: dict[str, Any]) -> Asked:
        return self._page(who, "a promise", f"/promises/{self._any(who)}/")

    def _overdue(self, who: dict[str, Any]) -> Asked:
        return self._page(who, "overdue report", "/reports/overdue/")

    def _team(self, who: dict[str, Any]) -> Asked:
        return self._page(who, "the team", "/team/")

    def _customer(self, who: dict[str, Any]) -> Asked:
        return self._page(who, "a customer", f"/customers/{self.dice.choice(who['customers'])}/")

    def _any(self, who: dict[str, Any]) -> str:
        """A promise of theirs, a new one as often as an old one."""
        known = list(who["open"]) if self.dice.random() < 0.5 else []
        return str(self.dice.choice(known or who["promises"]))

    def _read(self, who: dict[str, Any], what: str, address: str) -> Asked:
        headers = {"Authorization": f"Bearer {who['token']}"}
        return Asked(
            what=f"API: {what}", method="GET", address=f"/api/v1/{address}", headers=headers
        )

    def _api_list(self, who: dict[str, Any]) -> Asked:
        return self._read(who, "list", "commitments/?page_size=50")

    def _api_one(self, who: dict[str, Any]) -> Asked:
        return self._read(who, "one", f"commitments/{self._any(who)}/")

    def _api_events(self, who: dict[str, Any]) -> Asked:
        return self._read(who, "events", f"commitments/{self._any(who)}/events/")

    def _api_me(self, who: dict[str, Any]) -> Asked:
        return self._read(who, "me", "me/")

    def _api_found(self, who: dict[str, Any]) -> Asked:
        return self._read(who, "found by words", "commitments/?q=refund")

    def _api_report(self, who: dict[str, Any]) -> Asked:
        return self._read(who, "overdue report", "reports/overdue/")

    def _status(self, _: dict[str, Any]) -> Asked:
        return self._look("status", self.dice.choice(self.links))

    def _reply_form(self, _: dict[str, Any]) -> Asked:
        link = self.dice.choice(self.links)

        def heard(page: bytes) -> None:
            if found := _VALUE.search(page):
                self.forms.append((link, found[1].decode()))

        return self._look("reply form", f"{link}reply/", heard=heard)

    def _reply(self, who: dict[str, Any]) -> Asked:
        """By a form that was opened a while ago; at first there is none."""
        if len(self.forms) < 10:
            return self._reply_form(who)
        link, value = self.forms.popleft()
        body = urlencode({"value": value, "words": f"Is it on its way? {uuid4()}"}).encode()
        headers = self._from() | {"Content-Type": "application/x-www-form-urlencoded"}
        # Without the form's cookie the page asks once more, with the words filled in.
        return Asked(
            what="customer: reply", method="POST", address=f"{link}reply/", headers=headers,
            body=body, right=302, also=(200,),
        )  # fmt: skip

    def _look(self, what: str, link: str, **more: Any) -> Asked:
        headers = self._from()
        return Asked(what=f"customer: {what}", method="GET", address=link, headers=headers, **more)

    def _from(self) -> dict[str, str]:
        return {"X-Forwarded-For": f"198.51.100.{self.dice.randrange(_ADDRESSES)}"}

    def _write(
        self, who: dict[str, Any], what: str, address: str, body: dict[str, Any], **more: Any
    ) -> Asked:
        headers = {
            "Authorization": f"Bearer {who['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        return Asked(
            what=f"API: {what}", method="POST", address=f"/api/v1/commitments/{address}",
            headers=headers, body=json.dumps(body).encode(), **more,
        )  # fmt: skip

    def _make(self, who: dict[str, Any]) -> Asked:
        due = datetime.now(UTC) + timedelta(days=self.dice.randrange(2, 9))
        body = {
            "customer": self.dice.choice(who["customers"]),
            "team": who["team"],
            "wording": f"Send the replacement part {uuid4().hex[:8]}",
            "kind": "followup",
            "due_at": due.isoformat(),
            "case": uuid4().hex[:12],
        }

        def heard(said: bytes) -> None:
            who["open"].append(json.loads(said)["reference"])

        return self._write(who, "make", "", body, right=201, heard=heard)

    def _verb(self, who: dict[str, Any], verb: str, ref: str, body: dict[str, Any]) -> Asked:
        return self._write(who, verb, f"{ref}/{verb}/", body)

    def _update(self, who: dict[str, Any]) -> Asked:
        if not who["open"]:
            return self._make(who)
        body = {"words": "The part has left the store.", "tell_customer": True}
        return self._verb(who, "update", who["open"][-1], body)

    def _move(self, who: dict[str, Any]) -> Asked:
        if not who["open"]:
            return self._make(who)
        due = datetime.now(UTC) + timedelta(days=9, seconds=self.dice.randrange(100_000))
        body = {"due_at": due.isoformat(), "reason": "The store waits.", "told": "message"}
        return self._verb(who, "move", who["open"][-1], body)

    def _fulfil(self, who: dict[str, Any]) -> Asked:
        """The oldest of many, so that no other request is under way for it."""
        if len(who["open"]) < 4:
            return self._make(who)
        return self._verb(who, "fulfil", who["open"].popleft(), {"how": "It has arrived."})
