from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments.models import Commitment, Customer, OnceKey
from tests import makers
from tests.web import pages

pytestmark = pytest.mark.django_db
NEW = "/promises/new/"


@pytest.fixture
def client() -> Client:
    makers.a_team()
    makers.a_commitment()  # so that the team knows Tom
    return pages.signed_in(makers.ana())


def asked(**fields: str) -> dict[str, str]:
    return {"once": "key-1", "who": "tom", "wording": "Call back", "when": "fri 10am"} | fields


def confirmed(client: Client, **fields: str) -> Any:  # Any: a test response
    """Send the form, look at what was read, and send it again."""
    shown = client.post(NEW, asked(**fields))
    assert shown.status_code == 200, pages.text(shown)
    return client.post(NEW, asked(**fields) | pages.hidden(shown))


def newest() -> Commitment:
    return Commitment.objects.with_everything().latest("pk")


def test_what_was_read_is_shown_before_it_is_saved(client: Client) -> None:
    shown = client.post(NEW, asked())

    assert "Is this right?" in pages.text(shown)
    assert "Customer: Tom Okafor" in pages.text(shown)
    assert "Due: Fri 22 May, 10:00 am" in pages.text(shown)
    assert "Kind: Callback (guess)" in pages.text(shown)
    assert Commitment.objects.count() == 1


def test_once_shown_it_is_saved_and_said_again(client: Client) -> None:
    saved = confirmed(client)

    assert saved.status_code == 302
    assert newest().due_at == datetime(2026, 5, 22, 10, tzinfo=UTC)
    assert newest().due_said == "fri 10am"
    assert newest().customer == makers.tom()
    assert newest().owner == makers.ana()
    said = pages.text(client.get(saved["Location"]))
    assert "Logged for Tom, Fri 22 May, 10:00 am. Summary goes out in 30 seconds." in said
    assert "Undo" in said


def test_a_double_submit_makes_one_promise(client: Client) -> None:
    shown = client.post(NEW, asked())
    again = asked() | pages.hidden(shown)

    first, second = client.post(NEW, again), client.post(NEW, again)

    assert first["Location"] == second["Location"]
    assert Commitment.objects.filter(wording="Call back").count() == 1


def test_a_length_still_means_what_was_shown(
    client: Client, traveller: time_machine.Traveller
) -> None:
    shown = client.post(NEW, asked(when="in 1 minute"))
    traveller.shift(20)

    client.post(NEW, asked(when="in 1 minute") | pages.hidden(shown))

    assert newest().due_at == makers.NOON + makers.MINUTE


def test_a_length_that_ran_out_while_it_was_shown_is_read_afresh_when_sent_again(
    client: Client, traveller: time_machine.Traveller
) -> None:
    shown = client.post(NEW, asked(when="in 1 minute"))
    traveller.shift(120)

    refused = client.post(NEW, asked(when="in 1 minute") | pages.hidden(shown))
    again = client.post(NEW, asked(when="in 1 minute") | pages.hidden(refused))

    assert "12:01 pm today has passed. Give a later time." in pages.text(refused)
    assert "Due: Thu 21 May, 12:03 pm" in pages.text(again)


def test_other_words_are_shown_anew(client: Client) -> None:
    shown = client.post(NEW, asked())

    again = client.post(NEW, asked(when="fri 11am") | pages.hidden(shown) | {"when": "fri 11am"})

    assert again.status_code == 200
    assert "Due: Fri 22 May, 11:00 am" in pages.text(again)
    assert Commitment.objects.count() == 1


def test_left_empty_the_time_and_the_words_are_the_usual_ones(client: Client) -> None:
    kind = str(makers.Kind.objects.get(code="refund").pk)

    confirmed(client, wording="", when="", kind=kind)

    assert newest().wording == "Refund the amount"
    assert newest().due_at == datetime(2026, 5, 25, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("when", "sometime", "By when? Give a time such as 4pm or fri 10am, or take the usual"),
        ("when", "the blue kettle", "We could not read “the blue kettle” as a time."),
        ("when", "2026-05-21T11:00:00Z", "11:00 am today has passed. Give a later time."),
        ("when", "2026-05-20", "on Wed 20 May has passed. Give a later time."),
        ("when", "2035-01-01", "more than five years ahead"),
        ("who", "", "To whom? Enter a name, an e-mail or a phone number."),
        ("wording", "", "What did you promise?"),
        ("wording", "x" * 10_000, "The promise is 10,000 characters long; keep it to 500."),
        ("wording", "a\x00b", "The promise contains a NUL"),
        ("who", "\x00", "The name contains a NUL"),
        ("team_note", "n" * 10_000, "The note is 10,000 characters long; keep it to 2,000."),
        ("kind", "999999", "Choose one of the answers offered for “Kind”."),
        ("channel", "pigeon", "Choose one of the answers offered for “How did you"),
        ("read_at", "not a time", "This form was changed on its way. Reload the page"),
        ("once", "", "This form was changed on its way. Reload the page"),
        ("shown", "\x00", "This form was changed on its way. Reload the page"),
        ("case_url", "javascript:alert(1)", "Give a web address, such as https://help"),
        ("case_url", "a\x00b", "The link contains a NUL"),
        ("email", "tom@", "Give one e-mail address and nothing else"),
        ("phone", "1" * 41, "The phone number is 41 characters long; keep it to 40."),
    ],
)
def test_what_will_not_do_is_refused_in_words(
    client: Client, field: str, value: str, sentence: str
) -> None:
    refused = client.post(NEW, asked(**{field: value}))
    if refused.status_code == 200:  # a rule, not the form, says no
        refused = client.post(NEW, asked(**{field: value}) | pages.hidden(refused))

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert sentence in pages.text(refused)
    assert Commitment.objects.count() == 1
    assert Customer.objects.count() == 1


