"""Check-ins: some time after a promise was kept, the customer is asked whether all is truly well.

At most one is planned per customer. What was kept later joins it, and it is held while anything is
still owed to them.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from commitments.rules import happened

from . import figures
from .commitment import Commitment
from .people import Customer


class State(models.TextChoices):
    PLANNED = "planned"
    HELD = "held"
    SENT = "sent"
    ANSWERED = "answered"
    DROPPED = "dropped"


PENDING = [State.PLANNED.value, State.HELD.value]


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def pending(self) -> Self:
        return self.filter(state__in=PENDING)

    def due(self, now: datetime) -> Self:
        return self.filter(send_at__lte=now)

    def plan_for(self, commitment: Commitment, *, send_at: datetime, now: datetime) -> CheckIn:
        """Ask about this promise too: joins the customer's planned check-in, or plans one.

        The caller holds the commitment; the customer's row is locked here, so that two promises
        kept at once share one check-in.
        """
        Customer.objects.select_for_update().get(pk=commitment.customer_id)
        pending = self.pending().select_for_update().filter(customer=commitment.customer_id).first()
        if pending is None:
            pending = CheckIn(customer_id=commitment.customer_id, planned_at=now, send_at=send_at)
        else:
            pending.send_at = max(pending.send_at or send_at, send_at)
        pending.state, pending.hold_reason = State.PLANNED, ""
        pending.save()
        # One that was dropped unasked asked about it, too: now this one does.
        CheckInItem.objects.update_or_create(
            commitment=commitment, revision=commitment.revision, defaults={"check_in": pending}
        )
        return pending

    def asked_about(self, commitment: Commitment) -> bool:
        """Whether the customer has been asked since this promise was closed."""
        return self.filter(items__commitment=commitment, sent_at__gte=commitment.closed_at).exists()

    def look_again(self, customer_id: int, *, at: datetime) -> None:
        """Nothing more is owed to this customer: a held check-in comes due."""
        self.filter(customer=customer_id, state=State.HELD).update(send_at=at)

    def asking_about(self, commitment: Commitment) -> Self:
        """Those that have been sent and not answered, held; the customer's row is held before."""
        Customer.objects.select_for_update().get(pk=commitment.customer_id)
        sent = self.filter(items__commitment=commitment, state=State.SENT)
        return sent.select_for_update(of=("self",)).order_by("pk")

    def plan_again(self, check_in: CheckIn, *, now: datetime) -> None:
        """It was not asked after all: what it is about joins what is planned, or a new one.

        The caller holds it, and its customer.
        """
        pending = self.pending().select_for_update().filter(customer=check_in.customer_id).first()
        if pending is None:
            pending = self.create(
                customer_id=check_in.customer_id, planned_at=check_in.planned_at, send_at=now
            )
        figures.note_now(check_in.commitments(), now=now)
        check_in.items.update(check_in=pending)
        check_in.sent_at = None
        check_in.drop("opened again before it was asked")

    def take_out(self, commitment: Commitment) -> None:
        """Ask no more about this promise, undone or reopened; an empty check-in goes.

        The caller holds the commitment; the customer's row is locked here, so that no promise kept
        at the same time joins a check-in that goes.
        """
        Customer.objects.select_for_update().get(pk=commitment.customer_id)
        items = CheckInItem.objects.filter(commitment=commitment, check_in__state__in=PENDING)
        for item in items.select_related("check_in"):
            check_in = item.check_in
            item.delete()
            if not check_in.items.exists():
                check_in.delete()


class CheckIn(models.Model):
    """One question to one customer, with a clock of its own."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="check_ins")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    hold_reason = models.CharField(max_length=200, blank=True)
    planned_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state__in=PENDING),
                name="one_check_in_planned_per_customer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PENDING, send_at__isnull=False)
                | (~Q(state__in=PENDING) & Q(send_at=None)),
                name="check_in_clock_runs_until_sent",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The check-in job's claim: whose time has come?
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="check_in_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"Check-in with {self.customer} ({self.state})"

    @property
    def about(self) -> str:
        return f"check_in:{self.pk}"

    def drop(self, reason: str) -> None:
        self.state, self.hold_reason, self.send_at = State.DROPPED, reason, None
        self.save()

    def count(self) -> None:
        """It goes out: the answer is going to count for the promise that went worst, the oldest of
        these. The caller holds all of them.
        """
        self.items.update(counts_as="")  # some may have been asked about before, and taken back
        items = list(self.items.select_related("commitment").order_by("pk"))
        for worst in happened.WORST_FIRST:
            item = next((each for each in items if each.commitment.happened is worst), None)
            if item is not None:
                item.counts_as = worst.value
                item.save(update_fields=["counts_as"])
                return

    def commitments(self) -> list[Commitment]:
        """What it asks about, oldest first."""
        items = self.items.select_related("commitment__owner", "commitment__team__calendar")
        return [item.commitment for item in items.order_by("commitment__promised_at", "pk")]


class CheckInItem(models.Model):
    """One promise a check-in asks about; one kept again after reopening is asked about again."""

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="items")
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="check_in_items", db_index=False
    )
    revision = models.PositiveIntegerField()
    # What had happened by the time the customer was asked. Of one check-in only the promise that
    # went worst has it: there the answer is counted, and nowhere else.
    counts_as = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["commitment", "revision"], name="asked_about_once"),
        ]

    def __str__(self) -> str:
        return f"{self.check_in}: {self.commitment_id}"


class Done(models.TextChoices):
    """Did we do what we said?"""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"


class CheckInAnswer(models.Model):
    """What the customer said. Appended, and changed by nothing but that it is confirmed; the latest
    confirmed one counts.
    """

    check_in = models.ForeignKey(CheckIn, models.PROTECT, related_name="answers")
    at = models.DateTimeField()
    done = models.CharField(max_length=6, choices=Done.choices)
    still_open = models.BooleanField()
    rating = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    browser_key_hash = models.CharField(max_length=64)
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="rating_is_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} of 5, {self.done}"

    @property
    def chosen(self) -> tuple[str, bool, int]:
        """What was chosen. Two who choose the same contradict nobody, whatever they write."""
        return self.done, self.still_open, self.rating
