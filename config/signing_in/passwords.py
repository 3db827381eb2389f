"""Which passwords anybody would guess, beside those of Django's list of common ones.

Of that list few are as long as ours must be. People lengthen a common one: with digits or signs at
its ends, or by saying it twice. Those are refused for what they are made of.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from commitments.models import User

_FEWEST_CHARACTERS: Final = 5
_FIRST_OF_US: Final = 4  # a company named “Us” forbids no password
# As fingers run: along the rows of a keyboard, the alphabet and the digits.
_RUNS: Final = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp"),
)
_SHORTEST_RUN: Final = 4
_AT_ITS_ENDS: Final = "0123456789 !?.,-_*#@$%&+=/\\'\"()"
_ALIKE: Final = str.maketrans("013457@$!", "oleastasi")


class NotGuessable:
    """Refuses what is long only because something short was lengthened."""

    def __init__(self) -> None:
        self._common: frozenset[str] = frozenset(CommonPasswordValidator().passwords)

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError, which says what it is made of and not what it is."""
        said = password.strip().casefold()
        if len(set(said)) < _FEWEST_CHARACTERS:
            raise ValidationError("It is made of too few different characters.", code="monotonous")
        if not _without_runs(said):
            raise ValidationError("It only runs along a keyboard or the alphabet.", code="a_run")
        core = _said_once(_said_once(said).strip(_AT_ITS_ENDS))
        if core in self._common or core.translate(_ALIKE) in self._common or core in _names():
            raise ValidationError(
                "It is a common password or our name, made longer. Several words are better.",
                code="lengthened",
            )

    def get_help_text(self) -> str:
        return "Nothing common, not even with digits at its end or said twice."


def _said_once(words: str) -> str:
    """The shortest piece of which it is nothing but repetitions."""
    for length in range(1, len(words) // 2 + 1):
        if len(words) % length == 0 and words == words[:length] * (len(words) // length):
            return words[:length]
    return words


def _without_runs(said: str) -> str:
    """What is left of it when everything that fingers run along is taken out."""
    left, at = "", 0
    while at < len(said):
        end = at + 1
        while end < len(said) and _runs(said[at : end + 1]):
            end += 1
        if end - at < _SHORTEST_RUN:
            left, end = left + said[at], at + 1
        at = end
    return left


def _runs(piece: str) -> bool:
    return any(piece in run or piece in run[::-1] for run in _RUNS)


def _names() -> set[str]:
    ours = ("followthrough", settings.COMPANY_NAME.casefold())
    return {name for each in ours for name in (each, *each.split()) if len(name) >= _FIRST_OF_US}
