"""Promises by words: of the promise, of its customer (name, e-mail, phone) or of its case.

Every word that was typed must begin one of theirs, in any order; of a phone number any digits in a
row will do that are not its last three. A reference finds its promise besides. PostgreSQL looks the
words up in a table that it keeps itself (migration 0008); SQLite, which is for small houses, reads
through the rows.

A list must answer at once, and its index tells how many promises have a word only by naming them
all. So it looks first whether a word is common, which the newest promises show: what is found by a
rarer one is few, and of what has common ones only the newest is looked through. An export waits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from commitments import lengths
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import reference

LONGEST = 200
_LONGEST_WORD = 100
# The same as in migration 0008, which cuts what is found.
_BETWEEN = re.compile("[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2000-\u206f\u3000]+")
_PHONE = re.compile(r"[0-9 +()./-]+")
_FEWEST_DIGITS = 4
_SAMPLE = 2000  # of the newest promises
_COMMON = 10  # of them have a common word
# What is found is handed on as an array: whatever else is asked for, each is then looked up by its
# id. Of "is true" PostgreSQL makes no use of the index: common words are read, not looked up.
_FOUND = "select unnest(array({ids}) || %s::bigint[])"
_THESE = "select unnest(%s::bigint[])"
_INDEXED = """
    select commitment_id from commitments_search
    where words @@ %s::tsquery and (words @@ %s::tsquery) is true
"""
_NEWEST = """
    select commitment_id from (
        select commitment_id, words from commitments_search order by commitment_id desc limit %s
    ) as newest where words @@ %s::tsquery
"""
_NEWEST_OF_TEAMS = """
    select commitment_id from unnest(%s::bigint[]) as team cross join lateral (
        select id from commitments_commitment where team_id = team
        order by first_due_at desc limit %s
    ) as newest join commitments_search on commitment_id = newest.id
    where (words @@ %s::tsquery) is true
