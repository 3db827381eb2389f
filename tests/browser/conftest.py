"""A browser in front of the staff's pages, on a server of the test's own.

What is due is due around the real now: a browser cannot be taken along to another day.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from commitments import services
from commitments.models import Commitment, OpeningHours, User
from tests import makers
from tests.makers import DAY, HOUR, MINUTE

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

# Four hours apart, the clocks of which nobody changes.
PLACES = [
    *("Pacific/Pitcairn", "America/La_Paz", "UTC"),
    *("Asia/Dubai", "Asia/Singapore", "Pacific/Wallis"),
]

# What a page shows in the end is what is asked, not how quickly a busy machine shows it.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def started_chrome(chromium: str) -> Iterator[Browser]:
    """One Chromium for all these tests, which costs more to start than most of them take.

    Playwright's event loop lives in this thread meanwhile, which Django must be told. Beside a
    loop Django keeps connections apart, and nobody else closes them.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        connections.close_all()
        started.close()


@pytest.fixture
def chrome(started_chrome: Browser) -> Iterator[Browser]:
    """Without a window, a cookie or a cached answer of another test.

    What a page asked for last may still be at work on the server when its window is closed: its
    thread is waited for, so that it neither reads nor writes in what the next test finds.
    """
    yield started_chrome
    for left_open in started_chrome.contexts:
        left_open.close()
    for each in threading.enumerate():
        if "process_request_thread" in each.name:
            each.join(timeout=15)


@pytest.fixture
def office(live_server: Any) -> str:
    """The address of a server whose team works around the clock, with promises of all sorts."""
    now = datetime.now(UTC)
    calendar = makers.a_team(zone=where_it_is_about_noon(now)).calendar
    OpeningHours.objects.all().delete()
    for weekday in range(7):
        OpeningHours.objects.create(calendar=calendar, weekday=weekday, opens=0, closes=1440)
    _promise_all_sorts(now)
    return str(live_server.url)


def where_it_is_about_noon(now: datetime) -> str:
    """A place where it is between ten and two, so that what is due in an hour is due today."""
    return next(zone for zone in PLACES if 10 <= now.astimezone(ZoneInfo(zone)).hour < 14)


def days_ahead(days: int) -> date:
    """So many days after today, where the team is."""
    return datetime.now(ZoneInfo(makers.a_team().calendar.zone)).date() + timedelta(days=days)


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
    """As somebody who signed in some time ago. The form is proven by those who use it."""
    visitor = Client()
    visitor.force_login(User.objects.get(email=f"{name}@larkfield.example"))
    kept = visitor.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [
            {
                "name": kept.key,
                "value": kept.value,
                "domain": "localhost",
                "path": "/",
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def sign_in_by_form(page: Page, *, name: str = "ana") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(f"{name}@larkfield.example")
    page.get_by_label("Password").fill("larkfield-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda there: "/accounts/login/" not in there)


def promise(wording: str) -> Commitment:
    return Commitment.objects.get(wording=wording)
