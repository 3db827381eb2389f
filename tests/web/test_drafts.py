"""Drafts from mail: looked at, logged with one press, changed or dismissed, by those who may."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Customer, Kind, Membership, Role, Suggestion, ValueReason
from commitments.services import suggestions
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, a_team, a_user, ana, dev
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LIST, NEW = "/promises/drafts/", "/promises/new/"


def a_suggestion(number: int = 1, **facts: Any) -> Suggestion:
    usual = {
        "team_id": a_team().pk,
        "source": "mail",
        "key": str(number),
        "said_at": NOON - HOUR,
        "for_whom_id": ana().pk,
        "name": "Rosa Diaz",
        "email": "rosa@customers.example",
        "wording": "Send the replacement lid",
        "due_said": "fri 10am",
        "due_at": NOON + 22 * HOUR,
        "said": "Hi Rosa,\nI will send the lid by Friday.",
    }
    return suggestions.propose(suggestions.Proposal(**usual | facts), now=NOON - HOUR)


def page_of(suggestion: Suggestion) -> str:
    return f"{LIST}{suggestion.pk}/"


def sent(page: Any, **changed: str) -> dict[str, str]:
    """What a press of the button on this page sends."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in fields.items() if value} | changed


def test_a_draft_is_quietly_said_on_my_promises(client: Client) -> None:
    assert "draft" not in pages.text(client.get("/promises/mine/"))
    a_suggestion()
    assert "1 draft from mail or a help desk. Nothing is promised yet. Look at it" in pages.text(
        client.get("/promises/mine/")
    )
    a_suggestion(2, for_whom_id=None)
    a_suggestion(3, for_whom_id=dev().pk)
    assert "2 drafts from mail" in pages.text(client.get("/promises/mine/"))


def test_the_list_shows_mine_and_those_of_colleagues(client: Client) -> None:
    a_suggestion()
    a_suggestion(2, for_whom_id=dev().pk, wording="Call back", due_at=None, due_said="nonsense")

    said = pages.text(client.get(LIST))

    assert "For you 1 Send the replacement lid" in said
    assert "To Rosa Diaz , by Fri 22 May, 10:00 am From a mail, Billing care" in said
    assert "For colleagues 1 Call back" in said
    assert "by “ nonsense ”, which we could not read as a time" in said
    assert "From a mail, for Dev Shah , Billing care" in said


def test_it_says_how_they_come_about(client: Client, settings: Any) -> None:
    assert "blind copy" not in pages.text(client.get(LIST))
    settings.PROMISE_ADDRESS = "promise@larkfield.example"

    said = pages.text(client.get(LIST))

    assert "No draft waits for you." in said
    assert "put promise@larkfield.example in blind copy" in said
    assert "promise+fri10am@larkfield.example" in said
    assert "From your mail" in pages.text(client.get(NEW))


def test_one_press_logs_what_leaves_nothing_to_be_asked(client: Client) -> None:
    draft = a_suggestion()

    page = client.get(page_of(draft))
    answer = client.post(NEW, sent(page))

    assert "Is this right?" in pages.text(page)
    assert "that says it is from you. Any mail can say so: nobody has proven it." in pages.text(
        page
    )
    assert "Log it" in pages.text(page)
    assert answer["Location"] == "/promises/mine/"
    made = Commitment.objects.get()
    assert (made.due_at, made.due_said, made.promised_at) == (
        NOON + 22 * HOUR,
        "fri 10am",
        NOON - HOUR,
    )
    assert (made.owner, made.customer.email) == (ana(), "rosa@customers.example")
    assert made.conversation.channel == "email"
    draft.refresh_from_db()
    assert (draft.outcome, draft.commitment, draft.settled_by) == ("accepted", made, ana())


