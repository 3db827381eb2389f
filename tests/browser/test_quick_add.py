"""One line, typed on a keyboard: what is shown, where the focus is, and what Enter does next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from commitments.models import Commitment, Kind, OpeningHours
from tests import makers
from tests.browser.conftest import days_ahead, promise, sign_in
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
    page.goto("/promises/mine/")
    yield page
    context.close()


def closed_now() -> None:
    """The team works on one day of the week, in three days' time."""
    OpeningHours.objects.exclude(weekday=days_ahead(3).weekday()).delete()


def type_line(page: Page, line: str) -> None:
    page.get_by_label("What did you promise?").click()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def test_what_is_typed_is_read_after_a_pause(page: Page) -> None:
    page.get_by_label("What did you promise?").press_sequentially(
        "@tom ring about the kettle in 2h"
    )

    expect(page.locator("#reading")).to_contain_text("Tom Okafor")
    expect(page.locator("#reading")).to_contain_text("Ring")


# Types into the line as soon as a new form stands there.
AT_ONCE = """line => addEventListener('htmx:afterSwap', ({target}) => target.matches('form')
    && setTimeout(() => {
        const field = document.querySelector('#id_line');
        field.value = line;
        field.dispatchEvent(new Event('input', {bubbles: true}));
    }))"""


def test_what_is_typed_the_moment_a_line_comes_back_is_read(page: Page) -> None:
    page.evaluate(AT_ONCE, "@tom ring about the kettle in 2h")

    type_line(page, "@tom send it sometime")

    expect(page.locator("#reading")).to_contain_text("Ring about the kettle")


