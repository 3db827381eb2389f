"""Check 3 of the page plan: every line of its example table, typed into a browser and logged.

What is shown while the line is typed, and what is then kept, on the table's own afternoon.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment
from tests.browser.conftest import sign_in
from tests.web import lines
from tests.web.lines import london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True, kw_only=True)
class Example:
    """What is `shown` under a line, what to `press` where Enter does not do, and what is kept."""

    line: str
    shown: tuple[str, ...]
    press: str = ""
    customer: str = ""
    wording: str = ""
    kind: str = ""
    keep_by: str = ""
    team_note: str = ""
    due_at: datetime | None = None


EXAMPLES = [
    Example(
        line="@tom call back with refund decision fri 10am",
        shown=("Tom Okafor", "Call back with", "Refund (guess)", "Fri 22 May, 10:00 am"),
        customer="Tom Okafor", wording="Call back with refund decision",
        kind="Refund", due_at=london(22, 10),
    ),
    Example(
        line="@tom #ref",
        shown=("Tom Okafor", "Refund the amount", "Tue 26 May, 5:00 pm"),
        customer="Tom Okafor", wording="Refund the amount",
        kind="Refund", due_at=london(26, 17),
    ),
    Example(
        line="@maya send tracking number 4pm",
        shown=("Maya Lindqvist", "Send tracking number", "4:00 pm"),
        customer="Maya Lindqvist", wording="Send tracking number",
        kind="Follow-up", due_at=london(21, 16),
    ),
    Example(
        line="@jo confirm visit window in 2h",
        shown=("Jo Park", "Confirm visit window", "4:10 pm"),
        customer="Jo Park", wording="Confirm visit window",
        kind="Visit", due_at=london(21, 16, 10),
    ),
    Example(
        line="@jo confirm visit window +5bh",
        shown=("Jo Park", "Fri 22 May, 10:40 am"),
        customer="Jo Park", wording="Confirm visit window",
        kind="Visit", due_at=london(22, 10, 40),
    ),
    Example(
        line="@jo confirm visit window in 5h",
        shown=("7:10 pm today is outside your team's hours. Fri 22 May, 9:00 am is the next",),
        press="Use Fri 22 May, 9:00 am",
        customer="Jo Park", wording="Confirm visit window",
        kind="Visit", due_at=london(22, 9),
    ),
    Example(
        line="@priya email the summary +3bd ~email",
        shown=("Priya Nair", "Wed 27 May, 5:30 pm", "E-mail"),
        customer="Priya Nair", wording="Email the summary",
        kind="Other", keep_by="email", due_at=london(27, 17, 30),
    ),
    Example(
        line='@rana explain "May invoice" 26/5 11am',
        shown=("Rana Haddad", "Explain May invoice", "Tue 26 May, 11:00 am"),
        customer="Rana Haddad", wording="Explain May invoice",
        kind="Other", due_at=london(26, 11),
    ),
    Example(
        line="#48213 ring back eod // prefers mobile",
        shown=("Tom Okafor", "Ring back", "5:30 pm", "prefers mobile"),
        customer="Tom Okafor", wording="Ring back",
        kind="Callback", team_note="prefers mobile", due_at=london(21, 17, 30),
    ),
    Example(
        line="@tom ring back 9am",
        shown=("Tom Okafor", "Fri 22 May, 9:00 am", "9:00 am today has passed."),
        customer="Tom Okafor", wording="Ring back",
        kind="Callback", due_at=london(22, 9),
    ),
    Example(
        line="@luis book slot sat",
        shown=("Sat 23 May is outside your team's hours. Tue 26 May, 9:00 am is the next",),
        press="Use Tue 26 May, 9:00 am",
        customer="Luis Ortega", wording="Book slot",
        kind="Other", due_at=london(26, 9),
    ),
    Example(
        line="@luis book slot today 1pm",
        shown=("1:00 pm today has passed. Give a later time",),
    ),
    Example(
        line="@tom send the contract sometime",
        shown=("By when? Give a time such as 4pm", "1 working day"),
        press="Use: Fri 22 May, 5:30 pm",
        customer="Tom Okafor", wording="Send the contract",
        kind="Follow-up", due_at=london(22, 17, 30),
    ),
]  # fmt: skip


@pytest.fixture
def page(chrome: Browser, settings: Any, live_server: Any) -> Iterator[Page]:
    """Ana's browser; the house stands still at ten past two."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    with time_machine.travel(lines.AT, tick=False):
        lines.a_desk()
        context = chrome.new_context(base_url=str(live_server.url))
        context.set_default_timeout(20_000)
        page = context.new_page()
        sign_in(page)
        page.goto("/promises/mine/")
        yield page
        context.close()


def test_03_every_line_of_the_table_is_read_and_kept_as_it_says(page: Page) -> None:
    field, reading = page.get_by_label("What did you promise?"), page.locator("#reading")
    for example in EXAMPLES:
        before = Commitment.objects.count()
        field.fill(example.line)
        for words in (*example.shown, example.kind):
            expect(reading, example.line).to_contain_text(words)
        if example.press:
            reading.get_by_role("button", name=example.press).click()
        else:
            field.press("Enter")
        if example.due_at is None:
            expect(page.locator(".quick .err").first, example.line).to_contain_text(
                example.shown[0]
            )
            assert Commitment.objects.count() == before
            continue
        expect(field, example.line).to_have_value("")
        kept = lines.newest()
        said = (kept.customer.name, kept.wording, kept.kind.name, kept.due_at)
        assert said == (example.customer, example.wording, example.kind, example.due_at), (
            example.line
        )
        beside = (kept.keep_by, kept.team_note)
        assert beside == (example.keep_by, example.team_note), example.line
