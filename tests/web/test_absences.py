"""The page on which somebody plans to be away."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Absence, User
from tests.makers import (
    DAY,
    HOUR,
    NOON,
    a_commitment,
    a_team,
    a_user,
    ana,
    dev,
    events_of,
    fresh,
    ines,
)

pytestmark = pytest.mark.django_db

PAGE = "/me/absences/"
NEXT_WEEK = {"starts_on": "2026-05-25", "ends_on": "2026-05-29"}


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False) as traveller:
        a_team()
        yield traveller


def signed_in(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def anas(client: Client) -> Client:
    return signed_in(client, ana())


def post(page: Client, address: str = PAGE, **data: str) -> HttpResponse:
    usual = NEXT_WEEK | {"deputy": str(dev().pk), "once": "1"}
    return page.post(address, usual | data)  # type: ignore[return-value]  # a response


def save(page: Client, address: str = PAGE, **data: str) -> HttpResponse:
    """Look at it, and press Save on what was shown."""
    looked = post(page, address, **data)
    seen = re.search(r'name="seen" value="(\w+)"', looked.content.decode())
    return post(page, address, **data, step="save", seen=seen.group(1) if seen else "")


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_the_page_opens_empty(anas: Client):
    answer = anas.get(PAGE)

    assert answer.status_code == 200
    assert "When are you away?" in text_of(answer)


def test_before_it_is_saved_the_page_lists_what_falls_into_it(anas: Client):
    a_commitment(due_at=NOON + 5 * DAY, wording="Call about the meter")

    answer = post(anas)

    assert answer.status_code == 200
    assert "Call about the meter" in text_of(answer)
    assert "Leave with Dev" in text_of(answer)
    assert "Hand over to Ines Duarte" in text_of(answer)
    assert not Absence.objects.exists()


def test_what_was_looked_at_is_saved(anas: Client):
    answer = save(anas)

    assert answer.status_code == 302
    absence = Absence.objects.get()
    assert (absence.user, absence.deputy) == (ana(), dev())
    assert absence.starts_at == NOON + 3 * DAY + 12 * HOUR
    assert absence.ends_at == NOON + 8 * DAY + 12 * HOUR


def test_a_chosen_promise_is_handed_over_and_the_others_stay(anas: Client):
    kettle = a_commitment(due_at=NOON + 5 * DAY, case="1")
    bill = a_commitment(due_at=NOON + 5 * DAY, case="2")

    save(anas, **{f"promise-{kettle.pk}": str(ines().pk), f"promise-{bill.pk}": ""})

    assert (fresh(kettle).owner, fresh(bill).owner) == (ines(), ana())


def test_other_days_than_those_looked_at_are_shown_first(anas: Client):
    looked = post(anas)
    seen = re.search(r'name="seen" value="(\w+)"', looked.content.decode())
    assert seen is not None

    answer = post(anas, ends_on="2026-06-30", step="save", seen=seen.group(1))

    assert answer.status_code == 200
    assert "Is this right?" in text_of(answer)
    assert not Absence.objects.exists()


def test_a_promise_made_meanwhile_is_shown_before_it_is_saved(anas: Client):
    looked = post(anas)
    seen = re.search(r'name="seen" value="(\w+)"', looked.content.decode())
    assert seen is not None
    a_commitment(due_at=NOON + 5 * DAY, wording="Call about the meter")

    answer = post(anas, step="save", seen=seen.group(1))

    assert "Call about the meter" in text_of(answer)
    assert not Absence.objects.exists()


def test_save_pressed_twice_saves_once(anas: Client):
    kettle = a_commitment(due_at=NOON + 5 * DAY)
    chosen = {f"promise-{kettle.pk}": str(ines().pk)}
    looked = post(anas, **chosen)
    seen = re.search(r'name="seen" value="(\w+)"', looked.content.decode())
    assert seen is not None

    answers = [post(anas, **chosen, step="save", seen=seen.group(1)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Absence.objects.count() == 1
    assert events_of(kettle) == ["made", "reassigned"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_on": "2026-05-24"}, "That ends before it begins."),
        ({"starts_on": "soon"}, "Give a day, like 2026-05-22."),
        ({"starts_on": "2026-05-20"}, "That beginning has passed."),
        ({"starts_at_clock": "noon"}, "Give a time of day, like 13:00."),
        ({"deputy": ""}, "needs an answer"),
        ({"deputy": "0"}, "Choose one of the answers offered"),
        ({"note": "x" * 201}, "keep it to 200"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(
    anas: Client, wrong: dict[str, str], sentence: str
):
    answer = post(anas, **wrong)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Absence.objects.exists()


def test_who_stands_in_while_the_deputy_is_away_is_named(anas: Client):
    Absence.objects.create(
        user=dev(), deputy=ines(), starts_at=NOON + 5 * DAY, ends_at=NOON + 6 * DAY
    )

    answer = post(anas)

    assert "Dev is away for a part of that time" in text_of(answer)
    assert "Ines Duarte: Tue 26 May, 12:00 noon to Wed 27 May, 12:00 noon" in text_of(answer)


def test_today_begins_now(anas: Client):
    save(anas, starts_on="2026-05-21", ends_on="2026-05-21", ends_at_clock="17:00")

    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (NOON, NOON + 5 * HOUR)


def test_days_are_those_of_whoever_is_away(client: Client):
    User.objects.filter(pk=ana().pk).update(zone="Asia/Kolkata")
    page = signed_in(client, dev())

    save(page, f"{PAGE}?for={ana().pk}", deputy=str(ines().pk))

    absence = Absence.objects.get()
    assert absence.user == ana()
    assert absence.starts_at == NOON + 3 * DAY + 6.5 * HOUR


def test_a_plan_is_changed_and_withdrawn(anas: Client):
    save(anas)
    pk = Absence.objects.get().pk

    shown = anas.get(f"{PAGE}{pk}/")
    save(anas, f"{PAGE}{pk}/", ends_on="2026-05-27")
    changed = Absence.objects.get().ends_at
    anas.post(f"{PAGE}{pk}/end/")

    assert 'value="2026-05-29"' in shown.content.decode()
    assert changed == NOON + 6 * DAY + 12 * HOUR
    assert not Absence.objects.exists()


def test_what_has_begun_ends_now(anas: Client):
    absence = Absence.objects.create(
        user=ana(), deputy=dev(), starts_at=NOON - DAY, ends_at=NOON + DAY
    )

    anas.post(f"{PAGE}{absence.pk}/end/")

    assert Absence.objects.get().ends_at == NOON


def test_a_lead_sees_who_of_the_team_is_away(client: Client):
    Absence.objects.create(user=ana(), deputy=dev(), starts_at=NOON, ends_at=NOON + DAY)

    answer = signed_in(client, dev()).get(PAGE)

    assert "In your teams" in text_of(answer)
    assert "Ana Moreno: Thu 21 May, 12:00 noon" in text_of(answer)


def test_an_agent_plans_for_nobody_else(anas: Client):
    theirs = Absence.objects.create(user=dev(), deputy=ines(), starts_at=NOON, ends_at=NOON + DAY)
    addresses = [f"{PAGE}?for={dev().pk}", f"{PAGE}?for=x", f"{PAGE}{theirs.pk}/"]

    assert [anas.get(address).status_code for address in addresses] == [404, 404, 404]
    assert post(anas, addresses[0]).status_code == 404
    gone = anas.post(f"{PAGE}{theirs.pk}/end/", follow=True)
    assert "This time away is not there any more." in gone.content.decode()
    assert Absence.objects.get().ends_at == NOON + DAY


def test_a_lead_is_shown_nothing_of_teams_they_are_not_of(client: Client):
    elsewhere = a_team("Repairs")
    elsewhere.memberships.filter(user=dev()).delete()
    a_commitment(due_at=NOON + 5 * DAY, wording="Call about the meter", case="1")
    a_commitment(due_at=NOON + 5 * DAY, wording="Mend it secretly", team=elsewhere, case="2")

    answer = post(signed_in(client, dev()), f"{PAGE}?for={ana().pk}")

    assert "Call about the meter" in text_of(answer)
    assert "Mend it secretly" not in text_of(answer)


def test_a_stranger_is_sent_to_sign_in():
    assert Client().get(PAGE).status_code == 302


def test_many_promises_ask_the_database_no_more_than_one(anas: Client):
    a_commitment(due_at=NOON + 5 * DAY, case="0")
    with CaptureQueriesContext(connection) as of_one:
        post(anas)
    for number in range(1, 20):
        a_commitment(due_at=NOON + 5 * DAY, case=str(number))

    with CaptureQueriesContext(connection) as of_many:
        post(anas)

    assert len(of_many) == len(of_one)


def test_who_is_alone_in_a_team_can_choose_nobody(client: Client):
    lone = a_user("Lone Wolf")

    answer = post(signed_in(client, lone))

    assert answer.status_code == 422
    assert not Absence.objects.exists()
