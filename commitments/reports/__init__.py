"""Figures, read only: they aggregate columns and never walk promises in Python.

Every figure has its list: what is counted here and the promises behind it are found by the same
conditions, so page, list, export and programs say the same.
"""

from .lately import SOON, Ended, Said, ended, said
from .scope import NotFound, Period, ReportError, Scope

__all__ = [
    "SOON",
    "Ended",
    "NotFound",
    "Period",
    "ReportError",
    "Said",
    "Scope",
    "ended",
    "said",
]
