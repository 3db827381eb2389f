"""What the words of a line could go on as."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Customer
from tests import makers
from tests.web import lines, pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HINTS = "/promises/hints/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(lines.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Client:
    return lines.a_desk()


def hints(client: Client, word: str) -> dict[str, str]:
    """What can be taken, and what is written then."""
    content = client.post(HINTS, {"word": word}).content.decode()
    options = re.findall(r'<li role="option"[^>]*data-take="([^"]*)">(.*?)</li>', content)
    return {pages.text_of(shown): html.unescape(take) for take, shown in options}


@pytest.mark.parametrize(
    ("word", "shown", "written"),
    [
        ("@to", "TO Tom Okafor Case 48213 · called today", '@"Tom Okafor"'),
        ("@TO", "TO Tom Okafor Case 48213 · called today", '@"Tom Okafor"'),
        ('@"tom ok', "TO Tom Okafor Case 48213 · called today", '@"Tom Okafor"'),
        ("@oka", "TO Tom Okafor Case 48213 · called today", '@"Tom Okafor"'),
        ("@0755", "TO Tom Okafor Case 48213 · called today", '@"Tom Okafor"'),
        ("@maya@c", "ML Maya Lindqvist called today", '@"Maya Lindqvist"'),
        ("#482", "TO Tom Okafor Case 48213", "#48213"),
        ("#refu", "Refund Refund the amount", "#refund"),
        (">de", "DS Dev Shah", '>"Dev Shah"'),
        (">sh", "DS Dev Shah", '>"Dev Shah"'),
        (">bill", "Billing care Team", '>"Billing care"'),
        ("~ph", "Call", "~phone"),
    ],
)
def test_a_word_can_be_completed(client: Client, word: str, shown: str, written: str) -> None:
    assert hints(client, word) == {shown: written}


@pytest.mark.parametrize(
    "word", ["", "tom", "@", "@nobody", "#xyz", "~fax", "@\x00", "@\ud800", "@" + "%" * 300]
)
def test_other_words_have_no_list(client: Client, word: str) -> None:
    sent = urlencode({"word": word.encode("utf-8", "surrogatepass")})

    answer = client.post(HINTS, sent, content_type=FORM)

    assert answer.status_code == 200
    assert answer.content.decode().strip() == ""


def test_what_is_taken_is_read_as_it_was_shown(client: Client) -> None:
    (taken,) = hints(client, "@oka").values()

    assert lines.read(client, f"{taken} ring back 4pm").chips["Customer"] == "Tom Okafor"


def test_two_of_one_name_are_told_apart_by_their_address(client: Client) -> None:
    twin = Customer.objects.create(name="Tom Okafor", email="other@customers.example")
    makers.a_commitment(now=lines.AT, customer=twin)

    assert sorted(hints(client, "@tom").values()) == [
        '@"other@customers.example"',
        '@"tom@customers.example"',
    ]
    line = '@"other@customers.example" ring back 4pm'
    assert lines.logged(client, line).customer == twin


def test_strangers_to_my_teams_are_not_hinted_at(client: Client) -> None:
    moves = makers.a_team("Moves")
    stranger = Customer.objects.create(name="Tomas Vega")
    makers.a_commitment(
        now=lines.AT, customer=stranger, team=moves, case="48299", owner_id=makers.dev().pk
    )
    makers.Membership.objects.filter(user=makers.ana(), team=moves).delete()

    assert list(hints(client, "@tom").values()) == ['@"Tom Okafor"']
    assert list(hints(client, "#48").values()) == ["#48213"]


def test_a_team_that_promised_itself_something_is_no_customer(client: Client) -> None:
    findings = services.Findings(title="The storm", happened="Mails lay.", why="")
    at = {"by": makers.dev(), "now": lines.AT - makers.HOUR}
    review = services.begin_review(makers.a_team().pk, findings, promises=[], **at)
    services.decide(
        review.pk,
        wording="Look at the queue",
        owner_id=makers.ana().pk,
        due_at=lines.AT + makers.DAY,
        **at,
    )

    assert Customer.objects.filter(name="Billing care").exists()
    assert hints(client, "@bill") == {}


def test_names_are_only_words(client: Client) -> None:
    nasty = Customer.objects.create(name='Tomx "<b>" \u202eZed', email="zed@customers.example")
    makers.a_commitment(now=lines.AT, customer=nasty)

    answer = client.post(HINTS, {"word": "@tomx"}).content.decode()

    assert "<b>&quot;" not in answer
    assert "<bdi>Tomx &quot;&lt;b&gt;&quot; \u202eZed</bdi>" in answer
    (taken,) = hints(client, "@tomx").values()
    assert lines.read(client, f"{taken} ring back 4pm").status == 200


def test_a_list_is_short_and_costs_the_same_for_many(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post(HINTS, {"word": "@to"})
        return len(queries)

    few = asked()
    for number in range(9):
        toni = Customer.objects.create(name=f"Toni Brandt {number}")
        makers.a_commitment(now=lines.AT, customer=toni)

    assert asked() <= few
    assert len(hints(client, "@to")) == 6


def test_those_who_make_no_promises_are_hinted_nothing(client: Client) -> None:
    makers.Membership.objects.filter(user=makers.ana()).update(role=makers.Role.AUDITOR)

    assert hints(client, "@tom") == {}


def test_hints_are_asked_by_post_alone(client: Client) -> None:
    assert client.get(HINTS).status_code == 405


def test_who_has_signed_out_while_typing_loses_nothing(client: Client) -> None:
    client.logout()

    answer = client.post(HINTS, {"word": "@tom"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Reswap"], answer.content) == (401, "none", b"")