def test_a_mistyped_address_can_be_mended_where_it_was_typed(client: Client) -> None:
    refused = client.post(NEW, asked(who="Maya Lindqvist", email="maya@")).content.decode()

    assert 'href="#id_email"' in refused
    assert 'value="maya@"' in refused


def test_a_time_that_the_clocks_skip_is_said(client: Client) -> None:
    makers.Calendar.objects.update(zone="Europe/London")

    shown = client.post(NEW, asked(when="2027-03-28 01:30"))

    assert "The clocks skip 1:30 am on Sun 28 Mar" in pages.text(shown)


def test_half_a_character_does_no_harm(client: Client) -> None:
    body = "once=k&who=tom&when=fri+10am&wording=Call+%ED%A0%80+back"

    shown = client.post(NEW, body, content_type="application/x-www-form-urlencoded")

    assert shown.status_code in (200, 422)
    assert client.get("/promises/mine/").status_code == 200


def test_outside_working_hours_the_next_open_time_is_offered(client: Client) -> None:
    shown = client.post(NEW, asked(when="sat 10am"))

    assert "Sat 23 May, 10:00 am is outside your team's hours." in pages.text(shown)
    assert "Use Mon 25 May, 9:00 am" in pages.text(shown)

    taken = client.post(
        NEW,
        asked(when="sat 10am")
        | pages.hidden(shown)
        | {"take": "2026-05-25T09:00:00+00:00|sat 10am"},
    )

    assert "Due: Mon 25 May, 9:00 am" in pages.text(taken)
    assert Commitment.objects.count() == 1


def test_chip_warning_and_offer_are_said_in_the_readers_zone(client: Client) -> None:
    makers.User.objects.filter(pk=makers.ana().pk).update(zone="America/New_York")

    said = pages.text(client.post(NEW, asked(when="sat 10am")))

    assert "Due: Sat 23 May, 6:00 am (New York time)" in said
    assert "Sat 23 May, 6:00 am (New York time) is outside your team's hours." in said
    assert "Mon 25 May, 5:00 am (New York time) is the next open time." in said
    assert "Use Mon 25 May, 5:00 am (New York time)" in said
    assert "10:00 am" not in said.partition("Why this date")[0]  # whose clocks, its steps name
    assert "Words are read in the team's zone, UTC, and shown in yours, New York time." in said


def test_what_was_read_of_a_clock_time_names_the_teams_zone(client: Client) -> None:
    makers.User.objects.filter(pk=makers.ana().pk).update(zone="America/New_York")

    refused = client.post(NEW, asked(when="today 9am"))

    assert refused.status_code == 422
    assert "9:00 am today has passed. Give a later time. That is in UTC." in pages.text(refused)


def test_several_customers_who_fit_are_told_apart(client: Client) -> None:
    toni = Customer.objects.create(name="Tom Brandt", email="brandt@customers.example")
    makers.a_commitment(customer=toni)

    refused = client.post(NEW, asked())

    assert refused.status_code == 422
    assert "Several customers fit “tom”. Choose one." in pages.text(refused)
    assert "Tom Brandt, brandt@customers.example" in pages.text(refused)

    confirmed(client, customer=str(toni.pk))

    assert newest().customer == toni


def test_somebody_new_is_said_to_be_new(client: Client) -> None:
    shown = client.post(NEW, asked(who="Maya Lindqvist <Maya@customers.example>"))

    assert "Maya Lindqvist , new, maya@customers.example" in pages.text(shown)
    assert Customer.objects.count() == 1


def test_somebody_new_is_kept_with_the_promise(client: Client) -> None:
    confirmed(client, who="Maya Lindqvist <Maya@customers.example>")

    maya = Customer.objects.get(email="maya@customers.example")
    assert newest().customer == maya
    assert maya.name == "Maya Lindqvist"


def test_other_words_for_the_same_promise_need_not_be_shown_again(client: Client) -> None:
    shown = client.post(NEW, asked(who="Maya Lindqvist"))

    typed = {"wording": "Call back about the tracking number"}
    saved = client.post(NEW, asked(who="Maya Lindqvist") | pages.hidden(shown) | typed)

    assert saved.status_code == 302
    assert newest().wording == "Call back about the tracking number"


