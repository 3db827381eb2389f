"""A pasted conversation, taken apart into who said what, and where in the paste it stands.

Calls, chats and mails are pasted as programs and people write them down; `labels` and `mail` list
the shapes. What has no speaker is said by nobody in particular. Nothing raises, whatever is pasted,
and the work grows with its length.
"""

from .names import Side
from .names import key as key_of
from .said import Said, Transcript, read
from .sides import Speaker, sides_of, strangers
from .times import has_days, instants_of
from .turns import turns, turns_of

__all__ = [
    "Said",
    "Side",
    "Speaker",
    "Transcript",
    "has_days",
    "instants_of",
    "key_of",
    "read",
    "sides_of",
    "strangers",
    "turns",
    "turns_of",
]
