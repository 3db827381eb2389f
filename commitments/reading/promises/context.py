"""What stands around a sentence: its neighbours, and what the customer asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final

from . import kinds, words
from .conversation import Turn
from .sentences import Span, sentences
from .words import Word

_LAST_WORDS: Final = 300
# How many sentences ago what "it" is may have been named.
_FAR: Final = 2
_NEIGHBOURS: Final = 8
_EXCHANGE: Final = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Context:
    """A turn of an agent in its conversation."""

    turns: Sequence[Turn]
    number: int

    @property
    def text(self) -> str:
        return self.turns[self.number].text

    @cached_property
    def spans(self) -> list[Span]:
        return sentences(self.text)

    @cached_property
    def goes_on(self) -> bool:
        """Whether the agent soon spoke again; without times, whether the agent did so twice."""
        now = self.turns[self.number].at
        later = [turn.at for turn in self.turns[self.number + 1 :] if turn.speaker == "agent"]
        if not later or now is None or later[0] is None:
            return len(later) > 1 or self._speaks_again
        return later[0] - now < _EXCHANGE

    @property
    def _speaks_again(self) -> bool:
        follows = self.turns[self.number + 1 : self.number + 2]
        return bool(follows) and follows[0].speaker == "agent"

    @cached_property
    def asked(self) -> list[Word]:
        """What the customer said right before: its end, for that is what is answered."""
        said = self._said_before_by("customer")
        return words.words(said, 0, len(said))

    def said(self, place: int) -> list[Word]:
        """The words of the sentence at `place`; its neighbours are asked for again soon."""
        if place not in self._near:
            if len(self._near) > _NEIGHBOURS:
                self._near.clear()
            self._near[place] = words.words(self.text, *self.spans[place])
        return self._near[place]

    def named(self, place: int) -> str:
        """The kind of what was named last in the sentences right before the one at `place`."""
        earlier = range(place - 1, max(-1, place - 1 - _FAR), -1)
        return next((kind for kind in map(self._named_in, earlier) if kind), "")

    def _named_in(self, place: int) -> str:
        if place not in self._kinds:
            self._kinds[place] = kinds.named_last(self.said(place))
        return self._kinds[place]

    @cached_property
    def _near(self) -> dict[int, list[Word]]:
        return {}

    @cached_property
    def _kinds(self) -> dict[int, str]:
        return {}

    def before(self, place: int) -> list[list[Word]]:
        """The two sentences before; the agent's turn right before goes on in this one."""
        near = [self.said(earlier) for earlier in range(max(0, place - 2), place)]
        said = self._said_before_by("agent") if len(near) < 2 else ""
        last = [words.words(said, start, end) for start, end in sentences(said)[-1:]]
        return [*last, *near]

    def after(self, place: int) -> list[Word]:
        return self.said(place + 1) if place + 1 < len(self.spans) else []

    def _said_before_by(self, speaker: str) -> str:
        if not self.number or self.turns[self.number - 1].speaker != speaker:
            return ""
        return self.turns[self.number - 1].text[-_LAST_WORDS:]
