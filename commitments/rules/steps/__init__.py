"""Why a promise is due when it is: the steps from one instant to its deadline.

Steps are a chain. The first begins at the start, each next begins where the one before ended, and
the last ends at the deadline; what was worked, counted or let pass adds up to what was asked for.
They are made where the deadline is worked out, kept beside it, and never worked out again: hours
and holidays change, and what was promised does not.
"""

from .chain import (
    Chain,
    Step,
    What,
    Why,
    WrongSteps,
    checked,
    clocks_between,
    elapsed,
    leads_to,
    on_the_wall,
    started,
    until,
    until_closing,
    waited,
)
from .kept import from_json, to_json
from .words import say, say_length

__all__ = [
    "Chain",
    "Step",
    "What",
    "Why",
    "WrongSteps",
    "checked",
    "clocks_between",
    "elapsed",
    "from_json",
    "leads_to",
    "on_the_wall",
    "say",
    "say_length",
    "started",
    "to_json",
    "until",
    "until_closing",
    "waited",
]
