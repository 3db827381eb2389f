"""Every page of the demonstration, found by its address: may everybody use it?

The pages are walked once, each loaded once and then looked at in every light and width; what was
found is judged by the tests. Their numbers are those of the page plan's checks.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, expect

from commitments.web import verbs
from tests.browser.conftest import sign_in_by_form
from tests.browser.tour import routes
from tests.browser.tour.demo import Demo, a_demo
from tests.browser.tour.presses import PRESSES, Press
from tests.browser.tour.routes import Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

WIDE: Final = {"width": 1440, "height": 900}
NARROW: Final = {"width": 390, "height": 844}
AXE_JS: Final = Axe().axe_script
LOOKS_JS: Final = (Path(__file__).parent / "tour" / "looks.js").read_text()
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What depends on the light, and what on the width; all the rest is the same in every look.
RULES_OF_LIGHT: Final = ["color-contrast", "link-in-text-block"]
RULES_OF_WIDTH: Final = ["target-size", "scrollable-region-focusable"]
PLAIN: Final = {"media": "screen", "color_scheme": "light", "forced_colors": "none"}
MEDIA: Final[dict[str, Any]] = {
    "dark": PLAIN | {"color_scheme": "dark"},
    "forced colours": PLAIN | {"forced_colors": "active"},
    "print": PLAIN | {"media": "print"},
}
# Of what passes nobody wants to know where it stands: that would take as long again.
AXE: Final = """async ([type, rules]) => {
    const asked = {runOnly: {type, values: rules}, resultTypes: ["violations"], iframes: false};
    const found = await axe.run(document, asked);
    return found.violations.map(each =>
        `${each.id} at ${each.nodes.map(node => node.target.join(" ")).join(", ")}`);
}"""


@dataclass
class Findings:
    """What was found wrong, by what was looked at."""

    by_look: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, look: str, page: Page, wrong: list[str]) -> None:
        self.by_look[look] += [f"{page.url.partition('://')[2]} {each}" for each in wrong]

    def of(self, look: str) -> list[str]:
        return self.by_look[look]


@pytest.fixture(scope="module")
def demo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with a_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def findings(started_chrome: Browser, demo: Demo) -> Findings:
    """One walk through everything, in one window for each person."""
    found = Findings()
    for who, visits in groupby(routes.visits(demo.facts), key=lambda visit: visit.who):
        with closing(signed_in(started_chrome, demo, who)) as context:
            window = Window(context.new_page())
            for visit in visits:
                go_and_look(window, visit, demo, found)
    return found


def signed_in(browser: Browser, demo: Demo, who: str) -> BrowserContext:
    """A browser window of somebody's, or of nobody's."""
    context = browser.new_context(
        base_url=demo.address,
        viewport=WIDE,  # type: ignore[arg-type]  # a ViewportSize
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    if who:
        sign_in_by_form(context.new_page(), name=who)
    return context


class Window:
    """A page that goes from place to place, and what the browser says meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))

    def status_at(self, address: str) -> int:
        """0 for an answer without a page."""
        self._forget()
        try:
            answer = self.page.goto(address)
        except Error:
            return 0
        return answer.status if answer else 0

    def status_after(self, button: str) -> int:
        """Of the page that a press leads to."""
        self._forget()
        with self.page.expect_navigation() as answer:
            self.page.get_by_role("button", name=button, exact=True).click()
        return answer.value.status

    def _forget(self) -> None:
        self.asked.clear()
        self.complaints.clear()


def go_and_look(window: Window, visit: Visit, demo: Demo, found: Findings) -> None:
    status = window.status_at(visit.address)
    if status == visit.status:
        look(window, demo, found, status=status)
        return
    wrong = f"{visit.address}: {status} to {visit.who or 'nobody'}"
    found.add("answers", window.page, [wrong])


def look(window: Window, demo: Demo, found: Findings, *, status: int) -> None:
    page = window.page
    page.evaluate(f"{LOOKS_JS}; {AXE_JS}")
    found.add("strangers", page, [url for url in window.asked if not url.startswith(demo.address)])
    complaints = [each for each in window.complaints if is_complaint(each, status=status)]
    found.add("policy", page, complaints)
    in_every_light(page, found)
    in_every_width(page, found)
    by_keyboard(page, found)


def is_complaint(said: str, *, status: int) -> bool:
    """Not a browser's advice on forms, nor what it says of a page rightly refused."""
    rightly = status >= 400 and f"status of {status}" in said
    return said.startswith(("error", "warning")) and not rightly


def in_every_light(page: Page, found: Findings) -> None:
    """Folded where it is wide; it is narrow and unfolded in the end."""
    found.add("axe", page, page.evaluate(AXE, ["tag", RULES]))
    page.emulate_media(color_scheme="dark")
    found.add("axe", page, page.evaluate(AXE, ["rule", RULES_OF_LIGHT]))
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a ViewportSize
    page.evaluate("tour.unfold(); tour.layMenusApart()")
    found.add("axe", page, page.evaluate(AXE, ["rule", RULES_OF_LIGHT + RULES_OF_WIDTH]))
    page.emulate_media(color_scheme="light")
    found.add("axe", page, page.evaluate(AXE, ["tag", RULES]))
    page.evaluate("tour.undress()")


