"""The stories, oldest first where it matters to a reader. Times are told by `diary`."""

from __future__ import annotations

from functools import partial
from typing import Final

from .company import BILLING, FIELD
from .deeds import Deed, Story

_ana = partial(Story, by="ana", team=BILLING)
_omar = partial(Story, by="omar", team=BILLING)
_lena = partial(Story, by="lena", team=FIELD)

_KEPT: Final = (
    _ana(
        customer="Tom Okafor",
        kind="refund",
        words="Refund £42 for the meter visit that did not happen",
        value="42.00",
        case="LK-20714",
        at="-15 10:05",
        due="-13 17:00",
        deeds=(
            Deed("-14 15:10", "fulfil", "Refunded to your card today.", to="Refund 88412"),
            Deed("-8 09:40", "answer", "All fine, thank you.", rating=5),
        ),
    ),
    _ana(
        customer="Priya Nair",
        kind="callback",
        words="Call back about the direct debit date",
        at="-15 11:30",
        due="-15 16:00",
        said="today before four",
        deeds=(
            Deed("-15 14:20", "fulfil", "We spoke at 14:15; the debit moves to the 5th."),
            Deed("-13 09:05", "answer", "Ana called when she said she would.", rating=5),
        ),
    ),
    _omar(
        customer="George Whitfield",
        kind="followup",
        words="Send the corrected bill for October",
        channel="email",
        at="-14 09:40",
        due="-12 17:30",
        deeds=(
            Deed("-13 11:00", "fulfil", "The corrected bill is attached to our mail of today."),
            Deed("-9 10:20", "still_open", "The bill still has the old tariff.", to="no", rating=2),
            Deed("-9 13:40", "finish_follow_up", "The new tariff is on it now. I am sorry."),
        ),
    ),
    _lena(
        customer="Mina Park",
        kind="visit",
        words="Engineer visit to look at the boiler pressure",
        at="-14 13:15",
        due="-11 17:00",
        deeds=(
            Deed("-11 15:30", "fulfil", "Our engineer replaced the valve."),
            Deed("-8 12:00", "answer", "Warm again!", rating=5),
        ),
    ),
    _lena(
        customer="Joana Silva",
        kind="replacement",
        words="Send a new in-home display",
        channel="chat",
        at="-13 10:50",
        due="-10 17:30",
        deeds=(
            Deed("-11 12:30", "move", "The courier lost the first parcel.", to="-8 17:30"),
            Deed("-8 10:15", "fulfil", "Delivered and signed for.", to="Parcel GB 7710 2214"),
            Deed("-2 15:00", "answer", "Works, but it took its time.", to="partly", rating=3),
        ),
    ),
    _omar(
        customer="Callum Reid",
        kind="credit",
        words="Put £15 on the account for the long wait",
        value="15.00",
        at="-13 14:05",
        due="-10 17:30",
        deeds=(Deed("-12 09:25", "fulfil", "The credit shows on your next bill."),),
    ),
    _ana(
        customer="Hanna Lindqvist",
        kind="change",
        words="Change the name on the account",
        channel="email",
        at="-12 09:10",
        due="-11 17:30",
        deeds=(
            Deed("-12 16:45", "fulfil", "Both names are on the account now."),
            Deed("-8 09:30", "answer", "", rating=4),
            Deed("-8 09:36", "answer_elsewhere", "", to="no", rating=1),
        ),
    ),
    _ana(
        customer="Peter Novak",
        kind="followup",
        words="Find out why the last reading was estimated",
        at="-11 15:20",
        due="-9 12:00",
        deeds=(
            Deed("-10 10:00", "update", "I have asked the metering team; they answer by tomorrow."),
            Deed("-9 11:10", "fulfil", "The reader could not get in. Your own reading is in now."),
        ),
    ),
    _omar(
        customer="Amara Diallo",
        kind="refund",
        words="Refund the closing balance of £118.20",
        value="118.20",
        at="-8 11:00",
        due="-6 17:00",
        deeds=(Deed("-6 13:30", "fulfil", "The transfer left us today.", to="Refund 88690"),),
    ),
    _lena(
        customer="Ruth Ellison",
        kind="callback",
        words="Ring with the time of the smart meter appointment",
        at="-4 09:45",
        due="-4 15:00",
        deeds=(Deed("-4 12:40", "fulfil", "Tuesday between 8 and 12 it is."),),
    ),
    _ana(
        customer="Ben Carmody",
        kind="followup",
        words="Send the tariff comparison",
        channel="chat",
        at="-1 09:20",
        due="-1 17:30",
        deeds=(Deed("-1 14:50", "fulfil", "Here is the comparison we spoke of."),),
    ),
)

