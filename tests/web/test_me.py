"""What somebody sets for themselves, and the list of all keys."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.test import Client

from commitments import digests
from commitments.models import Schedule
from commitments.web.me import profile_form
from tests import makers
from tests.makers import NOON
from tests.web import pages

pytestmark = pytest.mark.django_db

ME = "/me/"
WISHES = {
    "once": "1",
    "name": "Ana Moreno",
    "zone": "Europe/London",
    "language": "en",
    "theme": "dark",
    "keys_on": "on",
}


def test_what_is_saved_is_in_force_on_the_next_page(client: Client) -> None:
    saved = client.post(ME, WISHES | {"name": " Ana María "}, follow=True)

    ana = makers.ana()
    assert (ana.name, ana.zone, ana.theme, ana.keys_on) == (
        *("Ana María", "Europe/London", "dark", True),
    )
    assert "Saved." in pages.text(saved)
    assert 'data-theme="dark"' in saved.content.decode()


def test_switched_off_keys_leave_no_hint_and_tell_the_script(client: Client) -> None:
    assert 'aria-keyshortcuts="G R"' in client.get(ME).content.decode()

    client.post(ME, {name: said for name, said in WISHES.items() if name != "keys_on"})

    page = client.get(ME).content.decode()
    assert 'data-keys="off"' in page
    assert "aria-keyshortcuts" not in page
    assert "<kbd" not in page


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("utc", "UTC"),
    ],
)
def test_a_city_is_enough_for_a_zone(client: Client, said: str, meant: str) -> None:
    client.post(ME, WISHES | {"zone": said})

    assert makers.ana().zone == meant


@pytest.mark.parametrize(
    ("field", "said", "refusal"),
    [
        ("zone", "Atlantis", "“Atlantis” is not a time zone we know."),
        ("zone", "../etc/passwd", "is not a time zone we know."),
        ("zone", "x" * 65, "This is no time zone we know."),
        ("name", "  ", "The name is empty."),
        ("name", "a\x00b", "The name"),
        ("language", "tlh", "Choose one of the answers offered for “Language”."),
        ("theme", "pink", "Choose one of the answers offered for “Colours”."),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_changes(
    client: Client, field: str, said: str, refusal: str
) -> None:
    refused = client.post(ME, WISHES | {field: said})

    assert refused.status_code == 422
    assert refusal in pages.text(refused)
    assert pages.title(refused).startswith("Error: ")
    assert (makers.ana().zone, makers.ana().theme) == ("UTC", "device")


def test_the_digest_comes_along_to_another_zone(client: Client) -> None:
    digests.choices.choose(makers.ana().pk, at=time(8), now=NOON)

    client.post(ME, WISHES)

    planned = Schedule.objects.get(whose=makers.ana())
    assert planned.zone == "Europe/London"
    assert planned.next_at == datetime(2026, 5, 22, 7, tzinfo=UTC)


def test_every_zone_offered_can_be_chosen() -> None:
    offered = profile_form.zones()

    assert {"Europe/London", "America/Argentina/Ushuaia", "UTC"} <= set(offered)
    assert not {"posixrules", "Factory", "localtime", "US/Pacific", "EST5EDT"} & set(offered)
    assert [profile_form.Zone().clean(each) for each in offered] == offered


def test_the_keys_are_listed(client: Client) -> None:
    text = pages.text(client.get("/help/keys/"))

    assert "N Log a promise" in text
    assert "G M Go to my promises" in text
    assert "J or ↓ Next" in text


def test_strangers_are_asked_to_sign_in() -> None:
    for address in (ME, "/help/keys/"):
        assert Client().get(address).headers["Location"].startswith("/accounts/login/")
