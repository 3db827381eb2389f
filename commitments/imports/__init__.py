"""Promises that were made before, or elsewhere, brought in from a CSV file or a workbook.

A file is read twice. First every row is judged, each against its own time, and nothing is written;
then what is good is made, a batch to a transaction. A row is known by a digest of what it says, so
that bringing in the same file again adds nothing and an interrupted import is finished by another.
Neither reading holds more than a batch in memory.

What is brought in from a page is a due row of its own, that can be gone on with wherever it is:
`keeping` has what people do with it, `rounds` does what takes long.
"""

from .bringing import Bringing, Choices, Found, Remark, Survey, What
from .columns import ALL, guess, left_over, quoted
from .dates import Order
from .keeping import (
    Asked,
    NotNow,
    TooLarge,
    begin,
    check,
    count_old,
    forget,
    guessed,
    prune,
    stop,
    table_of,
    take,
)
from .people import team_named
from .results import lines as result_lines
from .rounds import go_on, run
from .rows import ORIGIN, instant
from .seen import Seen
from .table import Table, opened, shown
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
    "Asked",
    "Bringing",
    "Choices",
    "Found",
    "NotNow",
    "Order",
    "Remark",
    "Seen",
    "Survey",
    "Table",
    "TooLarge",
    "What",
    "WrongFile",
    "begin",
    "check",
    "count_old",
    "forget",
    "go_on",
    "guess",
    "guessed",
    "instant",
    "left_over",
    "opened",
    "prune",
    "quoted",
    "result_lines",
    "run",
    "shown",
    "stop",
    "table_of",
    "take",
    "team_named",
]
