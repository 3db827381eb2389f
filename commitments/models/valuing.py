"""What promises are worth: what is usually given, and why somebody gave more or less."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models

from commitments.rules import usual_value
from commitments.rules.lifecycle import Status
from commitments.rules.usual_value import Usual

from .commitment import Commitment, CommitmentQuerySet
from .people import User

_SINCE: Final = timedelta(days=365)
_LOOKED_AT: Final = 500  # the newest of them
_GIVEN: Final = [Status.OPEN.value, Status.WAITING.value, Status.FULFILLED.value]


class ValueReason(models.Model):
    """A value outside of what was usual at that moment, and the word that was asked for it."""

    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="value_reason")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(max_length=300)
    low = models.DecimalField(max_digits=12, decimal_places=2)
    median = models.DecimalField(max_digits=12, decimal_places=2)
    high = models.DecimalField(max_digits=12, decimal_places=2)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words


def given(among: CommitmentQuerySet) -> CommitmentQuerySet:
    """Those that are worth something which was given, or is going to be."""
    return among.filter(value__isnull=False, status__in=_GIVEN)


def usual(
    *, team_id: int, kind_id: int, currency: str, cause: str = "", now: datetime
) -> Usual | None:
    """What this team gives for a kind, within a year and among the newest five hundred.

    For the same cause, of what it makes up for, where that is known and enough were given for it;
    else for the kind. A query, or two.
    """
    theirs = given(Commitment.objects.filter(team=team_id, kind=kind_id, currency=currency))
    lately = theirs.filter(first_due_at__gte=now - _SINCE).order_by("-first_due_at", "-pk")
    if cause:
        alike = lately.filter(follows__cause=cause).values_list("value", flat=True)
        found = usual_value.of([each for each in alike[:_LOOKED_AT] if each], is_of_cause=True)
        if found is not None:
            return found
    values = lately.values_list("value", flat=True)[:_LOOKED_AT]
    return usual_value.of([each for each in values if each])


def currency_of(team_id: int) -> str:
    """In which this team gave last; "" where it has given nothing yet."""
    valued = Commitment.objects.filter(team=team_id, value__isnull=False).exclude(currency="")
    newest = valued.order_by("-first_due_at", "-pk").values_list("currency", flat=True)
    return newest.first() or ""
