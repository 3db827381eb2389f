"""Words that mean the same to a rule, written as one reads them."""

from __future__ import annotations


def wordlist(words: str) -> frozenset[str]:
    return frozenset(words.split())
