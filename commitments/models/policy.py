"""Ladders of steps around a deadline, kept in versions: what was agreed once stays readable."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from commitments.rules import ladder
from commitments.rules.ladder import Ladder

from .people import User


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None).order_by("name")

    def ladders_in_force(self) -> dict[int, Ladder]:
        """What each of these says now, by its id; two queries, however many."""
        versions = PolicyVersion.objects.filter(policy__in=self.order_by().values("pk"))
        latest = dict(versions.order_by("number").values_list("policy", "pk"))
        ladders = Step.objects.ladders_of(latest.values())
        return {policy: ladders[version] for policy, version in latest.items()}


class Policy(models.Model):
    """A named ladder. Its content lives in its versions."""

    name = models.CharField(max_length=120, unique=True)
    urgent_variant = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name

    def latest(self) -> PolicyVersion:
        return self.versions.order_by("-number")[:1].get()


class PolicyVersion(models.Model):
    """What a policy said at one time. An edit makes a new one; this one never changes."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    def ladder(self) -> Ladder:
        """The steps as frozen values, in listed order. Reads the prefetched rows."""
        return tuple(
            step.rung() for step in sorted(self.steps.all(), key=lambda each: each.position)
        )

    def write(self, steps: Ladder) -> None:
        """Give a version that has just been made its steps, in this order."""
        Step.objects.bulk_create(
            Step(
                version=self,
                position=position,
                number=step.number,
                basis=step.basis.value,
                offset=step.offset,
                audience=list(step.audience),
                words=step.words,
                hands_to=step.hands_to,
                repeat_every=step.repeat_every,
                repeat_cap=step.repeat_cap,
                pierces_quiet=step.pierces_quiet,
            )
            for position, step in enumerate(steps, start=1)
        )


class StepQuerySet(models.QuerySet["Step"]):
    def ladders_of(self, versions: Collection[int]) -> dict[int, Ladder]:
        """The ladders of these versions, by their ids; one query, however many."""
        ladders: dict[int, Ladder] = dict.fromkeys(versions, ())
        for step in self.filter(version__in=versions).order_by("version", "position"):
            ladders[step.version_id] += (step.rung(),)
        return ladders


class Step(models.Model):
    """One rung: when, counted from the deadline, and who hears of it."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="Identity; kept across versions.")
    basis = models.CharField(
        max_length=12, choices=[(basis.value, basis.label) for basis in ladder.Basis]
    )
    offset = models.IntegerField(
        help_text="Negative: before due. Seconds; working days; or per cent of the time given."
    )
    audience = models.JSONField(
        default=list,
        help_text="owner, deputy, lead, manager, customer, person:ID, role:ROLE, webhook:ID.",
    )
    words = models.CharField(
        max_length=500, blank=True, db_default="",
        help_text="Approved words for the customer: why it is late, in plain words.",
    )  # fmt: skip
    hands_to = models.CharField(
        max_length=40, blank=True, db_default="",
        help_text="The promise changes hands to the first of this audience who is on duty.",
    )  # fmt: skip
    repeat_every = models.PositiveIntegerField(
        null=True, blank=True, help_text="Seconds, counted as the offset is counted."
    )
    repeat_cap = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often it is said again, at most."
    )
    pierces_quiet = models.BooleanField(
        default=False, db_default=False, help_text="Is sent in quiet hours too."
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "position"], name="one_step_per_position"),
            models.UniqueConstraint(fields=["version", "number"], name="one_step_per_number"),
            models.CheckConstraint(
                condition=Q(repeat_every=None) | Q(repeat_every__gt=0), name="step_repeats_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, step {self.number}"

    def rung(self) -> ladder.Step:
        """This step as a frozen value."""
        return ladder.Step(
            number=self.number,
            basis=ladder.Basis(self.basis),
            offset=self.offset,
            audience=tuple(self.audience),
            words=self.words,
            hands_to=self.hands_to,
            repeat_every=self.repeat_every,
            repeat_cap=self.repeat_cap,
            pierces_quiet=self.pierces_quiet,
        )


class Replan(models.Model):
    """The open promises of a policy, to be put under one of its versions, a batch at a time."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="replans")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Promises up to this one are done: a batch that died is begun again after the last that held.
    done_upto = models.BigIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(next_at=None, finished_at__isnull=False)
                | Q(next_at__isnull=False, finished_at=None),
                name="replan_has_a_clock_until_it_is_finished",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The schedules job's claim: what is to be re-planned?
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="replan_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"open promises to {self.version}"
