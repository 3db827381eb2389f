"""The call list, and a call logged from it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import CallAttempt, Commitment, Customer, Role
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, events_of, fresh
from tests.web import lines, pages

pytestmark = pytest.mark.django_db
CALLS = "/calls/"


def a_callback(**fields: Any) -> Commitment:  # Any: a draft's own fields
    """Made the day before, to be called between eleven and two: now."""
    given = {"kind": "callback", "window_start": NOON - HOUR, "due_at": NOON + 2 * HOUR}
    return makers.a_commitment(**{"now": NOON - DAY, "summary": False, **given, **fields})


def one_of_each() -> None:
    a_callback(wording="Call now about it")
    a_callback(wording="Overdue call", window_start=None, due_at=NOON - HOUR)
    a_callback(wording="Later call", window_start=NOON + 2 * HOUR, due_at=NOON + 4 * HOUR)
    a_callback(wording="Coming call", window_start=None, due_at=NOON + DAY)


def path(promise: Commitment) -> str:
    return f"/promises/{promise.reference}/attempt/"


def log(client: Client, promise: Commitment, came_of_it: str, **fields: str) -> Any:  # a response
    form = client.get(path(promise))
    return client.post(path(promise), pages.hidden(form) | {"came_of_it": came_of_it} | fields)


def groups(response: Any) -> list[str]:  # Any: a test response
    return re.findall(r'<h2 id="group-\w+">([^<]+)</h2>', response.content.decode())


def test_calls_are_grouped_by_when_they_can_be_made(client: Client) -> None:
    one_of_each()

    page = client.get(CALLS)

    assert groups(page) == ["Call now", "Overdue", "Later today", "In the next 7 days"]
    assert "One call can be made now, and one is overdue." in pages.text(page)
    assert "2 h left 11:00 am to 2:00 pm" in pages.text(page)
    assert "1 h late by 11:00 am" in pages.text(page)


def test_only_what_is_kept_by_phone_is_listed(client: Client) -> None:
    makers.a_commitment(wording="Send the form", keep_by="email")
    makers.a_commitment(wording="Ring about the meter", keep_by="phone")

    said = pages.text(client.get(CALLS))

    assert "Ring about the meter" in said
    assert "Send the form" not in said


def test_without_any_the_page_says_what_will_be_there(client: Client) -> None:
    said = pages.text(client.get(CALLS))

    assert "Nobody waits for a call today." in said
    assert "No call is owed" in said


def test_the_number_can_be_tapped_and_stands_in_no_address_of_ours(client: Client) -> None:
    promise = a_callback()

    content = client.get(CALLS).content.decode()

    assert 'href="tel:07555550142"' in content
    assert "Call 0755 555 0142" in content
    addresses = re.findall(r'(?:href|action)="(/[^"]*)"', content)
    assert path(promise) in addresses
    assert not [address for address in addresses if "0142" in address]


@pytest.mark.parametrize(
    ("phone", "said"),
    [('"><script>alert(1)', "cannot be dialled"), ("", "No number known")],
)
def test_what_cannot_be_dialled_is_no_link(client: Client, phone: str, said: str) -> None:
    promise = a_callback()
    Customer.objects.filter(pk=promise.customer_id).update(phone=phone)

    page = client.get(CALLS)

    assert said in pages.text(page)
    assert b"tel:" not in page.content
    assert b"<script>alert" not in page.content


def test_the_best_facts_are_at_hand(client: Client) -> None:
    promise = a_callback(case="48213", team_note="Prefers mobile")
    Customer.objects.filter(pk=promise.customer_id).update(zone="Europe/Berlin")
    services.update(
        promise.pk, by=makers.dev(), words="Bank confirmed.", tell_customer=False, now=NOON - HOUR
    )
    services.attempt(promise.pk, by=makers.ana(), came_of_it="busy", now=NOON - MINUTE)

    said = pages.text(client.get(CALLS))

    assert "Tom Okafor · 2:00 pm there now · Case 48213" in said
    assert "Dev, today at 11:00 am : Bank confirmed." in said
    assert "Prefers mobile" in said
    assert "Last tried today at 11:59 am: busy. One try in the window." in said


def test_calls_of_others_are_under_my_teams(client: Client) -> None:
    a_callback(wording="Dev's call", owner_id=makers.dev().pk)

    assert "Dev's call" not in pages.text(client.get(CALLS))
    assert "Dev Shah" in pages.text(client.get(CALLS + "?whose=team"))
    assert "Dev's call" in pages.text(pages.signed_in(makers.ines()).get(CALLS))


def test_calls_of_other_teams_do_not_exist(client: Client) -> None:
    other = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    makers.Membership.objects.create(user=makers.ana(), team=other, role=Role.AGENT)
    promise = a_callback(wording="Theirs", team=other)
    makers.Membership.objects.filter(team=other).delete()

    assert "Theirs" not in pages.text(client.get(CALLS + "?whose=team"))
    assert client.get(path(promise)).status_code == 404
    assert client.post(path(promise), {"came_of_it": "busy"}).status_code == 404
    assert events_of(promise) == ["made"]


@pytest.mark.parametrize("query", ["?whose=x", "?show=x", "?whose=%00", "?show=%ED%A0%80"])
def test_a_list_that_there_is_not_is_not_found(client: Client, query: str) -> None:
    assert client.get(CALLS + query).status_code == 404


def test_one_group_can_be_seen_in_full(client: Client) -> None:
    one_of_each()

    page = client.get(CALLS + "?show=overdue")

    assert groups(page) == ["Overdue"]
    assert "All calls" in pages.text(page)


def test_the_number_of_queries_does_not_depend_on_the_calls(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(CALLS).status_code == 200
        return len(queries)

    one_of_each()
    for promise in Commitment.objects.all():
        services.attempt(promise.pk, by=makers.ana(), came_of_it="busy", now=NOON)
        services.update(promise.pk, by=makers.ana(), words="Soon", tell_customer=False, now=NOON)
    few = asked()
    for _ in range(4):
        one_of_each()

    assert asked() == few


def test_long_groups_are_folded_behind_a_link(client: Client) -> None:
    for _ in range(42):
        a_callback()

    page = client.get(CALLS)

    assert len(re.findall(r'class="ttl"', page.content.decode())) == 40
    assert "See the other 2" in pages.text(page)
    full = client.get(CALLS + "?whose=mine&show=now").content.decode()
    assert len(re.findall(r'class="ttl"', full)) == 42


@pytest.mark.parametrize(
    ("came_of_it", "said"),
    [
        ("no_answer", "No answer, today at 12:00 noon. That is the first try in the window."),
        ("voicemail", "Message left, today at 12:00 noon. That is the first try in the window."),
        ("busy", "The line was busy, today at 12:00 noon. That is the first try in the window."),
        ("wrong_number", "Wrong number. It does not count as a try: look for the right one."),
    ],
)
def test_a_try_is_logged_and_said_back_with_an_undo(
    client: Client, came_of_it: str, said: str
) -> None:
    promise = a_callback()

    sent = log(client, promise, came_of_it, note="Rang long", back="calls")
    back = client.get(sent["Location"])

    assert sent["Location"] == CALLS
    assert said in pages.text(back)
    assert "Undo" in pages.text(back)
    assert CallAttempt.objects.get().outcome == came_of_it
    assert fresh(promise).events.latest("sequence").words == "Rang long"


def test_the_second_try_says_what_is_still_lacking(
    client: Client, traveller: time_machine.Traveller
) -> None:
    promise = a_callback()
    log(client, promise, "no_answer")
    traveller.shift(10 * MINUTE)

    sent = log(client, promise, "busy")

    said = pages.text(client.get(sent["Location"]))
    assert "Two tries in the window: write to Tom as well, and it counts as attempted." in said
    assert fresh(promise).attempted_at is None


def test_after_two_tries_and_a_message_left_it_is_marked_everywhere(client: Client) -> None:
    promise = a_callback()
    log(client, promise, "no_answer")

    sent = log(client, promise, "voicemail", back="calls")
    listed = pages.text(client.get(sent["Location"]))
    own = pages.text(client.get(f"/promises/{promise.reference}/"))

    assert "It counts as attempted now." in listed
    assert "Two tries in the window. Attempted." in listed
    assert "Attempted" in own
    assert "Ana called Tom and left a message" in own
    assert "Tried twice in its window, and left word: it counts as attempted." in own


def test_who_was_reached_is_told_how_it_ended(client: Client) -> None:
    promise = a_callback()

    sent = log(client, promise, "reached_done", back="calls")
    form = client.get(sent["Location"])

    assert sent["Location"] == f"/promises/{promise.reference}/done/?after=call&back=calls"
    assert "Logged: you reached Tom." in pages.text(form)
    assert "We spoke on the phone on Thursday 21 May, 12:00 noon." in pages.text(form)
    assert fresh(promise).told_at == NOON


def test_who_was_reached_with_more_to_do_is_updated(client: Client) -> None:
    promise = a_callback()

    sent = log(client, promise, "reached_more")
    form = client.get(sent["Location"])

    assert sent["Location"] == f"/promises/{promise.reference}/update/?after=call"
    assert "Thank you for your time on the phone" in pages.text(form)


def test_who_was_not_reached_can_be_written_to_in_words_that_say_so(client: Client) -> None:
    promise = a_callback()
    log(client, promise, "no_answer")

    form = client.get(f"/promises/{promise.reference}/update/?after=call")

    said = "I tried to call you on Thursday 21 May, 12:00 noon and did not reach you."
    assert said in pages.text(form)
    assert "I will try again by Thursday 21 May, 2:00 pm." in pages.text(form)


def test_a_double_tap_is_one_try(client: Client) -> None:
    promise = a_callback()
    form = pages.hidden(client.get(path(promise))) | {"came_of_it": "busy"}

    first, second = client.post(path(promise), form), client.post(path(promise), form)

    assert first["Location"] == second["Location"]
    assert CallAttempt.objects.count() == 1


def test_the_lists_own_buttons_carry_all_that_is_needed(client: Client) -> None:
    promise = a_callback()
    content = client.get(CALLS).content.decode()
    sent = pages.hidden(client.get(CALLS)) | {"came_of_it": "no_answer"}

    answer = client.post(path(promise), sent)

    assert f'action="{path(promise)}"' in content
    assert answer["Location"] == CALLS
    assert CallAttempt.objects.get().outcome == "no_answer"


def test_without_an_answer_the_note_is_kept_and_nothing_is_logged(client: Client) -> None:
    promise = a_callback()
    form = pages.hidden(client.get(path(promise)))

    refused = client.post(path(promise), form | {"note": "Prefers mobile"})

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert "Choose what came of the call." in pages.text(refused)
    assert b"Prefers mobile</textarea>" in refused.content
    assert CallAttempt.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"came_of_it": "hung_up"},
        {"came_of_it": "busy", "note": "a\x00b"},
        {"came_of_it": "busy", "note": "n" * 501},
        {"came_of_it": ["busy"], "once": ""},
    ],
)
def test_hostile_input_is_refused_in_words(client: Client, fields: dict[str, Any]) -> None:
    promise = a_callback()
    form = pages.hidden(client.get(path(promise)))

    refused = client.post(
        path(promise),
        "&".join(f"{name}={_quoted(value)}" for name, value in (form | fields).items()),
        content_type="application/x-www-form-urlencoded",
    )

    assert refused.status_code == 422
    assert CallAttempt.objects.count() == 0


def _quoted(value: Any) -> str:  # Any: a field or several
    text = value[0] if isinstance(value, list) else value
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


def test_names_and_words_are_shown_as_they_are(client: Client) -> None:
    promise = a_callback(wording="<b>Call</b> \u202eback " + "w" * 200)
    Customer.objects.filter(pk=promise.customer_id).update(name="<i>Tom</i>")

    content = client.get(CALLS).content.decode()

    assert "&lt;b&gt;Call&lt;/b&gt;" in content
    assert "<i>Tom</i>" not in content


def test_an_auditor_sees_the_calls_and_logs_none(client: Client) -> None:
    promise = a_callback()
    makers.Membership.objects.filter(user=makers.ana()).update(role=Role.AUDITOR)

    page = client.get(CALLS)
    refused = client.post(path(promise), {"once": "k", "came_of_it": "busy"})

    assert "Send the kettle's replacement part" in pages.text(page)
    assert "Log it" not in pages.text(page)
    assert refused.status_code == 403
    assert CallAttempt.objects.count() == 0


def test_a_call_about_what_somebody_else_closed_is_refused(client: Client) -> None:
    promise = a_callback()
    form = pages.hidden(client.get(path(promise)))
    services.release(promise.pk, by=makers.dev(), reason="Not needed", now=NOON)

    refused = client.post(path(promise), form | {"came_of_it": "busy", "note": "Rang"})

    assert refused.status_code in (409, 422)
    assert "Dev closed this as no longer wanted" in pages.text(refused)
    assert CallAttempt.objects.count() == 0


def test_a_line_with_a_window_makes_a_call_with_one(traveller: time_machine.Traveller) -> None:
    traveller.move_to(lines.AT, tick=False)
    desk = lines.a_desk()
    line = "@maya call back with the figures between 3 and 5pm ~phone"

    shown = lines.read(desk, line)
    made = lines.logged(desk, line)

    assert shown.chips["Due"].endswith("5:00 pm, not before 3:00 pm")
    assert (made.window_start, made.due_at) == (lines.london(21, 15), lines.london(21, 17))
    assert made.wording == "Call back with the figures"


def test_a_move_takes_a_window_in_the_same_words(client: Client) -> None:
    promise = a_callback()
    address = f"/promises/{promise.reference}/move/"
    fields = {"when": "tomorrow between 2 and 4pm", "reason": "You are out", "told": "phone"}

    shown = client.post(address, pages.hidden(client.get(address)) | fields)
    client.post(address, pages.hidden(shown) | fields)

    assert "Fri 22 May, 4:00 pm , not before 2:00 pm" in pages.text(shown)
    assert fresh(promise).window_start == NOON + DAY + 2 * HOUR
    assert fresh(promise).due_at == NOON + DAY + 4 * HOUR
