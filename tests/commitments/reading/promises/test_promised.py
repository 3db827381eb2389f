"""What agents of many trades say when they promise."""

from __future__ import annotations

import pytest

from .spoken import told


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I will refund the overdraft fee before noon.", "refund"),
        ("We'll reverse the charge on your statement today.", "refund"),
        ("I'm going to reimburse the taxi you had to take.", "refund"),
        ("I'll get your deposit back to you by Thursday.", "refund"),
        ("I'll have the tuition fee paid back within ten days.", "refund"),
        ("We will credit two free nights to your profile.", "credit"),
        ("I'll add 500 points to your loyalty card.", "credit"),
        ("We'll knock 20% off the next bill.", "credit"),
        ("I'll send you a voucher for the trouble.", "credit"),
        ("We'll waive the late fee for you.", "credit"),
        ("I'll ship a new charger tonight.", "replacement"),
        ("We are going to replace the cracked washbasin.", "replacement"),
        ("I'll get a fresh meter key out to you this week.", "replacement"),
        ("We'll post your birth certificate tomorrow.", "replacement"),
        ("I'll courier the missing part over first thing.", "replacement"),
        ("I'll phone you once the lab is open.", "callback"),
        ("I'll give you a ring on Tuesday morning.", "callback"),
        ("We will call back at 4pm.", "callback"),
        ("I'm gonna call you tomorrow", "callback"),
        ("I will schedule a callback with the mortgage desk.", "callback"),
        ("I'll send an electrician round on Friday.", "visit"),
        ("We'll come out and look at the boiler on Monday.", "visit"),
        ("I'll book you an engineer visit for tomorrow.", "visit"),
        ("We'll pick the sofa up between 8 and 10.", "visit"),
        ("We will fix the broken lift this week.", "repair"),
        ("I'll have your line repaired by Wednesday.", "repair"),
        ("We'll patch that bug in the next release.", "repair"),
        ("I'll pass this on to the ward sister.", "escalation"),
        ("I'm going to escalate this to my supervisor.", "escalation"),
        ("We'll raise a ticket with the network team.", "escalation"),
        ("I will let the kitchen know about your allergy.", "escalation"),
        ("I'll have my manager look at your claim.", "escalation"),
        ("We'll forward your compliment to the driver.", "escalation"),
        ("I'll ask the pharmacist about the dose.", "escalation"),
        ("I'll cancel the second booking for you.", "change"),
        ("We'll move your appointment to 3pm.", "change"),
        ("I will update the address on your policy today.", "change"),
        ("I'll put you on the waiting list.", "change"),
        ("We'll upgrade your room on arrival.", "change"),
        ("I'll unlock your account within the hour.", "change"),
        ("I'll look into it and come back to you.", "followup"),
        ("We'll email the lab results by Monday.", "followup"),
        ("I'll keep you posted.", "followup"),
        ("We shall reply by Tuesday.", "followup"),
        ("I'll find the missing form and let you know.", "followup"),
        ("I'll find out and get back to you before five.", "followup"),
        ("We'll review the footage tonight.", "followup"),
        ("I'll send over the tax form this afternoon.", "followup"),
        ("I'll be in touch tomorrow.", "followup"),
        ("We'll be with you shortly.", "followup"),
        ("I'll have the deed ready by Monday.", "followup"),
        ("I'll check the tariff and refund the difference.", "refund"),
        ("I'll have a new badge sent to you.", "replacement"),
        ("I'll make sure the chef knows.", "escalation"),
        ("What I'll do is cancel the old card.", "change"),
        ("I'll open a case for you.", "escalation"),
        ("I'll take that up with the dean.", "escalation"),
        ("I'll resole your boots.", "other"),
        ("We'll sandblast the gate on Friday.", "other"),
        ("I'll declutter your account.", "change"),
        ("I'll ask the vet and come back to you.", "followup"),
        ("I'll let the ground staff know.", "escalation"),
        ("I'll make sure your thanks reach the choir.", "escalation"),
        ("I'll pop this over to the head chef.", "escalation"),
        ("I'll tell Rosa you called.", "escalation"),
        ("I'll put that forward as an idea.", "escalation"),
        ("We'll add this to our list of suggestions.", "escalation"),
        ("I'll pop a voucher on your profile.", "credit"),
        ("We'll find you another table.", "change"),
        ("We'll send you a new one.", "replacement"),
        ("I will schedule a conference call for Monday.", "other"),
        ("I'll double check the dosage tomorrow.", "followup"),
        ("I'll redline the lease tonight.", "followup"),
        ("I'll shoot you a mail with the plan.", "followup"),
        ("I'll pop you on the list for the pottery class.", "change"),
        ("We'll throw in a free night.", "credit"),
        ("We'll make it up to you.", "credit"),
        ("We'll make it right.", "followup"),
        ("I'll give Rosa a heads up.", "escalation"),
        ("We'll have your heating back on tonight.", "repair"),
        ("I'll take your name off the list.", "change"),
        ("You'll hear from us by Friday.", "followup"),
        ("You'll have my sketches by Friday.", "followup"),
        ("Expect a call from me at noon.", "callback"),
        ("I'll finish the plan and forward it on to you.", "followup"),
        ("I'll make a note of that on your booking.", "change"),
        ("I'll make sure you get your money back.", "refund"),
        ("We'll get a new one out to you.", "replacement"),
        ("We are committed to resolving your claim by May.", "followup"),
    ],
)
def test_an_agent_owes_what_they_say_they_will_do(said: str, kind: str) -> None:
    assert told(said) == (kind, "agent")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("One of our advisers will call you on Thursday.", "callback"),
        ("A technician will be with you between 2 and 4pm.", "visit"),
        ("Someone from the billing desk will be in touch.", "followup"),
        ("The claims department is going to review it this week.", "followup"),
        ("My colleague Ana will email you the contract.", "followup"),
        ("I've told Dev, he will ring you tonight.", "callback"),
        ("They'll get back to you by noon.", "followup"),
        ("Our plumber should be there by six.", "visit"),
        ("You will receive a letter within ten days.", "followup"),
        ("You'll hear from the dean by Friday.", "followup"),
        ("I'll have the tutor ring you.", "callback"),
        ("We'll get a tutor to give you a call.", "callback"),
        ("You should get your new card next week.", "replacement"),
        ("You'll be refunded in full.", "refund"),
        ("You will have your money by Monday.", "refund"),
        ("Your deposit will be returned within five days.", "refund"),
        ("The voucher will be added to your account shortly.", "credit"),
        ("Your parcel will go out this evening.", "replacement"),
        ("The prescription should be ready by noon.", "replacement"),
        ("It will be shipped on Wednesday.", "replacement"),
        ("The street light will be repaired next week.", "repair"),
        ("Your complaint will be passed to the ombudsman team.", "escalation"),
        ("A refund will follow within the week.", "refund"),
        ("Your points should post within 48 hours.", "credit"),
        ("Please allow five working days for your refund.", "refund"),
        ("Expect a call from our nurse this afternoon.", "callback"),
        ("Our clerk would call you within the hour.", "callback"),
        ("Sally is going to send you the syllabus.", "followup"),
        ("The hospital will send you an appointment letter.", "replacement"),
        ("Will be fixed by tonight.", "repair"),
        ("Should arrive on Monday.", "other"),
        ("You should have it by noon.", "other"),
        ("An agent will be with you shortly.", "followup"),
        ("Kindly allow us two days to check this.", "followup"),
        ("The tenant's deposit is due to be returned on Friday.", "refund"),
        ("Rest assured that our engineers will call you back.", "callback"),
    ],
)
def test_the_company_owes_what_others_of_it_will_do(said: str, kind: str) -> None:
    assert told(said) == (kind, "team")


