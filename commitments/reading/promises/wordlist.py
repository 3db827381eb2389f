"""Words that mean the same to a rule, written as one reads them."""

from __future__ import annotations


def wordlist(words: str) -> frozenset[str]:
    return frozenset(words.split())


def phrases(written: str) -> tuple[tuple[str, ...], ...]:
    """Phrases with ";" between them, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in written.split(";"))
