"""Who is meant by the names in a line: customers, kinds, colleagues and teams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Customer, Kind, Membership, Role, Team
from tests import makers
from tests.web import lines, pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(lines.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Client:
    return lines.a_desk()


def a_customer(name: str, **fields: str) -> Customer:
    customer = Customer.objects.create(name=name, **fields)
    makers.a_commitment(now=lines.AT, customer=customer)
    return customer


def moves(role: Role = Role.AGENT) -> Team:
    """A second team of Ana's."""
    team = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.ana(), team=team, role=role)
    return team


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "who",
    [
        *("@tom", "@okafor", "@OKAF", '@"tom okafor"', "@tom_okafor", "@tom@customers.example"),
        *("@0755", '@"0755 555 0142"', "@07555550142", "@55501", "#48213", "@tom #48213"),
    ],
)
def test_a_customer_is_found_by_a_part_of_what_we_know(client: Client, who: str) -> None:
    assert lines.read(client, f"{who} call back fri").chips["Customer"] == "Tom Okafor"


@pytest.mark.parametrize(
    "who", ["@tom okafor", "@Tom Okafor", "@okafor tom", "@tom okafor,", "@+44 755 555 0142"]
)
def test_more_of_a_known_name_belongs_to_it(client: Client, who: str) -> None:
    Customer.objects.filter(name="Tom Okafor").update(phone="+44755 5550142")
    seen = lines.read(client, f"{who} call back mon 10am")

    assert seen.chips["Customer"] == "Tom Okafor"
    assert seen.chips["Wording"] == "Call back"


def test_a_surname_tells_customers_apart(client: Client) -> None:
    a_customer("Tom Brandt")
    promise = lines.logged(client, "@tom brandt call back fri 10am")

    assert promise.customer.name == "Tom Brandt"
    assert promise.wording == "Call back"


@pytest.mark.parametrize(
    "line", ["@tom Call back fri", "@tom call okafor fri", "@tom Refund it fri", "@tom SMS him fri"]
)
def test_what_begins_a_promise_is_no_surname(client: Client, line: str) -> None:
    assert lines.read(client, line).chips["Customer"] == "Tom Okafor"


@pytest.mark.parametrize("who", ["@tom Vega", "@tom park", '@"tom vega"'])
def test_another_surname_is_asked_about(client: Client, who: str) -> None:
    line, wrong = f"{who} call back fri 10am", who.strip('"').rsplit(maxsplit=1)[1]
    asked = f"Is it Tom Okafor? “{wrong}” is not part of that name."

    assert asked in lines.read(client, line).text

    page = lines.log(client, line)
    words = {"who": who.strip('@"'), "wording": "call back", "when": "fri 10am"}

    assert asked in pages.text(page)

    known = client.post(lines.NEW, words | pages.hidden(page) | {"customer": str(makers.tom().pk)})
    new = client.post(lines.NEW, words | pages.hidden(page) | {"customer": "new"})

    assert "Customer: Tom Okafor Due" in pages.text(known)
    assert f"Customer: {words['who']} , new" in pages.text(new)


def test_names_almost_like_the_one_typed_are_said(client: Client) -> None:
    asked = lines.read(client, "@tmo call back fri").text

    assert "We know nobody who fits “tmo”. Did you mean Tom Okafor? Correct it" in asked
    assert "Did you mean" not in lines.read(client, "@xyzzy call back fri").text


def test_a_quoted_word_after_a_name_begins_the_promise(client: Client) -> None:
    assert lines.read(client, '@tom "Vega" call fri').chips["Wording"] == "Vega call"


def test_an_address_after_a_name_decides(client: Client) -> None:
    line = "@Tom Vega <tom.vega@mail.example> ring about bill fri 10am"

    assert "We know nobody who fits “Tom Vega <tom.vega@mail.example>”" in (
        lines.read(client, line).text
    )
    assert 'value="tom.vega@mail.example"' in lines.log(client, line).content.decode()

    a_customer("Thomas Vega", email="tom.vega@mail.example")
    seen = lines.read(client, line)

    assert seen.chips["Customer"] == "Thomas Vega"
    assert seen.chips["Wording"] == "Ring about bill"


