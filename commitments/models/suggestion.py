"""What inbound mail or a help desk proposes, until somebody of the team accepts it.

Nothing in it is believed: it is no promise, has no clock and tells nobody. Its words lie apart and
go soon after it is settled, or once its customer is erased; what is accepted is a promise with
words of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from .commitment import Commitment
from .conversation import Channel
from .kind import Kind
from .people import KEEPING, Customer, Membership, Role, Team, User


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User, *, among: Collection[Role] = tuple(Role)) -> Self:
        """As promises are: by membership, in one of these roles."""
        if user.is_superuser:
            return self
        places = Membership.objects.filter(user=user, role__in=among)
        return self.filter(team__in=places.values("team"))

    def waiting(self, now: datetime) -> Self:
        """Neither settled nor, whether somebody looked meanwhile or not, too old."""
        return self.filter(outcome="", expires_at__gt=now)

    def put_to(self, user: User) -> Self:
        """What is for them, and what is for anybody in the teams in which they act."""
        return self.visible_to(user, among=KEEPING).filter(Q(for_whom=user) | Q(for_whom=None))


class Suggestion(models.Model):
    """One promise that was perhaps made, for one person of a team or for all of it.

    `source` is "mail" or names a help desk, `source_key` is the digest of what it calls this; the
    same is proposed once. `said_at` is when it reached us; `due_at` was read as of then.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        DISMISSED = "dismissed"
        EXPIRED = "expired"

    team = models.ForeignKey(Team, models.PROTECT, related_name="suggestions", db_index=False)
    for_whom = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=20)
    source_key = models.CharField(max_length=64)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.ForeignKey(
        Kind, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    said_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    commitment = models.OneToOneField(
        Commitment, models.PROTECT, null=True, blank=True, related_name="suggestion"
    )

    text: SuggestionText
    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "source_key"], name="proposed_once"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None)
                | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="a_suggestion_is_settled_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted", commitment__isnull=False)
                | (~Q(outcome="accepted") & Q(commitment=None)),
                name="what_is_accepted_is_a_promise",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Which drafts wait for somebody of these teams, oldest first?
            models.Index(
                fields=["team", "for_whom", "said_at"],
                condition=Q(outcome=""),
                name="suggestion_waits_for",
            ),
            # Which have lain too long?
            models.Index(fields=["expires_at"], condition=Q(outcome=""), name="suggestion_expires"),
        ]

    def __str__(self) -> str:
        return f"Suggestion {self.pk} of {self.source}"

    @property
    def words(self) -> SuggestionText:
        """What it says; all empty once its words have gone."""
        return self.text if hasattr(self, "text") else SuggestionText(suggestion=self)


class SuggestionText(models.Model):
    """Whatever is personal in a suggestion. `said` is what was written, `wording` our reading."""

    suggestion = models.OneToOneField(Suggestion, models.CASCADE, related_name="text")
    name = models.CharField(max_length=150, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    wording = models.CharField(max_length=500, blank=True)
    due_said = models.CharField(max_length=200, blank=True)
    said = models.TextField(blank=True)
    case = models.CharField(max_length=120, blank=True)
    case_url = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.wording[:60]
