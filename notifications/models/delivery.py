"""The outbox: one row for one message to one person.

A row that has not ended has one clock, `attempt_at`. To work on it is to move that clock ahead,
which is called a lease. The token counts the leases: whoever slept through the end of its own finds
a token that is no longer its own, and keeps its hands off.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from notifications.envelope import Audience, Delivered


class State(models.TextChoices):
    QUEUED = "queued", "Queued"
    LEASED = "leased", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Withdrawn"
    SUPPRESSED = "suppressed", "Suppressed"
    BUNDLED = "bundled", "Sent inside another"
    UNCERTAIN = "uncertain", "May have arrived"


class Phase(models.TextChoices):
    NONE = "", "-"
    CLAIMED = "claimed", "Claimed"
    FINAL = "final", "Final"


CLOCKED = (State.QUEUED, State.LEASED)
"""States with a clock. An uncertain row to staff keeps one, too, until its one further send."""

BUNDLE = "bundle"
"""The template of a delivery that carries others to their one reader."""

HAPPENED = "webhook_event"
"""The template of what a program is told because it asked for all of its kind, in its order."""

AGAIN = ":again-"
"""What stands in a key between the reason of a message and which repeat of it this is."""

_WENT_WRONG = Q(state__in=[State.FAILED, State.UNCERTAIN])
_NEVER_SAID = Q(state=State.EXPIRED, audience="customer")  # a nag that grew old is no loss
# What a program missed of what it asked for it is sent again on its own page, by the thousand.
NEEDS_A_PERSON = Q(_WENT_WRONG | _NEVER_SAID, ~Q(template=HAPPENED), attended_at__isnull=True)


def _before() -> models.QuerySet[Delivery]:
    """Within a query: what the same program hears of the same subject before this, first of all."""
    earlier = Delivery.objects.filter(template=HAPPENED, attempt_at__isnull=False)
    same = earlier.filter(address=OuterRef("address"), about=OuterRef("about"))
    return same.filter(event_id__lt=OuterRef("event_id")).order_by("event_id")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, channel: str, now: datetime) -> Self:
        """What is to be worked on now, in the order of the claim."""
        rows = self.filter(channel=channel, attempt_at__lte=now)
        return rows.order_by("-urgent", "attempt_at", "id")

    def bound_for(self, addresses: Collection[str]) -> Self:
        """What goes to these programs, of what is due or under way.

        Not by the index of what each of them was told, which holds all of its past: named plainly,
        the address makes PostgreSQL read that from end to end for every claim.
        """
        plain = Coalesce("address", Value("", models.TextField()))
        return self.alias(goes_to=plain).filter(goes_to__in=addresses)

    def first_in_line(self) -> Self:
        """Without what follows something that its program has not been told yet.

        A row at a time, by its index: joined to all that waits, it would read all that waits.
        """
        return self.alias(before=Subquery(_before().values("pk")[:1])).filter(before=None)

    def fall_back(self, *, now: datetime, soon: datetime) -> int:
        """What is due and follows something that is not: it comes due with that.

        What follows something under lease is looked at again `soon`. Answers how many there were.
        """
        leased = When(state=State.LEASED, then=Least("attempt_at", Value(soon)))
        clock = Case(leased, default="attempt_at", output_field=models.DateTimeField())
        waits_for = Subquery(_before().values(clock=clock)[:1])
        waiting = self.filter(template=HAPPENED, state=State.QUEUED, attempt_at__lte=now)
        return waiting.alias(then=waits_for).filter(then__gt=now).update(attempt_at=waits_for)

    def held(self, delivery_id: int, token: int, phase: str) -> Self:
        """This row, if the lease with that token still holds it, in that phase."""
        return self.filter(pk=delivery_id, token=token, state=State.LEASED, phase=phase)

    def impossibly_late(
        self, now: datetime, *, lease: timedelta, wait: timedelta, others: Mapping[str, timedelta]
    ) -> Self:
        """Further ahead than any clock could rightly be: the wall clock was set back.

        A row that nobody holds waits `wait` at most, on channels named in `others` so long instead.
        """
        is_leased = Q(state=State.LEASED)
        too_long_leased = is_leased & Q(attempt_at__gt=now + 2 * lease)
        too_far = Q(attempt_at__gt=now + wait) & ~Q(channel__in=others)
        for channel, longest in others.items():
            too_far |= Q(channel=channel, attempt_at__gt=now + longest)
        waits = ~is_leased & Q(attempt_at__gt=F("not_before"))
        return self.filter(too_long_leased | (waits & too_far))

    def withdrawable(self) -> Self:
        """Nothing irreversible has happened to these."""
        reversible = Q(state=State.QUEUED) | Q(state=State.LEASED, phase=Phase.CLAIMED)
        return self.filter(reversible, attempt_at__isnull=False)

    def needing_attention(self) -> Self:
        """Failed, perhaps arrived, or too old for its customer; nobody has looked at it yet."""
        return self.filter(NEEDS_A_PERSON)

    @transaction.atomic(savepoint=False)
    def take_back(self, *, reason: str, now: datetime) -> int:
        """Take back what has not irreversibly gone out, by itself or inside a bundle.

        Whoever takes bundles apart holds them before their members, and so do we: first, so that
        no member steps out behind our back, and again for those that were bundled while we waited.
        """
        alone = self.exclude(template=BUNDLE)
        self._held_bundles()
        # The first send may have arrived, so these stay uncertain; only the further send is off.
        alone.filter(state=State.UNCERTAIN, attempt_at__isnull=False).update(attempt_at=None)
        taken = alone.cancel(reason=reason, now=now)
        if bundles := self._held_bundles():
            taken += self._take_out(bundles, reason=reason, now=now)
        return taken

    def _held_bundles(self) -> list[Delivery]:
        """The bundles that carry some of these and are still under way, locked in order."""
        carrying = self.filter(state=State.BUNDLED).values("bundle")
        live = Delivery.objects.filter(pk__in=carrying, attempt_at__isnull=False)
        return list(live.select_for_update().order_by("pk").only("pk", "state", "phase"))

    def _take_out(self, bundles: Sequence[Delivery], *, reason: str, now: datetime) -> int:
        """Out of bundles that are held. One that was claimed comes due: its marker will fail."""
        pks = {name: [row.pk for row in bundles if row.state == name] for name in State}
        claimed = [row.pk for row in bundles if row.phase == Phase.CLAIMED]
        # What may have arrived inside stays uncertain; it only has no part in the further send.
        self.filter(state=State.BUNDLED, bundle__in=pks[State.UNCERTAIN]).update(
            state=State.UNCERTAIN, settled_at=now, reason=reason
        )
        inside = self.filter(state=State.BUNDLED, bundle__in=[*pks[State.QUEUED], *claimed])
        taken = inside.update(state=State.CANCELLED, bundle=None, settled_at=now, reason=reason)
        Delivery.objects.filter(pk__in=claimed).update(
            state=State.QUEUED,
            phase=Phase.NONE,
            attempt_at=now,
            attempts=Greatest(F("attempts") - 1, Value(0)),
        )
        return taken

    def cancel(self, *, reason: str, now: datetime) -> int:
        return self.withdrawable().update(
            state=State.CANCELLED,
            phase=Phase.NONE,
            attempt_at=None,
            settled_at=now,
            reason=reason,
        )

    def queue_again(self, *, now: datetime) -> int:
        """Bring back what was cancelled; what died meanwhile will say so when it is claimed."""
        return self.filter(state=State.CANCELLED).update(
            state=State.QUEUED,
            attempt_at=Greatest(F("not_before"), Value(now)),
            settled_at=None,
            reason="",
        )

    def attend(self, *, by_id: int | None, now: datetime) -> int:
        """A person has seen to these: they need no attention, and no further send of ours.

        Those that do need one: what is under way again, or was seen to before, stays as it is.
        """
        return self.needing_attention().update(attended_at=now, attended_by=by_id, attempt_at=None)

    def next_at(self) -> datetime | None:
        """The earliest clock of all: when there is something to do again."""
        clocks = self.filter(attempt_at__isnull=False).order_by("attempt_at")
        return clocks.values_list("attempt_at", flat=True).first()

    def about(self, subjects: Sequence[str]) -> Self:
        return self.filter(about__in=subjects).order_by("id")


class Delivery(models.Model):
    """One message to one person through one channel, from its reason to its fate."""

    key = models.TextField(unique=True)
    about = models.TextField()
    event_id = models.BigIntegerField(null=True, blank=True)
    audience = models.CharField(
        max_length=8, choices=[("staff", "Staff"), ("customer", "Customer")]
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
    )
    channel = models.CharField(max_length=16)
    address = models.TextField(blank=True)
    name = models.TextField(blank=True)
    sender = models.TextField(blank=True)
    language = models.CharField(max_length=16)
    template = models.CharField(max_length=64)
    context = models.JSONField()
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    urgent = models.BooleanField()
    state = models.CharField(max_length=10, choices=State)
    phase = models.CharField(max_length=7, choices=Phase, blank=True)
    attempt_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    enqueued_at = models.DateTimeField()
    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    possible_repeat = models.BooleanField(default=False)
    # It follows from something that was worked on long after its time: an outage lies between.
    late = models.BooleanField(default=False, db_default=False)
    bounced_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    attended_at = models.DateTimeField(null=True, blank=True)
    attended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    provider_id = models.TextField(blank=True)
    bundle = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bundled",
        db_index=False,
    )
    reason = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                name="delivery_has_a_clock_until_it_ended",
                condition=Q(state__in=CLOCKED, attempt_at__isnull=False)
                | Q(state=State.UNCERTAIN)
                | (~Q(state__in=[*CLOCKED, State.UNCERTAIN]) & Q(attempt_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_leased_has_a_phase",
                condition=Q(state=State.LEASED, phase__in=[Phase.CLAIMED, Phase.FINAL])
                | (~Q(state=State.LEASED) & Q(phase=Phase.NONE)),
            ),
            models.CheckConstraint(
                name="delivery_is_settled_once_ended",
                condition=Q(state__in=CLOCKED, settled_at__isnull=True)
                | (~Q(state__in=CLOCKED) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            # DeliveryQuerySet.due: the claim, in its very order. Leases that ran out come due here.
            models.Index(
                "channel",
                F("urgent").desc(),
                "attempt_at",
                "id",
                condition=Q(attempt_at__isnull=False),
                name="delivery_claim",
            ),
            # outbox.withdraw and outbox.deliveries_about: everything about one subject.
            models.Index(fields=["about"], name="delivery_about"),
            # outbox.withdraw by event: what an undone event still has on its way.
            models.Index(
                fields=["event_id"],
                condition=Q(attempt_at__isnull=False, event_id__isnull=False),
                name="delivery_event_under_way",
            ),
            # What else one person is due on one channel: the members of a bundle.
            models.Index(
                fields=["person", "channel", "attempt_at"],
                condition=Q(attempt_at__isnull=False, person__isnull=False),
                name="delivery_of_a_person",
            ),
            # Which messages went out inside this one.
            models.Index(
                fields=["bundle"], condition=Q(bundle__isnull=False), name="delivery_bundled"
            ),
            # first_in_line and fall_back: what a program has not been told yet of one subject.
            models.Index(
                fields=["address", "about", "event_id"],
                condition=Q(template=HAPPENED, attempt_at__isnull=False),
                name="delivery_in_line",
            ),
            # What one program was told, newest first, and from an instant on.
            models.Index(
                fields=["address", "enqueued_at", "id"],
                condition=Q(channel="webhook"),
                name="delivery_to_a_program",
            ),
            # A provider tells us what became of a message.
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="delivery_at_provider"
            ),
            # DeliveryQuerySet.needing_attention: the page, and its count in the metrics.
            models.Index(
                fields=["settled_at"], condition=NEEDS_A_PERSON, name="delivery_needs_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.name or self.person_id} ({self.state})"

    def as_delivered(self) -> Delivered:
        """Its facts, as the subject of the message knows them."""
        return Delivered(
            key=self.key,
            about=self.about,
            event_id=self.event_id,
            audience=self.audience_name,
            person_id=self.person_id,
            channel=self.channel,
            address=self.address,
            template=self.template,
            name=self.name,
            at=self.enqueued_at,
        )

    @property
    def audience_name(self) -> Audience:
        return "customer" if self.audience == "customer" else "staff"

    def take_over(self, first: Delivery) -> None:
        """Carry what another bundle carried: this one sends it again, because a person said so."""
        carried = Delivery.objects.filter(bundle=first, state=State.BUNDLED)
        carried.update(bundle=self, expires_at=self.expires_at)

    @property
    def is_bundle(self) -> bool:
        return self.template == BUNDLE

    @property
    def needs_a_person(self) -> bool:
        """The same question as `needing_attention`, of a row we have."""
        never_said = self.state == State.EXPIRED and self.audience == "customer"
        went_wrong = self.state in (State.FAILED, State.UNCERTAIN)
        is_asked = self.attended_at is None and self.template != HAPPENED
        return is_asked and (went_wrong or never_said)

    @property
    def fate(self) -> Delivery:
        """The row whose state tells how far this message got: while a bundle carries it, that."""
        if self.state != State.BUNDLED or self.bundle is None or self.bundle.state == State.SENT:
            return self
        return self.bundle

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now