"""
# No join, for which PostgreSQL would read through all words.
_OF_EACH = """(
    select words @@ %s::tsquery from commitments_search
    where commitment_id = commitments_commitment.id
)"""
_ARE_MORE = "select exists (select from commitments_search order by commitment_id offset %s)"


@dataclass(frozen=True, kw_only=True)
class Search:
    """What was asked for. Its `common` words are known where it is in a hurry; what it finds is
    then looked up once, and not again for every number and page of a list.
    """

    words: tuple[str, ...]
    pk: int | None  # of the promise whose reference this could be
    common: tuple[str, ...] = ()
    is_hasty: bool = False

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(words=tuple(_words(text)), pk=reference.read(text))

    @classmethod
    def hasty(cls, text: str) -> Self:
        """Looks first which of the words are common."""
        words, pk = tuple(_words(text)), reference.read(text)
        return cls(words=words, pk=pk, common=_common(words), is_hasty=True)

    def is_vague(self) -> bool:
        """Whether nothing but common words was asked for."""
        return bool(self.common) and len(self.common) == len(self.words)

    def among(self, promises: CommitmentQuerySet) -> CommitmentQuerySet:
        """Those that fit all of the words; none where there is no word in the text."""
        if not self.words:
            return promises.none()
        if connection.vendor != "postgresql":
            return promises.filter(self._read_through())
        rare = [word for word in self.words if word not in self.common] or self.words
        return promises.filter(
            self._found(_INDEXED, [beginning_with(rare), beginning_with(self.words)])
        )

    def among_few(self, promises: CommitmentQuerySet) -> CommitmentQuerySet:
        """The same where others choose few: each of those is read."""
        each = [beginning_with(self.words)]
        fits = RawSQL(_OF_EACH, each, output_field=BooleanField())  # noqa: S611  # nosec B611
        return promises.filter(fits if self.pk is None else Q(fits) | Q(pk=self.pk))

    def among_newest(
        self, promises: CommitmentQuerySet, *, teams: Sequence[int] | None
    ) -> CommitmentQuerySet:
        """The same of the newest promises, of these teams or of all."""
        most = lengths.current().searched_at_most
        if teams is None:
            return promises.filter(self._found(_NEWEST, [most, beginning_with(self.words)]))
        each = most // max(1, len(teams))
        values = [list(teams), each, beginning_with(self.words)]
        return promises.filter(self._found(_NEWEST_OF_TEAMS, values))

    def openly(
        self, promises: CommitmentQuerySet, *, audited: Collection[int]
    ) -> CommitmentQuerySet:
        """Of these teams' only what fits without an e-mail or a phone number, which are not shown
        to their auditors. It is read in each that is found, and costs nobody else anything.
        """
        if not audited:
            return promises
        return promises.filter(~Q(team__in=audited) | self._read_through(contact=False))

    def _found(self, ids: str, values: Sequence[Any]) -> Q:  # Any: of every type
        also = [] if self.pk is None else [self.pk]
        if not self.is_hasty:
            return Q(pk__in=RawSQL(_FOUND.format(ids=ids), [*values, also]))  # noqa: S611  # nosec B611
        with connection.cursor() as cursor:
            cursor.execute(ids, values)
            found = [pk for (pk,) in cursor.fetchall()]
        # As one value: thousands, as the driver writes a list, take longer to read than to find.
        these = f"{{{','.join(map(str, [*found, *also]))}}}"
        return Q(pk__in=RawSQL(_THESE, [these]))  # noqa: S611  # nosec B611

    def _read_through(self, *, contact: bool = True) -> Q:
        fitting = Q()
        for word in self.words:
            fitting &= _beginning(word, contact=contact)
        return fitting if self.pk is None else fitting | Q(pk=self.pk)


def wholly(among: CommitmentQuerySet, text: str, *, audited: Collection[int]) -> CommitmentQuerySet:
    """What an export holds of `among`. `audited` are the teams that the reader only audits."""
    asked = Search.of(text)
    return asked.among(asked.openly(among, audited=audited))


def hastily(
    among: CommitmentQuerySet, text: str, *, few: bool, teams: Sequence[int] | None,
    audited: Collection[int],
) -> tuple[CommitmentQuerySet, bool]:  # fmt: skip
    """What a list shows of `among`, and whether it looked among the newest promises only.

    `few`: something else chooses few of them. `teams` are the reader's; None: all there are.
    Of them the reader only audits `audited`.
    """
    asked = Search.hasty(text)
    among = asked.openly(among, audited=audited)
    if not asked.is_vague():
        return asked.among(among), False
    if few:
        return asked.among_few(among), False
    return asked.among_newest(among, teams=teams), are_more()


def are_more() -> bool:
    """Whether there are more promises than the newest."""
    with connection.cursor() as cursor:
        cursor.execute(_ARE_MORE, [lengths.current().searched_at_most])
        return bool(cursor.fetchone()[0])


def _common(words: Sequence[str]) -> tuple[str, ...]:
    """Those that many of the newest promises have."""
    if connection.vendor != "postgresql" or not words:
        return ()
    counts = ", ".join("count(*) filter (where words @@ %s::tsquery)" for _ in words)
    newest = "select words from commitments_search order by commitment_id desc limit %s"
    with connection.cursor() as cursor:
        queries = [beginning_with([word]) for word in words]
        cursor.execute(f"select {counts} from ({newest}) as newest", [*queries, _SAMPLE])  # noqa: S608  # nosec B608
        found = cursor.fetchone()
    return tuple(word for word, count in zip(words, found, strict=True) if count >= _COMMON)


def beginning_with(words: Sequence[str]) -> str:
    """Each begins a word; none of them holds a quote."""
    return " & ".join(f"'{word}':*" for word in words)


def _words(text: str) -> list[str]:
    """What is looked for, word by word; a phone number is one word, without its leading zero:
    abroad it is written with a country's code in place of that.
    """
    digits = re.sub("[^0-9]", "", text)
    if _PHONE.fullmatch(text) and len(digits) > 2 * _FEWEST_DIGITS:
        return [digits.removeprefix("00").removeprefix("0")]
    return words_of(text)


def words_of(text: str) -> list[str]:
    """Cut as the database cuts them."""
    return [word[:_LONGEST_WORD] for word in _BETWEEN.split(text.lower()) if word]


def _beginning(word: str, *, contact: bool) -> Q:
    begins = rf"(?<!\w){re.escape(word)}"
    found = (
        Q(wording__iregex=begins)
        | Q(customer__name__iregex=begins)
        | Q(conversation__outside_reference__iregex=begins)
    )
    if not contact:
        return found
    found |= Q(customer__email__iregex=begins)
    if word.isdecimal() and word.isascii():
        more = max(0, _FEWEST_DIGITS - len(word))
        found |= Q(customer__phone__regex="[^0-9]*".join([*word, *["[0-9]"] * more]))
    return found
