"""What is on everybody's desk just now, beside the stories. Times are told by `diary`."""

from __future__ import annotations

from functools import partial
from typing import Final

from .company import BILLING, FIELD, MOVES
from .deeds import Deed, Story

_ana = partial(Story, by="ana", team=BILLING)
_omar = partial(Story, by="omar", team=BILLING)
_beth = partial(Story, by="beth", team=BILLING)
_ivy = partial(Story, by="ivy", team=MOVES)
_kofi = partial(Story, by="kofi", team=MOVES)
_rhys = partial(Story, by="rhys", team=MOVES)
_lena = partial(Story, by="lena", team=FIELD)
_tess = partial(Story, by="tess", team=FIELD)
_jonas = partial(Story, by="jonas", team=FIELD)

_BILLING: Final = (
    _ana(
        customer="Ella Thornton",
        kind="callback",
        words="Ring back about the final bill",
        at="-2 13:00",
        due="-1 12:00",
        deeds=(
            Deed("-1 15:30", "update", "I missed noon, and I am sorry. I am on it today."),
            Deed("-1h", "other_time", "Tomorrow after work, please.", to="+1 17:00"),
        ),
    ),
    _ana(
        customer="Maya Lindqvist",
        kind="callback",
        words="Ring about the two payments of May",
        at="-5h",
        window="+0.5h",
        due="+2.5h",
        keep_by="phone",
        case="LK-21002",
        deeds=(Deed("-1h", "attempt", "Rang out.", to="no_answer"),),
    ),
    _ana(
        customer="Grace Bell",
        kind="credit",
        words="Find the missing March credit",
        value="36.00",
        case="LK-21005",
        at="-3 10:40",
        due="+3 17:30",
        deeds=(
            Deed("-2 16:20", "dispute", "It was the credits of March and April, not only one."),
        ),
    ),
    _ana(
        customer="Toni Brandt",
        kind="followup",
        words="Explain the May invoice line by line",
        channel="email",
        at="-2 11:25",
        due="+2 11:00",
        deeds=(Deed("-1 09:35", "wait", "Could you send us page two of the invoice?"),),
    ),
    _ana(
        customer="Jo Park",
        kind="refund",
        words="Refund the £19 reminder fee",
        value="19.00",
        at="-1 10:15",
        due="+1 17:00",
        deeds=(Deed("-2h", "fulfil", "Refunded this morning."),),
    ),
    _ana(
        customer="Tomas Vega",
        kind="change",
        words="Move the debit to the fifteenth",
        at="-1 15:20",
        due="+4h",
        deeds=(Deed("-1h", "fulfil", "From next month on it is the fifteenth."),),
    ),
    _omar(
        customer="Elin Strand",
        kind="change",
        words="Correct the tariff on the account",
        case="LK-21011",
        difficult=True,
        at="-3 15:50",
        due="-1 12:00",
        deeds=(Deed("-1 16:00", "update", "I missed noon, and I am sorry. It comes today."),),
    ),
    _omar(
        customer="Bashir Noorani",
        kind="callback",
        words="Ring when the meter photo is checked",
        at="-1 13:10",
        window="-2h",
        due="+1.5h",
        keep_by="phone",
        deeds=(
            Deed("-1.5h", "attempt", "Left my name and the number.", to="voicemail"),
            Deed("-0.5h", "attempt", "Engaged.", to="busy"),
        ),
    ),
    _omar(
        customer="Cerys Howell",
        kind="refund",
        words="Refund £88 paid to the wrong account",
        value="88.00",
        urgent=True,
        at="-5h",
        due="+5h",
    ),
    _beth(
        customer="Dmitri Orlov",
        kind="followup",
        words="Send the yearly statement for the tax office",
        channel="email",
        at="-3 09:25",
        due="-1 17:30",
    ),
    _beth(
        customer="Eileen Maguire",
        kind="callback",
        words="Ring about the pensioner tariff, slowly and clearly",
        at="-1 11:05",
        window="+1h",
        due="+3h",
        keep_by="phone",
        note="Hard of hearing; her daughter may answer.",
    ),
    _beth(
        customer="Felix Baumann",
        kind="refund",
        words="Refund the balance of the garden flat",
        value="61.30",
        at="-4 14:30",
        due="+1 17:00",
    ),
    _beth(
        customer="Gwen Tanaka",
        kind="escalation",
        words="Have the debt collector called off",
        difficult=True,
        at="-2 16:20",
        due="+2 12:00",
        deeds=(Deed("-1 14:05", "note", "The agency confirms by tomorrow, ref. DC-118."),),
    ),
)

