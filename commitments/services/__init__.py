"""What people do with a promise.

Each verb is one transaction: it holds the row, records a breach whose moment has come, asks
`lifecycle`, changes, records its event, and sets the clock.
"""

from .asking import ask_for_update
from .calling import attempt
from .closing import abandon, fulfil, release, reopen, void
from .handing import hand_to_team, reassign
from .making import Draft, NotTogether, customer_for, make, make_together
from .moving import Told, move
from .nudging import nudge
from .recapping import recap
from .talking import acknowledge, help, resume, update, wait  # noqa: A004 - a verb
from .undoing import undo

__all__ = [
    "Draft",
    "NotTogether",
    "Told",
    "abandon",
    "acknowledge",
    "ask_for_update",
    "attempt",
    "customer_for",
    "fulfil",
    "hand_to_team",
    "help",
    "make",
    "make_together",
    "move",
    "nudge",
    "reassign",
    "recap",
    "release",
    "reopen",
    "resume",
    "undo",
    "update",
    "void",
    "wait",
]
