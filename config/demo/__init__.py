"""Larkfield Energy, an invented company: sixty days of promises, made by the verbs themselves.

Nothing is written that people or the clock could not have brought about: the demonstration walks
from one deed to the next, and what comes due in between is done as it would be by worker and beat,
in long strides at first and to the minute in the last days.
All of it is one transaction, so an interrupted demonstration leaves an empty database.
"""

from .company import open_to_all
from .seeding import PASSWORD, seed

__all__ = ["PASSWORD", "open_to_all", "seed"]
