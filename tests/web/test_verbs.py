from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments import services
from commitments.models import Commitment
from commitments.rules.lifecycle import Outcome, Status
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


def path(commitment: Commitment, verb: str) -> str:
    return f"/promises/{commitment.reference}/{verb}/"


def act(client: Client, commitment: Commitment, verb: str, **fields: str) -> Any:  # a response
    """Open the form, fill it in and send it, a second time where it shows what was read."""
    form = client.get(path(commitment, verb))
    assert form.status_code == 200
    sent = client.post(path(commitment, verb), pages.hidden(form) | fields)
    if sent.status_code == 200:
        sent = client.post(path(commitment, verb), pages.hidden(sent) | fields)
    return sent


def said(client: Client, response: Any) -> str:  # Any: a test response
    assert response.status_code == 302, pages.text(response)
    return pages.text(client.get(response["Location"]))


def test_an_update_reaches_the_customer_or_stays_in_the_team(
    client: Client, kettle: Commitment
) -> None:
    told = said(client, act(client, kettle, "update", seen="customer", words="On its way."))
    noted = said(client, act(client, kettle, "update", seen="team", words="He called twice."))

    assert "Update saved. Tom is told in 30 seconds." in told
    assert "Noted, for the team only." in noted
    assert list(kettle.events.order_by("sequence").values_list("visible", flat=True)) == [
        False,
        True,
        False,
    ]


def test_done_asks_how_it_ended(client: Client, kettle: Commitment) -> None:
    form = client.get(path(kettle, "done"))
    assert "Send the kettle&#x27;s replacement part</textarea>" in form.content.decode()

    done = act(client, kettle, "done", how="Sent with the noon post.")

    assert "Kept on time" in said(client, done)
    assert makers.fresh(kettle).outcome == Outcome.ON_TIME


def test_evidence_is_asked_for_where_the_kind_needs_it(client: Client, kettle: Commitment) -> None:
    kettle.kind.needs_evidence = True
    kettle.kind.save()

    refused = act(client, kettle, "done", how="Refunded")

    assert refused.status_code == 422
    assert "needs evidence: give its number or a link" in pages.text(refused)

    act(client, kettle, "done", how="Refunded", evidence="RF-17")

    assert makers.fresh(kettle).evidence == "RF-17"


def test_a_new_time_is_shown_before_it_is_set(client: Client, kettle: Commitment) -> None:
    fields = {"when": "fri 10am", "reason": "The part comes tomorrow.", "told": "phone"}
    form = client.get(path(kettle, "move"))

    shown = client.post(path(kettle, "move"), pages.hidden(form) | fields)

    assert "New time: Fri 22 May, 10:00 am" in pages.text(shown)
    assert makers.fresh(kettle).due_at == kettle.due_at

    moved = client.post(path(kettle, "move"), pages.hidden(shown) | fields)

    assert "Moved to Fri 22 May, 10:00 am." in said(client, moved)
    assert makers.fresh(kettle).due_at == datetime(2026, 5, 22, 10, tzinfo=UTC)


def test_a_new_time_is_said_in_the_readers_zone(client: Client, kettle: Commitment) -> None:
    makers.User.objects.filter(pk=makers.ana().pk).update(zone="America/New_York")
    fields = {"when": "sat 10am", "reason": "The part comes later.", "told": "phone"}

    shown = pages.text(client.post(path(kettle, "move"), {"once": "k"} | fields))

    assert "New time: Sat 23 May, 6:00 am (New York time)" in shown
    assert "Sat 23 May, 6:00 am (New York time) is outside your team's hours." in shown
    assert "Use Mon 25 May, 5:00 am (New York time)" in shown


def test_before_the_time_the_words_for_a_move_carry_no_apology(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller
) -> None:
    before = client.get(path(kettle, "move"))
    traveller.shift(5 * HOUR)
    after = client.get(path(kettle, "move"))

    assert "sorry" not in pages.text(before)
    assert "by Thursday 21 May, 4:00 pm, and I have not done it. I am sorry" in pages.text(after)


