"""Files that customers send along. Their bytes lie outside of what a web server shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import models, transaction

from .event import Event
from .people import Membership, User


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
