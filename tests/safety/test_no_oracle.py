"""Another team's customers are found by nothing that somebody knows of them.

A list that answers "none" to whoever may see none tells as much as it should: nothing. So it is for
an e-mail, a name, a phone number, a number elsewhere, a case and a wording; in searches, filters,
names that are completed, forms that are filled in, and in what reports count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import messages, services
from commitments.models import Membership, Role, Team, User
from commitments.public.deed_forms import FORMS
from commitments.rules import reference
from tests.api.callers import a_program
from tests.makers import DAY, HOUR, NOON, a_commitment, a_draft, a_team, a_user, ana
from tests.safety import absent, world
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

KNOWN = (world.EMAIL, world.NAME, world.PHONE, world.NUMBER, world.CASE, world.WORDING)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def sid() -> User:
    """An agent of Repairs, with a promise of his own; Billing care has one to Zelda, late."""
    repairs = Team.objects.create(name="Repairs", calendar=a_team().calendar)
    stranger = a_user("Sid Vale")
    Membership.objects.create(user=stranger, team=repairs, role=Role.AGENT)
    a_commitment(
        customer=world.zelda(), wording=world.WORDING, case=world.CASE,
        now=NOON - DAY, due_at=NOON - HOUR,
    )  # fmt: skip
    draft = a_draft(team=repairs, owner_id=stranger.pk, wording="Mend the stove")
    services.make(draft, by=stranger, now=NOON)
    return stranger


def words_but(answer: Any, known: str) -> str:
    """The page without what was typed into it."""
    return pages.text(answer).replace(known, "").replace(quote(known), "")


@pytest.mark.parametrize("known", KNOWN)
def test_a_search_finds_nothing(sid: User, known: str) -> None:
    theirs, hers = pages.signed_in(sid), pages.signed_in(ana())

    found = [each.get("/promises/", {"q": known}) for each in (theirs, hers)]
    files = [each.get("/promises/export/", {"q": known}) for each in (theirs, hers)]

    assert [_count(each) for each in found] == [0, 0 if known == world.NUMBER else 1]
    assert _rows(files[0]) == 0
    assert a_program(sid).get(query={"q": known}).json()["results"] == []


@pytest.mark.parametrize("known", KNOWN)
def test_a_name_is_completed_for_those_who_know_it(sid: User, known: str) -> None:
    line = f"@{known.split(maxsplit=1)[0]}"
    asked = {"line": line, "at": str(len(line)), "hx": "1"}

    answer = pages.signed_in(sid).post("/promises/hints/", asked)

    assert _marks(answer.content.decode(), but=known) == []


@pytest.mark.parametrize("known", [world.EMAIL, world.NUMBER])
def test_a_form_that_is_filled_in_by_a_link_finds_nobody(sid: User, known: str) -> None:
    query = {"customer": known, "case": "1", "source": "crm"}

    answer = pages.signed_in(sid).get("/promises/new/", query)

    assert _marks(answer.content.decode(), but=known) == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("customers/", {"email": world.EMAIL}),
        ("customers/", {"phone": world.PHONE}),
        ("customers/", {"external_source": "crm", "external_id": world.NUMBER}),
        ("conversations/", {"case": world.CASE}),
        ("commitments/", {"case": world.CASE}),
        ("commitments/", {"customer": "{zelda}"}),
        ("conversations/", {"customer": "{zelda}"}),
        ("check-ins/", {"customer": "{zelda}"}),
        ("commitments/", {"team": "{team}"}),
        ("commitments/", {"owner": "{ana}"}),
        ("people/", {"team": "{team}"}),
    ],
)
def test_a_filter_of_the_api_finds_nothing(sid: User, path: str, query: dict[str, str]) -> None:
    facts = {"zelda": world.zelda().pk, "team": a_team().pk, "ana": ana().pk}
    asked = {name: each.format(**facts) for name, each in query.items()}

    theirs, hers = (
        a_program(person).get(f"/api/v1/{path}", asked).json()["results"] for person in (sid, ana())
    )

    assert theirs == []
    assert hers or path == "check-ins/"


@pytest.mark.parametrize("report", ["overdue", "kept", "ratings", "causes", "workload", "values"])
def test_what_reports_count_is_as_if_the_other_team_did_not_exist(sid: User, report: str) -> None:
    def seen() -> tuple[str, str, Any]:
        browser = pages.signed_in(sid)
        page = pages.text(browser.get(f"/reports/{report}/"))
        file = _whole(browser.get(f"/reports/{report}.csv"))
        return page, file, a_program(sid).get(f"/api/v1/reports/{report}/").json()

    before = seen()
    for _ in range(3):
        late = a_commitment(customer=world.zelda(), now=NOON - DAY, due_at=NOON - HOUR)
        services.fulfil(late.pk, by=ana(), how="Sent", cause="took_longer", now=NOON)
    a_commitment(customer=world.zelda(), now=NOON - DAY, due_at=NOON - 2 * HOUR)

    assert seen() == before


@pytest.mark.parametrize("asked", ["team={team}", "owner={ana}", "agent={ana}"])
@pytest.mark.parametrize("report", ["overdue", "kept", "ratings", "causes", "workload", "values"])
def test_a_report_of_another_team_does_not_exist(sid: User, report: str, asked: str) -> None:
    query = asked.format(team=a_team().pk, ana=ana().pk)
    nothing = asked.format(team=10**9, ana=10**9)

    browser = pages.signed_in(sid)

    for ending in ("/", ".csv"):
        theirs = browser.get(f"/reports/{report}{ending}?{query}")
        none = browser.get(f"/reports/{report}{ending}?{nothing}")
        assert theirs.status_code == none.status_code == 404


@pytest.mark.parametrize("deed", [*(f"{deed}/" for deed in FORMS), "calendar.ics"])
@pytest.mark.parametrize("how", ["get", "post"])
def test_by_a_link_no_promise_is_found_that_is_not_behind_it(deed: str, how: str) -> None:
    """A customer with their own link, and the reference of another customer's promise."""
    theirs, hers = a_commitment(), a_commitment(customer=world.zelda(), wording=world.WORDING)
    link = messages.status_path(theirs.conversation, now=NOON)

    def asked_for(promise: str) -> tuple[int, str, int]:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(Client(), how)(f"{link}{deed}?about={promise}")
        return answer.status_code, answer.content.decode().replace(promise, "…"), len(queries)

    asked_for(hers.reference)
    met, none = asked_for(hers.reference), asked_for(reference.write(absent.NOBODYS))

    assert met == none
    assert _marks(met[1], but=hers.reference) == []


def _marks(text: str, *, but: str) -> list[str]:
    text = text.replace(but, "")
    return [mark for mark in world.MARKS if mark in text and mark not in but]


def _count(page: Any) -> int:
    return len(set(re.findall(r'href="/promises/([0-9A-Z]{5})/"', page.content.decode())))


def _whole(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig")


def _rows(answer: Any) -> int:
    return _whole(answer).count("\r\n") - 2  # the head, and the end
