"""What was typed is never lost, and what was not read is never silent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests import makers
from tests.web import lines, pages

pytestmark = pytest.mark.django_db
FIRST = "@tom call back with refund decision fri 10am"


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(lines.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Client:
    return lines.a_desk()


@pytest.mark.parametrize(
    ("line", "unread"),
    [
        ("@tom ring back at 17:75", "at 17:75"),
        ("@tom #ref by 45 something", "by 45 something"),
        ("@tom ring back yesterday", "yesterday"),
        ("@tom ring back at 17:75 or soon", "at 17:75"),
    ],
)
def test_what_looks_like_a_time_and_was_not_read_is_said(
    client: Client, line: str, unread: str
) -> None:
    note = f"We did not read “{unread}” as a time."

    assert note in lines.read(client, line).text
    assert note in pages.text(lines.log(client, line))


def test_the_full_form_says_too_what_it_did_not_read(client: Client) -> None:
    words = {"who": "tom", "wording": "ring back at 17:75", "once": "key"}
    note = "We did not read “at 17:75” as a time."

    assert note in pages.text(client.post(lines.NEW, words))
    assert note not in pages.text(client.post(lines.NEW, words | {"when": "fri 10am"}))


@pytest.mark.parametrize(
    "line", ["@tom ring back at 17:75 fri 10am", '@tom ring "at 17:75"', "@tom ring back", FIRST]
)
def test_where_a_time_was_read_or_nothing_looks_like_one_nothing_is_said(
    client: Client, line: str
) -> None:
    assert "We did not read" not in lines.read(client, line).text


def test_after_logging_the_next_line_can_be_typed_right_away(client: Client) -> None:
    assert "autofocus" not in client.get("/promises/mine/").content.decode()

    lines.logged(client, FIRST)
    page = client.get("/promises/mine/").content.decode()

    assert page.count("autofocus") == 1
    assert "autofocus" in page.partition('name="line"')[2].partition(">")[0]
    assert "Logged for Tom" in page
    assert "autofocus" not in client.get("/promises/mine/").content.decode()


def test_a_line_without_its_proof_is_shown_to_be_copied(client: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(makers.ana())

    refused = lines.log(careful, FIRST)

    assert refused.status_code == 403
    assert f"Your line {FIRST}" in pages.text(refused)


def test_a_line_too_long_is_refused_with_its_text_kept(client: Client) -> None:
    line = "@tom call back fri " + "x" * 2000
    refused = lines.log(client, line)

    assert refused.status_code == 422
    assert line in refused.content.decode()
    assert "maxlength" not in refused.content.decode()
    assert "maxlength" not in client.get("/promises/mine/").content.decode()


def test_a_promise_too_long_is_refused_with_its_text_kept(client: Client) -> None:
    wording = "call back " + "x" * 600
    refused = client.post(lines.NEW, {"who": "tom", "wording": wording, "once": "key"})

    assert refused.status_code == 422
    assert wording in refused.content.decode()
    assert "maxlength" not in refused.content.decode().partition('name="wording"')[2][:1000]


def test_the_words_a_date_was_read_from_are_said(client: Client) -> None:
    assert "Read from “fri 10am”." in lines.read(client, FIRST).text
    assert "Read from" not in lines.read(client, "@tom #ref").text