READ_AS = {  # what is typed, and a word of what then stands under the line
    "@tom": "What did you promise?",
    "@tom ring about the kettle in 2h": "Ring about the kettle",
    BUSY: "at work until four",
    "@tom send it sometime": "By when?",
}
PLACE = "document.querySelector('#day .rows>li').getBoundingClientRect().top + scrollY"
IS_SEEN = """row => {
    const {left, top, width, height} = row.getBoundingClientRect();
    return row.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_below_moves_while_a_line_is_written_and_asked_about(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/promises/mine/")
    line, places = page.get_by_label("What did you promise?"), [page.evaluate(PLACE)]

    for words, read in READ_AS.items():
        line.fill(words)
        expect(page.locator("#reading")).to_contain_text(read)
        places.append(page.evaluate(PLACE))
    line.press("Enter")
    expect(page.locator(".quick .err").first).to_be_visible()
    places.append(page.evaluate(PLACE))
    line.fill("")
    expect(page.locator("#reading")).to_be_empty()

    assert {*places, page.evaluate(PLACE)} == {places[0]}


@pytest.mark.parametrize("width", [1440, 390])
def test_what_lies_under_the_reading_is_seen_once_the_line_is_left(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/promises/mine/")
    page.get_by_label("What did you promise?").fill(BUSY)
    expect(page.locator("#reading")).to_contain_text("at work until four")
    page.get_by_role("button", name="Log and open it").focus()
    expect(page.get_by_role("button", name="Log and open it")).to_be_visible()
    row = page.locator("#day .rows>li").first

    row.get_by_role("link").first.focus()

    assert row.evaluate(IS_SEEN)
    expect(page.locator("#reading")).to_contain_text("at work until four")


def test_the_help_is_back_when_the_line_is_empty_again(page: Page) -> None:
    help_ = page.get_by_role("link", name="All fields")
    line = page.get_by_label("What did you promise?")
    line.fill("@tom ring in 2h")
    expect(help_).to_be_hidden()

    line.fill("")

    expect(help_).to_be_visible()


def test_a_name_is_completed_from_those_who_are_known(page: Page) -> None:
    field = page.get_by_role("combobox", name="What did you promise?")
    field.press_sequentially("ring @to")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Tom Okafor")
    expect(field).to_have_attribute("aria-activedescendant", "hint-1")
    page.keyboard.press("Tab")

    expect(field).to_have_value('ring @"Tom Okafor" ')
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("option")).to_have_count(0)


def test_escape_shuts_the_list_and_enter_logs_where_nothing_is_chosen(page: Page) -> None:
    field = page.get_by_role("combobox", name="What did you promise?")
    field.press_sequentially("ring about the kettle in 2h @to")
    expect(page.get_by_role("option")).to_have_count(1)

    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.type("m")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.locator("#said")).to_contain_text("Logged for Tom")


def test_a_hint_is_taken_with_the_mouse(page: Page) -> None:
    field = page.get_by_role("combobox", name="What did you promise?")
    field.press_sequentially("@tom #ref")
    page.get_by_role("option", name="Refund").click()

    expect(field).to_have_value("@tom #refund ")
    expect(field).to_be_focused()


def test_up_in_the_empty_line_brings_back_the_last(page: Page) -> None:
    type_line(page, "@tom ring about the kettle in 2h")
    field = page.get_by_label("What did you promise?")
    expect(field).to_have_value("")

    page.keyboard.press("ArrowUp")

    expect(field).to_have_value("@tom ring about the kettle in 2h")


def test_control_enter_logs_and_opens(page: Page) -> None:
    page.get_by_label("What did you promise?").fill("@tom ring about the kettle in 2h")
    page.keyboard.press("Control+Enter")

    page.wait_for_url(lambda url: "mine" not in url)
    expect(page.get_by_role("heading", name="Ring about the kettle")).to_be_visible()
    expect(page.locator("#said")).to_contain_text("Logged for Tom")


def test_a_reading_that_has_changed_is_shown_again(page: Page) -> None:
    page.evaluate(READ, "@tom ring about the kettle in 2h")
    Kind.objects.update(summary_on=False)
    page.get_by_label("What did you promise?").press("Enter")

    expect(page.locator("#reading")).to_contain_text("This reads differently from what was shown")
    assert not Commitment.objects.filter(wording="Ring about the kettle").exists()

    page.get_by_label("What did you promise?").press("Enter")

    expect(page.locator("#said")).to_contain_text("Logged for Tom")


def test_a_line_that_was_shown_is_logged_with_one_enter(page: Page) -> None:
    page.evaluate(READ, "@tom ring about the kettle in 2h")
    expect(page.locator(".quick").get_by_role("status")).to_contain_text("Tom Okafor")
    page.get_by_label("What did you promise?").press("Enter")

    expect(page.locator("#said")).to_contain_text("Logged for Tom")


def test_a_chip_opens_its_field(page: Page) -> None:
    page.evaluate(READ, "@tom ring about the kettle in 2h")
    page.get_by_role("button", name="Due: ").click()

    expect(page.get_by_label("By when?")).to_be_focused()
    expect(page.get_by_label("By when?")).to_have_value("in 2h")


def test_enter_makes_no_choice_between_two_times(page: Page) -> None:
    closed_now()
    type_line(page, "@tom ring about the lid in 2h")
    expect(page.get_by_role("button", name="Use ")).to_be_visible()
    expect(page.get_by_label("What did you promise?")).to_be_focused()

    with page.expect_response("**/promises/new/"):
        page.keyboard.press("Enter")

    expect(page.locator("#reading")).to_contain_text("is outside your team's hours.")
    assert not Commitment.objects.filter(wording__startswith="Ring about").exists()

    page.get_by_role("button", name="Log it all the same").click()

    expect(page.locator("#said")).to_contain_text("Logged for Tom")
    assert promise("Ring about the lid").due_said == "in 2h"


def test_the_usual_time_is_taken_for_words_that_name_none(page: Page) -> None:
    type_line(page, "@tom send the contract sometime")
    expect(page.locator(".quick .err").first).to_contain_text("By when? Give a time such as 4pm")
    expect(page.get_by_label("What did you promise?")).to_be_focused()
    box = page.get_by_role("button", name="Use: ").bounding_box()
    page.get_by_role("button", name="Use: ").click()

    expect(page.locator("#said")).to_contain_text("Logged for Tom")
    expect(page.get_by_label("What did you promise?")).to_be_focused()
    assert box is not None
    assert box["height"] < 40  # one line
    assert promise("Send the contract").due_said == "sometime"


def test_what_the_line_cannot_say_is_said_in_the_full_form(page: Page) -> None:
    type_line(page, "@nobody ring about the kettle in 2h")
    page.get_by_role("button", name="Answer in the full form").click()

    page.wait_for_url("**/promises/new/")
    expect(page.get_by_label("To whom?")).to_have_value("nobody")
    expect(page.get_by_label("By when?")).to_have_value("in 2h")


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
    expect(page.locator("#said .undo, .quick .err:visible, .quick .note").first).to_be_visible()
    found += [*faults(page), page.evaluate("document.documentElement.scrollWidth")]

    assert found == [width, width]


def test_n_leads_to_the_line_from_every_page(page: Page) -> None:
    page.goto("/reminders/")
    page.keyboard.press("n")

    page.wait_for_url("**/promises/mine/#id_line")
    expect(page.get_by_label("What did you promise?")).to_be_focused()
