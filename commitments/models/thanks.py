"""Thanks among colleagues. They are read, never counted: nobody is ranked by them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from .commitment import Commitment
from .people import Membership, User


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def visible_to(self, user: User) -> Self:
        """One's own, given or received, and what is shared in one's teams."""
        shared = Q(shared=True)
        if not user.is_superuser:
            mine = Membership.objects.filter(user=user).values("team")
            shared &= Q(commitment__team__in=mine)
        return self.filter(Q(giver=user) | Q(receiver=user) | shared)

    def private(self) -> Self:
        return self.filter(shared=False)


class Thanks(models.Model):
    """From one colleague to another, for a promise. Shared ones are on its history as well."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="thanks")
    giver = models.ForeignKey(User, models.PROTECT, related_name="thanks_given")
    receiver = models.ForeignKey(User, models.PROTECT, related_name="thanks_received")
    words = models.CharField(max_length=1000)
    shared = models.BooleanField()
    at = models.DateTimeField()

    objects = ThanksQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="thanks_go_to_somebody_else"
            ),
            models.UniqueConstraint(
                fields=["commitment", "giver", "receiver"], name="thanked_once_for_a_promise"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} thanks {self.receiver}"
