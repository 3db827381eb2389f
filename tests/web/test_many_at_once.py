from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Absence, Commitment, Membership, Role, Team
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db
ALL = "/promises/"
MANY = "/promises/hand-over/"


def two() -> tuple[Commitment, Commitment]:
    return makers.a_commitment(wording="Kettle", summary=False), makers.a_commitment(
        wording="Toaster", due_at=NOON + DAY, summary=False
    )


def to(user: Any) -> str:
    return f"person-{user.pk}"


def preview(ines: Client, picks: list[Commitment], **fields: str) -> Any:
    """From the list to what will happen."""
    asked = ines.get(MANY, {"pick": [each.reference for each in picks], "state": "live"})
    assert asked.status_code == 200
    return ines.post(MANY, pages.hidden(asked) | fields)


def hand_over(ines: Client, picks: list[Commitment], **fields: str) -> Any:
    """The whole way."""
    shown = preview(ines, picks, **fields)
    assert "What will happen" in pages.text(shown)
    return ines.post(MANY, pages.hidden(shown) | fields, follow=True)


def told() -> set[tuple[str, str]]:
    rows = Delivery.objects.filter(state="queued").values_list("template", "address")
    return {(template, address.partition("@")[0]) for template, address in rows}


def test_two_promises_go_to_a_colleague_and_the_customer_hears_nothing(ines: Client) -> None:
    kettle, toaster = two()
    dues = [kettle.due_at, toaster.due_at]

    said = pages.text(hand_over(ines, [kettle, toaster], to=to(makers.dev()), note="Thank you"))

    assert "Two promises handed to Dev Shah." in said
    kettle, toaster = makers.fresh(kettle), makers.fresh(toaster)
    assert [kettle.owner, toaster.owner] == [makers.dev(), makers.dev()]
    assert [kettle.due_at, toaster.due_at] == dues
    assert makers.events_of(kettle) == ["made", "reassigned"]
    assert kettle.events.get(kind="reassigned").words == "Thank you"
    assert told() == {("handed_over", "dev"), ("handed_on", "ana")}
    assert not Delivery.objects.filter(audience="customer").exists()


def test_the_preview_says_who_is_told_and_what_it_comes_to(ines: Client) -> None:
    kettle, toaster = two()
    makers.a_commitment(owner_id=makers.dev().pk, wording="Visit")

    said = pages.text(preview(ines, [kettle, toaster], to=to(makers.dev())))

    assert "Two promises go to Dev Shah, at work now." in said
    assert "Dev Shah then has three open promises, of 12 that fit into a day." in said
    assert "Dev Shah is told at once, in one message, and so is Ana Moreno." in said
    assert "No customer is told." in said
    assert "Dev Shah, one open promise, at work now" in said
    assert [makers.fresh(kettle).owner, makers.fresh(toaster).owner] == [makers.ana()] * 2


def test_who_is_away_is_said_with_when_they_are_back(ines: Client) -> None:
    kettle, _ = two()
    Absence.objects.create(
        user=makers.dev(), deputy=makers.ana(), starts_at=NOON - DAY, ends_at=NOON + DAY
    )
    Membership.objects.filter(user=makers.dev()).update(daily_capacity=0)

    said = pages.text(preview(ines, [kettle], to=to(makers.dev())))

    assert "One promise goes to Dev Shah, away until Tomorrow" not in said
    assert "One promise goes to Dev Shah, away until tomorrow at 12:00 noon." in said
    assert "That is more than a day's work." in said


def test_somebody_else_chosen_after_the_preview_is_shown_again(ines: Client) -> None:
    kettle, _ = two()
    shown = preview(ines, [kettle], to=to(makers.dev()))

    again = ines.post(MANY, pages.hidden(shown) | {"to": to(makers.ines())})

    assert "One promise goes to Ines Duarte" in pages.text(again)
    assert makers.fresh(kettle).owner == makers.ana()


def test_undo_takes_all_of_them_back(ines: Client) -> None:
    kettle, toaster = two()
    page = hand_over(ines, [kettle, toaster], to=to(makers.dev()))
    address = re.search(r'action="(/undo/[^"]+)"', page.content.decode())
    assert address is not None

    said = pages.text(ines.post(address[1], follow=True))

    assert "Taken back. Two promises as before." in said
    assert [makers.fresh(each).owner for each in (kettle, toaster)] == [makers.ana()] * 2
    assert makers.events_of(toaster) == ["made", "reassigned", "undone"]
    assert told() == set()


def test_undo_leaves_what_has_moved_on_and_what_is_too_late(
    ines: Client, traveller: time_machine.Traveller
) -> None:
    kettle, toaster = two()
    page = hand_over(ines, [kettle, toaster], to=to(makers.dev()))
    address = re.search(r'action="(/undo/[^"]+)"', page.content.decode())
    assert address is not None
    services.fulfil(kettle.pk, by=makers.dev(), how="Sent", now=NOON)

    some = pages.text(ines.post(address[1], follow=True))
    traveller.move_to(NOON + timedelta(seconds=31))
    none = pages.text(ines.post(address[1], follow=True))

    assert "Taken back. One promise as before." in some
    assert "One promise stays as handed over. Something has happened since" in some
    assert "Taken back" not in none
    assert makers.fresh(kettle).owner == makers.dev()


