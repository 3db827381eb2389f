"""Reports by mail: the manager's week, and any report that somebody asked for on a schedule.

The figures are those of the pages, asked of the same functions, and each leads to its list.
"""

from .choosing import (
    EIGHT,
    MONDAY,
    Wish,
    begin_weekly,
    choose_weekly,
    manages,
    of,
    stop,
    subscribe,
    weekly_of,
)
from .sending import send
from .sheets import REPORTS

__all__ = [
    "EIGHT",
    "MONDAY",
    "REPORTS",
    "Wish",
    "begin_weekly",
    "choose_weekly",
    "manages",
    "of",
    "send",
    "stop",
    "subscribe",
    "weekly_of",
]
