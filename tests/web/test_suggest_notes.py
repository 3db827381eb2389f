"""What a pasted conversation is answered with besides its cards."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import makers
from tests.web import pages
from tests.web.pastes import BASE, LID, MONEY, SUGGEST, keys_of, made, pasted, saved, sent_back

pytestmark = pytest.mark.django_db

TALK = (
    "so hi thanks for calling and my kettle broke you know what a pity it is well I'll send you a "
    "new lid by Friday 4pm and then it will all be good again for you okay bye"
)


@pytest.fixture
def client() -> Client:
    makers.a_team()
    makers.a_commitment()  # so that the team knows Tom
    return pages.signed_in(makers.ana())


@pytest.mark.parametrize(
    "said",
    [
        "I'll call him back by Friday 4pm.",
        "I'll send her the lid by Friday 4pm.",
        TALK,
    ],
)
def test_words_that_no_customer_should_read_wait_for_somebody(client: Client, said: str) -> None:
    page = pasted(client, said)
    (key,) = keys_of(page)

    fields = sent_back(page)

    assert fields[f"{key}-keep"] == "no"
    assert fields[f"{key}-wording"] != said
    assert len(fields[f"{key}-wording"]) <= 120
    assert "The customer will read these words. Edit them, then accept." in pages.text(page)


def test_words_that_hold_no_promise_of_their_own_are_the_kinds_usual_ones(client: Client) -> None:
    talk = "so hi thanks for calling how are you today and my kettle broke you know what a pity "
    page = pasted(client, f"{talk * 2} and our team will call you tomorrow at 11am")
    (key,) = keys_of(page)

    wording = sent_back(page)[f"{key}-wording"]

    assert wording == makers.Kind.objects.get(code="callback").usual_wording
    assert sent_back(page)[f"{key}-keep"] == "no"


@pytest.mark.parametrize(
    ("keep", "status", "button"),
    [
        ("", "1 of 3 accepted. 2 are left out.", "Save 1 promise · 2 left out"),
        (MONEY, "2 of 3 accepted. 1 is left out.", "Save 2 promises · 1 left out"),
        (MONEY + BASE, "3 of 3 accepted.", "Save 3 promises Save"),
    ],
)
def test_what_is_left_out_is_counted_beside_the_button(
    client: Client, keep: str, status: str, button: str
) -> None:
    kept = {f"{key}-keep": "yes" for key in (MONEY, BASE) if key in keep}

    page = client.post(SUGGEST, sent_back(pasted(client), do="read") | kept)

    assert status in pages.text(page)
    assert button in pages.text(page)


@pytest.mark.parametrize(
    ("keep", "sentence"),
    [([], " 2 were left out."), ([MONEY], " 1 was left out."), ([MONEY, BASE], "")],
)
def test_what_was_left_out_is_said_after_saving(
    client: Client, keep: list[str], sentence: str
) -> None:
    answer = saved(client, pasted(client), **{f"{key}__keep": "yes" for key in keep})

    said = pages.text(client.get(answer["Location"]))

    assert ("left out" in said) == bool(sentence)
    assert sentence in said


def test_a_conversation_with_somebody_else_is_noted(client: Client) -> None:
    callum = makers.Customer.objects.create(name="Callum Reid", email="reid@customers.example")
    makers.a_commitment(customer=callum)
    text = "Ana: I'll send you the lid by Friday 4pm.\nTom Okafor: Thanks."

    page = pasted(client, text, who="callum")

    assert (
        "This conversation is with Tom Okafor, and the promises go to Callum Reid."
        in pages.text(page)
    )
    assert saved(client, page).status_code == 302


@pytest.mark.parametrize("name", ["Tom", "TOM OKAFOR", "Mr Okafor", "Customer", "Tommy", "Caller"])
def test_the_customer_by_any_name_is_nobody_else(client: Client, name: str) -> None:
    page = pasted(client, f"Ana: I'll send you the lid by Friday 4pm.\n{name}: Thanks.")

    assert "and the promises go to" not in pages.text(page)


def test_another_language_is_no_conversation_without_promises(client: Client) -> None:
    page = pasted(client, "Ana: Guten Tag, ich schicke Ihnen morgen den Deckel.\nTom: Danke sehr.")

    said = pages.text(page)
    assert "We read only English" in said
    assert "You can log its promises one by one." in said
    assert "o promise" not in said
    assert 'href="/promises/new/?customer=Tom' in page.content.decode()


def test_clocks_that_are_still_to_come_are_said_to_be_of_yesterday(client: Client) -> None:
    page = pasted(client, "[16:02] Ana: I'll send you the lid by Friday 4pm.\n[16:03] Tom: Ok.")

    assert "4:02 pm was read as yesterday." in pages.text(page)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("[10:02] Ana: I'll send you the lid by Friday 4pm.\n[10:03] Tom: Ok.", ""),
        ("[yesterday 16:02] Ana: I'll send it by Friday 4pm.\n[16:03] Tom: Ok.", ""),
        ("[16:02] Ana: I'll send it by Friday 4pm.\n[16:03] Tom: Ok.", "2026-05-20"),
    ],
)
def test_a_day_that_was_told_or_is_today_is_not_noted(client: Client, text: str, on: str) -> None:
    assert "was read as yesterday" not in pages.text(pasted(client, text, on=on))


@pytest.mark.parametrize(
    "said", ["Dev will call you tomorrow at 11am.", "My colleague Dev will email by Friday 4pm."]
)
def test_a_colleague_who_is_named_keeps_it(client: Client, said: str) -> None:
    page = pasted(client, said)

    saved(client, page)

    assert "Keeps it: Dev" in pages.text(page)
    assert "Who keeps it? Dev" not in pages.text(page)
    assert [each.owner for each in made()] == [makers.dev()]


@pytest.mark.parametrize(
    "said",
    ["Omar will call you tomorrow at 11am.", "Dev Okonjo will call you tomorrow at 11am.",
     "Our team will call you tomorrow at 11am."],
)  # fmt: skip
def test_who_keeps_it_is_asked_where_nobody_of_the_team_was_named(
    client: Client, said: str
) -> None:
    page = pasted(client, said)

    assert "Keeps it: Nobody yet, the team" in pages.text(page)
    assert "</svg>Who keeps it?</span>" in page.content.decode()


def test_of_two_with_the_name_nobody_is_taken(client: Client) -> None:
    other = makers.User.objects.create_user("long@larkfield.example", "lid-demo", name="Dev Long")
    makers.Membership.objects.create(user=other, team=makers.a_team())

    page = pasted(client, "Dev will call you tomorrow at 11am.")

    assert "Keeps it: Nobody yet, the team" in pages.text(page)


def test_a_card_without_a_wording_keeps_a_heading(client: Client) -> None:
    page = client.post(SUGGEST, sent_back(pasted(client), do="read", **{f"{LID}__wording": ""}))

    assert f'<h3 id="title-{LID}" dir="auto">Promise 1</h3>' in page.content.decode()


def test_a_card_says_by_which_words_it_was_found(client: Client) -> None:
    said = pages.text(pasted(client))

    assert "Found by “I'll refund”: what one of us will do." in said


def test_an_open_time_that_the_note_names_is_only_a_button(client: Client) -> None:
    said = pages.text(pasted(client, "I'll call you back on Saturday at 10am."))

    assert "Mon 25 May, 9:00 am is the next open time. Use Mon 25 May, 9:00 am" in said