def test_one_that_was_closed_meanwhile_is_named_and_left_alone(ines: Client) -> None:
    kettle, toaster = two()
    fields = {"to": to(makers.dev())}
    shown = preview(ines, [kettle, toaster], **fields)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)
    again = ines.post(MANY, pages.hidden(shown) | fields)

    said = pages.text(ines.post(MANY, pages.hidden(again) | fields, follow=True))

    assert "One promise handed to Dev Shah." in said
    assert "Not handed over: Kettle. This promise is already done." in said
    assert makers.fresh(kettle).owner == makers.ana()
    assert makers.events_of(kettle)[-2:] != ["fulfilled", "reassigned"]


def test_who_has_one_already_and_who_is_of_another_team_are_named(ines: Client) -> None:
    kettle, _ = two()
    devs = makers.a_commitment(owner_id=makers.dev().pk, wording="Visit")
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.ines(), team=moves, role=Role.MANAGER)
    van = makers.a_commitment(wording="Van", summary=False)
    Commitment.objects.filter(pk=van.pk).update(team=moves)

    said = pages.text(hand_over(ines, [kettle, devs, van], to=to(makers.dev())))

    assert "One promise handed to Dev Shah." in said
    assert "Not handed over: Visit. Dev has this promise already." in said
    assert "Not handed over: Van. Choose somebody of Moves." in said


def test_a_team_takes_them_without_an_owner_and_its_lead_is_told(ines: Client) -> None:
    kettle, _ = two()
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    mia = makers.a_user("Mia Mover")
    Membership.objects.create(user=mia, team=moves, role=Role.LEAD)
    Membership.objects.create(user=makers.ines(), team=moves, role=Role.MANAGER)

    page = hand_over(ines, [kettle], to=f"team-{moves.pk}", note="It is theirs")

    assert "One promise handed to Moves." in pages.text(page)
    kettle = makers.fresh(kettle)
    assert (kettle.team, kettle.owner, kettle.due_at) == (moves, None, NOON + 6 * HOUR)
    assert told() == {("handed_over", "mia"), ("handed_on", "ana")}
    history = pages.text(ines.get(f"/promises/{kettle.reference}/"))
    assert "Handed from Ana Moreno to Moves" in history

    address = re.search(r'action="(/undo/[^"]+)"', page.content.decode())
    assert address is not None
    ines.post(address[1])
    assert (makers.fresh(kettle).team, makers.fresh(kettle).owner) == (
        makers.a_team(),
        makers.ana(),
    )


def test_a_team_of_others_takes_nothing(ines: Client) -> None:
    kettle, _ = two()
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)

    page = preview(ines, [kettle], to=f"team-{moves.pk}")

    assert page.status_code == 422
    assert "Choose a colleague of these promises' teams, or one of your teams." in pages.text(page)
    with pytest.raises(services.making.CommitmentError, match="one of your teams"):
        services.hand_to_team(kettle.pk, by=makers.ines(), team_id=moves.pk, now=NOON)
    assert makers.fresh(kettle).team == makers.a_team()


def test_it_can_be_begun_on_the_board_and_leads_back_there(ines: Client) -> None:
    kettle, _ = two()
    board = f"team-{makers.a_team().pk}"
    asked = ines.get(
        MANY, {"pick": kettle.reference, "to": to(makers.dev()), "back": board, "x": "//evil"}
    )
    chosen = {"to": to(makers.dev())}

    done = ines.post(MANY, pages.hidden(asked) | chosen)

    assert f'value="{to(makers.dev())}" selected' in asked.content.decode()
    assert done["Location"] == f"/team/?team={makers.a_team().pk}"


def test_to_whom_was_chosen_before_is_shown_with_load_and_shift_at_once(ines: Client) -> None:
    kettle, _ = two()
    makers.a_commitment(owner_id=makers.dev().pk)

    asked = pages.text(ines.get(MANY, {"pick": kettle.reference, "to": to(makers.dev())}))
    nobody = pages.text(ines.get(MANY, {"pick": kettle.reference, "to": "person-999999"}))

    assert "What will happen One promise goes to Dev Shah, at work now." in asked
    assert "Dev Shah then has two open promises" in asked
    assert makers.fresh(kettle).owner == makers.ana()
    assert "What will happen" not in nobody


