"""What colleagues, visitors and things that come are said to do."""

from __future__ import annotations

import pytest

from .spoken import suggested, told


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Petra will circulate the seating plan this afternoon.", "followup"),
        ("Lukas will send the blood results.", "followup"),
        ("Our trainee will drop the test tiles at the site on Tuesday.", "replacement"),
        ("Nadia's going to phone you tomorrow.", "callback"),
        ("The devs are going to roll out a fix tonight.", "repair"),
        ("Copying Omar, who will send the tender.", "followup"),
        ("A glazier will be out tomorrow between 9 and 11.", "visit"),
        ("Our vet will be there at six.", "visit"),
        ("The movers will come on Saturday at eight.", "visit"),
        ("I've booked a fitter, he'll be with you on Tuesday.", "visit"),
        ("Our head nurse will be made aware.", "escalation"),
        ("It'll take five days for the refund to show.", "refund"),
        ("Our plumber will call round on Thursday.", "visit"),
        ("A new one will be sent out today.", "replacement"),
        ("You will be getting an invitation from our notary soon.", "followup"),
    ],
)
def test_somebody_of_the_company_does_it(said: str, kind: str) -> None:
    assert told(said) == (kind, "team")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("We've credited ten euros, you'll see it with your next order.", "credit"),
        ("The deposit was sent back today, it should be showing by Monday.", "refund"),
        ("We posted a new helmet, it should arrive by Thursday.", "replacement"),
        ("I've asked for two vouchers to be added to your card, they'll be there soon.", "credit"),
        ("Your rebate was approved and will be applied to your next invoice.", "credit"),
        ("We have refunded the course fee. It will take 3 days to appear.", "refund"),
        ("The deposit was returned, please allow 3 days for it to show.", "refund"),
        ("The pending charge will drop off in three days.", "refund"),
        ("A gift card will be sent to you.", "credit"),
        ("A confirmation will be sent to your phone.", "followup"),
        ("A replacement tyre is ordered. It'll be with you in two days.", "replacement"),
    ],
)
def test_what_it_is_was_named_before(said: str, kind: str) -> None:
    found = suggested(said)

    assert [(each.kind, each.promisor) for each in found] == [(kind, "team")]


@pytest.mark.parametrize(
    "said",
    [
        "They're going to refund me next month.",
        "They said a plumber would come by on Monday.",
        "She thinks they will sign the lease this week.",
        "The council will announce the winners on Tuesday.",
        "The study will be published in June.",
        "The guard will ask you for your ticket.",
        "The price of flour will go up.",
        "The hearing will be held in room 4 at noon.",
        "Libraries will be closed on Monday.",
        "From now on, all requests will be routed through the front desk.",
        "The discount will show at checkout.",
        "The total will be shown on the next page.",
        "The buyer will pay the rent within ten days.",
        "Seller shall deliver the wine to the harbour.",
        "The album will be released in May.",
        "It'll be back in stock next week.",
        "The bakery will reopen at nine.",
        "The server will be upgraded this weekend.",
        "You'll get a free pen with every order.",
        "Congress will vote on Friday.",
        "The exhibition will be showing until Sunday.",
        "They're in stock, they'll be in the garden aisle.",
    ],
)
def test_what_others_do_in_the_world_is_not_owed(said: str) -> None:
    assert suggested(said) == ()
