"""An agent's blind copy becomes a draft for the agent, and never more than that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from commitments import services
from commitments.inbound import End
from commitments.models import (
    Commitment,
    Customer,
    Event,
    Membership,
    QuarantinedMail,
    Role,
    Suggestion,
)
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, tom

from .mails import a_mail, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEXT = "Hi Tom,\n\nI will send you the replacement lid tomorrow at 4pm.\n\nBest,\nAna"


@pytest.fixture(autouse=True)
def _ana_works_here() -> None:
    a_team()


def a_copy(text: str = TEXT, *, to: str = "promise@larkfield.example", **headers: str) -> End:
    """Ana's mail to Tom, delivered to this address of ours."""
    usual = {
        "From": "Ana Moreno <Ana@Larkfield.example>",
        "To": "Tom Okafor <tom@customers.example>",
        "Subject": "Re: Your kettle",
        "Message_ID": "<1@larkfield.example>",
    }
    return take(a_mail(text, **usual | headers), recipient=to)


def the_draft() -> Suggestion:
    return Suggestion.objects.select_related("text").get()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return NOON.replace(day=day, hour=hour, minute=minute)


def test_a_copy_is_a_draft_and_nothing_else() -> None:
    end = a_copy(to="promise+fri10am@larkfield.example")

    draft = the_draft()
    assert end.said == "It is a draft."
    assert (draft.team, draft.for_whom, draft.source) == (a_team(), ana(), "mail")
    assert (draft.said_at, draft.due_at, draft.text.due_said) == (NOON, at(22, 10), "fri 10am")
    assert draft.text.wording == "Send you the replacement lid"
    assert (draft.text.name, draft.text.email) == ("Tom Okafor", "tom@customers.example")
    assert draft.customer is None
    assert draft.text.said == TEXT
    assert draft.kind is not None
    assert draft.kind.code == "replacement"
    for model in (Commitment, Event, Delivery):
        assert not model.objects.exists()


@pytest.mark.parametrize(
    ("phrase", "said", "due_at"),
    [
        ("in2h", "in 2h", at(21, 14)),
        ("in-2-hours", "in 2 hours", at(21, 14)),
        ("tomorrow5pm", "tomorrow 5pm", at(22, 17)),
        ("fri-10am", "fri 10am", at(22, 10)),
        ("fri.noon", "fri noon", at(22, 12)),
        ("FRI10AM", "FRI 10AM", at(22, 10)),
        ("26may11am", "26 may 11am", at(26, 11)),
        ("2026-05-26", "2026-05-26", at(26, 17, 30)),
        ("in2workingdays", "in 2 working days", at(25, 17, 30)),
        ("in2businessdays", "in 2 business days", at(25, 17, 30)),
        ("nonsense", "nonsense", None),
        ("32may", "32 may", None),
        ("yesterday", "yesterday", None),
    ],
)
def test_the_address_says_by_when(phrase: str, said: str, due_at: datetime | None) -> None:
    a_copy(to=f"promise+{phrase}@larkfield.example")

    assert (the_draft().text.due_said.lower(), the_draft().due_at) == (said.lower(), due_at)


def test_the_time_is_that_of_the_team_as_of_when_the_mail_came(settings: Any) -> None:
    calendar = a_team().calendar
    calendar.zone = "America/New_York"
    calendar.save()

    a_copy(to="promise+4pm@larkfield.example", Date="Mon, 1 Jan 2035 00:00:00 +0000")

    assert the_draft().due_at == at(21, 20)


def test_without_a_phrase_the_text_says_what_and_by_when() -> None:
    a_copy()

    draft = the_draft()
    assert (draft.text.due_said, draft.due_at) == ("tomorrow at 4pm", at(22, 16))


def test_each_promise_of_the_text_is_a_draft_of_its_own() -> None:
    text = "Hi,\nI will call you tomorrow at 10am. We will refund the £20 by Friday 5pm."

    end = a_copy(text)

    assert end.said == "It is 2 drafts."
    drafts = Suggestion.objects.select_related("text", "kind").order_by("pk")
    assert [draft.kind.code for draft in drafts if draft.kind] == ["callback", "refund"]
    assert [draft.due_at for draft in drafts] == [at(22, 10), at(22, 17)]


def test_where_nothing_is_promised_in_words_the_subject_is_what_was() -> None:
    a_copy("See you then.", to="promise+fri10am@larkfield.example", Subject="Re: AW: Meter visit")

    assert (the_draft().text.wording, the_draft().due_at) == ("Meter visit", at(22, 10))
    assert the_draft().kind is None


def test_what_was_quoted_is_not_promised_again() -> None:
    a_copy("Of course.\n\nOn Thu, 21 May 2026 Tom wrote:\n> I will pay you tomorrow.\n")

    assert the_draft().text.said == "Of course."
    assert the_draft().text.wording == "Your kettle"


def test_whom_the_team_knows_is_recognised() -> None:
    known = a_commitment().customer

    a_copy()

    assert (the_draft().customer, the_draft().text.name) == (known, "Tom Okafor")


