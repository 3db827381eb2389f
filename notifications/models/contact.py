"""How a person wants to be reached, and the places a program listens at."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, time
from typing import Final, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

PROVED = ("chat", "sms")
"""Channels whose addresses a person gives us, and proves with a code."""

VERIFY_ADDRESS = "verify_address"
"""The message that carries the code: the only one that goes to an address not proved yet."""


_IDS_POSTGRESQL: Final = "select unnest(%s::bigint[])"
_IDS_SQLITE: Final = "select value from json_each(%s)"


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def counting(self) -> Self:
        """Those that say something about a way: an address nobody has proved says nothing."""
        return self.filter(Q(channel="email") | Q(verified_at__isnull=False))

    def of(self, people: Collection[int | None]) -> Self:
        """Of these people, all named in one parameter: one for each, and Django would look at them
        for longer than the database does.
        """
        ids = [pk for pk in people if pk is not None]
        if connection.vendor == "postgresql":
            return self.filter(user__in=RawSQL(_IDS_POSTGRESQL, [ids]))  # noqa: S611  # nosec B611
        return self.filter(user__in=RawSQL(_IDS_SQLITE, [json.dumps(ids)]))  # noqa: S611  # nosec B611

    def disable(self, *, because: str, now: datetime) -> int:
        return self.update(disabled_at=now, disabled_because=because)


class ContactPoint(models.Model):
    """One way to reach one person. The inbox needs none: everybody has it, and it never sleeps.

    The e-mail point carries wishes only: its address is the account's own, and may be left empty.
    Any other address is used once it is verified, by a code that was sent to it.

    Quiet hours are clock times in `zone`; where they end before they begin, they pass midnight.
    """

    class Wants(models.TextChoices):
        EVERYTHING = "everything", "Everything"
        ESCALATIONS = "escalations", "Only what is overdue or asks for me"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_points"
    )
    channel = models.CharField(max_length=16)
    address = models.TextField()
    wants = models.CharField(max_length=12, choices=Wants, default=Wants.EVERYTHING)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    # Reminders wait for this person's next working minute.
    waits_for_work = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.TextField(blank=True)
    # The code that proves the address, when it was sent, and how often it was typed wrongly.
    code_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "address"], name="one_contact_point_an_address"
            ),
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} by {self.channel}"

    @property
    def is_proved(self) -> bool:
        return self.verified_at is not None

    @property
    def is_usable(self) -> bool:
        """Whether anything is sent this way."""
        return self.disabled_at is None

    @property
    def quiet(self) -> tuple[time, time] | None:
        """From when to when it is quiet, on the clock of `zone`."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return self.quiet_from, self.quiet_to


class Endpoint(models.Model):
    """Where a program of somebody's listens. Its secrets lie encrypted; while one replaces the
    other, both sign.
    """

    name = models.CharField(max_length=120, unique=True)
    url = models.TextField()
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """How a delivery names it: an address can change, and a secret is never copied."""
        return f"endpoint:{self.pk}"