@pytest.mark.parametrize(
    "said",
    [
        "I promise to call you back.",
        "Ill call you back tomorrow",
        "well call you back tomorrow",
        "I\u2019ll call you back.",
        "WE WILL CALL YOU BACK TODAY",
        "Thanks Tom, will call you back this afternoon.",
        "Will definitely call you back.",
        "We apologise for the wait and will call you back.",
        "I will, of course, call you back.",
        "We will of course call you back.",
        "We won't forget to call you back.",
        "I should be able to call you back by five.",
        "We'll try to call you back tonight.",
        "I'm calling you back tomorrow at nine.",
        "I'm about to call you back.",
        "Calling you back tomorrow at nine.",
        "<p>I&#39;ve checked. I will call you back.</p>",
        "\U0001f600 We'll call you back \U0001f44d",
    ],
)
def test_a_promise_is_heard_in_many_forms(said: str) -> None:
    assert told(said) == ("callback", "agent")


@pytest.mark.parametrize(
    ("asked", "said", "kind"),
    [
        ("> When will I get my refund?", "Within 3 to 5 working days.", "refund"),
        ("> How long until the parcel is shipped?", "By Thursday at the latest", "replacement"),
        ("> when is the technician coming", "tomorrow between 8 and 12", "visit"),
        ("> when do i get the money back?", "in 5 to 7 days", "refund"),
        ("> Will I get my deposit back?", "Yes you will, Tom.", "refund"),
    ],
)
def test_a_time_alone_answers_the_question_when(asked: str, said: str, kind: str) -> None:
    assert told(asked, said) == (kind, "team")


@pytest.mark.parametrize("said", ["Leave it with me.", "Consider it done.", "Will do!"])
def test_an_agent_takes_it_on_in_few_words(said: str) -> None:
    assert told("> Could you ask the landlord?", said) == ("followup", "agent")


@pytest.mark.parametrize(
    ("said", "kind", "promisor"),
    [
        ("We're popping a pair of gloves in the post to you.", "replacement", "agent"),
        ("I'm sending you a new badge.", "replacement", "agent"),
        ("Sending the right size out to you today.", "followup", "agent"),
        ("Your new lamp ships on Monday.", "replacement", "team"),
        ("Delivery of the replacement door is scheduled for the 22nd.", "replacement", "team"),
        ("More to follow tomorrow.", "followup", "agent"),
    ],
)
def test_what_is_on_its_way_is_promised(said: str, kind: str, promisor: str) -> None:
    assert told(said) == (kind, promisor)


def test_who_finds_out_first_comes_back() -> None:
    assert told("Let me ask the lab and get back to you.") == ("followup", "agent")
