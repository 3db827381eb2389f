"""The team board: who needs a hand, and giving one."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Absence, Commitment, Customer, Membership, Role, Team, User
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, events_of, fresh
from tests.web import pages

pytestmark = pytest.mark.django_db
BOARD = "/team/"
ASK = "/team/ask/"


@pytest.fixture
def client() -> Client:
    """Dev's, who leads Billing care."""
    makers.a_team()
    return pages.signed_in(makers.dev())


def a_promise(wording: str, **fields: Any) -> Commitment:  # Any: a draft's own fields
    given = {"due_at": NOON + 3 * HOUR, "now": NOON - DAY, "summary": False}
    return makers.a_commitment(wording=wording, **{**given, **fields})


def overdue(wording: str, **fields: Any) -> Commitment:  # Any: likewise
    return a_promise(wording, due_at=NOON - HOUR, **fields)


def away(person: User) -> None:
    Absence.objects.create(
        user=person, deputy=makers.dev(), starts_at=NOON - HOUR, ends_at=NOON + DAY
    )


def an_agent(name: str) -> User:
    user = makers.a_user(name)
    Membership.objects.get_or_create(user=user, team=makers.a_team(), role=Role.AGENT)
    return user


def titles(response: Any, level: int = 3) -> list[str]:  # Any: a test response
    found = re.findall(rf"<h{level} id=[^>]*>([^<]+)</h{level}>", response.content.decode())
    return [title for title in found if title != "These"]


def send(client: Client, do: str, *promises: Commitment, **fields: str) -> Any:  # a response
    form = pages.hidden(client.get(BOARD))
    picks = {"pick": [each.reference for each in promises]}
    return client.post(BOARD, form | {"do": do} | picks | fields)


def test_each_person_on_shift_has_what_is_theirs(client: Client) -> None:
    overdue("Call Tom back")
    a_promise("Send the number")
    a_promise("Explain the bill", due_at=NOON + 2 * DAY)

    said = pages.text(client.get(BOARD))

    assert "One is overdue, one customer not told." in said
    assert "Ana Moreno On shift 2 of 12 for today. Room for 10 more today" in said
    assert "1 overdue , Ana Moreno" in said
    assert "1 due today , Ana Moreno" in said
    assert "1 later" in said
    assert "Call Tom back Tom Okafor · Follow-up 1 h late Today, 11:00 am Not told" in said


def test_those_in_need_come_first_and_nobody_is_scored(client: Client) -> None:
    ben, cleo = an_agent("Ben Adler"), an_agent("Cleo Marsh")
    overdue("Told", owner_id=ben.pk)
    Commitment.objects.update(told_at=NOON)
    overdue("Silent", owner_id=cleo.pk)
    a_promise("Today")

    page = client.get(BOARD)

    order = ["Cleo Marsh", "Ben Adler", "Ana Moreno", "Dev Shah", "Ines Duarte"]
    assert titles(page) == order
    assert not re.search(r"score|rank|best|worst", pages.text(page), re.IGNORECASE)


def test_promises_of_who_is_away_come_first_and_say_until_when(client: Client) -> None:
    overdue("Silent", owner_id=makers.dev().pk)
    a_promise("Ana's for today")
    away(makers.ana())

    page = client.get(BOARD)

    assert titles(page, 2)[0] == "Needs cover today"
    assert titles(page)[:2] == ["Ana Moreno", "Dev Shah"]
    assert "Ana Moreno Away until tomorrow at 12:00 noon" in pages.text(page)
    assert "One promise needs cover; one is overdue, one customer not told." in pages.text(page)


def test_when_the_hours_are_over_everybody_is_off_shift(
    client: Client, traveller: time_machine.Traveller
) -> None:
    a_promise("Too late for today")
    traveller.shift(6 * HOUR)

    said = pages.text(client.get(BOARD))

    assert "Needs cover today" in said
    assert "Ana Moreno Hours over until tomorrow at 9:00 am" in said


def test_who_is_away_with_nothing_for_today_needs_no_cover(client: Client) -> None:
    a_promise("Next week", due_at=NOON + 5 * DAY)
    away(makers.ana())

    page = client.get(BOARD)

    assert "Needs cover today" not in pages.text(page)
    assert titles(page, 2) == ["On shift", "Not at work"]


def test_what_nobody_owns_needs_cover_before_all_else(client: Client) -> None:
    a_promise("Nobody's", owner_id=None)

    page = client.get(BOARD)

    assert titles(page)[0] == "Without an owner"
    assert "Nobody owns these yet" in pages.text(page)


def test_promises_of_who_left_the_team_are_not_forgotten(client: Client) -> None:
    ben = an_agent("Ben Adler")
    a_promise("Ben's", owner_id=ben.pk)
    Membership.objects.filter(user=ben).delete()

    assert "Ben is not in this team any more" in pages.text(client.get(BOARD))


