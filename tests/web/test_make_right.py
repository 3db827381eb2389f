"""A promised time has passed: say so, why, by when instead, and what makes up for it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import Commitment, Customer, Kind
from commitments.rules.causes import SAID
from commitments.services import Told
from notifications import delivery
from notifications.models import Delivery, InboxItem
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db

HAPPENED = "The part did not fit. A new one comes on Friday."
FIELDS = {"reason": HAPPENED, "when": "fri 10am", "told": "message", "cause": "took_longer"}
REMEDY = {"remedy": "take the fee off the next bill", "remedy_when": "fri noon"}


@pytest.fixture
def late(client: Client, traveller: time_machine.Traveller) -> Commitment:
    """Due at 4:00 pm, an hour ago, and noticed; Tom has not been told."""
    kettle = makers.a_commitment(due_at=NOON + 4 * HOUR, summary=False)
    traveller.move_to(NOON + 5 * HOUR)
    sweep.run(NOON + 5 * HOUR)
    delivery.run(NOON + 5 * HOUR)
    return makers.fresh(kettle)


def path(commitment: Commitment, verb: str = "make-right") -> str:
    return f"/promises/{commitment.reference}/{verb}/"


def fields_of(**more: str) -> dict[str, str]:
    owner = {"remedy_owner": str(makers.ana().pk)}
    return FIELDS | owner | more


def send(client: Client, kettle: Commitment, before: Any, **fields: str) -> Any:  # a response
    return client.post(path(kettle), pages.hidden(before) | fields_of(**fields))


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(audience="customer"))


def test_the_screen_says_what_was_missed_and_who_reads_what(
    client: Client, late: Commitment
) -> None:
    page = client.get(path(late))

    said = pages.text(page)
    assert pages.title(page).endswith("Make it right with Tom · Followthrough")
    assert "Promised for today at 4:00 pm, 1 h ago" in said
    assert "Tom has not heard from us about it." in said
    assert "What Tom hears Tom can see this" in said
    assert "For us to learn from Team only" in said
    for words in SAID.values():
        assert words in said


def test_without_script_it_is_read_and_shown_first_and_sent_then(
    client: Client, late: Commitment
) -> None:
    shown = send(client, late, client.get(path(late)))

    said = pages.text(shown)
    assert shown.status_code == 200
    assert "New time: Fri 22 May, 10:00 am" in said
    assert "To tom@customers.example, at once We missed the time we promised you" in said
    assert HAPPENED in said
    assert makers.fresh(late).due_at == late.due_at

    sent = send(client, late, shown)

    assert sent.status_code == 302
    page = pages.text(client.get(sent["Location"]))
    assert "New time: Fri 22 May, 10:00 am. Tom is told now." in page
    assert "Cause, for the team only: It took longer than we thought" in page
    assert makers.fresh(late).due_at == NOON + 22 * HOUR
    [mail] = mails()
    assert " ".join(mail.text.split()) in said


def test_what_makes_up_for_it_is_read_shown_promised_and_linked(
    client: Client, late: Commitment
) -> None:
    shown = send(client, late, client.get(path(late)), **REMEDY)

    said = pages.text(shown)
    assert "To make up for it: By when: Fri 22 May, 12:00 noon Kind:" in said
    assert "Take the fee off the next bill" in said
    sent = send(client, late, shown, **REMEDY)

    amends = Commitment.objects.get(follows=late)
    assert amends.wording == "Take the fee off the next bill"
    assert (amends.due_at, amends.owner) == (NOON + DAY, makers.ana())
    page = client.get(sent["Location"])
    assert "What makes up for it is promised by Fri 22 May, 12:00 noon." in pages.text(page)
    assert f'<a href="/promises/{amends.reference}/">{amends.reference}</a>' in (
        page.content.decode()
    )
    assert f"Follows {late.reference}" in pages.text(client.get(path(amends, "")[:-1]))


def test_amends_without_a_time_take_the_usual_one_of_their_kind(
    client: Client, late: Commitment
) -> None:
    credit = Kind.objects.get(code="credit")
    fields = {"remedy": "Something nice", "remedy_kind": str(credit.pk)}

    shown = send(client, late, client.get(path(late)), **fields)
    send(client, late, shown, **fields)

    amends = Commitment.objects.get(follows=late)
    usual = credit.usual_due(NOON + 5 * HOUR, hours=late.team.calendar.hours())
    assert (amends.kind, amends.due_at) == (credit, usual)


def test_the_kind_is_guessed_from_the_words_and_said_to_be_a_guess(
    client: Client, late: Commitment
) -> None:
    shown = send(client, late, client.get(path(late)), remedy="Refund the delivery")

    assert "Kind: Refund (guess)" in pages.text(shown)


def test_two_times_outside_the_hours_are_settled_one_after_the_other(
    client: Client, late: Commitment
) -> None:
    fields = {"when": "sat 10am", "remedy": "Call with a word", "remedy_when": "sun 10am"}
    asked = send(client, late, client.get(path(late)), **fields)
    assert "Sat 23 May, 10:00 am is outside your team's hours." in pages.text(asked)
    assert "Sun 24 May, 10:00 am is outside your team's hours." in pages.text(asked)

    [saturday] = pages.values_of(asked, "anyway")
    agreed = send(client, late, asked, **fields, anyway=saturday)
    assert agreed.status_code == 200
    [monday] = pages.values_of(agreed, "remedy_take")
    taken = send(client, late, agreed, **fields, remedy_take=monday)
    done = send(client, late, taken, **fields) if taken.status_code == 200 else taken

    assert done.status_code == 302
    assert makers.fresh(late).due_at == NOON + 46 * HOUR
    assert Commitment.objects.get(follows=late).due_at == NOON + 4 * DAY - 3 * HOUR


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"cause": ""}, "Choose why it was not in time."),
        ({"cause": "weather"}, "Choose why it was not in time."),
        ({"reason": " "}, "Say in a sentence or two what happened."),
        ({"reason": "a\x00b"}, "What happened contains a NUL"),
        ({"when": ""}, "Enter the new time."),
        ({"when": "2026-05-21T09:00Z"}, "has passed"),
        ({"told": "pigeon"}, "Choose one of the answers offered"),
        (
            {"remedy": "", "remedy_when": "fri"},
            "Say what we do to make up for it, or leave its time empty.",
        ),
        ({"remedy": "A call", "remedy_when": "sometime"}, "By when? Give a time such as"),
        ({"remedy": "A call", "remedy_when": "2026-05-21T09:00Z"}, "has passed"),
        ({"remedy": "A call", "remedy_owner": ""}, "Choose who sees to it."),
        ({"remedy": "A call", "remedy_owner": "30000000"}, "Choose one of the answers offered"),
        ({"remedy": "x" * 501}, "501 characters long; keep it to 500"),
        ({"missed_at": "soon"}, "This form was changed on its way."),
    ],
    ids=lambda each: ascii(each)[:40],
)
def test_what_will_not_do_is_refused_beside_its_field_and_the_rest_is_kept(
    client: Client, late: Commitment, wrong: dict[str, str], sentence: str
) -> None:
    before = makers.events_of(late)
    kept = {"remedy": "Send <b>flowers</b>"} | wrong

    refused = send(client, late, client.get(path(late)), **kept)

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert sentence in pages.text(refused)
    if "reason" not in wrong:
        assert HAPPENED in refused.content.decode()
    if "remedy" not in wrong:
        assert "Send &lt;b&gt;flowers&lt;/b&gt;" in refused.content.decode()
    assert makers.events_of(late) == before
    assert mails() == []


def test_what_was_closed_meanwhile_is_said_and_the_words_are_kept(
    client: Client, late: Commitment
) -> None:
    shown = send(client, late, client.get(path(late)), **REMEDY)
    services.fulfil(late.pk, by=makers.dev(), how="Sent", cause="slipped", now=NOON + 5 * HOUR)

    refused = send(client, late, shown, **REMEDY)

    assert refused.status_code == 422
    assert "Dev marked this done today at 5:00 pm. Your text is below" in pages.text(refused)
    assert HAPPENED in refused.content.decode()
    assert Commitment.objects.count() == 1


def test_what_got_a_new_time_meanwhile_is_said_and_the_words_are_kept(
    client: Client, late: Commitment
) -> None:
    shown = send(client, late, client.get(path(late)))
    services.move(
        late.pk,
        by=makers.dev(),
        due_at=NOON + 21 * HOUR,
        reason="x",
        told=Told.PHONE,
        now=NOON + 5 * HOUR,
    )

    refused = send(client, late, shown)

    assert refused.status_code == 422
    assert "It was given a new time meanwhile: Fri 22 May, 9:00 am." in pages.text(refused)
    assert HAPPENED in refused.content.decode()
    assert makers.fresh(late).due_at == NOON + 21 * HOUR


def test_sent_twice_it_is_done_once(client: Client, late: Commitment) -> None:
    shown = send(client, late, client.get(path(late)), **REMEDY)

    first, second = (send(client, late, shown, **REMEDY) for _ in range(2))

    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Commitment.objects.filter(follows=late).count() == 1
    assert makers.events_of(late).count("moved") == 1
    assert len(mails()) == 1


def test_it_is_taken_back_as_a_whole(client: Client, late: Commitment) -> None:
    shown = send(client, late, client.get(path(late)), **REMEDY)
    page = client.get(send(client, late, shown, **REMEDY)["Location"])
    token = page.content.decode().split('action="/undo/')[1].split("/")[0]

    undone = client.post(f"/undo/{token}/")

    assert undone.status_code == 302
    assert makers.fresh(late).due_at == late.due_at
    assert makers.fresh(late).cause == ""
    assert Commitment.objects.get(follows=late).outcome == "void"


@pytest.mark.parametrize(
    ("change", "told", "why"),
    [
        ({}, "phone", "You have told Tom by phone, so no message goes out."),
        ({}, "no", "No message goes out: Tom does not know yet, and that stays on record."),
        ({"email": ""}, "phone", "You have told Tom by phone"),
    ],
)
def test_where_no_message_goes_out_it_says_why(
    client: Client, late: Commitment, change: dict[str, Any], told: str, why: str
) -> None:
    Customer.objects.filter(pk=late.customer_id).update(**{"email": "tom@x.example"} | change)

    shown = send(client, late, client.get(path(late)), told=told)

    assert why in pages.text(shown)


def test_whoever_cannot_be_written_to_is_not_offered_a_message(
    client: Client, late: Commitment
) -> None:
    Customer.objects.filter(pk=late.customer_id).update(stopped_at=NOON)

    page = client.get(path(late))

    assert "Tom asked for no more e-mails. Please call." in pages.text(page)
    assert 'value="message"' not in page.content.decode()


def test_told_by_phone_the_amends_have_a_mail_of_their_own_which_is_shown(
    client: Client, late: Commitment
) -> None:
    Kind.objects.update(summary_on=True)
    shown = send(client, late, client.get(path(late)), told="phone", **REMEDY)

    said = pages.text(shown)
    assert "What we agreed: Take the fee off the next bill" in said
    send(client, late, shown, told="phone", **REMEDY)

    [mail] = mails()
    assert " ".join(mail.text.split()) in said


def test_a_script_is_shown_the_message_while_somebody_types_and_nothing_is_kept(
    client: Client, late: Commitment
) -> None:
    form = client.get(path(late))
    before = makers.events_of(late)

    shown = client.post(
        path(late),
        pages.hidden(form) | fields_of(**REMEDY) | {"preview": "on"},
        headers={"HX-Request": "true", "HX-Target": "preview-make-right"},
    )

    said = pages.text_of(shown.content.decode())
    assert "Fri 22 May, 10:00 am" in said
    assert "To make up for it, we promise you this too" in said
    assert (makers.events_of(late), Commitment.objects.count()) == (before, 1)
    at_once = client.post(
        path(late), pages.hidden(form) | pages.hidden(shown) | fields_of(**REMEDY)
    )
    assert at_once.status_code == 302


def test_the_texts_to_start_from_do_not_say_sorry_a_second_time(
    client: Client, late: Commitment
) -> None:
    form = client.get(path(late))

    filled = client.post(
        path(late), pages.hidden(form) | fields_of(text="longer", reason="", fill="on")
    )

    assert "It has taken longer than I thought, because" in filled.content.decode()
    assert "sorry about" not in pages.text(filled)


def test_every_door_to_an_overdue_promise_leads_here(client: Client, late: Commitment) -> None:
    address = path(late)

    for page in (f"/promises/{late.reference}/", "/promises/mine/", "/reminders/"):
        assert f'href="{address}' in client.get(page).content.decode(), page


def test_nothing_leads_here_before_the_time_or_for_who_only_looks(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller
) -> None:
    assert path(kettle) not in client.get(f"/promises/{kettle.reference}/").content.decode()
    traveller.shift(5 * HOUR)
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)
    InboxItem.objects.create(
        user=makers.dev(), about=kettle.about, title="Overdue", created_at=NOON
    )
    auditor = pages.signed_in(makers.dev())

    for page in (f"/promises/{kettle.reference}/", "/reminders/"):
        assert path(kettle) not in auditor.get(page).content.decode(), page


def test_the_screen_asks_the_database_as_often_for_many_colleagues(
    client: Client, late: Commitment
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path(late)).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for number in range(5):
        person = makers.a_user(f"Person{number} New")
        makers.Membership.objects.create(user=person, team=late.team, role=makers.Role.AGENT)
        makers.a_commitment(owner_id=person.pk, wording=f"Number {number}")

    assert asked() == few


def test_no_customer_ever_sees_a_cause(
    client: Client, late: Commitment, traveller: time_machine.Traveller
) -> None:
    shown = send(client, late, client.get(path(late)), **REMEDY)
    send(client, late, shown, **REMEDY)
    traveller.shift(MINUTE)  # what may still be taken back is not shown
    page = client.get(f"/promises/{late.reference}/").content.decode()
    link = "/c/" + page.split('href="/c/')[1].split('"')[0]

    seen = Client().get(link).content.decode()

    assert HAPPENED in seen
    assert "Take the fee off the next bill" in seen
    for words in SAID.values():
        assert words not in seen
