"""The settings in a real browser: what is in use is never deleted, and no promise is moved
without a yes (number 26 of the interface design); the live line follows what is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment, Holiday, Kind, Policy, Team, User
from tests import makers
from tests.browser.conftest import days_ahead, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    """An administrator's browser; what it complains of fails the test."""
    User.objects.create_superuser("sam@larkfield.example", "larkfield-demo", name="Sam Whitlock")
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page, name="sam")
    yield page
    context.close()
    assert [said for said in complaints if "422" not in said] == []


def counted() -> Commitment:
    now = datetime.now(UTC)
    chain = makers.a_team().calendar.hours().walk_days(now, 3)
    return makers.a_commitment(
        wording="Counted", due_at=chain[-1].ends_at, due_steps=chain,
        now=now - timedelta(minutes=5), case="26",
    )  # fmt: skip


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_26_what_is_in_use_cannot_be_deleted_and_a_holiday_moves_nothing_without_a_yes(
    page: Page,
) -> None:
    promise = counted()
    team, kind = promise.team, promise.kind
    for address, model in ((f"teams/{team.pk}", Team), (f"kinds/{kind.pk}", Kind)):
        page.goto(f"/settings/{address}/")
        expect(page.get_by_role("link", name="Delete", exact=True)).to_have_count(0)
        page.goto(f"/settings/{address}/delete/")
        press(page, "Delete it")
        expect(page.get_by_role("alert")).to_contain_text("It can be retired, not deleted")
        assert model.objects.filter(pk__in=[team.pk, kind.pk]).exists()

    day = days_ahead(2)
    page.goto("/settings/holidays/add/")
    page.locator("#id_on").fill(day.isoformat())
    page.locator("#id_name").fill("Power cut")
    press(page, "Look at the days")
    expect(page.get_by_text("would be due at another time by these hours")).to_be_visible()
    expect(page.get_by_role("link", name="Counted").first).to_be_visible()
    assert not Holiday.objects.exists()
    press(page, "Save, and leave them where they are")
    expect(page.get_by_text("No promise was moved")).to_be_visible()
    assert makers.fresh(promise).due_at == promise.due_at

    holiday = Holiday.objects.get()
    later = counted()  # across the day that is closed now
    page.goto(f"/settings/holidays/{holiday.pk}/")
    expect(page.get_by_role("link", name="Take it out")).to_have_count(0)
    page.goto(f"/settings/holidays/{holiday.pk}/remove/")
    press(page, "Take it out")
    expect(page.get_by_role("alert")).to_contain_text("counted by Power cut")
    assert Holiday.objects.get() == holiday
    assert makers.fresh(later).due_at == later.due_at


def test_the_live_line_follows_what_is_typed(page: Page) -> None:
    kind = makers.Kind.objects.get(code="callback")
    page.goto(f"/settings/kinds/{kind.pk}/")
    line = page.locator("#live")
    before = line.inner_text()

    page.get_by_label("How long").fill("30")

    expect(line).not_to_have_text(before)
    expect(line).to_contain_text(re.compile("Logged now, a Callback would be due"))
    assert makers.Kind.objects.get(pk=kind.pk).usual_length == 4


def test_a_mail_is_seen_in_its_frame_in_the_light_and_in_the_dark(page: Page) -> None:
    page.goto("/settings/messages/done/es/")

    for look, background in (("light", "rgb(247, 246, 242)"), ("dark", "rgb(19, 23, 28)")):
        if look == "dark":
            page.get_by_text("In the dark").click()
        frame = page.frame_locator(f"iframe[title$='in the {look}']")
        expect(frame.get_by_role("heading", name="Hecho")).to_be_visible()
        expect(frame.locator("body")).to_have_css("background-color", background)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_no_page_has_a_fault_or_scrolls_sideways(page: Page, width: int, scheme: Any) -> None:
    counted()
    team, policy = makers.a_team(), Policy.objects.get(name="Usual")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    addresses = [
        "", "teams/", f"teams/{team.pk}/", "people/", f"people/{makers.ana().pk}/",
        f"people/{makers.ana().pk}/switch-off/", "kinds/", "kinds/new/", "hours/",
        f"hours/{team.calendar_id}/?try=within+2+working+days", "holidays/", "holidays/country/",
        "holidays/file/", "escalation/", f"escalation/{policy.pk}/rehearse/", "channels/",
        "webhooks/new/",
    ]  # fmt: skip
    found: dict[str, Any] = {}
    for address in addresses:
        page.goto(f"/settings/{address}")
        seen: Any = Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
        )
        faults = [
            f"{each['id']}: {each['nodes'][0]['html'][:90]}" for each in seen.response["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if faults or wide > 0:
            found[address] = (faults, wide)

    assert found == {}
