"""What sounds like a promise and is none."""

from __future__ import annotations

import pytest

from .spoken import suggested


@pytest.mark.parametrize(
    "said",
    [
        "We will not refund the fee.",
        "I won't be able to move the booking.",
        "No refund will be given for used tickets.",
        "Unfortunately we'll never call you at night.",
        "Will you send us the form?",
        "Shall I cancel it for you?",
        "Should I book the earlier slot?",
        "Would you like me to call you tomorrow?",
        "Do you want us to send a plumber?",
        "When will you be home?",
        "I'd be glad to look at the boiler with you.",
        "I would love to look into this.",
        "Please send us your number so that we can call you.",
        "Give us a call so we'll be able to help.",
        "I have passed this on to the ward.",
        "I've refunded the fee.",
        "We sent the parcel on Monday.",
        "Let me check that for you.",
        "One moment, I'll check.",
        "Bear with me while I look that up.",
        "Hopefully we will fix it today.",
        "Fingers crossed they'll call you soon.",
        "I hope you'll get it tomorrow.",
        "See you soon!",
        "We'll see you on Saturday.",
        "I'll be here until five.",
        "We'll be closed on Monday.",
        "You will need to call the bank.",
        "You'll have to send the form back.",
        "You'll see a blue button on the left.",
        "You will be charged 4 euros.",
        "The fee will be charged to your card tomorrow.",
        "Customers will receive a letter in May.",
        "It will cost 40 pounds.",
        "The museum will close at six.",
        "The train will leave from platform 4.",
        "We usually reply within a day.",
        "Refunds typically take 5 days.",
        "I'll need your date of birth.",
        "We'll have to wait for the weather.",
        "I don't know if we will get it back.",
        "You told me they'll call.",
        "I don't think we'll replace it.",
        "Your driver will be Tom.",
        "I was going to call you yesterday.",
        "I'm not going to send it again.",
        "We can send a new one.",
        "I could look into that.",
        "We would refund it in that case.",
        "Have a nice weekend.",
        "You'll get it tomorrow, hopefully.",
        "I would call the bank tomorrow if I were you.",
        "They will be happy to help.",
        "They'll get back to me tomorrow.",
        "The charge should be on your March statement.",
        "We'll have lunch at noon.",
        "I'll let you go.",
        "Our new shop will open next month.",
        "This will reset the router.",
        "It should work now.",
        "Your password will expire in ten days.",
        "The app will send you a code.",
        "We're looking into it.",
        "Our website is going to look better.",
        "The will of the customer is our law.",
        "My good will goes out to you.",
        "I'm sending you the attached draft.",
        "Looking forward to Monday.",
        "We're on it!",
        "We will be moving to the new hall in June.",
        "I'll start my new job in May.",
        "We'll take that as a compliment!",
        "They'll be closed on Sunday.",
        "When do you think we will be meeting with the bank",
        "I'll miss your smile.",
        "We'll use your data with care.",
        "I'll skip the class on Sunday.",
        "I will be assisting you today.",
        "I'll tell you what, it's cold here.",
        "I'll have a look. One sec.",
        "I'll check the shelf for you. Bear with me.",
    ],
)
def test_nothing_is_suggested(said: str) -> None:
    assert suggested(said) == ()


def test_what_the_customer_promises_is_not_suggested() -> None:
    assert suggested("> I'll send you the photo tomorrow.") == ()


def test_what_is_looked_up_in_a_talk_that_goes_on_is_not_suggested() -> None:
    said = ("I'll check that for you.", "> Thanks.", "It is in stock.", "> Good.", "Bye!")

    assert suggested(*said) == ()
    assert len(suggested(*said[:1])) == 1


def test_a_time_alone_promises_nothing_unless_it_was_asked_for() -> None:
    assert suggested("> What are your opening hours?", "From 9 to 5.") == ()
