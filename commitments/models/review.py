"""A look back at promises that were not kept in time: what happened, why, and what was decided.

It belongs to one team, whose leads and managers hold it. What was decided is a promise like any
other, made to the team itself, with an owner and a date.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from .commitment import Commitment
from .people import LEADING, Membership, Role, Team, User

READING = (*LEADING, Role.AUDITOR)


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> Self:
        """Those of the teams that somebody leads, manages or audits."""
        if user.is_superuser:
            return self
        teams = Membership.objects.filter(user=user, role__in=READING).values("team")
        return self.filter(team__in=teams)


class Review(models.Model):
    """`version` grows with each edit, so that nobody saves over what they have not seen."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="reviews")
    title = models.CharField(max_length=150)
    happened = models.CharField(max_length=4000)
    why = models.CharField(max_length=4000, blank=True)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    promises = models.ManyToManyField(Commitment, through="ReviewedPromise", related_name="reviews")

    objects = ReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class ReviewedPromise(models.Model):
    """A promise that a review looks at."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="looked_at", db_index=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="looked_at_in")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["review", "commitment"], name="a_promise_is_once_in_a_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} in {self.review_id}"


class Decision(models.Model):
    """What a review led to: a promise to the team."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="decision")

    def __str__(self) -> str:
        return f"{self.commitment_id} of {self.review_id}"
