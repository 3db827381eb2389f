from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

from commitments.models import Customer, Membership, Role
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


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Paste the conversation: a call, a chat or a mail."),
        ({"text": " \n\x00 "}, "Paste the conversation"),
        ({"text": "x" * 1_000_000}, "The conversation is 1,000,000 characters long; keep it to"),
        ({"text": "Ana: a\nTom: b\n" * 1001}, "The conversation has 2,002 turns; keep it to"),
        ({"who": ""}, "To whom? Enter a name, an e-mail or a phone number."),
        ({"on": "yesterday"}, "Enter a valid date."),
        ({"on": "0001-01-01"}, "Give the day of the conversation: from 1990, and not ahead."),
        ({"on": "9999-12-31"}, "Give the day of the conversation: from 1990, and not ahead."),
        ({"channel": "pigeon"}, "Choose one of the answers offered for “How did you speak?”."),
        ({"once": ""}, "This form was changed on its way."),
        ({"do": "sing"}, "Choose one of the answers offered"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_refused_and_the_text_is_kept(
    client: Client, fields: dict[str, str], sentence: str
) -> None:
    refused = pasted(client, **({"text": CHAT} | fields))

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert sentence in pages.text(refused)
    kept = sent_back(refused)["text"].replace("\r\n", "\n")
    assert kept.strip(" \n\x00") == fields.get("text", CHAT).strip(" \n\x00")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("when", "sometime", "Promise 1: “sometime” names no time."),
        ("when", "blue", "Promise 1: We could not read “blue” as a time."),
        ("when", "2026-05-20", "has passed. Give a later time."),
        ("wording", "", "Promise 1: What did you promise? Write it in a few words."),
        ("wording", "w" * 501, "Promise 1: The promise is 501 characters long; keep it to 500."),
        ("kind", "30000000", "Promise 1: Choose one of the answers offered for “Kind”."),
        ("owner", "30000000", "Promise 1: Choose one of the answers offered for “Who keeps it?”."),
    ],
)
def test_an_accepted_card_that_will_not_do_is_refused_on_the_card(
    client: Client, field: str, value: str, sentence: str
) -> None:
    refused = saved(client, pasted(client), **{f"{LID}__{field}": value})

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert sentence in pages.text(refused)
    assert f'href="#id_{LID}-{field}"' in refused.content.decode()
    assert made() == []


def test_a_card_that_is_left_out_need_not_be_right(client: Client) -> None:
    changes = {f"{LID}__when": "blue", f"{LID}__keep": "no", f"{MONEY}__keep": "yes"}

    answer = saved(client, pasted(client), **changes)

    assert answer.status_code == 302
    assert [each.wording for each in made()] == ["Refund the 12 euros"]


def test_nothing_accepted_is_said(client: Client) -> None:
    refused = saved(client, pasted(client), **{f"{LID}__keep": "no"})

    assert refused.status_code == 422
    assert "Nothing is accepted yet." in pages.text(refused)


def test_saving_where_nothing_was_found_saves_nothing(client: Client) -> None:
    found = pasted(client, "Ana: Good morning.\nTom: Thank you.")

    answer = saved(client, found)

    assert answer.status_code == 200
    assert "We see no promise in it" in pages.text(answer)
    assert made() == []


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_offer_at_the_end_of_all_calendars_is_refused(client: Client, at: str) -> None:
    fields = sent_back(pasted(client)) | {f"{LID}-taken": at}

    refused = client.post(SUGGEST, fields)

    assert refused.status_code == 422
    assert "Promise 1: This form was changed on its way." in pages.text(refused)
    assert made() == []


def test_what_a_rule_refuses_is_said_on_its_card_and_nothing_is_made(client: Client) -> None:
    Membership.objects.create(user=makers.a_user("Rana Haddad"), team=makers.a_team())
    rana = str(makers.a_user("Rana Haddad").pk)
    page = pasted(client)
    shown = saved(client, page, **{f"{MONEY}__keep": "yes", f"{MONEY}__owner": rana})
    fields = sent_back(shown)
    Membership.objects.filter(user__name="Rana Haddad").update(role=Role.AUDITOR)

    refused = client.post(SUGGEST, fields)

    assert refused.status_code == 422
    assert "Promise 2: Choose one of the answers offered" in pages.text(refused)
    assert made() == []