def test_nothing_is_written_by_looking(client: Client) -> None:
    draft = a_suggestion()

    for _ in range(2):
        client.get(LIST)
        client.get(page_of(draft))

    assert Suggestion.objects.get().outcome == ""
    assert not Customer.objects.exists()
    assert not Commitment.objects.exists()
    assert not Delivery.objects.exists()


def test_it_is_read_as_of_when_it_was_said(
    client: Client, traveller: time_machine.Traveller
) -> None:
    draft = a_suggestion(due_said="in 5 hours", due_at=NOON + 4 * HOUR)
    traveller.move_to(NOON + 2 * HOUR)

    client.post(NEW, sent(client.get(page_of(draft))))

    assert Commitment.objects.get().due_at == NOON + 4 * HOUR


def test_what_has_passed_meanwhile_asks_for_a_later_time(
    client: Client, traveller: time_machine.Traveller
) -> None:
    draft = a_suggestion(due_said="in 2 hours", due_at=NOON + HOUR)
    traveller.move_to(NOON + 2 * HOUR)

    page = client.get(page_of(draft))

    assert "has passed" in pages.text(page)
    again = client.post(NEW, sent(page, when="5pm"))
    client.post(NEW, sent(again))
    assert Commitment.objects.get().due_at == NOON + 5 * HOUR
    assert Suggestion.objects.get().outcome == "accepted"


def test_what_could_not_be_read_is_asked(client: Client) -> None:
    draft = a_suggestion(due_said="nonsense", due_at=None, wording="", email="", name="")

    said = pages.text(client.get(page_of(draft)))

    assert "We could not read “nonsense” as a time." in said or "What did you promise?" in said
    assert "A draft from a mail" in said
    assert not Commitment.objects.exists()


def test_whom_we_know_is_recognised(client: Client) -> None:
    known = makers.a_commitment().customer
    draft = a_suggestion(email=known.email, name="Somebody Else", customer_id=known.pk)

    page = client.get(page_of(draft))
    client.post(NEW, sent(page))

    assert "Tom Okafor" in pages.text(page)
    assert Suggestion.objects.get().commitment is not None
    assert Customer.objects.count() == 1


def test_a_colleague_logs_it_for_whom_it_is(client: Client) -> None:
    draft = a_suggestion(for_whom_id=dev().pk)

    page = client.get(page_of(draft))
    client.post(NEW, sent(page))

    assert "that says it is from Dev Shah" in pages.text(page)
    assert Commitment.objects.get().owner == dev()


