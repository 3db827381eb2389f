"""Tokens, and how far they have been read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from commitments.reading.times.tokens import Mark, Token, What

T = TypeVar("T")
_NONE: Final[list[Any]] = []  # Any: of whatever phrases mean


class Cursor:
    """A place among tokens. A rule takes what it understands, or leaves the cursor where it was."""

    def __init__(self, tokens: tuple[Token, ...], at: int = 0) -> None:
        self.tokens = tokens
        self.at = at

    def is_over(self) -> bool:
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> What | None:
        index = self.at + ahead
        return self.tokens[index].what if index < len(self.tokens) else None

    def is_joined(self, ahead: int = 0) -> bool:
        """Whether nothing, not even a space, stands before the token."""
        index = self.at + ahead
        return index < len(self.tokens) and self.tokens[index].joined

    def attempt(self, rule: Callable[[Cursor], T | None]) -> T | None:
        """What a rule makes of what follows; where it makes nothing, nothing is taken."""
        before = self.at
        found = rule(self)
        if found is None:
            self.at = before
        return found

    def first_of(self, *rules: Callable[[Cursor], T | None]) -> T | None:
        for rule in rules:
            found = self.attempt(rule)
            if found is not None:
                return found
        return None

    @property
    def next_word(self) -> str:
        """The word that stands here, in lower case; "" where none does."""
        return self.tokens[self.at].word if self.at < len(self.tokens) else ""

    def mark(self, *marks: str) -> str:
        """The next token, taken if it is one of these marks; else ""."""
        what = self.peek()
        if isinstance(what, Mark) and what.text in marks:
            self.at += 1
            return what.text
        return ""

    def word(self, *words: str) -> str:
        """The next token, taken if it is one of these words; else ""."""
        word = self.next_word
        if not word or word not in words:
            return ""
        self.at += 1
        return word

    def named(self, names: Mapping[str, T]) -> T | None:
        """What the next token stands for in a table of single words, taken; else None."""
        found = names.get(self.next_word)
        self.at += found is not None
        return found

    def hyphen(self) -> None:
        """Pass the hyphen inside a compound, as in half-hour."""
        if self.is_joined() and self.is_joined(1):
            self.mark("-")

    def said(self, phrases: Phrases[T]) -> T | None:
        """What the longest of these fixed phrases that stands here means, taken; else None."""
        for words, meaning in phrases.starting_with(self.next_word):
            after = self._after(words)
            if after:
                self.at = after
                return meaning
        return None

    def _after(self, words: tuple[str, ...]) -> int:
        """Where these words end, joined by spaces or hyphens; 0 where they do not stand here."""
        index = self.at + 1  # the first was looked up
        for word in words[1:]:
            if self._is_hyphen(index):
                index += 1
            if index >= len(self.tokens) or self.tokens[index].word != word:
                return 0
            index += 1
        return index

    def _is_hyphen(self, index: int) -> bool:
        following = self.tokens[index : index + 2]
        return (
            len(following) == 2
            and not following[0].word
            and following[0].what == Mark("-")
            and following[0].joined
            and following[1].joined
        )


class Phrases(Generic[T]):
    """Fixed phrases and what each means.

    "end of [the] day" stands for both of its forms, "take|takes" for either word.
    """

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self.words: frozenset[str] = frozenset()
        for phrase, meaning in meanings.items():
            for form in _forms(phrase):
                words = tuple(form.split())
                self._by_first.setdefault(words[0], []).append((words, meaning))
                self.words |= set(words)
        for those in self._by_first.values():
            those.sort(key=lambda one: -len(one[0]))

    def starting_with(self, word: str) -> list[tuple[tuple[str, ...], T]]:
        """Those that begin with a word, the longest first."""
        return self._by_first.get(word, _NONE)

    @property
    def all(self) -> list[tuple[str, ...]]:
        return [words for those in self._by_first.values() for words, _ in those]

    @property
    def first_words(self) -> frozenset[str]:
        return frozenset(self._by_first)


def _forms(phrase: str) -> list[str]:
    """Every way to say a phrase: with and without what stands in brackets, and of a|b each."""
    forms = [""]
    for word in phrase.split():
        is_optional = word.startswith("[")
        choices = word.strip("[]").split("|") + [""] * is_optional
        forms = [f"{form} {choice}".strip() for form in forms for choice in choices]
    return forms