_MOVES: Final = (
    _ivy(
        customer="Hamid Rostami",
        kind="change",
        words="Move the contract to 14 Mill Lane",
        case="LK-21101",
        at="-5 10:30",
        due="-1 17:30",
    ),
    _ivy(
        customer="Isla Ferguson",
        kind="followup",
        words="Ask the old supplier for the closing reading",
        at="-6 11:45",
        due="-2 12:00",
        deeds=(
            Deed("-2 15:10", "update", "The old supplier is silent, and we are late. I am sorry."),
            Deed("-1 11:20", "help", "The old supplier does not answer me."),
        ),
    ),
    _ivy(
        customer="Jamal Whitaker",
        kind="callback",
        words="Ring with the meter number of the new flat",
        at="-3h",
        window="+0.5h",
        due="+1.5h",
        keep_by="phone",
    ),
    _ivy(
        customer="Katarzyna Wolska",
        kind="followup",
        words="Send the final bill for 3 Harbour View",
        channel="email",
        at="-2 13:15",
        due="+4h",
    ),
    _ivy(
        customer="Liam Gallagher-Stone",
        kind="change",
        words="Take over the supply on the first of the month",
        at="-4 09:50",
        due="+5 17:30",
        deeds=(Deed("-3 10:10", "wait", "Please send us the first page of the tenancy."),),
    ),
    _ivy(
        customer="Mei Sung",
        kind="change",
        words="Note the new tenants at 27 Elm Close",
        at="-2 10:05",
        due="+1 12:00",
        deeds=(Deed("-4h", "fulfil", "The new tenants are noted from the first."),),
    ),
    _kofi(
        customer="Nkechi Eze",
        kind="refund",
        words="Pay out the closing credit of £104.60",
        value="104.60",
        case="LK-21120",
        at="-7 15:25",
        due="-3 17:00",
    ),
    _kofi(
        customer="Oscar Lindgren",
        kind="callback",
        words="Ring after the move to see that all works",
        at="-3 16:10",
        window="-4h",
        due="+1 12:00",
        keep_by="phone",
        deeds=(Deed("-3h", "attempt", "He asked to be rung later today.", to="reached"),),
    ),
    _kofi(
        customer="Pilar Navarro",
        kind="visit",
        words="Read the meter at 8 Quarry Road on moving day",
        at="-4 12:00",
        due="+3 12:00",
        deeds=(Deed("-1 10:45", "move", "The keys are handed over later.", to="+4 12:00"),),
    ),
    _kofi(
        customer="Quentin Rousseau",
        kind="followup",
        words="Confirm the moving date in writing",
        channel="chat",
        at="-2h",
        due="+1h",
    ),
    _kofi(
        customer="Rosa Marchetti",
        kind="escalation",
        words="Sort out the two bills for 51 Station Street",
        difficult=True,
        urgent=True,
        at="-1 09:30",
        due="+3h",
        deeds=(Deed("-3h", "note", "One bill is from the landlord's contract."),),
    ),
    _kofi(
        customer="Agnes Toth",
        kind="change",
        words="End the contract on moving day",
        at="-8 10:10",
        due="-5 17:30",
        deeds=(
            Deed("-6 09:40", "fulfil", "It ends on the day you move."),
            Deed("-1 11:30", "reopen", "She was billed for the old flat again.", to="+2 17:30"),
        ),
    ),
    _rhys(
        customer="Stefan Ilic",
        kind="escalation",
        words="Ring the landlord about the locked meter room",
        at="-2 14:20",
        due="+1 17:30",
    ),
)

_FIELD: Final = (
    _lena(
        customer="Thandi Mokoena",
        kind="visit",
        words="Book a second engineer visit",
        case="LK-21203",
        at="-5 13:40",
        due="-3h",
    ),
    _lena(
        customer="Una Byrne",
        kind="callback",
        words="Ring half an hour before we come",
        at="-1 14:40",
        window="+1h",
        due="+2h",
        keep_by="phone",
    ),
    _tess(
        customer="Vikram Desai",
        kind="repair",
        words="Repair the thermostat in the hall",
        at="-4 11:35",
        due="+2h",
    ),
    _tess(
        customer="Wanda Kowalczyk",
        kind="replacement",
        words="Replace the sensor in the attic room",
        at="-3 10:20",
        due="+2 17:30",
        deeds=(Deed("-1 12:15", "wait", "Is the attic reached by a ladder or by stairs?"),),
    ),
    _tess(
        customer="Xenia Pavlou",
        kind="visit",
        words="Check the boiler that goes out at night",
        urgent=True,
        at="-6h",
        due="+1h",
    ),
    _tess(
        customer="Esther Adler",
        kind="visit",
        words="Service the boiler before the winter",
        at="-6 09:45",
        due="+6 17:00",
    ),
    _jonas(
        customer="Zara Siddiqui",
        kind="repair",
        words="Mend the door of the meter cupboard",
        at="-5 15:05",
        due="-1 12:00",
    ),
    _jonas(
        customer="Gareth Pugh",
        kind="visit",
        words="Fit the smart meter in the garage",
        at="-4 10:50",
        due="+1 17:00",
    ),
    _jonas(
        customer="Tilda Bergman",
        kind="callback",
        words="Ring about the noise in the pipe",
        at="-3 11:10",
        window="+2h",
        due="+4h",
        keep_by="phone",
    ),
)

PRESENT: Final = (*_BILLING, *_MOVES, *_FIELD)
