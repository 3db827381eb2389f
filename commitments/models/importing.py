"""A file of promises on its way in: a due row with a clock of its own, while there is work on it.

The file lies outside of what a web server shows, under a name that nobody chose, as what customers
send along does; after some days it goes, and the row stays as a record of what came of it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final, Self
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import models
from django.db.models import Q

from .people import Team, User

_AT_WORK: Final = ("judging", "making")


def store() -> FileSystemStorage:
    """Where the files lie. Read line by line and twice, they are files of this machine."""
    found = storages["imports"]
    if not isinstance(found, FileSystemStorage):
        raise TypeError("Files to be imported are kept in a folder.")
    return found


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """One's own: a file may say more than its promises do."""
        return self.filter(by=user)

    def due(self, now: datetime) -> Self:
        return self.filter(next_at__lte=now)

    def newest_first(self) -> Self:
        return self.order_by("-pk").select_related("team")


class Import(models.Model):
    """`columns` says in which column each thing stands, `choices` how rows are to be understood.

    `done_upto` is the last line that has been worked on in this reading of the file. The counts are
    of rows: as judged, until they are made; `made` are promises.
    """

    class State(models.TextChoices):
        TAKEN = "taken", "To be looked at"
        JUDGING = "judging", "Being checked"
        JUDGED = "judged", "Checked"
        MAKING = "making", "Being brought in"
        FINISHED = "finished", "Brought in"
        REFUSED = "refused", "Not brought in"

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    stored = models.CharField(max_length=64, blank=True)  # empty once the file is gone
    sheet = models.CharField(max_length=120, blank=True)
    columns = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TAKEN)
    says = models.CharField(max_length=500, blank=True)  # why it was refused as a whole
    next_at = models.DateTimeField(null=True, blank=True)
    done_upto = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    already_there = models.PositiveIntegerField(default=0)
    without_time = models.PositiveIntegerField(default=0)
    not_understood = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    forget_at = models.DateTimeField()

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(next_at__isnull=False, state__in=_AT_WORK)
                | Q(next_at=None) & ~Q(state__in=_AT_WORK),
                name="import_has_a_clock_while_it_is_worked_on",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The schedules job's claim: which files are to be gone on with?
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="import_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.team_id}"

    @property
    def is_at_work(self) -> bool:
        return self.state in _AT_WORK

    @property
    def path(self) -> Path:
        """Where its file lies on this machine."""
        return Path(store().path(self.stored))

    @property
    def seen_path(self) -> Path:
        """Where is kept which rows have been seen, while it is judged."""
        return Path(store().path(f"{self.stored}seen"))

    def keep(self, content: File[Any]) -> None:
        """Write the file, before the row is."""
        self.stored = store().save(uuid4().hex, content)

    def forget_file(self) -> None:
        """Let go of what lies in the folder; call it once the row says so, or never will be."""
        for name in (self.stored, f"{self.stored}seen"):
            if self.stored:
                store().delete(name)


class ImportRemark(models.Model):
    """What there is to say of a row of a file, by its line."""

    class What(models.TextChoices):
        BAD = "bad", "Left out"
        REPEATED = "repeated", "There already"
        GUESSED = "guessed", "At the usual time"

    of = models.ForeignKey(Import, models.CASCADE, related_name="remarks", db_index=False)
    line = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What.choices)
    says = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Also: the remarks of a file in their order.
            models.UniqueConstraint(fields=["of", "what", "line"], name="one_remark_of_a_line"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line}: {self.says}"
