"""What became of a promise's ticket, in words for the team."""

from __future__ import annotations

from commitments.models import Commitment, Event
from commitments.services.cases import Fate

from .lines import Cast, Line

_STAYS = "The promise stays as it is."


def told(event: Event, commitment: Commitment, cast: Cast) -> Line:
    facts = {name: str(value) for name, value in event.changes.items()}
    case, desk = f"case {facts['number']}", facts["desk"]
    who = event.actor.first_name if event.actor else ""
    into = f" into case {facts['into']}" if "into" in facts else ""
    match Fate(facts["case"]):
        case Fate.ANSWERED:
            title = f"{who} answered in {case}" if who else f"An answer was given in {case}"
            return Line(title=title, icon="message-square-text", at=event.at, note=f"In {desk}.")
        case Fate.CLOSED:
            title = f"{who} closed {case}" if who else f"{case.capitalize()} was closed"
        case Fate.MERGED:
            title = (
                f"{who} merged {case}{into}" if who else f"Case {facts['number']} was merged{into}"
            )
    return Line(title=title, icon="ticket", at=event.at, note=f"In {desk}. {_STAYS}")
