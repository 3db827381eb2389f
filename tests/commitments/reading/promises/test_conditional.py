"""What is promised once the customer does something first."""

from __future__ import annotations

import pytest

from .spoken import suggested


@pytest.mark.parametrize(
    "said",
    [
        "Send us a photo of the meter and we'll correct the bill.",
        "Please reply with your policy number and I'll look it up.",
        "If you fill in the form, we will refund the fee.",
        "I'll call you tomorrow if you give me your number.",
        "Once you return the router we'll issue the credit.",
        "As soon as you confirm, I'll cancel the contract.",
        "We'll ship it when we receive your payment.",
        "Just let me know the date and I'll move the appointment.",
        "Could you tell us the room number so I'll send somebody up?",
        "Which branch was it? I'll pass that on to the manager.",
        "Can you DM your booking reference? We'll look into it for you.",
        "Please send the invoice. We will review it tomorrow.",
        "Give me your address and I will post the key.",
        "If you'd like, I'll book the table for eight.",
        "Should you decide to stay, we'll take 10% off.",
        "After you upload your ID, our team will verify it.",
        "Call our desk and they'll change the flight.",
        "I'll send the key if you tell me where you live.",
        "Pop the old phone in the box and we'll send you a new one.",
        "With your permission, I'll contact the surgery.",
        "I can ask our fitters, who will call you.",
        "DM us the meter number and we'll continue there.",
        "Please call 0800 1234, they'll get that sorted for you.",
        "Fill in the form, our client care will answer you within ten days.",
        "If you send me the signed lease, I will countersign it.",
        "Once we get the shoes back we'll refund your card.",
        "Once the boiler is returned, we'll post a new one.",
        "If that's ok with you, I'll cancel the lesson.",
        "Please keep the receipts and send them to us, we'll refund you.",
        "Choose “Call me” and they will ring you.",
    ],
)
def test_the_customer_has_to_act_first(said: str) -> None:
    (suggestion,) = suggested(said)

    assert suggestion.is_conditional


@pytest.mark.parametrize(
    "said",
    [
        "If you have filed a claim, the adjuster will call you.",
        "If you miss the last ferry, we'll rebook you.",
        "If it rains, we will move the party inside.",
        "Unless you object, we will close the claim on Friday.",
        "I'll call you tomorrow if the part arrives.",
        "If you were charged twice, we will refund it.",
        "Once the audit is over, we'll send you the report.",
        "Thanks for your message. We'll reply by noon.",
        "Please be assured that we'll call you back.",
        "Please note that we will refund the fee today.",
        "Let me check the stock and I'll call you back.",
        "When I hear back, I'll let you know.",
        "Please see attached, I'll call you tomorrow.",
        "See below, we'll send the contract on Friday.",
        "If you misconnect, you'll be rebooked on the next ferry.",
    ],
)
def test_nothing_is_asked_of_the_customer(said: str) -> None:
    (suggestion,) = suggested(said)

    assert not suggestion.is_conditional


def test_what_is_asked_right_after_comes_first_too() -> None:
    (suggestion,) = suggested("We'll look into it. Could you send us the meter number?")

    assert suggestion.is_conditional


def test_a_request_goes_on_in_the_next_message() -> None:
    found = suggested("Please send us your policy number,", "date of birth. We'll look into it.")

    assert [suggestion.is_conditional for suggestion in found] == [True]


def test_a_question_that_was_answered_is_no_condition() -> None:
    found = suggested(
        "Which branch was it?", "> The one in Lyon.", "Thanks, I'll tell the manager."
    )

    assert [suggestion.is_conditional for suggestion in found] == [False]
