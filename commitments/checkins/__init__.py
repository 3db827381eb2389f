"""Asks some time after whether all is truly well: holds, sends, takes the answer.

Held while anything is owed to the customer or disputed; one per customer and cooldown; dropped
after thirty days of holding. What is late by a day because of us goes no more by itself: its owner
is asked. Every reason stands on the timeline of the promises it would have asked about. A colleague
may ask by hand, where nothing holds it. "Still open" makes a promise that follows up, before the
page answers. Answers that contradict each other count for nothing until the customer has said again
what holds.
"""

from .answering import Answered, Reply, answer, follow_up_of, takes_answers
from .confirming import confirm, doubted, in_doubt, is_doubted
from .holding import STALE
from .sending import refusal, run, send_by_hand

__all__ = [
    "STALE",
    "Answered",
    "Reply",
    "answer",
    "confirm",
    "doubted",
    "follow_up_of",
    "in_doubt",
    "is_doubted",
    "refusal",
    "run",
    "send_by_hand",
    "takes_answers",
]
