"""A conversation in few words, and what was suggested from it."""

from __future__ import annotations

from commitments.reading import promises
from commitments.reading.promises import Suggestion, Turn


def suggested(*said: str) -> tuple[Suggestion, ...]:
    """What is suggested from these turns; a turn that begins with "> " is the customer's."""
    return promises.suggest([turn(words) for words in said])


def turn(words: str) -> Turn:
    is_customer = words.startswith("> ")
    return Turn("customer" if is_customer else "agent", words.removeprefix("> "))


def told(*said: str) -> tuple[str, str] | None:
    """Kind and promisor of the only suggestion that holds at once; None where there is none."""
    found = [suggestion for suggestion in suggested(*said) if not suggestion.is_conditional]
    assert len(found) < 2, found
    return (found[0].kind, found[0].promisor) if found else None
