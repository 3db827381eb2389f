from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment, Conversation, Customer, Membership, Role, Team
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ALL = "/promises/"


def listed(page: Any) -> list[str]:
    """The wordings in the table, from its top."""
    return re.findall(r'class="main"><a href="[^"]*">([^<]*)</a>', page.content.decode())


def a_day() -> None:
    """One promise of every sort; each is worded as what it is."""
    before = NOON - 2 * DAY
    silent = {"due_at": NOON - HOUR, "now": before}
    makers.a_commitment(wording="Silent", case="LK-20714", **silent)
    told = makers.a_commitment(wording="Told", **silent)
    Commitment.objects.filter(pk=told.pk).update(told_at=NOON)
    makers.a_commitment(wording="Soon", due_at=NOON + HOUR, now=before, kind="refund")
    makers.a_commitment(wording="Tomorrow", due_at=NOON + DAY, now=NOON)
    waiting = makers.a_commitment(wording="Waiting", due_at=NOON + 3 * HOUR, now=before)
    services.wait(waiting.pk, by=makers.ana(), what="A photo", now=before)
    for wording, ending in (("Kept", services.fulfil), ("Unwanted", services.release)):
        made = makers.a_commitment(wording=wording, due_at=NOON + 5 * HOUR, now=before)
        said = {"how": "Sent"} if ending is services.fulfil else {"reason": "Found it"}
        ending(made.pk, by=makers.ana(), now=before + HOUR, **said)  # type: ignore[operator]  # two verbs of unlike words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "live"}, ["Silent", "Told", "Soon", "Waiting", "Tomorrow"]),
        ({"state": "overdue"}, ["Silent", "Told"]),
        ({"state": "overdue", "told": "no"}, ["Silent"]),
        ({"told": "yes"}, ["Told"]),
        ({"state": "today"}, ["Soon"]),
        ({"state": "soon"}, ["Soon"]),
        ({"state": "due_soon"}, ["Soon"]),
        ({"state": "upcoming"}, ["Tomorrow"]),
        ({"state": "waiting"}, ["Waiting"]),
        ({"state": "done"}, ["Kept"]),
        ({"state": "on_time"}, ["Kept"]),
        ({"state": "released"}, ["Unwanted"]),
        ({"state": "broken"}, []),
        ({"state": "closed"}, ["Unwanted", "Kept"]),
        ({"state": "nobody"}, []),
        ({"due": "tomorrow"}, ["Tomorrow"]),
        ({"due": "last7", "state": "live"}, ["Silent", "Told", "Soon", "Waiting"]),
        ({"first": "2026-05-22", "last": "2026-05-22"}, ["Tomorrow"]),
        ({"first": "2026-05-23"}, []),
    ],
)
def test_the_list_is_narrowed(ines: Client, asked: dict[str, str], found: list[str]) -> None:
    a_day()
    if asked.get("state") == "due_soon":  # its reminder is owed, the sweep has not come round yet
        Commitment.objects.filter(wording="Soon").update(
            climbed=0, next_action="step", next_action_at=NOON
        )
        Commitment.objects.exclude(wording="Soon").filter(status="open").update(climbed=0)

    assert listed(ines.get(ALL, asked)) == found


@pytest.mark.parametrize(
    ("due", "first", "last"), [("next7", 0, 6), ("last7", -6, 0), ("last30", -29, 0)]
)
def test_so_many_days_are_as_many_and_today_is_one(
    ines: Client, due: str, first: int, last: int
) -> None:
    for days in (first - 1, first, last, last + 1):
        due_at = NOON + HOUR + days * DAY
        makers.a_commitment(wording=f"Day {days}", due_at=due_at, now=NOON - 40 * DAY)

    found = listed(ines.get(ALL, {"due": due}))

    assert sorted(found) == sorted([f"Day {first}", f"Day {last}"])


def test_open_ones_come_first_with_the_longest_overdue_on_top(ines: Client) -> None:
    a_day()

    page = ines.get(ALL)

    live = ["Silent", "Told", "Soon", "Waiting", "Tomorrow"]
    assert listed(page) == [*live, "Unwanted", "Kept"]
    assert "aria-sort" not in page.content.decode()


@pytest.mark.parametrize(
    ("sort", "first", "said"),
    [
        ("due", "Silent", "ascending"),
        ("-due", "Tomorrow", "descending"),
        ("promise", "Kept", "ascending"),
        ("-promise", "Waiting", "descending"),
        ("kind", "Silent", "ascending"),
        ("owner", "Silent", "ascending"),
        ("-state", "Waiting", "descending"),
    ],
)
def test_a_header_sorts_and_says_so(ines: Client, sort: str, first: str, said: str) -> None:
    a_day()

    page = ines.get(ALL, {"sort": sort})

    assert listed(page)[0] == first
    assert page.content.decode().count(f'aria-sort="{said}"') == 1
    other = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    assert f'href="?sort={other}"' in page.content.decode()


