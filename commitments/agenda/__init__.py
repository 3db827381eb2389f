"""The one question: what happens next to this commitment, and when?

The answer is the earliest of several candidates, each the consequence of a fact in a column that
disappears once the thing is done. There is no `now` in it: asking again later gives the same
answer. `round_of` says what a sweep at `now` does about it, still without touching anything.
"""

from .coming import next, said_again, upcoming  # noqa: A004 - agenda.next
from .hearing import hear_by
from .replanning import passed_over_at_start, replanned
from .rounds import round_of, settle
from .standing import Action, Deed, Manner, Next, Standing, Terms

__all__ = [
    "Action",
    "Deed",
    "Manner",
    "Next",
    "Standing",
    "Terms",
    "hear_by",
    "next",
    "passed_over_at_start",
    "replanned",
    "round_of",
    "said_again",
    "settle",
    "upcoming",
]
