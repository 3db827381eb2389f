"""Promises of the weeks before, each with what became of it, and what reports say of them."""

from __future__ import annotations

import html
import re
from datetime import datetime
from itertools import count

from django.http import HttpResponse
from django.test import Client

from commitments import checkins, services
from commitments.models import CheckIn, Commitment, Customer
from commitments.models.checkin import State
from commitments.reports import rolling
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

_NUMBER = count(1)


def a_customer(name: str = "") -> Customer:
    """Somebody new."""
    name = name or f"Customer {next(_NUMBER)}"
    return Customer.objects.create(name=name, email="somebody@customers.example")


def made(days_ago: float = 1, **fields: object) -> Commitment:
    """First due so many days before now, at noon; made two days before that."""
    due_at = NOON - days_ago * DAY
    given = {"customer": a_customer(), "summary": False, **fields}
    return makers.a_commitment(due_at=due_at, now=due_at - 2 * DAY, **given)  # type: ignore[arg-type]  # a draft's own fields


def kept_on_time(days_ago: float = 1, **fields: object) -> Commitment:
    promise = made(days_ago, **fields)
    services.fulfil(promise.pk, by=makers.dev(), how="Done", now=promise.due_at - HOUR)
    return makers.fresh(promise)


def kept_late(days_ago: float = 1, *, cause: str = "slipped", **fields: object) -> Commitment:
    promise = made(days_ago, **fields)
    after = promise.due_at + 2 * HOUR
    services.fulfil(promise.pk, by=makers.dev(), how="Done", cause=cause, now=after)
    return makers.fresh(promise)


def moved(promise: Commitment, *, to: datetime) -> Commitment:
    """Told on the phone, four hours before it was due."""
    services.move(
        promise.pk,
        by=makers.dev(),
        due_at=to,
        reason="We need more time",
        told=services.Told.PHONE,
        now=promise.due_at - 4 * HOUR,
    )
    return makers.fresh(promise)


def kept_as_moved(days_ago: float = 2, **fields: object) -> Commitment:
    first = made(days_ago, **fields)
    promise = moved(first, to=first.due_at + DAY)
    services.fulfil(promise.pk, by=makers.dev(), how="Done", now=promise.due_at - HOUR)
    return makers.fresh(promise)


def not_kept(days_ago: float = 1, *, cause: str = "outside", **fields: object) -> Commitment:
    promise = made(days_ago, **fields)
    services.abandon(
        promise.pk,
        by=makers.dev(),
        reason="The bank says no",
        offer="",
        cause=cause,
        now=promise.due_at - HOUR,
    )
    return makers.fresh(promise)


def no_longer_wanted(days_ago: float = 1, **fields: object) -> Commitment:
    promise = made(days_ago, **fields)
    services.release(promise.pk, by=makers.dev(), reason="Found it", now=promise.due_at - HOUR)
    return makers.fresh(promise)


def logged_by_mistake(days_ago: float = 1, **fields: object) -> Commitment:
    promise = made(days_ago, **fields)
    services.void(promise.pk, by=makers.dev(), reason="Twice", now=promise.due_at - HOUR)
    return makers.fresh(promise)


def not_due_yet(days_ago: float = 1, **fields: object) -> Commitment:
    return moved(made(days_ago, **fields), to=NOON + DAY)


def replied(
    promise: Commitment, *, rating: int, words: str = "", still_open: bool = False
) -> Commitment:
    """Its customer was asked, and answered at noon."""
    asked(promise)
    check_in = CheckIn.objects.get(items__commitment=promise)
    reply = checkins.Reply(done="yes", still_open=still_open, rating=rating, words=words)
    checkins.answer(check_in.pk, reply, now=NOON)
    return promise


def asked(promise: Commitment) -> Commitment:
    """Its customer was asked an hour ago, or before."""
    planned = CheckIn.objects.filter(items__commitment=promise, state=State.PLANNED)
    planned.update(send_at=NOON - HOUR)
    checkins.run(NOON - HOUR)
    return promise


def twelve() -> None:
    """Eight on time, one of each other sort that counts, and three that count neither way."""
    for day in range(8):
        kept_on_time(1 + day)
    kept_as_moved()
    kept_late()
    not_kept()
    made(0.25)
    no_longer_wanted()
    logged_by_mistake()
    not_due_yet()


def page(client: Client, url: str, asked: dict[str, str] | None = None) -> HttpResponse:
    """A report once the days it is about have been worked out."""
    rolling.run(NOON + makers.MINUTE)
    return client.get(url, asked or {})


def links_of(response: object) -> list[tuple[str, str]]:
    """Address and words of every link of a page."""
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', content, flags=re.DOTALL)
    return [(html.unescape(url), pages.text_of(words)) for url, words in found]


def to_lists(response: object) -> dict[str, int | None]:
    """Each list a report leads to, with the number that stands on a link to it."""
    found: dict[str, int | None] = {}
    for url, words in links_of(response):
        if not url.startswith("/promises/?counted") and "counted=" not in url:
            continue
        number = re.match(r"\D*?(\d[\d,]*)\b", re.sub(r"\d+%", "", words))
        is_number = words[:1].isdigit() or "%" in words
        if is_number and number and found.get(url) is None:
            found[url] = int(number[1].replace(",", ""))
        found.setdefault(url, None)
    return found


def listed(client: Client, url: str) -> int:
    """How many rows the list has."""
    content = client.get(url).content.decode()
    return content.count('<td role="cell" class="main">')