def test_live_and_closed_are_merged_by_their_time(ines: Client) -> None:
    a_day()

    assert listed(ines.get(ALL, {"sort": "due"})) == [
        *("Silent", "Told", "Soon", "Waiting", "Kept", "Unwanted", "Tomorrow")
    ]


@pytest.mark.parametrize("sort", ["", "due", "-due", "promise", "-state"])
@pytest.mark.parametrize("looked_for", ["q", "owner", "team"])
def test_what_is_looked_for_stands_in_the_same_order(
    ines: Client, looked_for: str, sort: str
) -> None:
    a_day()
    of_all = {"q": "okafor", "owner": makers.ana().pk, "team": makers.a_team().pk}

    page = ines.get(ALL, {looked_for: of_all[looked_for], "sort": sort})

    assert len(listed(page)) == 7
    assert listed(page) == listed(ines.get(ALL, {"sort": sort}))


@pytest.mark.parametrize(
    "text",
    [
        *("okaf", "TOM OKAFOR", "okafor tom", "tom@customers.example", "customers.example"),
        *("0755", "0755 555 0142", "+44 755 555 0142", "555-0142", "0142"),
        *("kettle part", "replacement kettle's", "LK-20714", "20714", "tom part lk"),
    ],
)
def test_words_find_a_promise_wherever_they_stand(ines: Client, text: str) -> None:
    other = Customer.objects.create(name="Maya Lindqvist", email="maya@elsewhere.example")
    makers.a_commitment(wording="Book a visit", customer=other)
    makers.a_commitment(case="LK-20714")
    Customer.objects.filter(name="Tom Okafor").update(phone="+44 755 555 0142")
    if text in ("0755", "0755 555 0142"):
        Customer.objects.filter(name="Tom Okafor").update(phone="0755 555 0142")

    assert listed(ines.get(ALL, {"q": text})) == ["Send the kettle&#x27;s replacement part"]


@pytest.mark.parametrize("text", ["kettle visit", "ettle", "0756", "x' | 'y", "' or 1=1 --", "!!!"])
def test_what_fits_no_promise_finds_none(ines: Client, text: str) -> None:
    makers.a_commitment()

    assert listed(ines.get(ALL, {"q": text if text != "ettle" else "kettel"})) == []


def test_new_words_are_found_and_old_ones_are_not(ines: Client) -> None:
    kettle = makers.a_commitment(case="LK-20714")
    Commitment.objects.filter(pk=kettle.pk).update(wording="Mend the toaster")
    Customer.objects.filter(name="Tom Okafor").update(name="Thomas Okafor-Reed", phone="")
    Conversation.objects.filter(outside_reference="LK-20714").update(outside_reference="X9")

    for text in ("toaster", "reed", "x9"):
        assert listed(ines.get(ALL, {"q": text})) == ["Mend the toaster"]
    for text in ("kettle", "LK-20714", "0755"):
        assert listed(ines.get(ALL, {"q": text})) == []


def test_a_reference_finds_its_promise(ines: Client) -> None:
    kettle = makers.a_commitment()
    makers.a_commitment(wording="Another")

    page = ines.get(ALL, {"q": f" {kettle.reference.lower()} "})

    assert listed(page) == ["Send the kettle&#x27;s replacement part"]
    assert "One promise" in pages.text(page)


@pytest.mark.parametrize(
    "value",
    [
        *("\x00", "%ED%A0%80", "9" * 400, "-1", "1e9", "' or 1=1", "<script>", "0001-01-01"),
        *("9999-12-31", "א" * 300, "x" * 10_000),
    ],
)
def test_no_value_of_a_filter_breaks_the_list(ines: Client, value: str) -> None:
    makers.a_commitment()
    raw = value if value.startswith("%") else quote(value)
    names = ["q", "state", "due", "told", "first", "last", "team", "owner", "kind", "sort", "page"]

    for name in names:
        page = ines.get(f"{ALL}?{name}={raw}")

        assert page.status_code == 200, name
        assert "Promises" in pages.title(page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"state": "lost"}, "Choose one of the answers offered for “State”."),
        ({"due": "someday"}, "Choose one of the answers offered for “Due”."),
        ({"told": "perhaps"}, "Choose one of the answers offered for “Customer”."),
        ({"first": "31 May"}, "“Due from” needs a day between 2000 and 2199, such as 2026-05-22."),
        ({"last": "9999-12-31"}, "“Due until” needs a day between 2000 and 2199"),
        ({"sort": "colour"}, "There is no such order of the list."),
        ({"q": "a\x00b"}, "What you look for contains a NUL"),
        ({"team": "30000000"}, "There is no such team here, so nothing is listed."),
    ],
)
def test_a_wrong_value_is_answered_in_a_sentence(
    ines: Client, asked: dict[str, str], said: str
) -> None:
    makers.a_commitment()

    page = ines.get(ALL, asked)

    assert said in pages.text(page)
    assert listed(page) == []


