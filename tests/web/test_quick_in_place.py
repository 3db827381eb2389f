"""The line answered where it stands: check 3 of the page plan, and what Enter does in a script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from commitments.models import Commitment, Customer, Kind
from tests import makers
from tests.web import lines, pages
from tests.web.lines import london

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}
FIRST = "@tom call back with refund decision fri 10am"
TABLE = [
    (FIRST, "Tom Okafor", "Call back with refund decision", "refund", london(22, 10)),
    ("@tom #ref", "Tom Okafor", "Refund the amount", "refund", london(26, 17)),
    (
        "@maya send tracking number 4pm",
        *("Maya Lindqvist", "Send tracking number", "followup", london(21, 16)),
    ),
    (
        "@jo confirm visit window in 2h",
        *("Jo Park", "Confirm visit window", "visit", london(21, 16, 10)),
    ),
    (
        "@jo confirm visit window +5bh",
        *("Jo Park", "Confirm visit window", "visit", london(22, 10, 40)),
    ),
    (
        "@priya email the summary +3bd ~email",
        *("Priya Nair", "Email the summary", "other", london(27, 17, 30)),
    ),
    (
        '@rana explain "May invoice" 26/5 11am',
        *("Rana Haddad", "Explain May invoice", "other", london(26, 11)),
    ),
    (
        "#48213 ring back eod // prefers mobile",
        *("Tom Okafor", "Ring back", "callback", london(21, 17, 30)),
    ),
]


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(lines.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _now(traveller: time_machine.Traveller) -> None:
    """It is ten past two in London."""


@pytest.fixture
def client() -> Client:
    return lines.a_desk()


def enter(client: Client, line: str, **more: str) -> Any:  # Any: a test response
    """Enter is pressed in the line, and a script sends it."""
    data = {"once": f"key-{line}"[:64], "line": line} | more
    return client.post(lines.NEW, data, headers=SCRIPT)


@pytest.mark.parametrize(("line", "customer", "wording", "kind", "due_at"), TABLE)
def test_03_a_line_of_the_table_is_logged_as_it_is_read(
    client: Client, line: str, customer: str, wording: str, kind: str, due_at: datetime
) -> None:
    seen = lines.read(client, line)
    answer = enter(client, line)
    promise = lines.newest()

    assert answer.status_code == 200
    assert (promise.customer.name, promise.wording) == (customer, wording)
    assert (promise.kind.code, promise.due_at) == (kind, due_at)
    assert lines.without_asides(seen.chips) == lines.as_chips(promise)


@pytest.mark.parametrize(
    ("line", "warning", "due_at"),
    [
        ("@tom ring back 9am", "9:00 am today has passed.", london(22, 9)),
        (
            "@jo confirm visit window in 5h",
            *("7:10 pm today is outside your team's hours. Fri 22 May, 9:00 am", london(22, 9)),
        ),
        (
            "@luis book slot sat",
            *("Sat 23 May is outside your team's hours. Tue 26 May, 9:00 am", london(26, 9)),
        ),
        ("@tom send the contract sometime", "By when? Give a time such as", london(22, 17, 30)),
    ],
)
def test_03_what_needs_a_look_is_shown_first_and_logged_then(
    client: Client, line: str, warning: str, due_at: datetime
) -> None:
    before = Commitment.objects.count()
    asked = enter(client, line)
    shown = lines.shown(asked)

    assert warning in shown.text
    assert Commitment.objects.count() == before

    choice = {"take": shown.buttons["take"]} if "take" in shown.buttons else {}
    logged = enter(client, line, **shown.hidden | {"once": "another"} | choice)

    assert "Logged for" in lines.shown(logged).text
    assert lines.newest().due_at == due_at


def test_03_a_time_that_has_passed_is_refused_beside_the_line(client: Client) -> None:
    before = Commitment.objects.count()

    refused = enter(client, "@luis book slot today 1pm")

    assert refused.status_code == 422
    assert "1:00 pm today has passed. Give a later time." in lines.shown(refused).text
    assert 'value="@luis book slot today 1pm"' in refused.content.decode()
    assert 'aria-invalid="true"' in refused.content.decode()
    assert Commitment.objects.count() == before


def test_after_logging_the_line_is_empty_and_the_note_says_what_was_logged(client: Client) -> None:
    answer = enter(client, FIRST)
    content = answer.content.decode()

    assert "Logged for Tom, Fri 22 May, 10:00 am. Summary goes out in 30 seconds." in content
    assert 'id="said" role="status" hx-swap-oob="innerHTML"' in content
    assert "autofocus" in content.partition('name="line"')[2].partition(">")[0]
    assert "call back" not in content
    assert answer["HX-Trigger"] == "promises-changed"
    assert "HX-Request" in answer["Vary"]


def test_the_next_line_has_a_key_of_its_own(client: Client) -> None:
    answer = enter(client, FIRST)

    assert pages.hidden(answer)["once"] != f"key-{FIRST}"[:64]


def test_what_would_read_differently_now_is_shown_again(
    client: Client, traveller: time_machine.Traveller
) -> None:
    line = "@maya send tracking number 4pm"
    seen = lines.read(client, line)
    Kind.objects.update(summary_on=False)
    before = Commitment.objects.count()

    changed = enter(client, line, **seen.hidden)

    assert "This reads differently from what was shown before." in lines.shown(changed).text
    assert Commitment.objects.count() == before

    enter(client, line, **lines.shown(changed).hidden)

    assert Commitment.objects.count() == before + 1


def test_an_empty_line_is_answered_with_nothing(client: Client) -> None:
    assert enter(client, "   ").status_code == 204


def test_of_several_customers_one_is_chosen_beside_the_line(client: Client) -> None:
    twin = Customer.objects.create(name="Tom Vega", email="vega@customers.example")
    makers.a_commitment(now=lines.AT, customer=twin)

    asked = enter(client, "@tom ring back 4pm")

    assert asked.status_code == 422
    assert "Several customers fit “tom”. Choose one." in lines.shown(asked).text
    assert f'name="customer" value="{twin.pk}"' in asked.content.decode()

    enter(client, "@tom ring back 4pm", customer=str(twin.pk))

    assert lines.newest().customer == twin


def test_enter_with_control_leads_to_the_promise(client: Client) -> None:
    answer = enter(client, FIRST, then="open")

    assert answer["HX-Redirect"] == f"/promises/{lines.newest().reference}/"
    assert "Logged for Tom" in pages.text(client.get(answer["HX-Redirect"]))


def test_a_chip_opens_the_full_form_in_place_of_the_page(client: Client) -> None:
    answer = enter(client, FIRST, open="when")

    assert (answer["HX-Retarget"], answer["HX-Reselect"]) == ("#main", "#main")
    assert answer["HX-Push-Url"] == "/promises/new/"
    assert 'name="when" value="fri 10am"' in answer.content.decode()


def test_on_a_customers_page_the_line_need_not_name_them(client: Client) -> None:
    maya = Customer.objects.get(name="Maya Lindqvist")

    answer = enter(client, "send tracking number 4pm", promised_to=str(maya.pk))

    assert lines.newest().customer == maya
    assert pages.hidden(answer)["promised_to"] == str(maya.pk)

    enter(client, "@jo confirm visit window in 2h", promised_to=str(maya.pk))

    assert lines.newest().customer.name == "Jo Park"


@pytest.mark.parametrize("forged", ["0", "abc", "²", "9" * 19, "-1"])
def test_a_forged_customer_is_nobody(client: Client, forged: str) -> None:
    before = Commitment.objects.count()

    answer = enter(client, "send tracking number 4pm", promised_to=forged)

    assert answer.status_code == 422
    assert "To whom?" in lines.shown(answer).text
    assert Commitment.objects.count() == before


@pytest.mark.parametrize("line", ["@tom call\x00back", "@tom " + "x" * 3000, "\ud800" * 2001])
def test_hostile_lines_are_refused_in_words(client: Client, line: str) -> None:
    before = Commitment.objects.count()

    sent = urlencode({"once": "key", "line": line.encode("utf-8", "surrogatepass")})

    answer = client.post(
        lines.NEW, sent, content_type="application/x-www-form-urlencoded", headers=SCRIPT
    )

    assert answer.status_code == 422
    assert Commitment.objects.count() == before


def test_a_line_sent_after_the_session_ended_is_shown_to_be_copied(client: Client) -> None:
    client.logout()

    answer = enter(client, FIRST)

    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#main")
    assert FIRST in pages.text(answer)


def test_a_line_being_read_after_the_session_ended_is_left_alone(client: Client) -> None:
    client.logout()

    answer = client.post(lines.READ, {"line": FIRST}, headers=SCRIPT | {"HX-Trigger": "id_line"})

    assert (answer.status_code, answer["HX-Reswap"], answer.content) == (401, "none", b"")


def test_a_line_of_a_page_left_open_overnight_is_shown_to_be_copied(client: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(makers.ana())

    answer = enter(careful, FIRST)

    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#main")
    assert FIRST in pages.text(answer)


def undo_address(response: object) -> str:
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    return content.partition('hx-post="/undo/')[2].partition('"')[0]


def test_undo_on_my_promises_is_said_in_place(client: Client) -> None:
    address = f"/undo/{undo_address(enter(client, FIRST))}"

    answer = client.post(
        address, headers=SCRIPT | {"HX-Current-URL": "http://testserver/promises/mine/"}
    )

    assert "Taken back. Nothing was sent." in answer.content.decode()
    assert answer["HX-Trigger"] == "promises-changed"
    assert lines.newest().outcome == "void"


def test_undo_on_another_page_leads_on(client: Client) -> None:
    address = f"/undo/{undo_address(enter(client, FIRST))}"

    answer = client.post(
        address, headers=SCRIPT | {"HX-Current-URL": "http://testserver/customers/1/"}
    )

    assert answer["HX-Redirect"] == "/promises/mine/"
    assert "Taken back. Nothing was sent." in pages.text(client.get("/promises/mine/"))


def test_undo_half_a_minute_later_says_that_it_is_too_late(
    client: Client, traveller: time_machine.Traveller
) -> None:
    address = f"/undo/{undo_address(enter(client, FIRST))}"
    traveller.shift(31)

    answer = client.post(
        address, headers=SCRIPT | {"HX-Current-URL": "http://testserver/promises/mine/"}
    )

    assert "It is too late to undo this." in answer.content.decode()
    assert lines.newest().is_live
