"""The first sentence of each report: on its page and in its mail the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commitments.rules import saying

from . import wording
from .breaks import Broke
from .live import Overdue
from .ratings import Rated
from .workload import Workload

NOTHING_BROKE: Final = "Nothing that was first due in these days was late, not kept, or is overdue."


def of_overdue(figures: Overdue) -> str:
    """Honest, and where to start."""
    if not figures.overdue:
        coming = saying.say_count(figures.due_soon, "promise is", "promises are")
        return f"Nothing is overdue. {saying.sentence_case(coming)} due in the next 4 hours."
    if not figures.not_told:
        return "Everybody who is waiting has been told."
    waiting = saying.say_count(figures.customers_not_told, "customer is", "customers are")
    return f"{saying.sentence_case(waiting)} waiting without word. Start there."


def of_kept(*, on_time: int, n: int) -> str:
    if not n:
        return "No promise that counts was first due in this period."
    promises = wording.count(n, "promise")
    return f"{on_time:,} of {promises} {'was' if n == 1 else 'were'} kept on time."


def of_ratings(whole: Rated) -> str:
    if not whole.asked:
        return "Nobody has been asked about a promise of these days yet."
    replies = wording.count(whole.answers, "reply", "replies")
    return f"{replies} to {wording.count(whole.asked, 'question')} about how it went."


def of_causes(found: Sequence[Broke]) -> str:
    if not found:
        return NOTHING_BROKE
    broke = sum(each.promises for each in found)
    unexplained = sum(each.promises for each in found if not each.cause)
    promises = wording.count(broke, "promise was", "promises were")
    if not unexplained:
        return f"{promises} not kept in time, and each has its cause."
    return f"{promises} not kept in time; of {unexplained:,} nobody has said why yet."


def of_workload(people: Sequence[Workload], *, is_own: bool) -> str:
    whole = sum(each.open for each in people)
    if not whole:
        return "Nothing of yours is open." if is_own else "Nothing is open."
    overdue = sum(each.overdue for each in people)
    late = f", {overdue:,} of them overdue" if overdue else ", none of them overdue"
    count = wording.count(whole, "promise is", "promises are")
    full = [str(each.person) for each in people if each.person and any(each.too_much)]
    if not full or is_own:
        return f"{count} open{late}."
    named = full[0] if len(full) == 1 else wording.count(len(full), "person", "people")
    has = "has" if len(full) == 1 else "have"
    return f"{count} open{late}. {named} {has} more ahead than fits into a day."


def of_values(count: int, *, differ: int) -> str:
    if not count:
        return "Nothing was given that has a value."
    given = wording.count(count, "value was", "values were")
    if not differ:
        return f"{given} given, none of them unlike the others."
    unlike = "not usual, and has its reason" if differ == 1 else "not usual, each with its reason"
    return f"{given} given; {wording.count(differ, 'was', 'were')} {unlike}."
