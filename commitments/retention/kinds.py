"""Every kind of data that does not stay: until when, and how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.db.models import QuerySet

from commitments import imports, inbound, lengths, messages
from commitments.models import Absence, Attachment, OnceKey, Session
from commitments.privacy import silence
from commitments.services import suggestions

Kind: TypeAlias = messages.Kind
_AT_ONCE: Final = timedelta(0)


def kinds(now: datetime) -> list[Kind]:
    """All of them, what goes fastest first; customers, who are erased one by one, last."""
    return [
        *messages.kinds_forgotten(now),
        *_of_requests(now),
        *_of_mails(now),
        *_of_files(now),
        *_of_people(now),
    ]


def _of_requests(now: datetime) -> list[Kind]:
    keys = OnceKey.objects.filter(expires_at__lte=now)
    sessions = Session.objects.filter(expire_date__lte=now)
    return [
        _rows(
            keys, code="once_keys", kept=_AT_ONCE, why="what requests were answered, by their key"
        ),
        _rows(sessions, code="sessions", kept=_AT_ONCE, why="sessions that ran out"),
    ]


def _of_mails(now: datetime) -> list[Kind]:
    figures = lengths.current()
    return [
        Kind(
            code="drafts",
            kept=figures.suggestion_kept,
            why="words of drafts that were settled, or that nobody looked at",
            count=lambda: suggestions.words_to_forget(now).count(),
            go=lambda: _drafts(now),
        ),
        _rows(
            inbound.old_mails(now),
            code="quarantined_mails",
            kept=figures.quarantine_kept,
            why="mails that could not be taken",
        ),
        _rows(
            inbound.old_counts(now),
            code="mail_counts",
            kept=figures.tally_kept,
            why="how many mails came, day by day",
        ),
    ]


def _of_files(now: datetime) -> list[Kind]:
    figures = lengths.current()
    strays_before = now - figures.stray_file_kept
    files = Attachment.objects
    return [
        Kind(
            code="imports",
            kept=figures.import_kept,
            why="files that were brought in, and what was said of their rows",
            count=lambda: imports.count_old(now),
            go=lambda: [imports.prune(now)],
        ),
        Kind(
            code="files",
            kept=figures.stray_file_kept,
            why="files of erased customers at once, and files that no row knows",
            count=lambda: (
                files.all().of_the_erased().count()
                + sum(1 for _ in files.all().strays(before=strays_before))
            ),
            go=lambda: [files.all().prune(strays_before=strays_before)],
        ),
    ]


def _of_people(now: datetime) -> list[Kind]:
    figures = lengths.current()
    back_since = now - (figures.absence_note_kept or _AT_ONCE)
    noted = Absence.objects.filter(ends_at__lte=back_since).exclude(note="")
    return [
        Kind(
            code="absence_notes",
            kept=figures.absence_note_kept,
            why="notes on absences that are over",
            count=noted.count,
            go=lambda: messages.at_once(noted, lambda rows: rows.update(note="")),
        ),
        _customers(now, kept=figures.customer_kept),
    ]


def _customers(now: datetime, *, kept: timedelta | None) -> Kind:
    since = now - (kept or _AT_ONCE)
    return Kind(
        code="customers",
        kept=kept,
        why="customers to whom nothing is owed and of whom nothing was heard; erased",
        count=lambda: sum(len(pks) for pks in silence.silent(since)),
        go=lambda: (
            int(silence.erase(pk, since=since, now=now))
            for pks in silence.silent(since)
            for pk in pks
        ),
    )


def _rows(rows: QuerySet[Any], *, code: str, kept: timedelta | None, why: str) -> Kind:
    """Rows that are deleted."""
    return Kind(
        code=code,
        kept=kept,
        why=why,
        count=rows.count,
        go=lambda: messages.at_once(rows, lambda some: some.delete()[0]),
    )


def _drafts(now: datetime) -> Iterator[int]:
    count = suggestions.words_to_forget(now).count()
    suggestions.prune(now)
    yield count