@pytest.mark.parametrize(
    "typed",
    [{"email": "maya@customers.example"}, {"phone": "0711 222 333"}, {"name": "Maja Lindqvist"}],
)
def test_who_somebody_new_is_shown_before_it_is_saved(
    client: Client, typed: dict[str, str]
) -> None:
    shown = client.post(NEW, asked(who="Maya Lindqvist"))

    again = client.post(NEW, asked(who="Maya Lindqvist") | pages.hidden(shown) | typed)

    assert again.status_code == 200
    assert next(iter(typed.values())) in pages.text(again)
    assert Commitment.objects.count() == 1

    client.post(NEW, asked(who="Maya Lindqvist") | typed | pages.hidden(again))

    assert newest().customer.name == typed.get("name", "Maya Lindqvist")


@pytest.mark.parametrize("typed", [{"email": "Zelda@customers.example"}, {"phone": "0699 111 222"}])
def test_an_address_that_is_somebodys_already_is_said_before_it_is_saved(
    client: Client, typed: dict[str, str]
) -> None:
    zelda = Customer.objects.create(
        name="Zelda Newby", email="zelda@customers.example", phone="0699 111 222"
    )
    makers.a_commitment(customer=zelda)
    shown = client.post(NEW, asked(who="Somebody Else"))

    again = client.post(NEW, asked(who="Somebody Else") | pages.hidden(shown) | typed)

    assert again.status_code == 200
    assert "This is Zelda Newby, whom you know." in pages.text(again)
    assert "Log it for Zelda Newby" in pages.text(again)
    assert "not met yet" not in pages.text(again)
    assert Commitment.objects.count() == 2

    client.post(NEW, asked(who="Somebody Else") | typed | pages.hidden(again))

    assert newest().customer == zelda


def test_a_phone_number_alone_asks_for_the_name(client: Client) -> None:
    refused = client.post(NEW, asked(who="0711 222 333"))

    assert refused.status_code == 422
    assert "What is their name? We have not met them yet." in pages.text(refused)


def test_another_teams_customer_is_not_found(client: Client) -> None:
    moves = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    stranger = Customer.objects.create(name="Zoe Stranger", email="zoe@customers.example")
    makers.Membership.objects.create(user=makers.dev(), team=moves, role=makers.Role.AGENT)
    draft = makers.a_draft(customer=stranger, team=moves, owner_id=makers.dev().pk)
    makers.services.make(draft, by=makers.dev(), now=makers.NOON)

    shown = client.post(NEW, asked(who="zoe@customers.example"))

    assert "Stranger" not in pages.text(shown)


def test_another_teams_person_cannot_be_made_the_owner(client: Client) -> None:
    stranger = makers.a_user("Zed Stranger")

    refused = client.post(NEW, asked(owner=str(stranger.pk)))

    assert refused.status_code == 422
    assert Commitment.objects.count() == 1


def test_another_team_cannot_be_chosen(client: Client) -> None:
    moves = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)

    refused = client.post(NEW, asked(team=str(moves.pk)))

    assert refused.status_code == 422
    assert Commitment.objects.count() == 1


def test_an_auditor_makes_no_promises(client: Client) -> None:
    makers.Membership.objects.filter(user=makers.ana()).update(role=makers.Role.AUDITOR)

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, asked()).status_code == 403


def test_after_the_session_ended_nothing_is_saved_and_the_text_is_kept(client: Client) -> None:
    client.logout()

    page = client.post(NEW, asked(team_note="Prefers mobile"))

    said = pages.text(page)
    assert page.status_code == 403
    assert "To whom? tom" in said
    assert "What did you promise? Call back" in said
    assert "Note for the team Prefers mobile" in said
    assert 'href="/accounts/login/?next=/promises/new/"' in page.content.decode()
    assert Commitment.objects.count() == 1
    assert not OnceKey.objects.exists()


def test_a_help_desk_opens_the_form_filled_in(client: Client) -> None:
    page = client.get(NEW, {"customer": "Tom", "case": "48213", "q": "Call back"})

    assert 'value="48213"' in page.content.decode()
    assert 'value="Call back"' in page.content.decode()


def test_a_customer_without_an_address_is_named_as_such(client: Client) -> None:
    Customer.objects.update(email="")

    saved = confirmed(client)

    assert "Tom has no e-mail address. Please call." in pages.text(client.get(saved["Location"]))


def test_where_many_customers_fit_it_says_that_there_are_more(client: Client) -> None:
    for number in range(11):
        makers.a_commitment(customer=Customer.objects.create(name=f"Tomas Number {number}"))

    refused = pages.text(client.post(NEW, asked()))

    assert "More than 10 customers fit “tom”; these are the first." in refused
    assert refused.count("Tomas Number") < 11