_NOT_AS_PROMISED: Final = (
    _lena(
        customer="Yusuf Demir",
        kind="repair",
        words="Repair the broken meter cupboard door",
        at="-13 16:00",
        due="-9 12:00",
        deeds=(
            Deed(
                "-8 09:15", "update", "We missed yesterday, and I am sorry. A joiner comes today."
            ),
            Deed("-8 15:00", "fulfil", "The joiner has been; the door closes again."),
            Deed(
                "-3 16:10", "still_open", "It closes, but it does not lock.", to="partly", rating=2
            ),
        ),
    ),
    _omar(
        customer="Clara Hoffmann",
        kind="refund",
        words="Refund the double payment of £64",
        value="64.00",
        difficult=True,
        at="-10 10:30",
        due="-8 17:00",
        deeds=(
            Deed("-7 11:45", "acknowledge", by="dev"),
            Deed("-6 16:20", "fulfil", "Refunded today, with our apologies.", to="Refund 88655"),
        ),
    ),
    _ana(
        customer="Ivan Petrov",
        kind="escalation",
        words="Raise the complaint about the debt letter and report back",
        difficult=True,
        at="-9 14:00",
        due="-7 17:30",
        deeds=(
            Deed("-8 16:30", "move_untold", "Legal needs two more days.", to="-5 17:30"),
            Deed("-5 10:40", "fulfil", "The letter was wrong; we have withdrawn it."),
        ),
    ),
    _lena(
        customer="Nia Roberts",
        kind="visit",
        words="Fit the second radiator sensor",
        at="-9 09:30",
        due="-5 12:00",
        deeds=(
            Deed(
                "-6 11:20",
                "abandon",
                "The sensor is no longer made, and no other fits your system.",
                to="We take the £30 off your next bill.",
            ),
        ),
    ),
    _omar(
        customer="Samuel Osei",
        kind="callback",
        words="Call back with the supervisor on the line",
        at="-7 15:10",
        due="-6 12:00",
        deeds=(Deed("-5 14:30", "abandon", "We could not reach you in three tries."),),
    ),
    _ana(
        customer="Greta Larsen",
        kind="followup",
        words="Send the form for the warm home discount",
        at="-6 10:00",
        due="-4 17:30",
        deeds=(Deed("-5 09:50", "release", "She found the form on our site herself."),),
    ),
    _lena(
        customer="Luis Romero",
        kind="visit",
        words="Engineer visit for the gas smell report",
        urgent=True,
        at="-5 08:40",
        due="-5 12:40",
        deeds=(Deed("-5 09:30", "release", "The network's own engineer was quicker."),),
    ),
    _omar(
        customer="Fatima Khan",
        kind="change",
        words="Move the contract to the new flat",
        at="-4 10:10",
        due="-2 17:30",
        deeds=(Deed("-4 10:18", "void", "Entered for the wrong customer."),),
    ),
)

