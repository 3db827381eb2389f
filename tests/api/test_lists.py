"""The list: whose promises, which of them, in which order, and page by page."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment
from tests.api.callers import LIST, a_program, ana_of_billing, another_team, errors_of
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_draft, a_team, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_next_due_comes_first_and_equal_times_in_the_order_they_were_made():
    late, early, twin = (a_commitment(due_at=NOON + n * HOUR) for n in (3, 1, 1))

    assert listed() == [early.reference, twin.reference, late.reference]


def test_nobody_sees_the_promises_of_another_team():
    kettle = a_commitment()
    services.make(a_draft(team=another_team(), owner_id=None), by=None, now=NOON)

    assert listed() == [kettle.reference]


def test_every_promise_is_on_one_page_whatever_is_made_meanwhile():
    made = [a_commitment(due_at=NOON + (1 + n // 2) * HOUR).reference for n in range(5)]
    program = a_program()

    first = program.get(query="page_size=2").json()
    a_commitment(due_at=NOON + MINUTE)
    second = program.get(after(first)).json()
    third = program.get(after(second)).json()

    pages = [[each["reference"] for each in page["results"]] for page in (first, second, third)]
    assert pages == [made[:2], made[2:4], made[4:]]
    assert third["next"] is None


def test_the_next_page_keeps_what_was_asked():
    for _ in range(3):
        a_commitment()
    a_commitment(owner_id=dev().pk)

    first = a_program().get(query={"page_size": 2, "owner": ana().pk}).json()
    second = a_program().get(after(first)).json()

    assert len(first["results"]) == 2
    assert [each["owner"]["name"] for each in second["results"]] == ["Ana Moreno"]


def test_a_last_page_that_is_full_has_no_next_one():
    a_commitment()
    a_commitment()

    assert a_program().get(query="page_size=2").json()["next"] is None


def test_a_page_holds_two_hundred_promises_at_most():
    kettle = a_commitment()
    copies = [Commitment.objects.get(pk=kettle.pk) for _ in range(201)]
    for copy in copies:
        copy.pk = None
    Commitment.objects.bulk_create(copies)

    answer = a_program().get(query="page_size=999999999").json()

    assert len(answer["results"]) == 200
    assert answer["next"] is not None


def test_a_longer_list_asks_no_more_of_the_database():
    a_commitment()
    program = a_program()
    program.get()  # which notes that the token is in use
    few = queries_of(program.get)
    for number in range(12):
        a_commitment(due_at=NOON + HOUR * (number + 1), owner_id=dev().pk, case=f"CASE-{number}")

    many = queries_of(program.get)

    # The token, which they are (SQLite: the live and the closed), and what is said of them.
    assert len(many) == len(few) == (3 if connection.vendor == "postgresql" else 4)


def test_promises_are_found_by_status_team_and_owner():
    mine = a_commitment()
    done = a_commitment(due_at=NOON + 2 * HOUR)
    services.fulfil(done.pk, by=ana(), how="Sent.", now=NOON)
    devs = a_commitment(due_at=NOON + 3 * HOUR, owner_id=dev().pk)
    team = a_team().pk

    assert listed(status="open") == [devs.reference, mine.reference]
    assert listed(status="fulfilled") == [done.reference]
    assert listed(owner=dev().pk, team=team) == [devs.reference]
    assert listed(team=team + 1) == []
    assert listed(owner=ines().pk + 100) == []


def test_promises_are_found_by_when_they_are_due():
    early, late = (a_commitment(due_at=NOON + n * HOUR).reference for n in (1, 2))

    assert listed(due_at__lt="2026-05-21T14:00:00Z") == [early]
    assert listed(due_at__gte="2026-05-21T16:00:00+02:00") == [late]
    both = {"due_at__gte": "2026-05-21T13:00:00Z", "due_at__lt": "2026-05-21T14:00:01Z"}
    assert listed(**both) == [early, late]


def test_overdue_promises_are_found_told_or_not(at_noon):
    silent, told, ahead = (a_commitment(due_at=NOON + n * HOUR) for n in (1, 2, 48))
    Commitment.objects.filter(pk=told.pk).update(told_at=NOON + 3 * HOUR)
    at_noon.move_to(NOON + DAY)

    assert listed(overdue="true") == [silent.reference, told.reference]
    assert listed(overdue="false") == [ahead.reference]
    assert listed(told="true") == [told.reference]
    assert listed(told="false") == [silent.reference]


@pytest.mark.parametrize(
    "query",
    [
        *("team=abc", "team=", "team=1e5", "team=-1", "team=+1", "team=%00", "team=%D9%A1"),
        *("team=99999999999999999999", "owner=me", "owner=1.0", "owner=%20 1"),
        *("status=", "status=late", "status=OPEN", "status=open%00", "overdue=1", "told=True"),
        *("due_at__lt=notadate", "due_at__lt=2026-05-21", "due_at__lt=2026-05-21T12:00:00"),
        *("due_at__lt=2026-05-21T12:00:00+02:00", "due_at__lt=0001-01-01T00:00:00%2B14:00"),
        *("due_at__gte=9999-12-31T23:59:59-12:00", "due_at__gte=2026-W21-4T12:00:00Z"),
        "due_at__gte=2026-05-22T00:00:00Z&due_at__lt=2026-05-21T00:00:00Z",
        *("page_size=0", "page_size=-1", "page_size=abc", "page_size=1e30", "page_size=💩"),
        *("page_size=9223372036854775808", "page_size=99999999999999999999"),
        *("limit=99999999999999999999", "page=0", "format=xml"),
        *("team=1&team=2", "team[]=1", "ordering=owner__password", "fields=id", "search=%25"),
        *("customer__email__startswith=a", "due_before=notadate", "%ff=1", "%00=1", "=", "token=x"),
        *("cursor=", "cursor=cD0lMDA=", "cursor=%00", "cursor=%C3%A9", "cursor=AAAA"),
        "cursor=" + "A" * 5000,
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_understood_is_refused(query):
    a_commitment()

    answer = a_program().get(query=query)

    assert answer.status_code == 400
    assert len(errors_of(answer)) == 1
    assert len(listed()) == 1


@pytest.mark.parametrize("name", ["team", "status", "told", "due_at__gte", "cursor", "colour"])
def test_the_refusal_names_the_parameter(name):
    answer = a_program(ana_of_billing()).get(query={name: "?"})

    assert errors_of(answer).keys() == {name}


@pytest.mark.parametrize(
    "place",
    [
        *("x", "2026-05-21T12:00:00Z", "2026-05-21T12:00:00Z 0", "2026-05-21T12:00:00Z -1"),
        *("2026-13-21T12:00:00Z 1", "0000-05-21T12:00:00Z 1", "2026-05-21T12:00:00Z 1\n"),
        *("2026-05-21T12:00:00Z 9223372036854775808", "2026-05-21T12:00:00Z 1 or 1=1"),
    ],
)
def test_a_forged_cursor_is_refused(place):
    forged = base64.urlsafe_b64encode(place.encode()).decode()

    answer = a_program().get(query={"cursor": forged})

    assert errors_of(answer) == {
        "cursor": "This is no cursor of ours. Follow `next` from the first page."
    }


def test_a_cursor_of_somebody_else_shows_no_more_than_ones_own():
    kettle = a_commitment()
    services.make(a_draft(team=another_team(), owner_id=None), by=None, now=NOON)
    place = base64.urlsafe_b64encode(b"2026-05-21T12:00:00Z 1").decode()

    assert listed(cursor=place) == [kettle.reference]


def test_a_hundred_and_one_parameters_are_refused_shortly():
    answer = a_program().get(query={f"p{number}": number for number in range(101)})

    assert answer.status_code == 400
    assert len(errors_of(answer)) == 20


def test_more_parameters_than_the_server_reads_are_refused():
    answer = a_program().get(query="&".join("p=1" for _ in range(2000)))

    assert answer.status_code == 400


def test_an_address_with_a_reference_takes_no_parameters():
    kettle = a_commitment()

    answer = a_program().get(f"{LIST}{kettle.reference}/", query="format=xml")

    assert errors_of(answer).keys() == {"format"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("PUT", LIST, 405), ("PATCH", LIST, 405), ("DELETE", LIST, 405), ("TRACE", LIST, 405)),
        *(("OPTIONS", LIST, 405), ("GET", f"{LIST}K7Q2M/fulfil/", 405), ("HEAD", LIST, 200)),
        *(("GET", "/api/v1/", 404), ("GET", "/api/v1/commitments", 404)),
        *(("POST", "/api/v1/commitments", 404), ("GET", f"{LIST}K7Q2M", 404)),
        *(("GET", "/api/v1/commitments.json", 404), ("GET", f"{LIST};x=1/", 404)),
        *(("GET", f"{LIST}%00/", 404), ("GET", f"{LIST}{'K' * 5000}/", 404)),
        *(("GET", f"{LIST}K7Q2M.json/", 404), ("GET", f"{LIST}%F0%9F%92%A9/", 404)),
    ],
)
def test_methods_and_addresses_that_are_not_there_are_said_to_be_so(method, path, status):
    answer = a_program(ana_of_billing()).call(method, path)

    assert answer.status_code == status
    assert status == 200 or errors_of(answer) == {}


def test_a_head_says_what_a_get_would_and_no_more():
    kettle = a_commitment()
    path = f"{LIST}{kettle.reference}/"

    head, whole = a_program().call("HEAD", path), a_program().get(path)

    assert head.content == b""
    assert head["ETag"] == whole["ETag"]


def test_a_refused_method_comes_with_those_that_are_not():
    answer = a_program(ana_of_billing()).call("DELETE", LIST)

    assert answer["Allow"] == "GET, HEAD, POST"


def test_a_method_in_a_header_does_not_count():
    answer = a_program(ana_of_billing()).call("GET", LIST, X_HTTP_Method_Override="DELETE")

    assert answer.status_code == 200


def test_an_answer_in_another_form_is_not_to_be_had():
    answer = a_program(ana_of_billing()).call("GET", LIST, Accept="text/html")

    assert answer.status_code == 406


def listed(**query: object) -> list[str]:
    """The references in the first page of Ana's list."""
    answer = a_program().get(query=query)
    assert answer.status_code == 200, answer.content
    return [each["reference"] for each in answer.json()["results"]]


def after(page: dict[str, str]) -> str:
    """Path and query of the next page."""
    parts = urlsplit(page["next"])
    return f"{parts.path}?{parts.query}"


def queries_of(act) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as asked:
        act()
    return asked.captured_queries
