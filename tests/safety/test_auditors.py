"""An auditor reads all of their teams, changes nothing, and takes no customer's data along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from commitments import mailings, services
from commitments.house import calendar_feeds
from commitments.models import Customer, Membership, Role, Team, User
from commitments.reports.scope import Scope
from tests.api.callers import Program, a_program
from tests.makers import DAY, HOUR, NOON, a_commitment, a_draft, a_team, a_user, ana
from tests.safety import world
from tests.web import pages

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
