"""Ladders of steps around a deadline, kept in versions: what was agreed once stays readable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from commitments.rules import ladder

from .people import User


class Policy(models.Model):
    """A named ladder. Its content lives in its versions."""

    name = models.CharField(max_length=120, unique=True)
    urgent_variant = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

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

    def ladder(self) -> ladder.Ladder:
        """The steps as frozen values, in listed order. Reads the prefetched rows."""
        return tuple(
            ladder.Step(
                number=step.number,
                basis=ladder.Basis(step.basis),
                offset=step.offset,
                audience=tuple(step.audience),
            )
            for step in sorted(self.steps.all(), key=lambda step: step.position)
        )


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
    audience = models.JSONField(default=list, help_text='For example ["owner", "deputy"].')

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "position"], name="one_step_per_position"),
            models.UniqueConstraint(fields=["version", "number"], name="one_step_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.version}, step {self.number}"
