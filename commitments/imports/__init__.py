"""Promises that were made before, or elsewhere, brought in from a CSV file or a workbook.

A file is read twice. First every row is judged, each against its own time, and nothing is written;
then what is good is made, a batch to a transaction. A row is known by a digest of what it says, so
that bringing in the same file again adds nothing and an interrupted import is finished by another.
Neither reading holds more than a batch in memory.
"""

from .bringing import Bringing, Choices, Found, Remark, Survey, What, patiently
from .columns import ALL, guess, left_over, quoted
from .dates import Order
from .people import team_named
from .rows import ORIGIN, instant
from .seen import Seen
from .table import Table, opened
from .wrong import WrongFile

# What a file may say in columns of the same names; `columns.ALL` has more.
COLUMNS = (
    *("conversation", "channel", "agent", "customer", "customer_email"),
    *("promised_at", "wording", "kind", "due"),
)

__all__ = [
    "ALL",
    "COLUMNS",
    "ORIGIN",
    "Bringing",
    "Choices",
    "Found",
    "Order",
    "Remark",
    "Seen",
    "Survey",
    "Table",
    "What",
    "WrongFile",
    "guess",
    "instant",
    "left_over",
    "opened",
    "patiently",
    "quoted",
    "team_named",
]