def in_every_width(page: Page, found: Findings) -> None:
    """It is wide in the end."""
    found.add("small", page, page.evaluate("tour.small()"))
    for width in (390, 320, 720):
        page.set_viewport_size({"width": width, "height": 844})
        found.add("wide", page, page.evaluate("tour.wideHoweverSpaced()"))
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a ViewportSize
    found.add("small", page, page.evaluate("tour.small()"))


def by_keyboard(page: Page, found: Findings) -> None:
    """Unfolded, then folded: what lies over others while it is open has no order with them."""
    page.keyboard.press("Tab")  # from here on the focus is shown
    found.add("focus", page, page.evaluate("tour.unseenFocus()"))
    page.evaluate("tour.fold(); scrollTo(0, 0)")
    found.add("focus", page, page.evaluate("tour.unseenFocus()"))
    page.evaluate("scrollTo(0, 0)")
    found.add("order", page, page.evaluate("tour.outOfOrder()"))


def test_no_address_of_the_house_is_forgotten() -> None:
    known = set(routes.STOPS)

    assert {name for name in routes.names() - known if not routes.is_left_out(name)} == set()
    assert known - routes.names() == set()
    assert {name for name in routes.LEFT_OUT if not name.endswith("*")} <= routes.names() - known


def test_no_verb_of_a_promise_is_forgotten() -> None:
    assert {stop.given["verb"] for stop in routes.STOPS["web:verb"]} == set(verbs.FORMS)


def test_every_page_answers_whom_it_is_for(findings: Findings) -> None:
    assert findings.of("answers") == []


def test_20_every_page_can_be_used_by_everybody(findings: Findings) -> None:
    assert findings.of("axe") == []


def test_21_nothing_scrolls_sideways_even_with_more_space_in_the_text(findings: Findings) -> None:
    assert findings.of("wide") == []


def test_21_nothing_to_press_is_too_small(findings: Findings) -> None:
    assert findings.of("small") == []


def test_22_the_focus_goes_as_one_reads_and_is_always_seen(findings: Findings) -> None:
    assert findings.of("focus") == []
    assert findings.of("order") == []


def test_23_pages_ask_nothing_of_others_and_break_no_policy(findings: Findings) -> None:
    assert findings.of("strangers") == []
    assert findings.of("policy") == []


def test_20_to_23_hold_for_what_only_a_press_shows(started_chrome: Browser, demo: Demo) -> None:
    found = Findings()
    with closing(signed_in(started_chrome, demo, "sam")) as context:
        window = Window(context.new_page())
        for press in PRESSES:
            look(window, demo, found, status=after(press, window, demo))

    assert {name: wrong for name, wrong in found.by_look.items() if wrong} == {}


def after(press: Press, window: Window, demo: Demo) -> int:
    """The status of the page that the press leads to."""
    window.status_at(press.stop.address(press.name, demo.facts))
    for label, text in press.filled.items():
        window.page.get_by_label(label, exact=True).fill(str(demo.facts.get(text, text)))
    status = window.status_after(press.button)
    expect(window.page.get_by_role("heading", name=press.shows, exact=True)).to_be_visible()
    return status


@pytest.fixture(scope="module")
def shown(started_chrome: Browser, demo: Demo) -> dict[str, set[tuple[str, str]]]:
    """Every state as it is shown, its icon and its word, by what it is shown on."""
    context = signed_in(started_chrome, demo, "ines")
    page = context.new_page()
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for state in ("", "overdue", "waiting", "moved", "on_time", "late", "broken", "released"):
        page.goto(f"/promises/?state={state}")
        page.evaluate(LOOKS_JS)
        for media, emulated in MEDIA.items():
            page.emulate_media(**emulated)
            found[media] |= {(icon, word) for icon, word in page.evaluate("tour.states()")}
    context.close()
    return found


@pytest.mark.parametrize("media", MEDIA)
def test_24_states_tell_apart_by_icon_and_word(
    shown: dict[str, set[tuple[str, str]]], media: str
) -> None:
    assert all(icon and word for icon, word in shown[media])
    words = {word for _, word in shown[media]}
    assert {"Overdue", "Waiting on the customer", "Kept on time", "Kept late"} <= words


def test_the_first_visit_is_light(started_chrome: Browser, demo: Demo) -> None:
    context = signed_in(started_chrome, demo, "ana")
    state = context.storage_state()
    context.close()
    fresh = started_chrome.new_context(base_url=demo.address, storage_state=state)
    page = fresh.new_page()
    answers: list[Response] = []
    # Not the method itself: playwright sets an attribute on what it is handed.
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108

    page.goto("/promises/mine/", wait_until="networkidle")

    parts = {answer.url: compressed(answer.body()) for answer in answers}
    fresh.close()
    assert len(parts) > 4  # the page, its three style sheets, and what it runs
    assert sum(parts.values()) < 60 * 1024, json.dumps(parts, indent=1)


def compressed(body: bytes) -> int:
    return len(gzip.compress(body, compresslevel=9))
