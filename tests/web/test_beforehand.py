"""What is said before a promise is made. None of it stops anybody who is sure."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Absence, Commitment, Membership
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db

FULL = {
    "who": "tom", "wording": "Send the part", "when": "fri 10am", "kind": "", "owner": "",
    "keep_by": "", "case": "", "summary": "", "team_note": "",
}  # fmt: skip


@pytest.fixture
def client() -> Client:
    makers.a_team()
    makers.tom()
    services.make(makers.a_draft(case="1"), by=makers.ana(), now=NOON - 9 * DAY)
    return pages.signed_in(makers.ana())


def keep_some(count: int, *, took: timedelta, kind: str = "followup") -> None:
    """That many promises to others, made on a Thursday noon and kept so long after."""
    made_at = NOON - 14 * DAY
    somebody = makers.Customer.objects.create(name="Priya Nair", email="priya@customers.example")
    for _ in range(count):
        kept = makers.a_commitment(
            customer=somebody, kind=kind, due_at=made_at + 10 * DAY, now=made_at, summary=False
        )
        services.fulfil(kept.pk, by=makers.ana(), how="Sent.", now=made_at + took)


def owe(count: int, *, by: str, at: datetime) -> None:
    owner = makers.a_user(by)
    for _ in range(count):
        makers.a_commitment(owner_id=owner.pk, due_at=at, summary=False, tell_owner=False)


def read(client: Client, line: str, **more: str) -> str:
    response = client.post("/promises/read/", {"line": line} | more)
    assert response.status_code == 200
    return pages.text_of(response.content.decode())


def test_earlier_promises_to_the_customer_are_said(client: Client) -> None:
    kept = makers.a_commitment(now=NOON - 5 * DAY, due_at=NOON - DAY)
    services.fulfil(kept.pk, by=makers.ana(), how="Sent.", now=NOON - 2 * DAY)

    said = read(client, "@tom #follow fri 10am")

    assert "Of the last two promises, one was kept, and one is open." in said


def test_how_long_such_promises_took_is_said_from_twenty_on(client: Client) -> None:
    keep_some(19, took=6 * DAY)
    few = read(client, "@tom #follow 28 may 5pm")
    keep_some(1, took=6 * DAY)
    enough = read(client, "@tom #follow 28 may 5pm")

    assert "8 in 10" not in few
    # From Thursday noon to Wednesday noon: four working days of 8.5 hours.
    assert "8 in 10 promises of this kind (Follow-up) took up to four working days." in enough
    assert "Why can it be sooner?" not in enough


def test_how_long_they_took_is_what_was_kept_with_them(client: Client) -> None:
    keep_some(20, took=6 * DAY)
    makers.a_team().calendar.opening_hours.filter(weekday=1).delete()

    said = read(client, "@tom #follow 28 may 5pm")

    # 34 hours, as they were counted when the week had five days.
    assert "took up to four working days." in said


def test_a_promise_that_leaves_less_asks_for_a_word(client: Client) -> None:
    keep_some(20, took=6 * DAY)

    said = read(client, "@tom #follow fri 10am")

    assert "took up to four working days. This one leaves seven working hours." in said
    assert "Why can it be sooner? A word for the team is enough" in said


def test_other_kinds_and_other_teams_are_not_judged_by(client: Client) -> None:
    keep_some(20, took=6 * DAY, kind="refund")

    assert "8 in 10" not in read(client, "@tom #follow fri 10am")


def test_the_word_is_kept_for_the_team_and_never_for_the_customer(client: Client) -> None:
    keep_some(20, took=6 * DAY)
    shown = client.post("/promises/new/", {"once": "k"} | FULL)

    client.post(
        "/promises/new/",
        pages.hidden(shown)
        | FULL
        | {"team_note": "He likes mail.", "why_sooner": "The part is on my desk."},
    )

    made = Commitment.objects.get(wording="Send the part")
    assert made.team_note == ("He likes mail.\nSooner than usual because: The part is on my desk.")
    letter = "".join(made.events.values_list("text__words", flat=True).exclude(text=None))
    assert "desk" not in letter


def test_whoever_is_sure_gives_no_word(client: Client) -> None:
    keep_some(20, took=6 * DAY)
    shown = client.post("/promises/new/", {"once": "k"} | FULL)
    assert "Why can it be sooner?" in pages.text(shown)

    client.post("/promises/new/", pages.hidden(shown) | FULL)

    assert Commitment.objects.get(wording="Send the part").team_note == ""


def test_what_the_owner_owes_that_day_is_said(client: Client) -> None:
    owe(3, by="Ana Moreno", at=NOON + 22 * HOUR)

    said = read(client, "@tom #follow fri 10am")

    assert "Ana has three promises due tomorrow, of 12 that fit into a day." in said


def test_who_has_too_much_is_shown_two_who_have_less(client: Client) -> None:
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=2)
    owe(2, by="Ana Moreno", at=NOON + 22 * HOUR)
    owe(1, by="Dev Shah", at=NOON + 22 * HOUR)

    said = read(client, "@tom #follow fri 10am")

    assert "Ana has two promises due tomorrow already; 2 fit into a day." in said
    assert "Give it to Ines Duarte · 0 of 12 that day" in said
    assert "Give it to Dev Shah · 1 of 12 that day" in said


def test_who_is_away_that_day_is_not_offered(client: Client) -> None:
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=0)
    Absence.objects.create(
        user=makers.dev(), deputy=makers.ines(), starts_at=NOON, ends_at=NOON + 2 * DAY
    )

    said = read(client, "@tom #follow fri 10am")

    assert "Ines Duarte" in said
    assert "Dev Shah" not in said


def test_one_press_gives_it_to_a_colleague_and_shows_it_again(client: Client) -> None:
    dev = str(makers.dev().pk)
    shown = client.post("/promises/new/", {"once": "k"} | FULL)

    given = client.post("/promises/new/", pages.hidden(shown) | FULL | {"give_to": dev})
    assert given.status_code == 200
    assert "Keeps it: Dev Shah" in pages.text(given)
    assert not Commitment.objects.filter(wording="Send the part").exists()

    client.post("/promises/new/", pages.hidden(given) | FULL | {"owner": dev})

    assert Commitment.objects.get(wording="Send the part").owner == makers.dev()


def test_a_line_that_names_a_keeper_goes_before_the_button(client: Client) -> None:
    dev = str(makers.dev().pk)

    by_button = read(client, "@tom #follow fri 10am", give_to=dev)
    by_line = read(client, "@tom #follow fri 10am >ines", give_to=dev)

    assert "Keeps it: Dev Shah" in by_button
    assert "Keeps it: Ines Duarte" in by_line


@pytest.mark.parametrize("forged", ["999999", "x", "", "²", "<b>"])
def test_a_keeper_who_cannot_be_is_refused(client: Client, forged: str) -> None:
    shown = client.post("/promises/new/", {"once": "k"} | FULL | {"give_to": forged})

    assert shown.status_code in (200, 422)
    assert "<b>" not in pages.text(shown)
    assert not Commitment.objects.filter(wording="Send the part").exists()


def test_what_is_asked_does_not_grow_with_what_was_promised(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, "@tom #follow fri 10am")
        return len(queries)

    keep_some(21, took=6 * DAY)
    owe(1, by="Dev Shah", at=NOON + 22 * HOUR)
    few = asked()
    keep_some(10, took=5 * DAY)
    owe(5, by="Ines Duarte", at=NOON + 22 * HOUR)

    assert asked() == few
