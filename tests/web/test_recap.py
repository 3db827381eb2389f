"""After several promises in one call: one card to read aloud, and one mail."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments.models import Commitment, Conversation
from notifications.models import Delivery
from tests import makers
from tests.makers import MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db

FULL = {
    "who": "tom", "when": "fri 10am", "kind": "", "owner": "",
    "keep_by": "", "case": "", "summary": "", "team_note": "",
}  # fmt: skip


@pytest.fixture
def client() -> Client:
    makers.a_team()
    makers.a_commitment(wording="Before", case="1", now=NOON - 3 * 60 * MINUTE)
    return pages.signed_in(makers.ana())


def log(client: Client, wording: str, **more: str) -> Any:
    fields = FULL | {"wording": wording} | more
    shown = client.post("/promises/new/", {"once": f"k {wording}"} | fields)
    made = client.post("/promises/new/", pages.hidden(shown) | fields)
    assert made.status_code == 302, pages.text(made)
    return client.get(made["Location"])


def test_the_second_promise_of_a_call_leads_to_the_card(client: Client) -> None:
    first = log(client, "Ring back")
    second = log(client, "Book the visit")

    talk = Commitment.objects.get(wording="Book the visit").conversation_id
    assert "Read them all aloud" not in pages.text(first)
    assert f'<a href="/promises/recap/{talk}/">Read them all aloud, or send one mail</a>' in (
        second.content.decode()
    )
    assert Commitment.objects.get(wording="Ring back").conversation_id == talk


@pytest.mark.parametrize("more", [{"case": "77"}, {"channel": "email"}])
def test_another_case_or_way_is_another_conversation(client: Client, more: dict[str, str]) -> None:
    log(client, "Ring back")
    second = log(client, "Book the visit", **more)

    assert "Read them all aloud" not in pages.text(second)


def test_later_is_another_conversation(client: Client, traveller: time_machine.Traveller) -> None:
    log(client, "Ring back")
    traveller.shift(16 * MINUTE)
    second = log(client, "Book the visit")

    assert "Read them all aloud" not in pages.text(second)
    assert Conversation.objects.count() == 3


@pytest.fixture
def talk(client: Client) -> int:
    log(client, "Ring back")
    log(client, "Book the visit")
    return Commitment.objects.get(wording="Book the visit").conversation_id


def test_the_card_says_everything_in_plain_sentences(client: Client, talk: int) -> None:
    said = pages.text(client.get(f"/promises/recap/{talk}/"))

    assert "Tom, before we end, this is what we will do for you." in said
    assert "Ring back , by Friday 22 May, 10:00 am. Ana sees to it." in said
    assert "Book the visit , by Friday 22 May, 10:00 am. Ana sees to it." in said
    assert "Is that what we agreed?" in said


def test_the_mail_that_is_shown_is_the_one_that_is_sent(client: Client, talk: int) -> None:
    path = f"/promises/recap/{talk}/"
    form = client.get(path)
    shown = pages.text(client.post(path, pages.hidden(form) | {"preview": "on"}))
    assert not Delivery.objects.filter(template="recap").exists()

    sent = client.post(path, pages.hidden(form))
    after = pages.text(client.get(sent["Location"]))

    letter = Delivery.objects.get(template="recap")
    assert letter.subject in shown
    assert " ".join(letter.text.split()) in shown
    assert "One mail about all of it goes to Tom in 30 seconds." in after
    assert "Send one mail for all" not in after


def test_a_double_press_sends_one_mail(client: Client, talk: int) -> None:
    path = f"/promises/recap/{talk}/"
    fields = pages.hidden(client.get(path))

    first, second = client.post(path, fields), client.post(path, fields)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Delivery.objects.filter(template="recap").count() == 1


def test_looking_changes_nothing(client: Client, talk: int) -> None:
    before = list(Delivery.objects.order_by("pk").values_list("key", "state"))

    client.get(f"/promises/recap/{talk}/")

    assert list(Delivery.objects.order_by("pk").values_list("key", "state")) == before


def test_what_is_not_theirs_does_not_exist(talk: int) -> None:
    stranger = pages.signed_in(makers.a_user("Zed Stranger"))

    for path in (f"/promises/recap/{talk}/", "/promises/recap/999999/"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"once": "k"}).status_code == 404


def test_an_auditor_reads_and_sends_nothing(client: Client, talk: int) -> None:
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)
    auditor = pages.signed_in(makers.dev())

    page = auditor.get(f"/promises/recap/{talk}/")
    refused = auditor.post(f"/promises/recap/{talk}/", {"once": "k"})

    assert "Send one mail for all" not in pages.text(page)
    assert refused.status_code == 422
    assert not Delivery.objects.filter(template="recap").exists()


def test_the_promises_page_shows_what_became_of_the_mail(client: Client, talk: int) -> None:
    path = f"/promises/recap/{talk}/"
    client.post(path, pages.hidden(client.get(path)))
    promise = Commitment.objects.get(wording="Ring back")

    said = pages.text(client.get(f"/promises/{promise.reference}/"))

    assert "What we agreed: 2 promises, and by when To Tom Okafor, e-mail Waits to go out" in said