def test_an_address_is_found_by_where_its_words_begin(client: Client) -> None:
    a_customer("Zoe Newby", email="billing.desk@kettles.example")

    assert lines.read(client, "@desk call fri").chips["Customer"] == "Zoe Newby"
    assert lines.read(client, "@kettles call fri").chips["Customer"] == "Zoe Newby"
    assert "We know nobody who fits “ettles”" in lines.read(client, "@ettles call fri").text


def test_a_name_written_in_full_is_meant_before_a_longer_one(client: Client) -> None:
    a_customer("Joan Reed")

    assert lines.read(client, "@jo call fri").chips["Customer"] == "Jo Park"
    assert lines.read(client, "@joan call fri").chips["Customer"] == "Joan Reed"


def test_of_several_customers_one_is_chosen_on_the_form(client: Client) -> None:
    a_customer("Tom Brandt", email="brandt@customers.example")

    assert "Several customers fit “tom”. Choose one." in lines.read(client, "@tom call fri").text

    page = lines.log(client, "@tom call back fri")

    assert "Tom Brandt, brandt@customers.example" in pages.text(page)


def test_of_several_customers_the_case_tells_which(client: Client) -> None:
    a_customer("Tom Brandt")

    assert lines.read(client, "@tom #48213 call fri").chips["Customer"] == "Tom Okafor"


def test_a_case_that_was_somebody_elses_is_said(client: Client) -> None:
    seen = lines.read(client, "@maya #48213 call fri")

    assert seen.chips["Customer"] == "Maya Lindqvist"
    assert "Until now, case 48213 was about Tom Okafor." in seen.text


def test_somebody_new_is_added_on_the_form(client: Client) -> None:
    page = lines.log(client, '@"Zelda Newby" call back fri 10am')

    assert page.status_code == 422
    assert 'name="name" value="Zelda Newby"' in page.content.decode()

    words = {"who": "Zelda Newby", "wording": "call back", "when": "fri 10am"}
    shown = client.post(lines.NEW, words | pages.hidden(page))

    assert "Customer: Zelda Newby , new" in pages.text(shown)

    client.post(lines.NEW, words | pages.hidden(shown))

    assert lines.newest().customer.name == "Zelda Newby"


@pytest.mark.parametrize(
    ("start", "name"),
    [
        *(("ref", "Refund"), ("REFUND", "Refund"), ("rep", ""), ("repa", "Repair")),
        *(("follow-up", "Follow-up"), ("followup", "Follow-up"), ("c", ""), ("cr", "Credit")),
    ],
)
def test_a_kind_is_meant_by_an_unambiguous_start(client: Client, start: str, name: str) -> None:
    seen = lines.read(client, f"@tom #{start} put it right fri")

    assert seen.chips.get("Kind", "") == name
    assert bool(name) != ("Choose one." in seen.text)


def test_a_retired_kind_is_not_meant(client: Client) -> None:
    Kind.objects.filter(code="refund").update(retired_at=lines.AT)

    assert "No kind begins with “ref”" in lines.read(client, "@tom #ref").text


def test_what_a_promise_is_about_says_more_than_how_it_is_kept(client: Client) -> None:
    for wording, kind in (
        ("call back about the refund", "Refund (guess)"),
        ("call back", "Callback (guess)"),
        ("reply with the voucher", "Credit (guess)"),
        ("bring cake", "Other (guess)"),
    ):
        assert lines.read(client, f"@tom {wording} fri").chips["Kind"] == kind


@pytest.mark.parametrize("piece", [">dev", ">Dev", ">shah", ">sh", '>"dev shah"'])
def test_a_colleague_is_meant_by_a_start_of_a_name(client: Client, piece: str) -> None:
    promise = lines.logged(client, f"@tom call back fri 10am {piece}")

    assert promise.owner == makers.dev()


@pytest.mark.parametrize("piece", [">me", ">ana"])
def test_a_promise_may_be_handed_to_myself(client: Client, piece: str) -> None:
    seen = lines.read(client, f"@tom call back fri 10am {piece}")

    assert "Keeps it" not in seen.chips
    assert lines.logged(client, f"@tom call back fri 10am {piece}").owner == makers.ana()