def test_waiting_rests_and_resuming_moves_the_time_out(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller
) -> None:
    asked = act(client, kettle, "wait", what="one photo of the meter")
    assert "Waiting on Tom." in said(client, asked)
    traveller.shift(2 * HOUR)

    resumed = act(client, kettle, "resume", note="Came by mail")

    assert "Open again, due Fri 22 May, 9:30 am." in said(client, resumed)
    assert makers.fresh(kettle).status == Status.OPEN


def test_handing_over_shows_what_colleagues_have_on_their_hands(
    client: Client, kettle: Commitment
) -> None:
    makers.a_commitment(owner_id=makers.dev().pk)

    form = client.get(path(kettle, "hand-over"))
    assert "Dev Shah, one open promise" in pages.text(form)
    assert "Choose a colleague" in pages.text(form)

    handed = act(client, kettle, "hand-over", owner=str(makers.dev().pk), note="Yours")

    assert "Handed to Dev Shah." in said(client, handed)


def test_it_cannot_be_handed_to_a_stranger(client: Client, kettle: Commitment) -> None:
    stranger = makers.a_user("Zed Stranger")

    refused = act(client, kettle, "hand-over", owner=str(stranger.pk))

    assert refused.status_code == 422
    assert "Choose somebody of this team." in pages.text(refused)
    assert makers.fresh(kettle).owner == makers.ana()


@pytest.mark.parametrize(
    ("how", "outcome"),
    [("release", "released"), ("abandon", "broken"), ("void", "void")],
)
def test_there_are_three_ways_to_close_without_keeping(
    client: Client, kettle: Commitment, how: str, outcome: str
) -> None:
    Commitment.objects.filter(pk=kettle.pk).update(promised_at=NOON)

    act(client, kettle, "close", how=how, reason="Tom bought one.", cause="outside")

    assert makers.fresh(kettle).outcome == outcome


def test_opening_again_takes_a_new_time(client: Client, kettle: Commitment) -> None:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)

    again = act(client, kettle, "reopen", reason="It was the wrong part.", when="mon 11am")

    assert "Open again, due Mon 25 May, 11:00 am." in said(client, again)


def test_i_have_it_pauses_the_climb(client: Client) -> None:
    late = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)

    act(client, late, "acknowledge")

    assert makers.fresh(late).acknowledged_by == makers.ana()


def test_asking_for_a_hand_reaches_the_lead(client: Client, kettle: Commitment) -> None:
    asked = act(client, kettle, "help", reason="I cannot find the part.")

    assert "Your lead has been asked." in said(client, asked)


@pytest.mark.parametrize(
    ("verb", "fields", "sentence"),
    [
        (
            "update",
            {"seen": "customer", "words": ""},
            "The update is empty. Please write something.",
        ),
        ("update", {"seen": "customer", "words": "a\x00b"}, "The update contains a NUL"),
        (
            "update",
            {"seen": "customer", "words": "x" * 10_000},
            "The update is 10,000 characters long; keep it to 4,000.",
        ),
        (
            "update",
            {"seen": "everybody", "words": "Hi"},
            "Choose one of the answers offered for “Who will",
        ),
        ("move", {"when": "", "reason": "R", "told": "no"}, "Enter the new time."),
        ("move", {"when": "sometime", "reason": "R", "told": "no"}, "By when? Give a time"),
        ("move", {"when": "2026-05-21T09:00Z", "reason": "R", "told": "no"}, "has passed"),
        (
            "move",
            {"when": "fri", "reason": "R", "told": "pigeon"},
            "offered for “How does Tom learn of it?”",
        ),
        ("close", {"reason": "R"}, "Choose why it closes."),
    ],
)
def test_what_will_not_do_is_refused_and_the_text_is_kept(
    client: Client, kettle: Commitment, verb: str, fields: dict[str, str], sentence: str
) -> None:
    refused = act(client, kettle, verb, **fields)

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert "There is a problem" in pages.text(refused)
    assert sentence in pages.text(refused)
    assert makers.events_of(kettle) == ["made"]


