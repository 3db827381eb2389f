"""A browser in front of the staff's pages, on a server of the test's own.

What is due is due around the real now: a browser cannot be taken along to another day.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from commitments import services
from commitments.models import Commitment, OpeningHours
from tests import makers
from tests.makers import DAY, HOUR, MINUTE

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

# What a page shows in the end is what is asked, not how quickly a busy machine shows it.
expect.set_options(timeout=15_000)


@pytest.fixture
def chrome(chromium: str) -> Iterator[Browser]:
    """A started Chromium. Its event loop lives in this thread, which Django must be told."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        # While the loop runs, Django keeps connections apart for it, and nobody else closes them.
        connections.close_all()
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def office(live_server: Any) -> str:
    """The address of a server whose team works around the clock, with promises of all sorts."""
    makers.a_team()
    OpeningHours.objects.all().delete()
    calendar = makers.a_team().calendar
    for weekday in range(7):
        OpeningHours.objects.create(calendar=calendar, weekday=weekday, opens=0, closes=1440)
    _promise_all_sorts(datetime.now(UTC))
    return str(live_server.url)


def _promise_all_sorts(now: datetime) -> None:
    before = now - 2 * DAY
    ana = makers.ana()
    late = makers.a_commitment(wording="Call Tom back", due_at=now - HOUR, now=before, case="48213")
    services.update(late.pk, by=makers.dev(), words="He called.", tell_customer=False, now=before)
    told = makers.a_commitment(wording="Book the visit", due_at=now - 2 * HOUR, now=before)
    Commitment.objects.filter(pk=told.pk).update(told_at=now - HOUR)
    makers.a_commitment(wording="w" * 200, due_at=now + 2 * DAY, now=before)
    makers.a_commitment(wording="Send the number", due_at=now + 20 * MINUTE, now=before)
    makers.a_commitment(wording="Explain the invoice", due_at=now + 3 * DAY, now=before)
    waiting = makers.a_commitment(wording="Read the meter", due_at=now + DAY, now=before)
    services.wait(waiting.pk, by=ana, what="a photo of the meter", now=before)
    done = makers.a_commitment(wording="Refund the fee", due_at=now + DAY, now=before)
    services.fulfil(done.pk, by=ana, how="Refunded", now=now - HOUR)


def sign_in(page: Page, *, name: str = "ana") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{name}@larkfield.example")
    page.get_by_label("Password").fill("larkfield-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda there: "/accounts/login/" not in there)


def promise(wording: str) -> Commitment:
    return Commitment.objects.get(wording=wording)