def test_who_was_merged_is_recognised_by_the_address_of_before() -> None:
    gone = a_commitment().customer
    kept = Customer.objects.create(name="Thomas Okafor", email="thomas@work.example")
    a_commitment(customer=kept)
    services.merge(gone.pk, into_id=kept.pk, by=ana(), now=NOON)

    a_copy(To="Tom Okafor <TOM@customers.example>")

    assert (the_draft().customer, the_draft().text.name) == (kept, "Thomas Okafor")


def test_the_team_that_knows_the_customer_is_proposed() -> None:
    other = a_team("Zoo care")
    a_commitment(team=other)

    a_copy()

    assert the_draft().team == other


@pytest.mark.parametrize(
    ("headers", "email"),
    [
        ({"To": "Dev <dev@larkfield.example>, rosa@x.example"}, "rosa@x.example"),
        ({"To": "promise@larkfield.example", "Cc": "Rosa <ROSA@x.example>"}, "rosa@x.example"),
        ({"To": "undisclosed-recipients:;"}, ""),
        ({"To": "replies+commitment-1.abc@larkfield.example, ana@larkfield.example"}, ""),
        ({"To": '"; <x>" <rosa@x.example>'}, "rosa@x.example"),
    ],
)
def test_the_customer_is_the_first_who_is_none_of_us(headers: dict[str, str], email: str) -> None:
    a_copy(to="promise+fri10am@larkfield.example", **headers)

    assert the_draft().text.email == email


def test_the_same_copy_twice_is_one_draft() -> None:
    ends = [a_copy(), a_copy(Received="again")]

    assert [end.said for end in ends] == ["It is a draft.", "It came before."]
    assert Suggestion.objects.count() == 1


def test_an_address_of_ours_among_those_it_was_written_to_is_seen_as_well() -> None:
    end = a_copy(to="", Cc="promise+in2h@larkfield.example")

    assert end.said == "It is a draft."
    assert the_draft().due_at == at(21, 14)


@pytest.mark.parametrize(
    "address",
    [
        "xpromise@larkfield.example",
        "promise@larkfield.example.evil.example",
        "promised@larkfield.example",
        "promise+fri@elsewhere.example",
    ],
)
def test_an_address_like_ours_is_not_ours(address: str) -> None:
    assert a_copy(to=address).reason == "not for us"
    assert not Suggestion.objects.exists()


def auditor() -> str:
    noor = a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=a_team(), role=Role.AUDITOR)
    return noor.email


def gone() -> str:
    return a_user("Omar Haddad", is_active=False).email


def nobody() -> str:
    return tom().email


@pytest.mark.parametrize("who", [auditor, gone, nobody, str])
def test_who_makes_no_promises_makes_no_drafts(who: Any) -> None:
    end = a_copy(From=who())

    assert (end.outcome, end.reason) == ("quarantined", "unknown sender")
    assert not Suggestion.objects.exists()
    assert QuarantinedMail.objects.count() == 1


def test_two_senders_are_none() -> None:
    raw = b"From: ana@larkfield.example\r\n" + a_mail(From="dev@larkfield.example").as_bytes()

    assert take(raw, recipient="promise@larkfield.example").reason == "unknown sender"


def test_one_sender_fills_nobodys_day(settings: Any) -> None:
    settings.COMMITMENTS_LENGTHS = {"drafts_an_hour": 2}

    ends = [a_copy(Message_ID=f"<{n}@x.example>").reason for n in range(3)]
    theirs = a_copy(From=dev().email).reason
    later = take(
        a_mail(TEXT, From=ana().email), recipient="promise@larkfield.example", now=NOON + DAY
    )

    assert ends == ["a draft", "a draft", "too many"]
    assert (theirs, later.reason) == ("a draft", "a draft")


def test_nobody_is_left_more_than_they_would_look_through(settings: Any) -> None:
    settings.COMMITMENTS_LENGTHS = {"suggestions_waiting_at_most": 1}
    a_copy()

    end = a_copy("I will call you tomorrow at 10am.", Message_ID="<2@x.example>")

    assert (end.outcome, end.reason) == ("quarantined", "too many")
    assert Suggestion.objects.count() == 1
    assert a_copy("I will call you tomorrow.", Message_ID="<2@x.example>", Date="").reason


def test_what_a_machine_copies_is_no_draft() -> None:
    assert a_copy(Auto_Submitted="auto-replied").outcome == "dropped"
    assert not Suggestion.objects.exists()


def test_where_no_such_address_is_given_none_is_taken(settings: Any) -> None:
    settings.PROMISE_ADDRESS = ""

    assert a_copy().reason == "not for us"


def test_words_made_to_mislead_stay_words() -> None:
    mail = a_mail(
        "I will refund you tomorrow at 4pm \u202e<script>alert(1)</script>\x00\x1b[31m",
        From=ana().email,
        To="NAME <tom@customers.example>",
        Subject="{{ 7|add:7 }}",
    )
    raw = mail.as_bytes().replace(b"NAME", b"=?utf-8?q?Tom=0d=0aBcc=3a_x?=")

    take(raw, recipient="promise@larkfield.example")

    draft = the_draft()
    assert "\x00" not in draft.text.said
    assert "\x1b" not in draft.text.said
    assert "<script>" in draft.text.said
    assert draft.text.name == "Tom Bcc: x"
    assert draft.due_at is None or draft.due_at > NOON + HOUR
