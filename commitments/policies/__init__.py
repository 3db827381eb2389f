"""How policies change, safely: in versions, and with what an edit means said beforehand.

What was agreed once stays readable: an edit makes a new version, and promises that are open keep
theirs, unless whoever edits chooses them, too. No due time is ever moved by it.
"""

from .editing import (
    Stale,
    as_numbered,
    bring_back,
    edit,
    make,
    names_in,
    rename,
    retire,
    set_urgent_variant,
)
from .looking_again import relook_round
from .preview import Change, Difference, what_would_change
from .replanning import replan_round
from .viewing import warnings, warnings_of

__all__ = [
    "Change",
    "Difference",
    "Stale",
    "as_numbered",
    "bring_back",
    "edit",
    "make",
    "names_in",
    "relook_round",
    "rename",
    "replan_round",
    "retire",
    "set_urgent_variant",
    "warnings",
    "warnings_of",
    "what_would_change",
]