def test_a_day_that_holds_too_much_is_named(client: Client) -> None:
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=1)
    a_promise("First", due_at=NOON + DAY)
    a_promise("Second", due_at=NOON + DAY)
    a_promise("Today")

    said = pages.text(client.get(BOARD))

    assert "Today is full" in said
    assert "Fri 22 May has 2 due; 1 fit into a day." in said


def test_an_empty_team_says_so(client: Client) -> None:
    said = pages.text(client.get(BOARD))

    assert "No open promises in Billing care." in said
    assert "Hand over" not in said


def test_who_is_in_no_team_learns_whom_to_ask() -> None:
    said = pages.text(pages.signed_in(makers.a_user("Zed Stranger")).get(BOARD))

    assert "You are not in a team yet" in said


def test_people_of_several_teams_choose_among_theirs(client: Client) -> None:
    calendar = makers.a_team().calendar
    moves = Team.objects.create(name="Moves", calendar=calendar)
    Membership.objects.create(user=makers.dev(), team=moves, role=Role.AGENT)
    Membership.objects.create(user=makers.ana(), team=moves, role=Role.AGENT)
    a_promise("In moves", team=moves)
    theirs = Team.objects.create(name="Elsewhere", calendar=calendar)

    first, second = client.get(BOARD), client.get(f"{BOARD}?team={moves.pk}")

    assert pages.text(first).count("Moves") == 1  # the choice; Dev leads Billing care
    assert "In moves" in pages.text(second)
    assert "Elsewhere" not in pages.text(second)
    for query in (f"?team={theirs.pk}", "?team=x", "?team=0", "?team=%00", "?team=" + "9" * 40):
        assert client.get(BOARD + query).status_code == 404


def test_others_see_the_board_and_change_nothing_from_it(client: Client) -> None:
    promise = a_promise("Send the number")
    for role in (Role.AGENT, Role.AUDITOR):
        Membership.objects.filter(user=makers.ana()).update(role=role)
        theirs = pages.signed_in(makers.ana())

        page = theirs.get(BOARD)

        assert "Send the number" in pages.text(page)
        assert 'type="checkbox"' not in page.content.decode()
        assert theirs.post(BOARD, {"do": "take", "pick": promise.reference}).status_code == 403
        assert theirs.get(f"{ASK}?pick={promise.reference}").status_code == 403
        assert theirs.post(ASK, {"picks": promise.reference}).status_code == 403
    assert events_of(promise) == ["made"]


def test_the_number_of_queries_depends_on_neither_people_nor_promises(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(BOARD).status_code == 200
        return len(queries)

    def a_person_with_all_sorts(name: str) -> None:
        owner = an_agent(name).pk
        for number in range(7):
            overdue(f"Late {number}", owner_id=owner)
            a_promise(f"Today {number}", owner_id=owner)
            a_promise(f"Later {number}", owner_id=owner, due_at=NOON + 2 * DAY)
        Absence.objects.create(
            user=makers.a_user(name), deputy=makers.dev(), starts_at=NOON, ends_at=NOON + DAY
        )

    a_person_with_all_sorts("Ben Adler")
    few = asked()
    a_person_with_all_sorts("Cleo Marsh")
    a_person_with_all_sorts("Finn Osei")

    assert asked() == few


def test_long_parts_are_folded_behind_a_link_to_the_list(client: Client) -> None:
    for number in range(8):
        overdue(f"Late {number}")

    content = client.get(BOARD).content.decode()

    assert len(re.findall(r'name="pick"', content)) == 5
    address = f"/promises/?team={makers.a_team().pk}&amp;owner={makers.ana().pk}&amp;state=overdue"
    assert f'<a href="{address}">3 more</a>' in content


def test_ticked_promises_go_to_the_page_that_hands_them_over(client: Client) -> None:
    first, second = a_promise("First"), a_promise("Second", due_at=NOON + 4 * HOUR)

    answer = send(client, "hand_over", first, second)

    team = makers.a_team().pk
    assert answer["Location"] == (
        f"/promises/hand-over/?back=team-{team}&pick={first.reference}&pick={second.reference}"
    )
    asked = pages.text(client.get(answer["Location"]))
    assert "Hand over two promises" in asked
    assert "Ines Duarte, no open promises, at work now" in asked


def test_a_lead_takes_promises_themselves_and_may_take_that_back(client: Client) -> None:
    first, second = overdue("First"), a_promise("Second")

    answer = send(client, "take", first, second)
    said = client.get(answer["Location"])

    assert answer["Location"] == f"/team/?team={makers.a_team().pk}"
    assert "Two promises are yours now." in pages.text(said)
    assert {fresh(each).owner for each in (first, second)} == {makers.dev()}
    undo = re.search(r'action="(/undo/[^"]+)"', said.content.decode())
    assert undo is not None
    client.post(undo[1])
    assert {fresh(each).owner for each in (first, second)} == {makers.ana()}


def test_what_cannot_be_taken_is_named_and_the_rest_is_taken(client: Client) -> None:
    mine, theirs = a_promise("Mine", owner_id=makers.dev().pk), a_promise("Ana's")

    said = pages.text(client.get(send(client, "take", mine, theirs)["Location"]))

    assert "One promise is yours now. Not taken: Mine. Dev has this promise already." in said
    assert fresh(theirs).owner == makers.dev()


def test_a_double_submit_takes_once(client: Client) -> None:
    promise = a_promise("Once")
    form = pages.hidden(client.get(BOARD)) | {"do": "take", "pick": promise.reference}

    first, second = client.post(BOARD, form), client.post(BOARD, form)

    assert first["Location"] == second["Location"]
    assert events_of(promise).count("reassigned") == 1


@pytest.mark.parametrize("do", ["hand_over", "ask", "take"])
def test_without_a_tick_nothing_happens_and_the_page_says_what_to_do(
    client: Client, do: str
) -> None:
    promise = a_promise("Untouched")

    refused = send(client, do)

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert '<a href="#id_do">Tick the promises first.</a>' in refused.content.decode()
    assert events_of(promise) == ["made"]


def test_a_deed_that_there_is_not_keeps_the_ticks(client: Client) -> None:
    promise = a_promise("Untouched")

    refused = send(client, "burn", promise)

    assert refused.status_code == 422
    assert f'value="{promise.reference}" checked' in refused.content.decode()
    assert events_of(promise) == ["made"]


def test_promises_of_other_teams_are_not_there_to_be_ticked(client: Client) -> None:
    other = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.ana(), team=other, role=Role.AGENT)
    promise = a_promise("Theirs", team=other)

    refused = send(client, "take", promise)

    assert refused.status_code == 422
    assert client.post(f"{BOARD}?team={other.pk}", {"do": "take"}).status_code == 404
    assert client.get(f"{ASK}?pick={promise.reference}").status_code == 302
    assert events_of(promise) == ["made"]


