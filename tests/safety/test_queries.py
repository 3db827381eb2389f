"""Q1 to Q10 of the list of bad inputs: whatever stands behind the question mark of any list."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from commitments.models import User
from tests import makers
from tests.api.callers import a_program, ana_of_billing
from tests.api.conformance import operations
from tests.browser.tour import routes
from tests.makers import NOON
from tests.web.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LISTS = sorted(path for method, path in operations() if method == "get" and "{" not in path)
ANYTHING = [
    *(
        "abc",
        "1e5",
        "%00",
        "99999999999999999999",
        "-1",
        "1e30",
        "%F0%9F%92%A9",
        "%ff",
        "%ed%a0%80",
    ),
    *("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "notadate", "cD0lMDA=", ""),
    *("%25" * 500, "' OR 1=1--", "x" * 10_000, "{{7*7}}", "../../etc/passwd", "\u202e"),
]
FOUND_OR_NOT = {200, 400, 404}
# Nobody learns by a question what a column holds.
ORACLES = [
    *("ordering=owner__password", "ordering=-secret", "fields=password", "expand=owner"),
    *("customer__email__startswith=a", "owner__password__startswith=p", "team__in=1,2"),
    *(
        "team=1&team=2",
        "team[]=1",
        "page_size=999999999",
        "limit=99999999999999999999",
        "sort=password",
    ),
    *("q=a&q=b", "cursor=a&cursor=b", "format=api", "_method=DELETE", "page=0", "page=-1"),
]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_the_api_refuses_in_a_sentence_and_tells_nothing(path: str) -> None:
    with time_machine.travel(NOON, tick=False):
        ana = ana_of_billing()
        User.objects.filter(pk=ana.pk).update(is_superuser=True)
        program = a_program(User.objects.get(pk=ana.pk), scope="admin")
        makers.a_commitment()
        known = {
            each["name"]
            for each in operations()["get", path].get("parameters", ())
            if each["in"] == "query"
        }

        single = [f"{name}={value}" for name in sorted(known) for value in ANYTHING]
        answers = {query: program.get(f"{path}?{query}").status_code for query in single}
        oracles = {query: program.get(f"{path}?{query}").status_code for query in ORACLES}

    assert {query: status for query, status in answers.items() if status not in FOUND_OR_NOT} == {}
    assert {query for query, status in oracles.items() if status != 400} <= {
        *(f"{name}={value}" for name in known for value in ANYTHING),
        *({"page_size=999999999"} & {f"{name}=999999999" for name in known}),
    }


@pytest.mark.parametrize("path", LISTS)
def test_what_a_list_does_not_know_is_refused_by_name(path: str) -> None:
    program = a_program(ana_of_billing())

    answer = program.get(f"{path}?nothing_like_it=1")

    assert answer.status_code in {400, 403}
    if answer.status_code == 400:
        assert [each["field"] for each in answer.json()["errors"]] == ["nothing_like_it"]


PAGES = sorted(
    {
        stop.address(name, {})
        for name, stops in routes.STOPS.items()
        for stop in stops
        if not stop.given and not stop.query
    }
)
NAMES = (
    *("q", "page", "team", "owner", "kind", "since", "until", "state", "sort", "show", "whose"),
    *("of", "pick", "counted", "customer", "case", "report", "back", "next", "about", "cause"),
)
HOSTILE = ("abc", "%00", "9" * 30, "%ed%a0%80", "%ff", "0001-01-01", "-1", "' OR 1=1--", "\u202e")


@pytest.mark.audit
@pytest.mark.timeout(900)
def test_no_page_falls_over_what_stands_in_its_address() -> None:
    """All names at once, with one value and another; the reports have a test of their own."""
    makers.a_commitment()
    boss = makers.a_user("Root Admin", is_superuser=True)
    clients: dict[str, Client] = {"Ana": signed_in(makers.ana()), "Root": signed_in(boss)}

    faults = []
    for who, client in clients.items():
        client.raise_request_exception = False
        for page in PAGES:
            for value in HOSTILE:
                query = "&".join(f"{name}={quote(value, safe='%')}" for name in NAMES)
                status = client.get(f"{page}?{query}").status_code
                if status >= 500:
                    faults.append(f"{who}: {page} {value}: {status}")

    assert faults == []
