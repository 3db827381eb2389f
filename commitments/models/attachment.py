"""Files that customers send along. Their bytes lie outside of what a web server shows.

A file is written before its row is, and goes after it: whatever dies in between leaves a file that
no row knows, never a row without its file. Such files, and those of customers who were erased, are
looked for every night.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Self

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import models, transaction

from .event import Event
from .people import Membership, User

_OURS: Final = re.compile(r"[0-9a-f]{32}\w*")  # whatever else lies there is somebody else's
_AT_ONCE: Final = 500


def _store() -> Storage:
    return storages["attachments"]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        """Those that came with what is written on promises this person may see."""
        if user.is_superuser:
            return self
        teams = Membership.objects.filter(user=user).values("team")
        return self.filter(event__commitment__team__in=teams)

    def keep(
        self, event: Event, *, name: str, media_type: str, parts: Iterable[bytes], at: datetime
    ) -> Attachment:
        """Write the file, and then its row. Where the transaction fails, the file goes again."""
        content = ContentFile(b"".join(parts))
        stored = _store().save(uuid.uuid4().hex, content)
        try:
            with transaction.atomic():
                return self.create(
                    event=event,
                    stored=stored,
                    name=name,
                    media_type=media_type,
                    size=content.size,
                    at=at,
                )
        except BaseException:
            _store().delete(stored)
            raise

    def erase(self) -> int:
        """These go: their rows in this transaction, their files once it is committed.

        Answers how many.
        """
        stored = list(self.values_list("stored", flat=True))
        for some in _in_parts(stored):
            Attachment.objects.filter(stored__in=some).delete()
        transaction.on_commit(partial(_delete, stored), robust=True)
        return len(stored)

    def of_the_erased(self) -> Self:
        return self.filter(event__commitment__customer__erased_at__isnull=False)

    def strays(self, *, before: datetime) -> Iterator[str]:
        """Names of files from before then that no row knows.

        What is younger may belong to somebody who is still sending it, or to rows that an operator
        is bringing back.
        """
        try:
            _, names = _store().listdir("")
        except FileNotFoundError:  # nobody has sent anything yet
            return
        for some in _in_parts([name for name in names if _OURS.fullmatch(name)]):
            old = [name for name in some if _is_older(name, than=before)]
            known = set(self.filter(stored__in=old).values_list("stored", flat=True))
            yield from (name for name in old if name not in known)

    def prune(self, *, strays_before: datetime) -> int:
        """Let go of the files of customers who were erased, and of strays. Answers how many."""
        erased = self.of_the_erased().erase()
        strays = list(self.strays(before=strays_before))
        _delete(strays)
        return erased + len(strays)


def _in_parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Few enough each for one statement."""
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]


def _is_older(name: str, *, than: datetime) -> bool:
    try:
        return _store().get_modified_time(name) < than
    except FileNotFoundError:  # it has just gone
        return False


def _delete(names: Iterable[str]) -> None:
    for name in names:
        _store().delete(name)


class Attachment(models.Model):
    """One file, under a name that nobody chose. `name` is for people, `media_type` by content."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="attachment")
    stored = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def open(self) -> File[bytes]:
        """Its bytes. Raises FileNotFoundError where a backup was brought back without them."""
        return _store().open(self.stored)
