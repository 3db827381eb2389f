"""An auditor reads all of their teams, changes nothing, and takes no customer's data along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from commitments import mailings, messages, services
from commitments.house import calendar_feeds
from commitments.models import Customer, Membership, Role, Team, User
from commitments.reports.scope import Scope
from notifications.models import Delivery, State
from tests.api.callers import Program, a_program
from tests.makers import DAY, HOUR, NOON, a_commitment, a_draft, a_team, a_user, ana
from tests.safety import world
from tests.web import pages
from tests.web.test_drafts import a_suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def noor() -> User:
    """She audits Billing care, which has promised Zelda something that is late."""
    auditor = a_user("Noor Haddad")
    Membership.objects.create(user=auditor, team=a_team(), role=Role.AUDITOR)
    a_commitment(
        customer=world.zelda(), wording=world.WORDING, case=world.CASE,
        now=NOON - DAY, due_at=NOON - HOUR,
    )  # fmt: skip
    return auditor


def told(text: str) -> list[str]:
    return [mark for mark in world.MARKS if mark in text]


def rows_of(answer: Any) -> list[dict[str, str]]:
    whole = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(whole)))


def test_a_page_tells_what_and_whom_and_not_how_they_are_reached(noor: User) -> None:
    promise = noor.teams.get().commitments.get()
    auditor = pages.signed_in(noor)

    seen = auditor.get(f"/promises/{promise.reference}/").content.decode()
    customer = auditor.get(f"/customers/{world.zelda().pk}/").content.decode()

    for page in (seen, customer):
        assert world.NAME in page
        assert world.WORDING in page
        assert not [each for each in world.CONTACT if each in page]
    assert "/c/" not in seen  # their link: whoever has it answers in their place


@pytest.mark.parametrize("address", ["/promises/export/", "/reports/overdue.csv"])
def test_a_file_has_every_promise_and_nobody_in_it(noor: User, address: str) -> None:
    auditors, agents = (rows_of(pages.signed_in(person).get(address)) for person in (noor, ana()))

    for name in ("Reference", "Kind", "Team", "Owner", "State", "Due"):
        assert auditors[0][name] == agents[0][name] != ""
    assert {auditors[0][name] for name in ("Promise", "Customer", "E-mail", "Phone", "Case")} == {
        ""
    }
    assert (agents[0]["Customer"], agents[0]["E-mail"]) == (world.NAME, world.EMAIL)


def test_a_workbook_has_nobody_in_it_either(noor: User) -> None:
    answer = pages.signed_in(noor).get("/promises/export/?as=xlsx")

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row]
    assert told(" ".join(cells)) == []
    assert len(list(book.active.rows)) == 2


def test_somebody_who_acts_in_one_team_and_audits_another_is_told_of_the_one(noor: User) -> None:
    repairs = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    Membership.objects.create(user=noor, team=repairs, role=Role.AGENT)
    wilma = Customer.objects.create(name="Wilma Frost", email="wilma@customers.example")
    draft = a_draft(team=repairs, customer=wilma, owner_id=noor.pk)
    services.make(draft, by=noor, now=NOON)

    found = rows_of(pages.signed_in(noor).get("/promises/export/"))

    assert {each["Customer"] for each in found if each["Team"]} == {"", "Wilma Frost"}
    assert told(str(found)) == []


def test_a_calendar_names_the_promise_by_its_reference(noor: User) -> None:
    _, secret = calendar_feeds.issue(noor, team_id=a_team().pk, lasts=DAY, now=NOON)
    promise = a_team().commitments.get()

    file = Client().get(f"/calendar/{secret}.ics").content.decode()

    assert f"SUMMARY:Overdue: Ana: Promise {promise.reference}" in file
    assert told(file) == []


@pytest.mark.parametrize("report", sorted(mailings.REPORTS))
def test_a_mailed_report_names_nobody(noor: User, report: str) -> None:
    promise = a_team().commitments.get()
    services.fulfil(promise.pk, by=ana(), how="Sent", cause="took_longer", now=NOON)

    sheet = mailings.REPORTS[report].sheet(Scope.of(noor, {}, NOON))

    assert told(repr(sheet)) == []


@pytest.mark.parametrize(
    "path", ["commitments/", "customers/", "conversations/", "commitments/{ref}/events/"]
)
def test_a_program_of_theirs_is_told_how_things_stand_and_of_nobody(noor: User, path: str) -> None:
    promise = a_team().commitments.get()
    address = "/api/v1/" + path.format(ref=promise.reference)

    said = a_program(noor).get(address).json()
    agents = a_program(ana()).get(address).json()

    assert len(said["results"]) == len(agents["results"]) > 0
    assert told(str(said)) == []
    if "events" not in path:
        assert world.NAME in str(agents)


def test_nobody_is_found_by_an_address_that_is_not_shown(noor: User) -> None:
    asked = {"email": world.EMAIL}

    assert _found(a_program(noor), asked) == 0
    assert _found(a_program(noor), {"phone": world.PHONE}) == 0
    assert _found(a_program(noor), {"external_source": "crm", "external_id": world.NUMBER}) == 0
    assert _found(a_program(ana()), asked) == 1


def _found(program: Program, asked: dict[str, str]) -> int:
    return len(program.get("/api/v1/customers/", asked).json()["results"])


REFUSED = f"550 5.1.1 <{world.EMAIL}> unknown, nor is {world.PHONE}"


def reached_in(text: str) -> list[str]:
    return [each for each in world.CONTACT if each in text]


@pytest.fixture
def wilma(noor: User) -> Customer:
    """Noor acts in Repairs, too, and Wilma is a customer of theirs."""
    repairs = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    Membership.objects.create(user=noor, team=repairs, role=Role.AGENT)
    known = {"name": "Wilma Quill", "email": "wilma@customers.example", "phone": "0111 222 3333"}
    wilma = Customer.objects.create(**known)
    services.make(a_draft(team=repairs, customer=wilma, owner_id=noor.pk), by=noor, now=NOON)
    return wilma


def test_of_an_entry_that_was_merged_the_name_alone_is_said(noor: User) -> None:
    entered = {"name": "Z. Quill", "email": "z@customers.example", "phone": "0755 555 0177"}
    twin = Customer.objects.create(**entered)
    promise = a_commitment(customer=twin, case="2")
    services.merge(twin.pk, into_id=world.zelda().pk, by=ana(), now=NOON)

    seen = pages.text(pages.signed_in(noor).get(f"/promises/{promise.reference}/"))

    assert "The other entry was called Z. Quill." in seen
    assert entered["email"] not in seen
    assert entered["phone"] not in seen


def test_what_a_mail_server_answers_is_told_without_whom_it_was_for(noor: User) -> None:
    promise = a_team().commitments.get()
    sent = Delivery.objects.filter(about=promise.about, audience="customer", channel="email")
    sent.update(state=State.FAILED, attempt_at=None, settled_at=NOON, reason=REFUSED)
    for row in sent:
        messages.subject.settled(replace(row.as_delivered(), reason=REFUSED), "failed", NOON)
    address = f"/promises/{promise.reference}/"

    auditors, agents = (pages.text(pages.signed_in(who).get(address)) for who in (noor, ana()))

    assert sent.count() == 1
    assert auditors.count("550 5.1.1 <…> unknown, nor is …") == 2  # its history, its messages
    assert reached_in(auditors) == []
    assert agents.count(REFUSED) >= 2
    assert (
        told(str(a_program(noor).get(f"/api/v1/commitments/{promise.reference}/events/").json()))
        == []
    )


def test_where_customers_ask_to_be_called_is_for_those_who_call(noor: User) -> None:
    promise = a_team().commitments.get()
    words = f"Ring {world.PHONE} or write to {world.EMAIL}, please."
    services.reply(promise.pk, words=words, now=NOON)
    address = f"/promises/{promise.reference}/"

    auditors, agents = (pages.text(pages.signed_in(who).get(address)) for who in (noor, ana()))

    # On top, where it waits for an answer, and in the history.
    assert auditors.count("Ring … or write to …, please.") == agents.count(words) == 2
    assert reached_in(auditors) == []


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"name": "", "email": world.EMAIL}, "To a customer without a name"),
        ({"name": "", "email": "", "phone": world.PHONE}, "To a customer without a name"),
        ({"name": world.EMAIL, "email": world.EMAIL}, "To …"),
        ({"name": "", "email": ""}, "To whom it does not say"),
        ({"name": world.NAME, "email": world.EMAIL}, f"To {world.NAME}"),
    ],
)
def test_a_draft_names_nobody_by_an_address(noor: User, known: dict[str, str], said: str) -> None:
    a_suggestion(**known)

    auditors, agents = (
        pages.text(pages.signed_in(who).get("/promises/drafts/")) for who in (noor, ana())
    )

    assert said in auditors
    assert reached_in(auditors) == []
    assert reached_in(agents) == reached_in(known["name"] or " ".join(known.values()))


def test_whom_somebody_only_audits_is_not_offered_to_be_merged(noor: User, wilma: Customer) -> None:
    Customer.objects.filter(name=world.NAME).update(phone=wilma.phone)
    mixed, theirs = pages.signed_in(noor), f"/customers/{wilma.pk}/merge/"

    found = [mixed.get(theirs), *(mixed.get(theirs, {"q": each}) for each in ("quill", "zelda"))]

    assert [each.status_code for each in found] == [200, 200, 200]
    assert not [each for each in found if world.NAME in pages.text(each)]
    assert mixed.get(f"/customers/{world.zelda().pk}/merge/").status_code == 404
    assert "/merge/" not in mixed.get(f"/customers/{world.zelda().pk}/").content.decode()
    assert "/merge/" in mixed.get(f"/customers/{wilma.pk}/").content.decode()


@pytest.mark.parametrize(
    "clue", [world.PHONE, "0755 555", "5550199", "zelda.quill@customers", "customers"]
)
def test_no_promise_is_found_by_an_address_that_is_not_shown(noor: User, clue: str) -> None:
    promise = a_team().commitments.get()

    assert found_everywhere(noor, clue) == set()
    assert found_everywhere(ana(), clue) == {promise.reference}


@pytest.mark.parametrize("clue", ["amber", "zelda q", world.CASE, "lantern zelda 73313"])
def test_by_words_names_and_cases_auditors_find_what_others_find(noor: User, clue: str) -> None:
    promise = a_team().commitments.get()

    assert found_everywhere(noor, clue) == {promise.reference}
    assert found_everywhere(noor, promise.reference) == {promise.reference}


def test_who_acts_in_one_team_finds_by_an_address_there_alone(noor: User, wilma: Customer) -> None:
    assert found_everywhere(noor, "customers") == {wilma.commitments.get().reference}


def found_everywhere(user: User, clue: str) -> set[str]:
    """The references of what is found: alike on the page, in its file, and by a program."""
    client = pages.signed_in(user)
    shown = client.get("/promises/", {"q": clue}).context["rows"]
    file = rows_of(client.get("/promises/export/", {"q": clue}))
    listed = a_program(user).get(query={"q": clue}).json()["results"]
    found = {each.promise.reference for each in shown}
    assert {each["Reference"] for each in file if each["Team"]} == found
    assert {each["reference"] for each in listed} == found
    return found


@pytest.mark.postgresql
@pytest.mark.parametrize("narrowed", [{}, {"state": "overdue"}])
def test_nor_where_a_list_looks_among_the_newest_or_reads_few(
    noor: User, narrowed: dict[str, str]
) -> None:
    for _ in range(12):  # so many that "customers" is a common word
        a_commitment(customer=world.zelda(), now=NOON - DAY, due_at=NOON - HOUR)
    asked = {"q": "customers"} | narrowed

    auditors, anas = (
        pages.signed_in(who).get("/promises/", asked).context["page"] for who in (noor, ana())
    )

    assert (auditors.paginator.count, anas.paginator.count) == (0, 13)


def test_a_search_asks_the_database_as_often_of_whoever_audits(noor: User) -> None:
    counts = []
    for who in (noor, ana()):
        client = pages.signed_in(who)
        client.get("/promises/", {"q": "amber"})
        with CaptureQueriesContext(connection) as asked:
            client.get("/promises/", {"q": "amber"})
        counts.append(len(asked))

    assert counts[0] == counts[1]