def test_pressed_twice_it_is_logged_once(client: Client) -> None:
    known = makers.a_commitment().customer
    data = sent(client.get(page_of(a_suggestion(email=known.email, customer_id=known.pk))))

    answers = [client.post(NEW, data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Commitment.objects.count() == 2


def test_somebody_new_is_met_once_however_often_it_is_pressed(client: Client) -> None:
    page = client.get(page_of(a_suggestion()))
    client.post(NEW, sent(page))

    again = client.post(NEW, sent(page))  # Rosa is known by now, so it is shown once more
    client.post(NEW, sent(again))

    assert Commitment.objects.count() == Customer.objects.count() == 1


def test_of_two_who_log_it_the_second_is_told(client: Client, ines: Client) -> None:
    known = makers.a_commitment().customer
    draft = a_suggestion(email=known.email, customer_id=known.pk)
    mine, theirs = client.get(page_of(draft)), ines.get(page_of(draft))
    client.post(NEW, sent(mine))

    answer = ines.post(NEW, sent(theirs))

    assert answer.status_code == 422
    assert "This draft has been accepted already: it is a promise now." in pages.text(answer)
    assert Commitment.objects.count() == 2


def test_a_draft_that_is_dismissed_is_gone(client: Client) -> None:
    draft = a_suggestion()
    data = sent(client.get(page_of(draft)))

    answer = client.post(f"{page_of(draft)}dismiss/", follow=True)

    assert "Dismissed. It was no promise, and nobody was told." in pages.text(answer)
    assert client.get(page_of(draft)).status_code == 404
    assert client.post(NEW, data).status_code == 422
    assert not Commitment.objects.exists()
    assert "draft" not in pages.text(client.get("/promises/mine/"))


def test_what_somebody_may_not_see_does_not_exist_for_them(client: Client) -> None:
    a_team("Field")
    omar = a_user("Omar Haddad")
    Membership.objects.create(user=omar, team=a_team("Field"), role=Role.AGENT)
    draft = a_suggestion()
    data = sent(client.get(page_of(draft)))
    stranger = pages.signed_in(omar)

    assert stranger.get(page_of(draft)).status_code == 404
    assert stranger.post(f"{page_of(draft)}dismiss/").status_code == 404
    assert "Send the replacement lid" not in pages.text(stranger.get(LIST))
    theirs = {"once": "1", "team": "", "owner": ""}
    first = stranger.post(NEW, data | theirs)
    answer = stranger.post(NEW, sent(first)) if first.status_code == 200 else first
    assert "This draft is gone." in pages.text(answer) or answer.status_code == 422
    assert Suggestion.objects.get().outcome == ""
    assert not Commitment.objects.exists()
    assert Client().get(page_of(draft)).status_code == 302


def test_an_auditor_looks_and_does_nothing(client: Client) -> None:
    noor = a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=a_team(), role=Role.AUDITOR)
    draft, auditor = a_suggestion(for_whom_id=None), pages.signed_in(noor)

    seen = auditor.get(LIST)

    assert "Send the replacement lid" in pages.text(seen)
    assert "Look at it" not in pages.text(seen)
    assert auditor.get(page_of(draft)).status_code == 403
    auditor.post(f"{page_of(draft)}dismiss/")
    assert Suggestion.objects.get().outcome == ""


def test_after_a_week_it_no_longer_waits(client: Client, traveller: time_machine.Traveller) -> None:
    draft = a_suggestion()
    traveller.move_to(NOON - HOUR + 7 * DAY - MINUTE)
    client.force_login(makers.ana())
    assert "Send the replacement lid" in pages.text(client.get(LIST))

    traveller.move_to(NOON - HOUR + 7 * DAY)

    assert "Send the replacement lid" not in pages.text(client.get(LIST))
    assert client.get(page_of(draft)).status_code == 404


def test_words_from_outside_are_only_words(client: Client) -> None:
    evil = "<script>alert(1)</script>{{ 7|add:7 }}\u202e"
    draft = a_suggestion(name=evil, wording=evil, said=evil, due_said=evil, due_at=None, case=evil)

    for address in (LIST, page_of(draft)):
        content = client.get(address).content.decode()
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in content


def test_the_list_asks_as_much_for_many_as_for_a_few(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    for number in range(2):
        a_suggestion(number, for_whom_id=(ana(), dev())[number % 2].pk)
    client.get(LIST)
    few = asked()
    for number in range(2, 30):
        a_suggestion(number, for_whom_id=(ana(), dev())[number % 2].pk)

    assert (few, asked()) == (6, 6)


def test_a_value_that_is_not_usual_is_asked_about_here_as_well(client: Client) -> None:
    refund = Kind.objects.get(code="refund")
    for value in range(1, 21):
        makers.a_commitment(
            kind="refund", value=Decimal(value), currency="EUR", promised_at=NOON - DAY
        )
    draft = a_suggestion(kind_id=refund.pk, wording="Refund the fee")
    page = client.post(NEW, sent(client.get(page_of(draft)), value="500", currency="EUR"))

    refused = client.post(NEW, sent(page)) if page.status_code == 200 else page
    assert "Say in a few words why this one differs." in pages.text(refused)
    client.post(NEW, sent(refused, value_reason="Two years"))

    draft.refresh_from_db()
    assert draft.commitment is not None
    assert draft.commitment.value == 500
    assert ValueReason.objects.get().words == "Two years"