_OPEN: Final = (
    _ana(
        customer="Daniel Marsh",
        kind="refund",
        words="Refund £27.50 for the returned thermostat",
        value="27.50",
        case="LK-20951",
        at="-4 11:20",
        due="-2 17:00",
        note="The warehouse has it since Monday.",
    ),
    _omar(
        customer="Marcus Webb",
        kind="followup",
        words="Look into the reading from March",
        channel="email",
        at="-15 09:35",
        due="-12 17:30",
        deeds=(
            Deed("-13 11:10", "move", "The old reader's notes come by post.", to="-2 17:30"),
            Deed("-1h", "acknowledge", by="dev"),
        ),
    ),
    _omar(
        customer="Sofia Rinaldi",
        kind="credit",
        words="Put the loyalty credit on the account",
        value="20.00",
        channel="chat",
        at="-4 16:15",
        due="-1h",
    ),
    _lena(
        customer="Owen Pryce",
        kind="repair",
        words="Repair the leaking radiator valve",
        difficult=True,
        at="-20 10:25",
        due="-16 12:00",
        deeds=(
            Deed("-17 10:15", "move", "The valve is on its way from the maker.", to="-2 12:00"),
            Deed("-3 15:40", "help", "The part is on back order and nobody answers me."),
            Deed(
                "-1 11:00", "update", "We are late, and I am sorry. The valve is on its way to us."
            ),
        ),
    ),
    _lena(
        customer="Leila Haddadi",
        kind="visit",
        words="Read the meter in the cellar, with the caretaker",
        at="-3 11:15",
        due="+2 12:00",
        deeds=(Deed("-2 09:40", "wait", "On which morning can the caretaker be there?"),),
    ),
    _ana(
        customer="Victor Adeyemi",
        kind="refund",
        words="Refund the security deposit",
        value="150.00",
        value_reason="The whole deposit, as the contract says.",
        at="-6 15:35",
        due="+1 17:00",
        deeds=(
            Deed("-5 11:05", "wait", "Which account should the money go to?"),
            Deed("-4 13:20", "resume", "He sent the account number."),
        ),
    ),
    _omar(
        customer="Kate Bramley",
        kind="change",
        words="Correct the address on the contract",
        at="-4h",
        due="+1h",
        channel="chat",
    ),
    _ana(
        customer="Rajesh Iyer",
        kind="callback",
        words="Call back with the answer about the feed-in tariff",
        at="-3h",
        due="+45m",
        said="within the hour after lunch",
    ),
    _ana(
        customer="Molly Fenwick",
        kind="followup",
        words="Reply with the moving-in checklist",
        channel="social",
        at="-2h",
        due="+2h",
    ),
    _omar(
        customer="Anton Weiss",
        kind="followup",
        words="Find out whether the old meter can stay",
        at="-5h",
        due="+3h",
        deeds=(Deed("-1.5h", "reassign", "You know the old meters better.", to="ana"),),
    ),
    _lena(
        customer="Hugo Bennett",
        kind="repair",
        words="Repair the outdoor meter box lid",
        at="-1 10:35",
        due="+4h",
    ),
    _lena(
        customer="Edith Barlow",
        kind="visit",
        words="Show her how the new display works, at home",
        at="-2 14:25",
        due="+1 11:00",
        note="No e-mail. Please ring before you come.",
    ),
    _ana(
        customer="Tom Okafor",
        kind="followup",
        words="Send the new payment plan",
        case="LK-20714",
        at="-1 11:50",
        due="+1 17:30",
        said="the day after tomorrow",
    ),
    _omar(
        customer="Priya Nair",
        kind="replacement",
        words="Send a new payment card for the prepayment meter",
        at="-1 13:40",
        due="+2 17:30",
    ),
    _lena(
        customer="George Whitfield",
        kind="visit",
        words="Exchange the gas meter",
        at="-3 16:20",
        due="+4 12:00",
        deeds=(Deed("-2 10:10", "move", "The fitter is ill this week.", to="+6 12:00"),),
    ),
    _ana(
        customer="Callum Reid",
        kind="escalation",
        words="Raise the overcharge with the tariff team and report back",
        difficult=True,
        at="-2 15:45",
        due="+2 12:00",
        deeds=(Deed("-1 10:05", "note", "Tariff team: case 5512, answer expected tomorrow."),),
    ),
    _omar(
        customer="Joana Silva",
        kind="other",
        words="Confirm in writing that no exit fee applies",
        channel="email",
        at="-1 16:30",
        due="+3 17:30",
    ),
    _ana(
        customer="Mina Park",
        kind="credit",
        words="Put the missed-appointment credit on the account",
        value="30.00",
        urgent=True,
        at="-1h",
        due="+1 12:00",
    ),
)

STORIES: Final = (*_KEPT, *_NOT_AS_PROMISED, *_OPEN)
