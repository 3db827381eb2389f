"""Promises in a conversation: which sentences of the agent owe the customer something.

A promise is a future form with a subject who owes and a verb that does something: "we'll refund",
"someone will call you", "you should receive", "Will do". What is denied, asked, hoped or said of
everybody is none; what the customer has to begin is conditional. Every suggestion says in one
sentence which sign was found. Pure text, in time that grows with its length.
"""

from __future__ import annotations

from .conversation import Promisor, Speaker, Suggestion, Turn
from .suggesting import suggest

__all__ = ["Promisor", "Speaker", "Suggestion", "Turn", "suggest"]
