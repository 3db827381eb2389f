"""Links, pages and answers, as a customer's browser meets them."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

import time_machine
from django.test import Client

from commitments import checkins, messages, services
from commitments.models import (
    Attachment,
    CheckIn,
    Commitment,
    Conversation,
    Customer,
    Event,
    OnceKey,
)
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, ana

ASKED_AT = NOON + 7 * DAY
SECOND = HOUR / 3600

SIX = NOON + 6 * HOUR
AT = NOON + HOUR
LATER = AT + 5 * SECOND
DEEDS = ("reply", "other-time", "right", "wrong", "not-needed")
FILLED_IN: dict[str, dict[str, str]] = {
    "reply": {"words": "Is the lid with it?"},
    "other-time": {"slot": "other", "words": "Any evening"},
    "right": {},
    "wrong": {"words": "You said two o'clock."},
    "not-needed": {"words": "I bought one."},
    "needed": {},
    "not-done": {"words": "The lid is missing."},
    "stop": {},
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"


class Browser:
    """A browser with cookies of its own, at an instant that the test names.

    With `cookies` off it refuses every cookie. What is asked of it answers Django's response.
    """

    def __init__(self, *, cookies: bool = True) -> None:
        self.client = Client()
        self.cookies = cookies

    def get(self, path: str, *, now: datetime, how: str = "GET", **headers: Any) -> Any:
        with time_machine.travel(now, tick=False):
            response = self.client.generic(how, path, headers=headers or None)
        self._forget()
        return response

    def post(self, path: str, data: dict[str, Any], *, now: datetime, **headers: Any) -> Any:
        with time_machine.travel(now, tick=False):
            response = self.client.post(path, data, headers=headers or None)
        self._forget()
        return response

    def _forget(self) -> None:
        if not self.cookies:
            self.client.cookies.clear()


def status_link(commitment: Commitment, *, now: datetime = NOON) -> str:
    return messages.status_path(commitment.conversation, now=now)


def a_check_in(*, how: str = "Ana called, and the refund is on its way.", **fields: Any) -> CheckIn:
    """Tom was asked how it went, a week after Ana kept her promise."""
    kept = a_commitment(**fields)
    services.fulfil(kept.pk, by=ana(), how=how, now=NOON + HOUR)
    CheckIn.objects.filter(items__commitment=kept).update(send_at=ASKED_AT)
    checkins.run(ASKED_AT)
    return CheckIn.objects.get(items__commitment=kept)


def check_in_link(check_in: CheckIn, *, now: datetime = ASKED_AT) -> str:
    return messages.check_in_path(check_in, now=now)


def thanks_link(check_in: CheckIn) -> str:
    return check_in_link(check_in).replace("/check-in/", "/thanks/")


def an_answer(page: Any, **fields: str) -> dict[str, str]:
    """What the form on this page would send, filled in."""
    said = {"done": "yes", "rating": "4", "open": "no", "words": ""}
    return said | {"value": value_on(page)} | fields


def value_on(page: Any) -> str:
    found = re.search(r'name="value" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def seen(page: Any) -> str:
    """The words on a page, as they are read."""
    return words_of(page.content.decode())


def words_of(html: str) -> str:
    body = re.sub(r"(?s)<(style|head|svg)\b.*?</\1>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def link_of(promise: Commitment, deed: str, *, now: datetime = NOON) -> str:
    return f"{status_link(promise, now=now)}{deed}/"


def do(
    promise: Commitment,
    deed: str,
    *,
    now: datetime = AT,
    browser: Browser | None = None,
    **said: Any,
) -> Any:
    """Tom opens the page, and presses its button five seconds later."""
    browser = browser or Browser()
    link = link_of(promise, deed, now=now)
    form = browser.get(link, now=now)
    data = FILLED_IN[deed] | {"value": value_on(form)} | said
    return browser.post(link, data, now=now + 5 * SECOND)


def page_of(promise: Commitment, *, now: datetime) -> str:
    return seen(Browser().get(status_link(promise), now=now))


def all_rows() -> list[object]:
    models = (Commitment, Conversation, Customer, Event, Attachment, OnceKey, Delivery)
    return [list(model.objects.order_by("pk").values()) for model in models]


def told(template: str = "customer_wrote") -> list[str]:
    """Whom a message about it goes to."""
    found = Delivery.objects.filter(template=template).exclude(channel="inbox")
    return sorted(set(found.values_list("address", flat=True)))
