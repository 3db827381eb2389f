"""Workload: open now, due on the days ahead, and moves that are one click each."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment, Conversation, Membership, Role
from commitments.reports import rolling
from commitments.rules import reference
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages, reported

pytestmark = pytest.mark.django_db
WORKLOAD = "/reports/workload/"
MOVE = "/reports/workload/move/"


def due(at: float, **fields: object) -> Commitment:
    """Due so many hours from now."""
    given = {"customer": reported.a_customer(), "summary": False, **fields}
    return makers.a_commitment(due_at=NOON + at * HOUR, now=NOON - 2 * DAY, **given)  # type: ignore[arg-type]  # a draft's own fields


def ana_has_too_much() -> list[Commitment]:
    """Four on Friday, of which three fit into a day of hers."""
    makers.a_team()
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=3)
    return [due(24 + number, wording=f"Promise {number}") for number in range(4)]


def test_people_stand_in_the_order_of_their_load(ines: Client) -> None:
    due(30)
    for hours in (28, 29, -1):
        due(hours, owner_id=makers.dev().pk)

    said = pages.text(reported.page(ines, WORKLOAD))

    assert "4 promises are open, 1 of them overdue." in said
    assert "Dev Shah 3 open: 1 overdue, 0 due today, 2 later." in said
    assert "Ana Moreno 1 open: 0 overdue, 0 due today, 1 later." in said
    assert said.index("Dev Shah 3 open") < said.index("Ana Moreno 1 open")


def test_days_ahead_stand_against_what_fits_for_those_at_work(ines: Client) -> None:
    ana_has_too_much()
    Membership.objects.exclude(user=makers.ana()).update(daily_capacity=0)

    said = pages.text(reported.page(ines, WORKLOAD))

    assert "Friday holds more than fits" in said
    assert "Fri 22 May 4 · 3 fit" in said
    assert "Thu 21 May 0 · 3 fit" in said


def test_a_day_that_is_too_full_is_said_of_the_person(ines: Client) -> None:
    ana_has_too_much()

    said = pages.text(reported.page(ines, WORKLOAD))

    assert "Ana Moreno has more ahead than fits into a day." in said
    assert "4 of 3 , more than fits" in said


def test_every_number_leads_to_a_list_of_as_many(ines: Client) -> None:
    ana_has_too_much()
    due(1)
    due(-1)
    due(50, owner_id=None)

    lists = reported.to_lists(reported.page(ines, WORKLOAD))

    assert [url for url, number in lists.items() if number is None] == []
    assert {url: reported.listed(ines, url) for url in lists} == lists


def test_a_suggested_move_is_one_click(ines: Client) -> None:
    ana_has_too_much()
    page = reported.page(ines, WORKLOAD)
    form = pages.hidden(page)
    before = Delivery.objects.count()

    answer = ines.post(MOVE, form, follow=True)

    moved = Commitment.objects.exclude(owner=makers.ana()).get()
    assert moved.reference == form["pick"]
    assert f"Handed to {moved.owner}: {moved.wording}." in pages.text(answer)
    assert makers.events_of(moved)[-1] == "reassigned"
    assert Delivery.objects.count() > before
    assert "Suggested moves" not in pages.text(answer)


def test_it_keeps_its_time_and_its_customer_is_not_told(ines: Client) -> None:
    ana_has_too_much()
    form = pages.hidden(reported.page(ines, WORKLOAD))

    ines.post(MOVE, form)

    moved = Commitment.objects.exclude(owner=makers.ana()).get()
    assert moved.due_at == moved.first_due_at
    assert not Delivery.objects.filter(audience="customer").exists()


def test_it_is_taken_back_at_a_click(ines: Client) -> None:
    ana_has_too_much()
    answer = ines.post(MOVE, pages.hidden(reported.page(ines, WORKLOAD)), follow=True)
    undo = answer.content.decode().partition('action="/undo/')[2].partition('"')[0]

    ines.post(f"/undo/{undo}")

    assert not Commitment.objects.exclude(owner=makers.ana()).exists()


def test_two_clicks_are_one(ines: Client) -> None:
    ana_has_too_much()
    form = pages.hidden(reported.page(ines, WORKLOAD))

    ines.post(MOVE, form)
    ines.post(MOVE, form)

    moved = Commitment.objects.exclude(owner=makers.ana()).get()
    assert makers.events_of(moved).count("reassigned") == 1


def test_what_has_changed_hands_since_is_not_taken_from_whoever_has_it_now(ines: Client) -> None:
    ana_has_too_much()
    form = pages.hidden(reported.page(ines, WORKLOAD))
    promise = Commitment.objects.with_everything().get(pk=reference.read(form["pick"]))
    kofi = makers.a_user("Kofi Mensah")
    Membership.objects.create(user=kofi, team=promise.team, role=Role.AGENT)
    services.reassign(promise.pk, by=makers.ana(), owner_id=kofi.pk, now=NOON)

    answer = ines.post(MOVE, form, follow=True)

    assert "It has changed hands since this was suggested." in pages.text(answer)
    assert makers.fresh(promise).owner == kofi


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"pick": "00000"},
        {"to": "x"},
        {"to": "\x00"},
        {"to": "999999"},
        {"giver": "x"},
        {"once": ""},
    ],
)
def test_what_the_page_did_not_suggest_changes_nothing(ines: Client, sent: dict[str, str]) -> None:
    ana_has_too_much()
    form = pages.hidden(reported.page(ines, WORKLOAD)) | sent if sent else {}

    answer = ines.post(MOVE, form)

    assert answer.status_code in (302, 404)
    assert not Commitment.objects.exclude(owner=makers.ana()).exists()


def test_looking_changes_nothing_and_a_move_is_posted(ines: Client) -> None:
    assert ines.get(MOVE).status_code == 405


def test_an_auditor_sees_it_and_changes_nothing(ines: Client) -> None:
    ana_has_too_much()
    form = pages.hidden(reported.page(ines, WORKLOAD))
    Membership.objects.filter(user=makers.ines()).update(role=Role.AUDITOR)
    page = reported.page(ines, WORKLOAD)

    answer = ines.post(MOVE, form, follow=True)

    assert "Hand to" not in pages.text(page)
    assert "You can see this promise, but not change it." in pages.text(answer)
    assert not Commitment.objects.exclude(owner=makers.ana()).exists()


def test_a_stranger_finds_no_promise_to_move(ines: Client) -> None:
    ana_has_too_much()
    form = pages.hidden(reported.page(ines, WORKLOAD))
    stranger = pages.signed_in(makers.a_user("Mia Mover"))

    assert stranger.post(MOVE, form).status_code == 404
    assert not Commitment.objects.exclude(owner=makers.ana()).exists()


def test_difficult_conversations_are_for_the_person_and_their_manager_alone(
    client: Client, ines: Client
) -> None:
    due(24)
    Conversation.objects.update(difficult=True, agent=makers.ana(), at=NOON - DAY)

    own, managers = (
        pages.text(reported.page(client, WORKLOAD)),
        pages.text(reported.page(ines, WORKLOAD)),
    )
    leads = pages.text(pages.signed_in(makers.dev()).get(WORKLOAD))

    assert "Difficult conversations" in own
    assert "Difficult conversations" in managers
    assert "not shown to you" in leads.partition("Ana Moreno 1 open")[2]


def test_their_number_opens_what_was_promised_in_them(client: Client, ines: Client) -> None:
    talk = due(24, wording="Ring about the debt letter").conversation
    due(25, wording="Send the checklist")
    Conversation.objects.filter(pk=talk.pk).update(
        difficult=True, agent=makers.ana(), at=NOON - DAY
    )
    page = reported.page(ines, WORKLOAD).content.decode()
    address = unescape(re.findall(r'href="([^"]*counted=difficult[^"]*)"', page)[0])

    listed = [pages.text(reader.get(address)) for reader in (ines, client)]
    strangers = pages.text(pages.signed_in(makers.dev()).get(address))

    for words in listed:
        assert "Promised in one person's difficult conversations, held" in words
        assert "Ring about the debt letter" in words
        assert "Send the checklist" not in words
    assert "Ring about the debt letter" not in strangers


def test_an_agent_sees_their_own_load_alone(client: Client) -> None:
    due(24)
    due(25, owner_id=makers.dev().pk)

    said = pages.text(reported.page(client, WORKLOAD))

    assert "1 promise is open, none of them overdue." in said
    assert "Dev Shah" not in said
    assert reported.page(client, WORKLOAD, {"agent": makers.dev().pk}).status_code == 404


def test_nothing_open_is_said(ines: Client) -> None:
    assert "Nothing is open." in pages.text(reported.page(ines, WORKLOAD))


def test_it_asks_as_often_for_many_as_for_few(ines: Client) -> None:
    ana_has_too_much()
    left = due(24)
    Commitment.objects.filter(pk=left.pk).update(owner=makers.a_user("Gone Since"))
    few = queries(ines)
    for hours in range(20):
        due(24 + hours / 10)
        due(48, owner_id=makers.dev().pk)

    assert queries(ines) == few <= 12  # the sign-in's and the bar's among them


def queries(client: Client) -> int:
    rolling.run(NOON + makers.MINUTE)
    with CaptureQueriesContext(connection) as asked:
        client.get(WORKLOAD)
    return len(asked)
