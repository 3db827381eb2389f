"""What must be true of promises and their messages, asked of the tables of both rooms.

Each finding is a row that breaks one of the twelve invariants, or B, the one about bundles:

I1   nothing has been due for more than three minutes, unless its job is paused
I2   one outbox row per key
I3   at most one accepted attempt per row, unless it was a resend of an uncertain one
I4   what is sent has exactly one closed, accepted attempt with its token
I5   nobody is nagged by an attempt that began after the promise had closed
I6   tokens only grow
I7   every step taken has its outbox row, or its recorded reason
I8   every open promise has a clock or an ended ladder, and a closed one has no clock
I9   each step up to the latest is taken, coalesced or passed over: once, in order, not before its
     moment; a breach is dated at the due time, and the clock says what the ladder says
I10  no lease is older than its end and a minute
I11  what failed or is uncertain for a quarter of an hour has its notice
I12  folding the events gives status, due time, owner and revision, and their chain holds
B    what went out inside a bundle points to one of its own reader, and a bundle carries several

`tables` and `notifications.delivery.audit` ask for sets; `histories` reads promises one by one,
many at a time. What it reads grows with the promises it is given, not with what is stored.
"""

from .finding import Finding
from .whole import findings

__all__ = ["Finding", "findings"]
