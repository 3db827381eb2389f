"""One line, typed on a keyboard: what is shown, where the focus is, and what Enter does next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment, OpeningHours
from tests import makers
from tests.browser.conftest import promise, sign_in
from tests.browser.test_staff_pages import LOOKS, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUSY = (
    '@tom explain "May invoice", all four pages of it in 2h #48213 ! ~phone >dev -mail'
    " // prefers mobile, and is at work until four"
)
# What the script of the staff pages does after a pause; the answer itself needs none.
READ = """async line => {
    const form = document.querySelector('.quick form'), data = new FormData(form);
    data.set('line', line);
    form.elements.line.value = line;
    const body = new URLSearchParams(data);
    const answer = await fetch('/promises/read/', {method: 'POST', body});
    form.querySelector('[role=status]').innerHTML = await answer.text();
}"""


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


def closed_now() -> None:
    """The team works on one day of the week, in three days' time."""
    OpeningHours.objects.exclude(weekday=(datetime.now(UTC) + timedelta(days=3)).weekday()).delete()


def type_line(page: Page, line: str) -> None:
    page.get_by_label("What did you promise?").click()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def test_enter_shows_the_line_and_enter_logs_it(page: Page) -> None:
    type_line(page, "@tom ring about the kettle in 2h")
    expect(page.get_by_role("button", name="Log it")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")
    assert promise("Ring about the kettle").customer.name == "Tom Okafor"


def test_a_line_that_was_shown_is_logged_with_one_enter(page: Page) -> None:
    page.evaluate(READ, "@tom ring about the kettle in 2h")
    expect(page.locator(".quick").get_by_role("status")).to_contain_text("Tom Okafor")
    page.get_by_label("What did you promise?").press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")


def test_a_chip_opens_its_field(page: Page) -> None:
    page.evaluate(READ, "@tom ring about the kettle in 2h")
    page.get_by_role("button", name="Due: ").click()

    expect(page.get_by_label("By when?")).to_be_focused()
    expect(page.get_by_label("By when?")).to_have_value("in 2h")


def test_enter_makes_no_choice_between_two_times(page: Page) -> None:
    closed_now()
    type_line(page, "@tom ring about the kettle in 2h")
    expect(page.get_by_role("button", name="Use ")).to_be_focused()

    page.get_by_label("What did you promise?").fill("ring about the lid")
    page.get_by_label("What did you promise?").press("Enter")

    expect(page.get_by_role("heading", name="Ring about the lid")).to_be_visible()
    assert not Commitment.objects.filter(wording__startswith="Ring about").exists()

    page.get_by_role("button", name="Log it all the same").click()

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")
    assert promise("Ring about the lid").due_said == "in 2h"


def test_the_usual_time_is_taken_for_words_that_name_none(page: Page) -> None:
    type_line(page, "@tom send the contract sometime")
    box = page.get_by_role("button", name="Use: ").bounding_box()
    page.get_by_role("button", name="Use: ").click()
    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_role("status").first).to_contain_text("Logged for Tom")
    expect(page.get_by_label("What did you promise?")).to_be_focused()
    assert box is not None
    assert box["height"] < 40  # one line
    assert promise("Send the contract").due_said == "sometime"


def test_a_new_time_outside_the_hours_is_chosen_too(page: Page) -> None:
    closed_now()
    moved = promise("Send the number")
    page.goto(f"/promises/{moved.reference}/move/")
    page.get_by_label("New time").fill("in 2h")
    page.get_by_label("The reason").fill("The line was busy.")
    page.get_by_role("button", name="Set the new time").click()
    page.get_by_role("button", name="Use ").click()
    page.get_by_role("button", name="Set the new time", exact=True).click()

    expect(page.get_by_role("status").first).to_contain_text("Moved to")
    assert makers.fresh(moved).due_said == "in 2h"


@pytest.mark.parametrize(("width", "scheme"), [*LOOKS, (320, "light")])
@pytest.mark.parametrize("line", [BUSY, "@tom send it sometime", "@tom @maya", "@tom #re by 3"])
def test_what_a_line_says_can_be_read_by_everybody(
    page: Page, line: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal type
    page.evaluate(READ, line)
    found = [*faults(page), page.evaluate("document.documentElement.scrollWidth")]

    page.goto("/promises/mine/")
    type_line(page, line)
    page.wait_for_url("**/promises/new/")
    found += [*faults(page), page.evaluate("document.documentElement.scrollWidth")]

    assert found == [width, width]