def test_a_promise_handed_to_a_team_has_no_owner_yet(client: Client) -> None:
    team = moves()
    line = "@tom call back fri 10am >moves"

    assert lines.read(client, line).chips["Keeps it"] == "Nobody yet"
    assert lines.read(client, line).chips["Team"] == "Moves"

    lines.log(client, line, **lines.read(client, line).hidden)

    assert lines.newest().team == team
    assert lines.newest().owner is None
    assert lines.newest().customer == makers.tom()
    assert Customer.objects.filter(name="Tom Okafor").count() == 1


def test_of_several_colleagues_one_is_chosen_on_the_form(client: Client) -> None:
    for name in ("Della Ray", "Derek Oh"):
        person = makers.a_user(name)
        Membership.objects.create(user=person, team=makers.a_team(), role=Role.AGENT)

    asked = lines.read(client, "@tom call back fri >de").text

    assert "“de” may be Della Ray, Derek Oh or Dev Shah. Choose who keeps it." in asked


def test_a_colleague_of_another_team_is_nobody(client: Client) -> None:
    makers.a_user("Zed Stranger")
    Team.objects.create(name="Zeppelins", calendar=makers.a_team().calendar)

    for piece in (">zed", ">zep"):
        asked = lines.read(client, f"@tom call back fri {piece}").text
        assert "Nobody in your teams, and no team of yours" in asked


def test_the_team_is_the_one_that_knows_the_customer(client: Client) -> None:
    team = Team.objects.create(name="Apples", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.ana(), team=team, role=Role.AGENT)
    zoe = Customer.objects.create(name="Zoe Newby")
    makers.services.make(makers.a_draft(customer=zoe, team=team), by=makers.ana(), now=lines.AT)

    assert lines.read(client, "@tom call back fri").chips["Team"] == "Billing care"
    assert lines.read(client, "@zoe call back fri").chips["Team"] == "Apples"
    assert lines.read(client, "@zoe call back fri >dev").chips["Team"] == "Billing care"


def test_more_teams_ask_no_more_of_the_database(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            lines.read(client, "@tom call back fri 10am")
        return len(asked)

    calendar = moves().calendar
    few = queries()
    for name in ("Night desk", "Repairs", "Returns"):
        team = Team.objects.create(name=name, calendar=calendar)
        Membership.objects.create(user=makers.ana(), team=team)

    assert queries() == few


def test_customers_of_other_teams_are_not_found(client: Client) -> None:
    team = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.dev(), team=team, role=Role.AGENT)
    zoe = Customer.objects.create(name="Zoe Newby", email="zoe@customers.example")
    draft = makers.a_draft(customer=zoe, team=team, owner_id=makers.dev().pk, case="777")
    makers.services.make(draft, by=makers.dev(), now=lines.AT)

    for who in ("@zoe", "@zoe@customers.example", "#777"):
        assert "Newby" not in lines.read(client, f"{who} call back fri").text


def test_an_erased_customer_is_not_found(client: Client) -> None:
    Customer.objects.filter(name="Tom Okafor").update(erased_at=lines.AT)

    assert "We know nobody who fits “okafor”" in lines.read(client, "@okafor call fri").text
    assert "We do not know case 48213" in lines.read(client, "#48213 call fri").text


def test_where_people_disagree_the_other_day_is_offered_and_the_words_stay(
    client: Client,
) -> None:
    line = "@tom call back next friday"
    seen = lines.read(client, line)

    assert seen.chips["Due"] == "Fri 29 May, 5:30 pm"
    assert "Some people mean Fri 22 May" in seen.text

    page = lines.log(client, line, **seen.hidden, take=seen.buttons["take"])

    assert "Due: Fri 22 May, 5:30 pm" in pages.text(page)
    assert "reads differently" not in pages.text(page)

    words = {"who": "tom", "wording": "call back", "when": "next friday"}
    client.post(lines.NEW, words | pages.hidden(page))

    assert lines.newest().due_at == lines.london(22, 17, 30)
    assert lines.newest().due_said == "next friday"


def test_why_it_is_due_then_is_shown_and_kept(client: Client) -> None:
    seen = lines.read(client, "@jo confirm visit window +5bh")

    assert "Why this date" in seen.text
    assert "Thu 21 May, 2:10 pm to 5:30 pm: 3 h 20 min" in seen.text

    promise = lines.logged(client, "@jo confirm visit window +5bh")

    assert promise.due_chain[-1].ends_at == promise.due_at
    assert len(promise.due_chain) > 2
    assert Commitment.objects.exclude(due_steps=[]).count() >= 1