def test_a_team_of_others_is_as_unknown_as_one_that_does_not_exist(ines: Client) -> None:
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    mia = makers.a_user("Mia Mover")
    Membership.objects.create(user=mia, team=moves, role=Role.AGENT)

    theirs, nobodys = (ines.get(ALL, {"team": pk}) for pk in (moves.pk, 987654))
    person = ines.get(ALL, {"owner": mia.pk})

    assert pages.text(theirs) == pages.text(nobodys)
    assert "There is no such owner here" in pages.text(person)


def test_htmx_is_given_what_was_found_and_the_count_to_announce(ines: Client) -> None:
    makers.a_commitment()

    part = ines.get(ALL, {"state": "live"}, headers={"HX-Request": "true"})
    whole = ines.get(ALL, {"state": "live"})

    assert "<html" not in part.content.decode()
    assert '<div hx-swap-oob="innerHTML:#announced">One promise</div>' in part.content.decode()
    assert "<html" in whole.content.decode()
    assert "hx-swap-oob" not in whole.content.decode()
    assert {part["Vary"], whole["Vary"]} == {"HX-Request, Cookie"}


def test_the_filters_stay_in_every_address_of_the_page(ines: Client) -> None:
    for number in range(51):
        makers.a_commitment(wording=f"Number {number}")

    page = ines.get(ALL, {"state": "live", "q": "number", "due": ""}).content.decode()

    assert 'href="?state=live&amp;q=number&amp;page=2"' in page
    assert 'href="/promises/export/?state=live&amp;q=number"' in page
    assert 'href="?state=live&amp;q=number&amp;sort=due"' in page


def test_what_nobody_pages_through_is_not_counted_to_the_end(
    ines: Client, settings: LazySettings
) -> None:
    settings.COMMITMENTS_LENGTHS = {"listed_at_most": 3}
    for number in range(5):
        makers.a_commitment(wording=f"Number {number}")

    page = ines.get(ALL)

    assert "More than 3 promises" in pages.text(page)
    assert len(listed(page)) == 3
    assert 'href="?sort=due"' in page.content.decode()
    assert "sort=owner" not in page.content.decode()


@pytest.mark.parametrize(
    ("most", "said", "count"), [(3, "More than 3 promises", 3), (4, "Four promises", 4)]
)
@pytest.mark.parametrize("looked_for", ["q", "owner"])
def test_open_and_closed_ones_are_counted_together(
    ines: Client, settings: LazySettings, looked_for: str, most: int, said: str, count: int
) -> None:
    settings.COMMITMENTS_LENGTHS = {"listed_at_most": most}
    for number in range(4):
        made = makers.a_commitment(wording=f"Number {number}")
        if number % 2:
            services.fulfil(made.pk, by=makers.ana(), how="Sent", now=NOON)

    page = ines.get(ALL, {looked_for: {"q": "number", "owner": makers.ana().pk}[looked_for]})

    assert said in pages.text(page)
    assert len(listed(page)) == count


def test_what_is_found_by_words_has_more_than_one_page(ines: Client) -> None:
    for number in range(52):
        makers.a_commitment(wording=f"Number {number}", due_at=NOON + HOUR + number * HOUR)

    page = ines.get(ALL, {"q": "number", "page": "2"})

    assert listed(page) == ["Number 50", "Number 51"]


def test_the_number_of_queries_does_not_depend_on_the_promises(ines: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ines.get(ALL, {"q": "kettle", "sort": "due"}).status_code == 200
        return len(queries)

    makers.a_commitment()
    few = asked()
    for number in range(8):
        makers.a_commitment(due_at=NOON + number * HOUR + HOUR, now=NOON - timedelta(days=1))

    assert asked() == few
    assert few <= 16


def test_an_auditor_sees_the_list_and_nothing_to_select(ines: Client) -> None:
    Membership.objects.filter(user=makers.ines()).update(role=Role.AUDITOR)
    makers.a_commitment()

    page = ines.get(ALL)

    assert listed(page) == ["Send the kettle&#x27;s replacement part"]
    assert 'name="pick"' not in page.content.decode()
    assert ines.get("/promises/hand-over/").status_code == 403
