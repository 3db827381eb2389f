from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Conversation, Customer, OnceKey
from commitments.rules import saying
from tests import makers
from tests.web import pages
from tests.web.pastes import (
    BASE,
    CHAT,
    LID,
    MONEY,
    SUGGEST,
    keys_of,
    made,
    pasted,
    saved,
    sent_back,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    makers.a_team()
    makers.a_commitment()  # so that the team knows Tom
    return pages.signed_in(makers.ana())


def test_the_form_asks_for_a_conversation(client: Client) -> None:
    page = client.get(SUGGEST)

    assert page.status_code == 200
    assert "Find the promises" in pages.text(page)
    assert "suggest.js" not in page.content.decode()


def test_each_suggested_promise_is_marked_in_place_and_has_a_card(client: Client) -> None:
    page = pasted(client)

    content, said = page.content.decode(), pages.text(page)
    assert "Three promises in this conversation" in said
    for key, quote in (
        (LID, "I&#x27;ll send you a new lid by Friday 4pm."),
        (MONEY, "I&#x27;ll refund the 12 euros as soon as possible."),
        (BASE, "If you send me a photo, I will also check the base."),
    ):
        assert re.search(rf'<mark id="said-{key}"[^>]*><a href="#card-{key}">{quote}<sup>', content)
    assert keys_of(page) == [LID, MONEY, BASE]


def test_a_card_says_what_was_understood(client: Client) -> None:
    said = pages.text(pasted(client))

    assert "Send you a new lid “I'll send you a new lid by Friday 4pm.”" in said
    assert "Due: Fri 22 May, 4:00 pm Kind: Follow-up Keeps it: Me" in said
    assert "“as soon as possible” names no time. Accept the usual time (Refund: 2 working" in said
    assert "Only if the customer acts" in said


def test_accepted_at_first_is_only_what_leaves_nothing_to_ask(client: Client) -> None:
    fields = sent_back(pasted(client))

    assert [fields[f"{key}-keep"] for key in (LID, MONEY, BASE)] == ["yes", "no", "no"]


def test_nothing_is_stored_before_saving(client: Client) -> None:
    session = dict(client.session.items())

    page = pasted(client, who="Maya Lindqvist <maya@customers.example>")

    assert page.status_code == 200
    assert "With Maya Lindqvist , new" in pages.text(page)
    assert made() == []
    assert Conversation.objects.count() == 1  # Tom's, from before
    assert Customer.objects.count() == 1
    assert not OnceKey.objects.exists()
    assert dict(client.session.items()) == session


def test_the_accepted_ones_are_saved_in_one_conversation(client: Client) -> None:
    page = pasted(client, case="48213", channel="chat")

    answer = saved(client, page, **{f"{MONEY}__keep": "yes"})

    lid, money = made()
    assert answer["Location"] == "/promises/mine/"
    assert (lid.wording, money.wording) == ("Send you a new lid", "Refund the 12 euros")
    assert lid.due_at == datetime(2026, 5, 22, 16, tzinfo=UTC)
    assert lid.conversation == money.conversation
    assert lid.conversation.outside_reference == "48213"
    assert lid.conversation.channel == "chat"
    assert lid.customer == makers.tom()


def test_a_promise_was_made_when_it_was_said(client: Client) -> None:
    saved(client, pasted(client))

    (lid,) = made()
    assert lid.promised_at == datetime(2026, 5, 21, 10, 4, tzinfo=UTC)
    assert lid.due_said == "by Friday 4pm"
    assert lid.team_note == "Said: “I'll send you a new lid by Friday 4pm.”"
    assert lid.due_chain[0].begins_at == lid.promised_at


def test_vague_words_stay_on_the_record_beside_the_usual_time(client: Client) -> None:
    saved(client, pasted(client), **{f"{MONEY}__keep": "yes", f"{LID}__keep": "no"})

    (money,) = made()
    assert money.due_said == "as soon as possible"
    assert money.due_at == datetime(2026, 5, 25, 17, tzinfo=UTC)
    assert money.kind.code == "refund"


def test_what_is_left_out_leaves_no_promise(client: Client) -> None:
    saved(client, pasted(client))

    assert [each.wording for each in made()] == ["Send you a new lid"]


def test_each_saved_promise_is_said_with_its_undo(client: Client) -> None:
    answer = saved(client, pasted(client), **{f"{MONEY}__keep": "yes"})

    page = client.get(answer["Location"])

    assert "Logged for Tom, Fri 22 May, 4:00 pm: Send you a new lid. Summary" in pages.text(page)
    assert "Logged for Tom, Mon 25 May, 5:00 pm: Refund the 12 euros. Summary" in pages.text(page)
    tokens = re.findall(r'action="/undo/([^"]+)/"', page.content.decode())
    assert len(tokens) == 2
    client.post(f"/undo/{tokens[0]}/")
    assert [each.status for each in made()] == ["void", "open"]


def test_a_double_submit_makes_one_set(client: Client) -> None:
    form = sent_back(pasted(client), **{f"{MONEY}__keep": "yes"})

    first, second = client.post(SUGGEST, form), client.post(SUGGEST, form)

    assert first["Location"] == second["Location"]
    assert len(made()) == 2


def test_a_card_accepted_after_going_back_is_asked_about_and_not_lost(client: Client) -> None:
    page = pasted(client)
    saved(client, page)

    asked = saved(client, page, **{f"{MONEY}__keep": "yes"})

    assert asked.status_code == 422
    assert "Something was saved from this page already" in pages.text(asked)
    assert [each.wording for each in made()] == ["Send you a new lid"]
    saved(client, asked, **{f"{LID}__keep": "no"})
    assert [each.wording for each in made()] == ["Send you a new lid", "Refund the 12 euros"]


def test_edited_words_are_saved_at_once(client: Client) -> None:
    saved(client, pasted(client), **{f"{LID}__wording": "post the lid"})

    assert [each.wording for each in made()] == ["Post the lid"]


def test_an_edited_time_is_shown_before_it_is_saved(client: Client) -> None:
    page = pasted(client)

    shown = saved(client, page, **{f"{LID}__when": "tue 10am"})

    assert shown.status_code == 200
    assert "Something reads differently from what was shown before." in pages.text(shown)
    assert "Due: Tue 26 May, 10:00 am" in pages.text(shown)
    assert made() == []
    saved(client, shown)
    assert [each.due_at for each in made()] == [datetime(2026, 5, 26, 10, tzinfo=UTC)]


@pytest.mark.parametrize("change", ["kind", "owner"])
def test_another_kind_or_keeper_is_shown_before_it_is_saved(client: Client, change: str) -> None:
    page = pasted(client)
    value = makers.dev().pk if change == "owner" else makers.Kind.objects.get(code="repair").pk

    shown = saved(client, page, **{f"{LID}__{change}": str(value)})

    assert shown.status_code == 200
    assert made() == []
    saved(client, shown)
    assert str(getattr(made()[0], f"{change}_id")) == str(value)


def test_another_conversation_is_shown_before_it_is_saved(client: Client) -> None:
    page = pasted(client)

    shown = saved(client, page, text=CHAT.replace("lid by", "blue lid by"))

    assert shown.status_code == 200
    assert "Send you a new blue lid" in pages.text(shown)
    assert made() == []


def test_a_length_still_means_what_was_shown(
    client: Client, traveller: time_machine.Traveller
) -> None:
    page = pasted(client, "I'll call you back in 2 hours.")
    traveller.shift(20)

    saved(client, page)

    assert [each.due_at for each in made()] == [makers.NOON + 2 * makers.HOUR]


def test_a_time_is_read_as_of_when_it_was_said(client: Client) -> None:
    page = pasted(client, "[19/05/2026, 16:30] Ana: I'll call you in 3 days at 9am.")

    saved(client, page)

    assert [each.due_at for each in made()] == [datetime(2026, 5, 22, 9, tzinfo=UTC)]


@pytest.mark.parametrize(
    "when",
    ["tomorrow", "by Friday", "next week", "within 2 business days", "in 30 minutes", "soon",
     "on the 28th at noon", "by the end of the month", "before Tuesday", "in three days at 9am"],
)  # fmt: skip
def test_what_is_shown_is_what_is_saved(client: Client, when: str) -> None:
    page = pasted(client, f"[09:30] Ana: I'll send you the lid {when}.\n[09:31] Tom: Fine.")
    (key,) = keys_of(page)
    shown = re.search(r"Due: (.+?) (?:\(usual\) )?Kind:", pages.text(page))

    saved(client, page, **{f"{key}__keep": "yes"})

    (lid,) = made()
    assert shown is not None
    assert shown[1] == saying.say_time(lid.due_at, zone="UTC", now=makers.NOON)


def test_the_day_of_a_text_without_one_can_be_given(client: Client) -> None:
    page = pasted(client, "Ana: I'll call you on Friday at 9am.\nTom: Ok.", on="2026-05-18")

    assert "Yesterday" not in pages.text(page)
    assert "Mon 18 May, 12:00 noon" in pages.text(page)
    assert "Due: Fri 22 May, 9:00 am" in pages.text(page)


def test_a_time_that_has_passed_is_asked_for_anew(client: Client) -> None:
    page = pasted(client, "[10:02] Ana: I'll call you by 11am.\n[10:03] Tom: Ok.")

    assert "11:00 am today has passed. Accept the usual time" in pages.text(page)
    assert [sent_back(page)[f"{key}-keep"] for key in keys_of(page)] == ["no"]


def test_outside_working_hours_the_next_open_time_is_offered(client: Client) -> None:
    page = pasted(client, "I'll call you back on Saturday at 10am.")
    (key,) = keys_of(page)
    assert sent_back(page)[f"{key}-keep"] == "no"
    (offer,) = re.findall(r'name="take" value="([^"]+)"', page.content.decode())

    taken = client.post(SUGGEST, sent_back(page, take=html.unescape(offer)))

    assert "Due: Mon 25 May, 9:00 am" in pages.text(taken)
    assert made() == []
    saved(client, taken)
    assert [(each.due_at.day, each.due_said) for each in made()] == [(25, "on Saturday at 10am")]


def test_a_time_that_was_taken_goes_with_the_words_it_was_offered_for(client: Client) -> None:
    page = pasted(client, "I'll call you back on Saturday at 10am.")
    (key,) = keys_of(page)
    (offer,) = re.findall(r'name="take" value="([^"]+)"', page.content.decode())
    taken = client.post(SUGGEST, sent_back(page, take=html.unescape(offer)))

    cleared = client.post(SUGGEST, sent_back(taken, do="read") | {f"{key}-when": ""})

    assert "(usual)" not in pages.text(taken)
    assert "(usual)" in pages.text(cleared)


def test_sides_can_be_swapped(client: Client) -> None:
    text = "Jo: I'll call you tomorrow at 10am.\nLi: I'll send the lid by Friday 4pm.\nJo: Ok."
    page = pasted(client, text)
    fields = sent_back(page, do="read")
    sides = [name for name in fields if name.startswith("side-")]
    assert "a guess" in pages.text(page)
    before = pages.text(page)

    other = {"agent": "customer", "customer": "agent"}
    swapped = client.post(SUGGEST, fields | {name: other[fields[name]] for name in sides})

    assert ("“I'll call" in before) != ("“I'll call" in pages.text(swapped))
    assert "a guess" not in pages.text(swapped)


def test_words_without_a_name_are_ours(client: Client) -> None:
    page = pasted(client, "I'll send you the lid by Friday 4pm.")

    assert "One promise in this conversation" in pages.text(page)
    assert "Words without a name" in pages.text(page)


def test_somebody_else_keeps_what_somebody_else_was_promised_to_do(client: Client) -> None:
    page = pasted(client, "Somebody from our repair team will call you tomorrow at 11am.")

    saved(client, page)

    assert "Keeps it: Nobody yet, the team" in pages.text(page)
    assert [each.owner for each in made()] == [None]


def test_nothing_found_says_so(client: Client) -> None:
    page = pasted(client, "Ana: Good morning.\nTom: Hello.")

    assert page.status_code == 200
    assert "We see no promise in it" in pages.text(page)


def test_many_are_shown_in_part_and_the_rest_is_counted(client: Client) -> None:
    page = pasted(client, "I'll send you the lid by Friday 4pm.\n\n" * 45)

    assert len(keys_of(page)) == 40
    said = pages.text(page)
    assert "45 promises in this conversation" in said
    assert "These are the first 40; 5 more are in this text." in said
    assert said.index("These are the first 40") < said.index("The conversation Words")


def test_somebody_new_is_kept_with_the_promises(client: Client) -> None:
    saved(client, pasted(client, who="Maya Lindqvist <maya@customers.example>"))

    assert [each.customer.email for each in made()] == ["maya@customers.example"]


def test_keys_are_hinted_and_can_be_switched_off(client: Client) -> None:
    page = pasted(client).content.decode()
    assert 'aria-keyshortcuts="A"' in page
    assert "suggest.js" in page

    makers.User.objects.filter(pk=makers.ana().pk).update(keys_on=False)
    page = pasted(client).content.decode()

    assert "aria-keyshortcuts" not in page
    assert "data-keys>" not in page
    assert "<kbd" not in page


def test_more_suggestions_ask_no_more_of_the_database(client: Client) -> None:
    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            pasted(client, text)
        return len(asked)

    few = queries("I'll send you the lid by Friday 4pm.")

    assert queries("I'll send you the lid by Friday 4pm.\n\n" * 30) == few


def test_a_help_desk_opens_it_prefilled(client: Client) -> None:
    page = client.get(f"{SUGGEST}?customer=tom&case=48213").content.decode()

    assert 'name="who" value="tom"' in page
    assert 'name="case" value="48213"' in page


def test_both_ways_to_log_lead_to_each_other(client: Client) -> None:
    assert 'href="/promises/new/"' in client.get(SUGGEST).content.decode()
    assert f'href="{SUGGEST}"' in client.get("/promises/new/").content.decode()
    assert f'href="{SUGGEST}"' in client.get("/promises/mine/").content.decode()
