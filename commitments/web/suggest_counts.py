"""How many of the suggested promises will be saved, in words; what is left out is told as well."""

from __future__ import annotations

from typing import Final, Literal

_ONE: Final = {"are": "is", "were": "was"}


def status(*, kept: int, cards: int) -> str:
    return f"{kept} of {cards} accepted.{left_out(cards - kept)}"


def button(*, kept: int, cards: int) -> str:
    """What the button does; the script says the same while somebody chooses."""
    saves = f"Save {kept} {'promise' if kept == 1 else 'promises'}"
    return f"{saves} · {cards - kept} left out" if kept < cards else saves


def left_out(count: int, *, verb: Literal["are", "were"] = "are") -> str:
    """` 2 were left out.`, to follow a sentence; or nothing."""
    return f" {count} {_ONE[verb] if count == 1 else verb} left out." if count else ""


def in_part(*, cards: int, unshown: int) -> str:
    """A sentence where not all that was found has a card."""
    if not unshown:
        return ""
    return (
        f"These are the first {cards}; {unshown} more {'is' if unshown == 1 else 'are'} in this "
        "text. Save these first, then paste the rest by itself."
    )
