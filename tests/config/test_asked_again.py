"""What asks once more who somebody is, a quarter of an hour after they last said so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.signing_in import guard
from tests.makers import a_commitment, a_user, ana, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ONCE_MORE, FILE = "/accounts/reauthenticate/", "/accounts/file/"
PASSWORD = "larkfield-demo"

# Written down a second time: what leaves the guard's list leaves this one by a decision.
FILES: Final = {
    "web:export", "web:overdue_csv", "web:overdue_xlsx", "web:import_left_out",
    "web:values_csv", "web:workload_csv", "web:personal_data_file",
}  # fmt: skip
TO_SEE: Final = FILES | {
    "web:new_token", "web:new_feed", "web:new_service", "web:service_token",
    "web:new_webhook", "web:edit_webhook", "web:webhook_secret",
    "web:new_help_desk", "web:help_desk", "web:help_desk_secret",
    "web:sign_in_rules", "web:invite", "notifications:give-address",
    "account_change_password", "account_set_password", "account_file",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip
TO_CHANGE: Final = {
    "web:person", "web:switch_off", "web:personal_data",
    "web:new_team", "web:team_settings", "web:service",
    "api:webhooks", "api:edit_webhook", "api:rotate",
}  # fmt: skip
COUNTS_ALONE: Final = ("web:kept_csv", "web:ratings_csv", "web:causes_csv")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def boss(clock: time_machine.Traveller) -> Client:
    """An administrator, signed in just now."""
    return signed_in(a_user("Sam Whitlock", is_superuser=True, is_staff=True).email)


def signed_in(email: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def address_of(name: str) -> str:
    for arguments in ([], [1], ["email"], [1, "json"]):
        with suppress(NoReverseMatch):
            return reverse(name, args=arguments)
    raise AssertionError(f"There is no page {name}.")


def is_asked(answer: Any) -> bool:
    """By the page that asks; of a program it is said."""
    if answer.headers.get("Content-Type") == "application/problem+json":
        return bool(answer.json()["code"] == "sign_in_again")
    return answer.status_code == 302 and bool(answer.url.startswith(ONCE_MORE))


def test_the_list_is_the_one_that_is_written_here():
    assert (guard.ASKED_AGAIN, guard.ASKED_TO_CHANGE) == (TO_SEE, TO_CHANGE)


@pytest.mark.parametrize("name", sorted(TO_SEE))
def test_after_a_quarter_of_an_hour_it_asks_to_be_seen_at_all(boss, clock, name):
    address = address_of(name)
    clock.shift(QUARTER - timedelta(seconds=1))
    before = [is_asked(each) for each in (boss.get(address), boss.post(address))]
    boss = signed_in("sam@larkfield.example")  # what was pressed may have ended that session
    clock.shift(QUARTER)

    after = [is_asked(each) for each in (boss.get(address), boss.post(address))]

    assert (before, after) == ([False] * 2, [True] * 2)


@pytest.mark.parametrize("name", sorted(TO_CHANGE))
def test_after_a_quarter_of_an_hour_it_asks_before_it_changes_anything(boss, clock, name):
    address = address_of(name)
    clock.shift(QUARTER - timedelta(seconds=1))
    before = [is_asked(each) for each in (boss.get(address), boss.post(address))]
    clock.shift(timedelta(seconds=1))

    after = [is_asked(each) for each in (boss.get(address), boss.post(address))]

    assert (before, after) == ([False] * 2, [False, True])


@pytest.mark.parametrize("name", sorted(TO_SEE))
def test_whoever_comes_by_a_provider_is_led_there(clock, name):
    kit = a_user("Kit Oduya", is_superuser=True, is_staff=True)
    kit.set_unusable_password()
    kit.save()
    client = Client()
    client.force_login(kit)
    clock.shift(QUARTER)

    answer = client.get(address_of(name))

    assert answer.url.startswith("/accounts/login/?next=%2F")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", COUNTS_ALONE)
def test_a_file_of_counts_asks_nothing(boss, clock, name):
    clock.shift(QUARTER)

    assert boss.get(reverse(name)).status_code == 200


def test_whoever_clicks_export_gets_the_file_after_the_password(clock):
    a_commitment(wording="Send the kettle")
    client = signed_in(ana().email)
    clock.shift(QUARTER)
    file, page = "/promises/export/?q=kettle&state=live", "/promises/?q=kettle&state=live"

    asked = client.get(file, headers={"Referer": f"http://testserver{page}"})
    [onward] = parse_qs(urlsplit(asked.url).query)["next"]
    answer = client.post(ONCE_MORE, {"password": PASSWORD, "next": onward})
    said = client.get(answer.url).content.decode()
    download = client.get(file)

    assert answer.url == f"{FILE}?{urlencode({'file': file, 'back': page})}"
    assert 'content="0; url=/promises/export/?q=kettle&amp;state=live"' in said
    assert '<a href="/promises/?q=kettle&amp;state=live">' in said
    assert "Send the kettle" in b"".join(download.streaming_content).decode()


def test_a_customers_file_is_among_them(boss, clock):
    a_commitment()
    clock.shift(QUARTER)
    file = reverse("web:personal_data_file", args=[tom().pk, "html"])

    onward = parse_qs(urlsplit(boss.get(file).url).query)["next"]
    boss.post(ONCE_MORE, {"password": PASSWORD, "next": onward[0]})

    assert f"url={file}" in boss.get(onward[0]).content.decode()
    assert boss.get(file)["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "file",
    [
        *("", "promises/export/", "https://evil.example/promises/export/"),
        *("//evil.example/promises/export/", r"/\evil.example/promises/export/"),
        *("javascript:alert(1)", "/promises/", "/promises/export/../x", "/accounts/logout/"),
    ],
)
def test_that_page_leads_to_files_of_ours_alone(boss, file):
    assert boss.get(FILE, {"file": file}).status_code == 404


@pytest.mark.parametrize("back", ["", "https://evil.example/", "//evil.example", "javascript:x"])
def test_and_back_to_a_page_of_ours(boss, back):
    said = boss.get(FILE, {"file": "/promises/export/", "back": back}).content.decode()

    assert '<a href="/">Back to where you were</a>' in said
