"""Signing in with a second step, in a real browser: a passkey of its own, an app, and no script.

The passkey lies in an authenticator that Chromium plays itself; nothing of ours is played.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, expect

from commitments.models import User
from tests import makers
from tests.browser.conftest import sign_in_by_form
from tests.config.steps import PASSWORD, an_app_of, code, codes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = os.environ.get("PICTURES", "")
SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def page(chrome: Browser, office: str) -> Iterator[Page]:
    """Nobody's browser; what it complains of fails the test, a policy that was hurt too."""
    context = chrome.new_context(base_url=office, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def with_an_authenticator(page: Page) -> tuple[CDPSession, str]:
    """One inside the machine, which sees to it that it is its owner who asks."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    has = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    made = chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options | has})
    return chrome, str(made["authenticatorId"])


def looked_at(page: Page, name: str) -> None:
    """Everybody can use it, wide and narrow, light and dark."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate(SIDEWAYS), f"{name} at {width}"
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light, reduced_motion="reduce")  # type: ignore[arg-type]
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
            assert found.violations_count == 0, found.generate_report()
            if PICTURES:
                where = Path(PICTURES) / f"{name}-{width}-{light}.png"
                page.screenshot(path=where, full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_a_passkey_is_added_and_opens_the_door_without_a_password(page: Page) -> None:
    with_an_authenticator(page)
    sign_in_by_form(page)
    page.goto("/me/signing-in/")
    looked_at(page, "me-before")
    page.get_by_role("link", name="Add a passkey").click()
    looked_at(page, "passkey-add")

    page.get_by_label("Name", exact=True).fill("My laptop")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    looked_at(page, "codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("My laptop", exact=True)).to_be_visible()
    looked_at(page, "me-after")

    sign_out(page)
    looked_at(page, "door")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/promises/mine/**")

    used = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert used.user == makers.ana()
    assert used.last_used_at is not None


def test_after_the_password_the_passkey_is_the_second_step(page: Page) -> None:
    chrome, authenticator = with_an_authenticator(page)
    sign_in_by_form(page)
    page.goto("/accounts/steps/passkeys/")
    page.get_by_label("Sign in with it instead").uncheck()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)

    sign_in_by_form(page)
    page.wait_for_url("**/accounts/step/**")
    looked_at(page, "step-passkey")
    verified = {"authenticatorId": authenticator, "isUserVerified": True}
    chrome.send("WebAuthn.setUserVerified", verified)
    page.get_by_role("button", name="Use your passkey").click()

    page.wait_for_url("**/promises/mine/**")


def test_whoever_stops_it_is_told_and_takes_another_way(page: Page) -> None:
    sign_in_by_form(page)
    secret = an_app_of(makers.ana())
    chrome, authenticator = with_an_authenticator(page)
    page.goto("/accounts/steps/passkeys/")
    chrome.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("That did not work, or you stopped it.")).to_be_visible()
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    sign_out(page)

    sign_in_by_form(page)
    page.get_by_label("Code of your app").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/promises/mine/**")


def test_all_of_it_but_passkeys_works_without_a_script(chrome: Browser, office: str) -> None:
    context = chrome.new_context(base_url=office, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in_by_form(page)
    page.goto("/accounts/steps/app/")
    page.get_by_text("Or type the key").click()
    secret = page.locator(".key").inner_text()
    expect(page.get_by_role("img", name="A code to be scanned")).to_be_visible()
    page.get_by_label("Code of your app").fill(code(secret))
    page.get_by_role("button", name="Set it up").click()
    first = page.locator(".codes code").first.inner_text()
    sign_out(page)

    sign_in_by_form(page)
    expect(page.get_by_role("button", name="Use your passkey")).to_be_hidden()
    page.get_by_label("Code of your app").fill(first)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/promises/mine/**")
    context.close()


def test_each_page_on_the_way_can_be_used_by_everybody(page: Page, office: Any) -> None:
    sign_in_by_form(page)
    page.goto("/accounts/steps/app/")
    looked_at(page, "app")
    page.get_by_label("Code of your app").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("That did not work").first).to_be_visible()
    looked_at(page, "app-wrong")
    secret = an_app_of(makers.ana())
    codes_of(makers.ana())
    for name, address in (
        ("app-remove", "/accounts/steps/app/remove/"),
        ("codes-new", "/accounts/steps/codes/new/"),
        ("again", "/accounts/reauthenticate/"),
        ("again-code", "/accounts/step/again/"),
    ):
        page.goto(address)
        looked_at(page, name)
    sign_out(page)
    sign_in_by_form(page)
    looked_at(page, "step-app")
    page.get_by_label("Code of your app").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    looked_at(page, "step-wrong")
    page.get_by_label("Code of your app").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/promises/mine/**")


def test_an_administrator_asks_for_a_second_step_and_begins_with_their_own(
    page: Page, settings: Any
) -> None:
    settings.OIDC_URL, settings.OIDC_NAME = "https://login.larkfield.example", "Larkfield"
    User.objects.create_superuser("sam@larkfield.example", PASSWORD, name="Sam Whitlock")
    an_app_of(makers.ana())
    page.goto("/accounts/login/")
    looked_at(page, "door-with-single-sign-on")
    sign_in_by_form(page, name="sam")
    page.goto(f"/settings/people/{makers.ana().pk}/")
    looked_at(page, "person")
    page.goto("/settings/signing-in/")
    page.get_by_label("Administrators").check()
    page.get_by_label("Managers").check()
    looked_at(page, "rules")

    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(page.get_by_text("First a second step.")).to_be_visible()
    looked_at(page, "led")
    page.goto("/promises/mine/")
    expect(page.get_by_text("First a second step.")).to_be_visible()
