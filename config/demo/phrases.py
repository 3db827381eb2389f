"""What is promised at Larkfield day after day, and in what words it is done.

`{pounds}`, `{month}`, `{room}` and `{street}` are filled in anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .company import BILLING, FIELD, MOVES


@dataclass(frozen=True)
class Phrase:
    """A promise as it is often made. `days`: how many working days it is usually given."""

    kind: str
    words: str
    done: str
    days: int


POUNDS: Final = ("12.40", "18.00", "23.75", "27.50", "31.20", "38.00", "46.00", "58.90", "74.15")
MONTHS: Final = ("January", "March", "April", "June", "July", "August")
ROOMS: Final = ("kitchen", "hall", "cellar", "bathroom", "garage", "attic room")
STREETS: Final = ("Mill Lane", "Quarry Road", "Station Street", "Harbour View", "Elm Close")

PHRASES: Final[dict[str, tuple[Phrase, ...]]] = {
    BILLING: (
        Phrase("refund", "Refund £{pounds} paid twice in {month}", "£{pounds} left us today.", 2),
        Phrase("refund", "Refund the balance of £{pounds}", "The balance is on its way.", 2),
        Phrase("refund", "Refund the £{pounds} late fee", "The fee is refunded, with regrets.", 3),
        Phrase("refund", "Pay back the deposit of £{pounds}", "The deposit is paid back.", 4),
        Phrase("credit", "Credit £{pounds} for the wrong tariff", "The credit is booked.", 3),
        Phrase("credit", "Credit £{pounds} for the missed visit", "Booked to your account.", 2),
        Phrase("credit", "Add the £{pounds} warm home discount", "The discount is added.", 4),
        Phrase("callback", "Call back about the {month} bill", "We went through the bill.", 0),
        Phrase("callback", "Ring with the new instalment", "The new instalment is agreed.", 1),
        Phrase("callback", "Ring back when the payment shows", "It shows; we spoke.", 1),
        Phrase("callback", "Call back about the smart tariff", "You chose the night tariff.", 0),
        Phrase("callback", "Ring about the reminder letter", "The reminder was withdrawn.", 0),
        Phrase("followup", "Send the statement for {month}", "The statement is in your mail.", 1),
        Phrase("followup", "Find out why {month} was estimated", "The reader had no access.", 2),
        Phrase("followup", "Explain the standing charge in writing", "Sent, in plain words.", 1),
        Phrase("followup", "Check the direct debit of £{pounds}", "It is the right amount.", 2),
        Phrase("followup", "Send a payment plan over six months", "The plan is in your mail.", 1),
        Phrase("followup", "Look into the {month} meter reading", "Your reading counts now.", 3),
        Phrase("change", "Move the debit to the first of the month", "Moved from next month.", 1),
        Phrase("change", "Put both names on the bill", "Both names are on it.", 1),
        Phrase("change", "Switch to paper bills", "The next bill comes by post.", 2),
        Phrase("change", "Correct the e-mail address", "Corrected; a test mail is out.", 0),
        Phrase("escalation", "Raise the back-billing complaint", "We write off the old part.", 4),
        Phrase("escalation", "Have the £{pounds} charge reviewed", "The charge is taken off.", 3),
        Phrase("other", "Note the reader's code for the gate", "The code is noted.", 1),
    ),
    MOVES: (
        Phrase("change", "Move the contract to {street}", "The contract has moved along.", 3),
        Phrase("change", "Take over the supply at {street}", "The supply is in your name.", 4),
        Phrase("change", "End the contract on moving day", "It ends on that day.", 2),
        Phrase("change", "Note the new tenants at {street}", "The new tenants are noted.", 1),
        Phrase("change", "Put the landlord on the empty flat", "The landlord gets the bills.", 3),
        Phrase("change", "Keep the old tariff at {street}", "Your tariff goes with you.", 2),
        Phrase("followup", "Send the moving checklist", "The checklist is in your mail.", 1),
        Phrase("followup", "Confirm the moving date in writing", "Confirmed in writing.", 1),
        Phrase("followup", "Find the meter number of {street}", "The number is in our mail.", 2),
        Phrase("followup", "Ask the old supplier for the reading", "They sent it today.", 5),
        Phrase("followup", "Send the final bill for {street}", "The final bill is out.", 4),
        Phrase("followup", "Check who supplies {street}", "It is with us already.", 1),
        Phrase("callback", "Ring about the keys to the meter room", "The caretaker has them.", 0),
        Phrase("callback", "Call back with the opening reading", "We noted it together.", 0),
        Phrase("callback", "Ring after the move", "You have arrived, and all works.", 2),
        Phrase("callback", "Call the letting agent about {street}", "The agent has signed.", 1),
        Phrase("refund", "Refund £{pounds} for the days after moving", "Refunded today.", 4),
        Phrase("refund", "Pay out the closing credit of £{pounds}", "Paid out today.", 3),
        Phrase("visit", "Read the meter at {street} on moving day", "Read and noted.", 5),
        Phrase("escalation", "Sort out two bills for {street}", "One of them is cancelled.", 4),
        Phrase("other", "Send the key of the meter box back", "It is in the post.", 3),
    ),
    FIELD: (
        Phrase("visit", "Engineer visit for the {room} radiator", "The radiator is warm.", 3),
        Phrase("visit", "Read the meter in the {room}", "The reading is on your account.", 4),
        Phrase("visit", "Fit the smart meter in the {room}", "Fitted and connected.", 5),
        Phrase("visit", "Check the gas smell in the {room}", "Checked: all is tight.", 0),
        Phrase("visit", "Service the boiler", "Serviced; the book is stamped.", 5),
        Phrase("repair", "Repair the valve in the {room}", "The valve holds again.", 4),
        Phrase("repair", "Fix the display that shows nothing", "It shows the figures again.", 3),
        Phrase("repair", "Mend the meter cupboard in the {room}", "It closes and locks.", 5),
        Phrase("repair", "Reseal the pipe in the {room}", "Sealed and tested.", 2),
        Phrase("repair", "Repair the thermostat in the {room}", "It switches as it should.", 3),
        Phrase("replacement", "Send a new in-home display", "Delivered and signed for.", 3),
        Phrase("replacement", "Replace the {room} sensor", "The new sensor reports.", 4),
        Phrase("replacement", "Send a second prepayment key", "The key is with you.", 2),
        Phrase("callback", "Ring with the time of the visit", "Between eight and noon.", 0),
        Phrase("callback", "Call back about the cold {room}", "We found it together.", 0),
        Phrase("callback", "Ring half an hour before we come", "We rang, and you were home.", 1),
        Phrase("followup", "Send the report on the {room} valve", "The report is out.", 2),
        Phrase("followup", "Find a part for the old boiler", "The part is ordered.", 3),
        Phrase("credit", "Credit £{pounds} for the cold weekend", "The credit is booked.", 3),
        Phrase("escalation", "Raise the third failed visit", "A senior fitter came today.", 2),
    ),
}

UPDATES: Final = (
    "Still on it, and still by the time I gave you.",
    "I have what I need from the other team; you will hear from me as agreed.",
    "The first half is done. The rest follows as promised.",
    "I have asked again this morning and expect an answer today.",
)
SORRY: Final = (
    "I said you would have this by now, and you do not. I am sorry. It comes today.",
    "We are late with this, and I am sorry. I am staying with it until it is done.",
    "I missed the time I gave you. Thank you for your patience; I am on it.",
)
MOVED: Final = (
    "The answer we need comes a day later than we were told.",
    "Two colleagues are ill, and I would rather give you a time that holds.",
    "The part arrives tomorrow, so we come the day after.",
    "The bank takes one more day.",
)
GIVEN_UP: Final = (
    "The contract does not allow it. I should have seen that earlier.",
    "The part is no longer made, and no other fits.",
    "The old supplier does not answer, and without them we cannot do it.",
)
HANDED: Final = (
    "I am in training tomorrow. Could you see to it?",
    "You know this account better than I do.",
    "My shift ends before they open.",
)
NO_LONGER: Final = (
    "They found it themselves in the meantime.",
    "The neighbour has helped.",
    "They have changed their mind about it.",
    "It has settled itself with the new bill.",
)
MISTAKES: Final = ("Entered twice.", "Entered for the wrong customer.")
ASKED: Final = (
    "Could you send us a photo of the meter?",
    "Which account should the money go to?",
    "On which day does the caretaker let us in?",
)
PRAISE: Final = (
    *("", "Thank you!", "Quick and friendly.", "Exactly as agreed.", "", "All good."),
    *("I was told every step.", "", "Could not be better.", "It took one call.", ""),
)
GRUMBLES: Final = (
    *("It came, but late.", "", "All right in the end.", "Done, but only after I had asked.", ""),
    *("I had to ring twice.", "", "It took longer than you said.", "", "In the end it was fine."),
)
