"""Promises that were made before, or elsewhere, brought in from a CSV file.

A file is read twice. First every row is judged, each against its own time, and nothing is written;
then what is good is made, a batch to a transaction. A row is known by a digest of what it says, so
that bringing in the same file again adds nothing and an interrupted import is finished by another.
Neither reading holds more than a batch in memory.
"""

from .bringing import Bringing, Choices, Survey
from .people import team_named
from .rows import ORIGIN, instant
from .table import COLUMNS, WrongFile

__all__ = [
    "COLUMNS",
    "ORIGIN",
    "Bringing",
    "Choices",
    "Survey",
    "WrongFile",
    "instant",
    "team_named",
]