def test_all_that_match_are_taken_with_the_filters(ines: Client) -> None:
    two()
    makers.a_commitment(wording="Another")

    page = ines.get(MANY, {"all": "1", "q": "e", "state": "live", "sort": "-due"})
    narrowed = ines.get(MANY, {"all": "1", "q": "toaster"})

    assert "Hand over no promises" not in pages.text(page)
    assert pages.title(narrowed).startswith("Hand over one promise")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Choose the promises first"),
        ({"pick": "ZZZZZ"}, "Choose the promises first"),
        ({"pick": "\x00"}, "Choose the promises first"),
        ({"pick": ["00000"] * 3}, "Choose 2 promises at most."),
        ({"all": "1"}, "Choose 2 promises at most."),
        ({"all": "1", "state": "lost"}, "Choose one of the answers offered"),
        ({"all": "1", "q": "a\x00"}, "contains a NUL"),
    ],
)
def test_what_cannot_be_taken_leads_back_with_a_sentence(
    ines: Client, settings: LazySettings, asked: dict[str, str], said: str
) -> None:
    settings.COMMITMENTS_LENGTHS = {"many_at_once": 2}
    two()
    makers.a_commitment(wording="Third")

    assert said in pages.text(ines.get(MANY, asked, follow=True))


def test_promises_of_others_are_as_unknown_as_none(ines: Client) -> None:
    kettle, _ = two()
    stranger = makers.a_user("Sam Stranger")
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=stranger, team=moves, role=Role.LEAD)
    theirs = pages.signed_in(stranger)

    page = theirs.get(MANY, {"pick": kettle.reference}, follow=True)
    sent = theirs.post(MANY, {"picks": kettle.reference, "to": to(stranger), "once": "x"})

    assert "Choose the promises first" in pages.text(page)
    assert sent.status_code == 302
    assert makers.fresh(kettle).owner == makers.ana()


@pytest.mark.parametrize(
    "fields",
    [
        {"to": ""},
        {"to": "person-0"},
        {"to": "\x00"},
        {"to": "person-1e9"},
        {"note": "a\x00b"},
        {"note": "x" * 5000},
    ],
)
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(
    ines: Client, fields: dict[str, str]
) -> None:
    kettle, _ = two()
    asked = ines.get(MANY, {"pick": kettle.reference})

    page = ines.post(
        MANY, pages.hidden(asked) | {"to": to(makers.dev()), "note": "Please"} | fields
    )

    assert page.status_code == 422
    assert pages.title(page).startswith("Error: ")
    assert makers.fresh(kettle).owner == makers.ana()


def test_a_double_press_hands_over_once(ines: Client) -> None:
    kettle, _ = two()
    fields = {"to": to(makers.dev())}
    shown = pages.hidden(preview(ines, [kettle], **fields)) | fields
    ines.post(MANY, shown)

    said = pages.text(ines.post(MANY, shown, follow=True))

    assert "This was sent already." in said
    assert makers.events_of(kettle) == ["made", "reassigned"]


def test_an_auditor_hands_over_nothing(ines: Client) -> None:
    kettle, _ = two()
    Membership.objects.filter(user=makers.ines()).update(role=Role.AUDITOR)

    answers = [ines.get(MANY, {"pick": kettle.reference}), ines.post(MANY, {})]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_looking_at_more_promises_asks_no_more_of_the_database(ines: Client) -> None:
    made = [makers.a_commitment(wording=f"Number {number}") for number in range(8)]

    def asked(picks: list[Commitment]) -> int:
        with CaptureQueriesContext(connection) as queries:
            ines.get(MANY, {"pick": [each.reference for each in picks]})
        return len(queries)

    asked(made)
    assert asked(made[:2]) == asked(made)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_people_hand_over_the_same_promises_at_once() -> None:
    makers.a_team()
    picks = [makers.a_commitment(wording=f"Number {number}", summary=False) for number in range(6)]
    shown = {}
    for person, receiver in ((makers.ines(), makers.dev()), (makers.dev(), makers.ines())):
        ines, fields = pages.signed_in(person), {"to": to(receiver)}
        shown[ines] = pages.hidden(preview(ines, picks, **fields)) | fields

    def press(ines: Client) -> None:
        ines.post(MANY, shown[ines])
        connections.close_all()

    presses = [Thread(target=press, args=(ines,)) for ines in shown]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    for each in picks:
        events = each.events.order_by("sequence")
        assert [event.kind for event in events] == ["made", "reassigned", "reassigned"]
        assert makers.fresh(each).owner_id == events.last().changes["owner_id"][1]  # type: ignore[union-attr]  # there are three


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_promise_that_somebody_holds_stops_no_other() -> None:
    makers.a_team()
    ines = pages.signed_in(makers.ines())
    kettle, toaster = two()
    fields = {"to": to(makers.dev())}
    shown = pages.hidden(preview(ines, [kettle, toaster], **fields)) | fields

    def press() -> None:
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '200ms'")
        ines.post(MANY, shown)
        connections.close_all()

    with transaction.atomic():
        Commitment.objects.select_for_update().get(pk=kettle.pk)
        thread = Thread(target=press)
        thread.start()
        thread.join()

    assert makers.fresh(kettle).owner == makers.ana()
    assert makers.fresh(toaster).owner == makers.dev()
    said = pages.text(ines.get(ALL))
    assert "Not handed over: Kettle. Somebody else is at work on it." in said
