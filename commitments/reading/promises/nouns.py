"""Nouns of support, over many trades, by what they mean for a promise."""

from __future__ import annotations

from typing import Final

from .wordlist import wordlist


def _set(words: str) -> frozenset[str]:
    singular = words.split()
    return frozenset(singular) | {f"{word}s" for word in singular}


REFUND: Final = _set("refund reimbursement repayment redeposit moneyback")
MONEY: Final = _set(
    """
    money fund cash deposit payment fare fee charge amount balance overpayment difference cost
    price sum total prepayment bond premium expense tax
    """
)
CASH: Final = _set(
    """
    money fund cash deposit payment balance overpayment amount difference reimbursement refund
    """
)
CREDIT: Final = _set(
    """
    credit voucher coupon discount point mile avios reward bonus compensation goodwill cashback
    rebate gift giftcard perk upgrade-credit promo treat token data-pack freebie allowance
    """
) | frozenset({"gesture"})
CALL: Final = _set("call callback ring bell buzz shout phonecall call-back tinkle")
VISITOR: Final = _set(
    """
    technician engineer plumber electrician driver courier mechanic installer surveyor inspector
    fitter repairman contractor crew handyman locksmith adjuster assessor carpenter gardener
    cleaner porter nurse carer roofer glazier exterminator cab taxi van truck ambulance tow
    serviceman lineman housekeeper mover vet decorator painter tiler joiner therapist midwife
    physio
    """
)
VISIT: Final = _set(
    """
    visit appointment inspection collection pickup pick-up survey installation callout slot
    call-out viewing
    """
)
TEAM: Final = _set(
    """
    team department dept desk manager supervisor agent colleague specialist representative rep
    advisor adviser someone somebody staff office management member expert developer engineer
    technician doctor nurse pharmacist lawyer solicitor officer clerk concierge receptionist
    housekeeping billing finance claim security warehouse depot branch store shop venue partner
    supplier vendor carrier courier manufacturer insurer underwriter coordinator assistant
    consultant director boss lead leader leadership crew hr operator bank kitchen chef reception
    maintenance dispatch dispatcher support group unit board committee counsel accountant banker
    principal teacher tutor registrar council ward surgery clinic laboratory pharmacy landlord
    caretaker scheduler planner associate personnel headquarters hq admin administrator
    architect executive exec guy people folk chain owner host planning operations facilities
    relations sales logistics merchant garage dealer workshop architects caseworker
    underwriting fulfilment fulfillment legal payroll station police authority airport
    restaurant hotel property counterparts colleague webmaster tech driver technicians
    care accounting treasury purchasing procurement dev intern trainee recruiter
    professional handler investigator auditor mechanic plumber electrician contractor secretary
    attorney broker trader superior governor trust provider network installer surveyor
    """
) - {"its"}
FEEDBACK: Final = _set(
    """
    feedback comment compliment praise suggestion concern complaint thank thanks kudos idea
    observation experience remark request kind-word appreciation message word sentiment report
    recommendation commendation recognition
    """
)
GOODS: Final = _set(
    """
    replacement parcel package order item unit device phone handset router modem card bag
    luggage suitcase part passport key laptop product shipment delivery box charger cable
    battery meter kit label ticket letter pair copy tablet screen remote sim dongle bottle
    prescription medicine medication sample brochure catalogue book booklet cheque check
    contract badge permit licence license certificate filter pump tyre tire lamp bulb chair
    table sofa mattress fridge washer dryer kettle toaster machine printer toner cartridge
    helmet jacket shirt dress shoe boot coat glass lens watch toy bike wheel seatbelt set piece
    tube hose valve bin container crate pallet flower bouquet cake meal food baggage goods stock
    shoes pin fob statement equipment set-top adapter thermostat boiler document towel pillow
    blanket laundry
    """
)
MESSAGE: Final = _set(
    """
    email mail reply response answer update message confirmation text sms notification news
    decision result quote quotation estimate link info information detail instruction invoice
    receipt statement survey form summary acknowledgement acknowledgment outcome resolution
    clarification explanation number code reference feedback report write-up list schedule
    document file attachment note draft proposal agenda minutes map photo picture screenshot
    guide manual address word comment figure letter notice verdict password reminder timeline
    eta solution spreadsheet version
    """
)
CASE: Final = _set(
    """
    case ticket request claim complaint application query enquiry inquiry issue problem fault
    matter dispute appeal concern incident error bug outage leak booking reservation appointment
    account subscription plan policy service connection line supply power water internet system
    site website app feature record address name change transaction transfer payment question
    everything detail seat room table prescription loan mortgage permit
    """
)
PROMISED: Final = REFUND | MONEY | CREDIT | CALL | VISIT | GOODS | MESSAGE | CASE | FEEDBACK
FAULT: Final = _set(
    """
    issue problem fault outage leak bug error glitch defect breakage crack pothole
    """
)
THIRD_PEOPLE: Final = wordlist("customers passengers guests users members residents")

CATEGORIES: Final = {
    "refund": REFUND,
    "money": MONEY,
    "cash": CASH,
    "credit": CREDIT,
    "call": CALL,
    "visitor": VISITOR,
    "visit": VISIT,
    "team": TEAM,
    "feedback": FEEDBACK,
    "goods": GOODS,
    "message": MESSAGE,
    "case": CASE,
    "fault": FAULT,
}
