"""Help desks that tell us of promises: their signed webhooks in, links to their tickets out.

The pattern, the same for each of them:

- A help desk is a row of ours (`models.HelpDesk`): a team, an address where its pages begin, and
  the secret that it signs with. What is not signed with it is not read.
- The adapter of its system, one file in `systems`, knows how that system signs and how its webhooks
  are shaped. It turns one into news: an agent promised something, answered, closed or merged a
  ticket. It looks nothing up and writes nothing. Delete the file, and that system is no more.
- Everything is known by what is signed: the help desk's own name of a message is the key under
  which its promise is made once, however often and however late the webhook is sent again.
- An agent promises in the first line of an internal note, `promise: call back fri 10am` or
  `~ call back fri 10am`, by the grammar of the quick line. Nothing else that anybody writes is
  read as a promise: the first line of an internal note is never a customer's.
- What cannot be understood is put to the agent as a suggestion; nothing is guessed.
- The fate of a ticket never touches a promise. It is told on the promise's history; merged, the
  promise keeps its case and knows the one in which it goes on.
- No link is taken from a webhook: each is made of the address that the administrator gave.

A new system is one more file: see `adapter.System`, and docs/helpdesks.md for what people set up.
"""

from .adapter import Post, System, Unreadable, Unsigned
from .taking import Taken, take

__all__ = ["Post", "System", "Taken", "Unreadable", "Unsigned", "take"]