@pytest.mark.parametrize("pick", ["", "nonsense", "\x00", "'; drop table", "Z" * 500])
def test_hostile_ticks_are_nobodys(client: Client, pick: str) -> None:
    a_promise("Untouched")
    form = pages.hidden(client.get(BOARD))

    assert client.post(BOARD, form | {"do": "take", "pick": pick}).status_code == 422


def test_names_are_shown_as_they_are(client: Client) -> None:
    promise = a_promise("<script>alert(1)</script> " + "w" * 200)
    Customer.objects.filter(pk=promise.customer_id).update(name="<b>Tom</b>")
    User.objects.filter(pk=makers.ana().pk).update(name='"><i>Ana</i>')

    content = client.get(BOARD).content.decode()

    for raw in ("<script>alert", "<b>Tom", "<i>Ana"):
        assert raw not in content


def test_owners_are_asked_with_a_note_after_a_look(client: Client) -> None:
    first, second = overdue("First"), a_promise("Second", owner_id=makers.ines().pk)
    form = client.get(send(client, "ask", first, second)["Location"])

    answer = client.post(ASK, pages.hidden(form) | {"note": "Tom rang twice."})
    said = pages.text(client.get(answer["Location"]))

    assert "Those who keep these two promises are asked" in pages.text(form)
    assert answer["Location"] == f"/team/?team={makers.a_team().pk}"
    assert "Ana and Ines were asked about two promises." in said
    told = Delivery.objects.filter(template="update_wanted")
    assert {row.name for row in told} == {"Ana Moreno", "Ines Duarte"}
    own = pages.text(client.get(f"/promises/{first.reference}/"))
    assert "Dev asked for an update" in own
    assert "Tom rang twice." in own


def test_who_was_asked_within_the_hour_is_not_asked_again(client: Client) -> None:
    first, second = a_promise("First"), a_promise("Second")
    services.ask_for_update(first.pk, by=makers.ines(), now=NOON - 20 * MINUTE)
    form = client.get(send(client, "ask", first, second)["Location"])

    answer = client.post(ASK, pages.hidden(form))

    said = pages.text(client.get(answer["Location"]))
    assert "Ana was asked about one promise." in said
    assert "Not asked about First: Ana was asked 20 min ago. Once an hour is enough." in said


def test_a_note_that_is_too_long_is_kept(client: Client) -> None:
    promise = a_promise("First")
    form = client.get(send(client, "ask", promise)["Location"])

    refused = client.post(ASK, pages.hidden(form) | {"note": "n" * 501})

    assert refused.status_code == 422
    assert "n" * 501 in refused.content.decode()
    assert events_of(promise) == ["made"]


def test_the_page_that_asks_names_nobody_of_another_team(client: Client) -> None:
    answer = client.get(f"{ASK}?pick=ZZZZZ&back=//evil.example")

    assert answer["Location"] == BOARD
    assert "Tick the promises first." in pages.text(client.get(BOARD))