def test_typed_text_is_kept_where_somebody_was_faster(client: Client, kettle: Commitment) -> None:
    form = client.get(path(kettle, "update"))
    services.fulfil(kettle.pk, by=makers.dev(), how="Sent", now=NOON)

    refused = client.post(
        path(kettle, "update"),
        pages.hidden(form) | {"seen": "customer", "words": "Still on it"},
    )

    assert refused.status_code == 422
    assert "Dev marked this done" in pages.text(refused)
    assert "Still on it" in pages.text(refused)


def test_a_double_submit_is_done_once(client: Client, kettle: Commitment) -> None:
    form = pages.hidden(client.get(path(kettle, "update")))
    fields = form | {"seen": "team", "words": "He called twice."}

    first = client.post(path(kettle, "update"), fields)
    second = client.post(path(kettle, "update"), fields)

    assert first["Location"] == second["Location"]
    assert makers.events_of(kettle) == ["made", "updated"]


def test_a_refused_form_may_be_sent_again(client: Client, kettle: Commitment) -> None:
    late = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    fields = {"once": "k", "what": "a photo"}
    assert client.post(path(late, "wait"), fields).status_code == 422

    services.move(
        late.pk,
        by=makers.ana(),
        due_at=NOON + DAY,
        reason="R",
        told=services.Told.NO,
        now=NOON,
    )

    assert client.post(path(late, "wait"), fields).status_code == 302


def test_from_my_promises_one_returns_there(client: Client, kettle: Commitment) -> None:
    form = pages.hidden(client.get(path(kettle, "done") + "?back=mine"))

    done = client.post(path(kettle, "done"), form | {"how": "Sent"})

    assert done["Location"] == "/promises/mine/"


def test_no_form_leads_to_another_house(client: Client, kettle: Commitment) -> None:
    form = pages.hidden(client.get(path(kettle, "done") + "?back=//evil"))

    done = client.post(path(kettle, "done"), form | {"how": "Sent", "back": "//evil"})

    assert done["Location"] == f"/promises/{kettle.reference}/"


def undo_address(client: Client, response: Any) -> str:  # Any: a test response
    page = client.get(response["Location"]).content.decode()
    return page.partition('action="/undo/')[2].partition('"')[0]


def test_the_last_action_is_taken_back(client: Client, kettle: Commitment) -> None:
    done = act(client, kettle, "done", how="Sent")
    token = undo_address(client, done)

    undone = client.post(f"/undo/{token}")

    assert "Taken back. Nothing was sent." in said(client, undone)
    assert makers.fresh(kettle).status == Status.OPEN


def test_half_a_minute_later_it_stands(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller
) -> None:
    token = undo_address(client, act(client, kettle, "done", how="Sent"))
    traveller.shift(31)

    refused = client.post(f"/undo/{token}")

    assert "It is too late to undo this." in said(client, refused)
    assert makers.fresh(kettle).status == Status.FULFILLED


def test_nobody_undoes_for_somebody_else(client: Client, kettle: Commitment) -> None:
    token = undo_address(client, act(client, kettle, "done", how="Sent"))

    pages.signed_in(makers.dev()).post(f"/undo/{token}")
    stranger = pages.signed_in(makers.a_user("Zed Stranger")).post(f"/undo/{token}")

    assert stranger.status_code == 404
    assert makers.fresh(kettle).status == Status.FULFILLED


@pytest.mark.parametrize("token", ["nonsense", "WzFd:abc:def", "x" * 2000])
def test_a_forged_undo_is_no_address(client: Client, token: str) -> None:
    assert client.post(f"/undo/{token}/").status_code == 404


def test_looking_at_an_undo_does_nothing(client: Client, kettle: Commitment) -> None:
    token = undo_address(client, act(client, kettle, "done", how="Sent"))

    looked = client.get(f"/undo/{token}", follow=True)

    assert looked.redirect_chain[-1] == ("/promises/mine/", 302)
    assert "Nothing was taken back. Undo works for 30 seconds only." in pages.text(looked)
    assert makers.fresh(kettle).status == Status.FULFILLED
