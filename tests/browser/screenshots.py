"""A picture of every page of the demonstration, light and dark, wide and narrow; of the customer's
page in each of its states; and of every mail to customers.

`make screenshots` puts them into var/screenshots/, by the names of the pages.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from tests.browser.conftest import FLAGS, sign_in_by_form  # noqa: E402 - the settings come first
from tests.browser.tour import routes  # noqa: E402
from tests.browser.tour.demo import Demo, a_demo  # noqa: E402
from tests.config.houses import CODE  # noqa: E402

WHERE: Final = CODE / "var" / "screenshots"
WIDTHS: Final = {"wide": 1440, "narrow": 390}
# What customers see on a phone, and their mails, which are never wider than this.
OF_CUSTOMERS: Final = {"narrow": 390}
OF_MAILS: Final = {"wide": 600, "narrow": 390}


def main() -> None:
    """Every picture anew."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("Pictures need Chromium: install it, or point CHROMIUM at one.")
    shutil.rmtree(WHERE, ignore_errors=True)
    WHERE.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, a_demo(Path(folder) / "var") as demo:
        taken = sum(1 for _ in pictures(demo, chromium))
    sys.stdout.write(f"{taken} pictures are in {WHERE.relative_to(CODE)}/\n")


def pictures(demo: Demo, chromium: str) -> Iterator[Path]:
    """Taken one by one, person by person; then what customers see, which adds to what is there."""
    with a_browser(chromium) as browser:
        yield from of_pages(browser, demo)
        yield from of_what_customers_see(browser, demo)


def of_pages(browser: Browser, demo: Demo) -> Iterator[Path]:
    contexts: dict[str, BrowserContext] = {}
    for visit in routes.visits(demo.facts):
        if visit.who not in contexts:
            contexts[visit.who] = signed_in(browser, demo, visit.who)
        page = contexts[visit.who].new_page()
        page.goto(visit.address)
        yield from in_every_light(page, visit.name, WIDTHS)
        page.close()


def of_what_customers_see(browser: Browser, demo: Demo) -> Iterator[Path]:
    shown = demo.says("tests.browser.tour.showcase")
    page = browser.new_page(base_url=demo.address, reduced_motion="reduce")
    for name, address in shown["pages"].items():
        page.goto(address)
        yield from in_every_light(page, f"customer-{name}", OF_CUSTOMERS)
    page = browser.new_page()  # a mail program, where no policy of ours is in force
    for name, html in shown["mails"].items():
        page.set_content(html)
        yield from in_every_light(page, f"mail-{name}", OF_MAILS)


def in_every_light(page: Page, name: str, widths: Mapping[str, int]) -> Iterator[Path]:
    for width, pixels in widths.items():
        page.set_viewport_size({"width": pixels, "height": 900})
        for light in ("light", "dark"):
            emulated: Any = light
            page.emulate_media(color_scheme=emulated)
            if page.locator("iframe:visible").count():  # what is out of view is not drawn
                whole = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": pixels, "height": whole})
                page.wait_for_load_state("networkidle")
            picture = WHERE / f"{name}-{width}-{light}.png"
            page.screenshot(path=picture, full_page=True)
            yield picture


@contextmanager
def a_browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def signed_in(browser: Browser, demo: Demo, who: str) -> BrowserContext:
    context = browser.new_context(base_url=demo.address, reduced_motion="reduce")
    if who:
        sign_in_by_form(context.new_page(), name=who)
    return context


if __name__ == "__main__":
    main()
