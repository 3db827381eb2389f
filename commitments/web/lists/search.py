"""Promises by words: of the promise, of its customer (name, e-mail, phone) or of its case.

Every word that was typed must begin one of theirs, in any order; of a phone number any digits in a
row will do that are not its last three. A reference finds its promise besides. PostgreSQL looks the
words up in a table that it keeps itself (migration 0008); SQLite, which is for small houses, reads
through the rows.
"""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import reference

LONGEST = 200
_LONGEST_WORD = 100
# The same as in migration 0008, which cuts what is found.
_BETWEEN = re.compile("[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2000-\u206f\u3000]+")
_PHONE = re.compile(r"[0-9 +()./-]+")
_FEWEST_DIGITS = 4
_INDEXED = "select commitment_id from commitments_search where words @@ %s::tsquery"


def among(promises: CommitmentQuerySet, text: str) -> CommitmentQuerySet:
    """Those that fit all of the words; none where there is no word in the text."""
    words = _words(text)
    found = _by_words(words) if words else Q(pk__in=())
    pk = reference.read(text)
    return promises.filter(found | Q(pk=pk) if pk is not None else found)


def _words(text: str) -> list[str]:
    """What is looked for, word by word; a phone number is one word, without its leading zero:
    abroad it is written with a country's code in place of that.
    """
    digits = re.sub("[^0-9]", "", text)
    if _PHONE.fullmatch(text) and len(digits) > 2 * _FEWEST_DIGITS:
        return [digits.removeprefix("00").removeprefix("0")]
    return [word[:_LONGEST_WORD] for word in _BETWEEN.split(text.lower()) if word]


def _by_words(words: list[str]) -> Q:
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{word}':*" for word in words)
        return Q(pk__in=RawSQL(_INDEXED, [query]))  # noqa: S611 - no word holds a quote
    fitting = Q()
    for word in words:
        fitting &= _beginning(word)
    return fitting


def _beginning(word: str) -> Q:
    begins = rf"(?<!\w){re.escape(word)}"
    found = (
        Q(wording__iregex=begins)
        | Q(customer__name__iregex=begins)
        | Q(customer__email__iregex=begins)
        | Q(conversation__outside_reference__iregex=begins)
    )
    if word.isdecimal() and word.isascii():
        more = max(0, _FEWEST_DIGITS - len(word))
        found |= Q(customer__phone__regex="[^0-9]*".join([*word, *["[0-9]"] * more]))
    return found
