"""A help desk of ours that tells us of promises: where it is, and by what we know its voice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .kind import Kind
from .people import Team


class HelpDesk(models.Model):
    """One installation of a help desk, whose webhooks make promises for one team.

    `system` names the adapter that reads it, `address` is where its pages begin, and `kind` is what
    a promise is taken for whose words name no other. `secrets` holds what it signs with, sealed;
    "" until it was given one, and nobody is believed. Switched off, it is not listened to.
    """

    name = models.CharField(max_length=60, unique=True)
    system = models.CharField(max_length=20)
    address = models.URLField(max_length=200)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", db_index=False)
    secrets = models.TextField(blank=True)
    made_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(system=""), name="help_desk_is_some_system"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def origin(self) -> str:
        """How promises and customers that came from here say so."""
        return f"helpdesk:{self.pk}"

    def page_of(self, path: str) -> str:
        """The address of one of its pages."""
        return f"{self.address.rstrip('/')}/{path}"