def test_what_only_the_verb_refuses_is_said_on_its_card(client: Client) -> None:
    shown = saved(client, pasted(client), **{f"{LID}__when": "2031-06-16"})

    refused = saved(client, shown)

    assert refused.status_code == 422
    assert "Promise 1: That is more than five years ahead." in pages.text(refused)
    assert made() == []


def test_pasted_markup_is_words(client: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    page = pasted(client, f"Ana: I'll send {evil} by Friday 4pm.\nTom{evil}: \"'{evil}")

    content = page.content.decode()

    assert "<script>alert" not in content
    assert "<img" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_names_of_speakers_are_words_too(client: Client) -> None:
    page = pasted(client, '[10:02] a"onfocus="x: hello\n[10:03] Ana: I\'ll call by Friday 4pm.')

    assert '"onfocus' not in page.content.decode()


def test_other_scripts_and_directions_are_read(client: Client) -> None:
    page = pasted(
        client, "\u202eتوم: مرحبا\x0b\nAna: I'll send it by Friday 4pm.\u2028Tom: 😀 שלום"
    )

    assert page.status_code == 200
    assert "One promise in this conversation" in pages.text(page)


def test_windows_line_ends_move_no_mark(client: Client) -> None:
    page = pasted(client, CHAT.replace("\n", "\r\n"))

    assert keys_of(page) == [LID, MONEY, BASE]


def test_several_customers_who_fit_are_told_apart_and_the_text_is_kept(client: Client) -> None:
    other = Customer.objects.create(name="Tom Brandt", email="brandt@customers.example")
    makers.a_commitment(customer=other)

    refused = pasted(client)

    assert refused.status_code == 422
    assert "Several customers fit “tom”. Choose one." in pages.text(refused)
    chosen = client.post(SUGGEST, sent_back(refused, do="read", customer=str(other.pk)))
    saved(client, chosen)
    assert [each.customer for each in made()] == [other]


@pytest.mark.parametrize("who", ["auditor", "nobody"])
def test_those_who_make_no_promises_are_refused(client: Client, who: str) -> None:
    stranger = makers.a_user("Kim Vale")
    if who == "auditor":
        Membership.objects.create(user=stranger, team=makers.a_team(), role=Role.AUDITOR)
    client = pages.signed_in(stranger)

    assert client.get(SUGGEST).status_code == 403
    assert pasted(client).status_code == 403
    assert made() == []


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = Client().get(SUGGEST)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_whose_session_ended_is_shown_their_paste(client: Client) -> None:
    answer = pasted(Client())

    assert answer.status_code == 403
    assert "I'll send you a new lid by Friday 4pm." in pages.text(answer)


def test_a_calendar_that_never_opens_is_named_on_the_card(client: Client) -> None:
    page = pasted(client)
    makers.Calendar.objects.get().opening_hours.all().delete()

    shown = pasted(client)
    refused = saved(client, page)

    assert shown.status_code == 200
    assert refused.status_code == 422
    assert "Promise 1: This calendar has no opening hours" in pages.text(refused)
    assert made() == []


def test_without_any_kind_in_use_people_are_told_whom_to_ask(client: Client) -> None:
    makers.Kind.objects.update(retired_at=makers.NOON)

    refused = pasted(client)

    assert refused.status_code == 422
    assert "No kind of promise is in use. Please ask an administrator." in pages.text(refused)


def test_more_than_the_house_takes_in_is_refused_in_words(client: Client) -> None:
    form = urlencode({"once": "k", "who": "tom", "text": "\u58f6" * 1_000_000})

    refused = client.post(SUGGEST, form, content_type="application/x-www-form-urlencoded")

    assert refused.status_code == 400
    assert "Nothing was saved. Please go back: what you wrote is still there" in pages.text(refused)
