"""Prove that nobody rewrote what happened."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.evidence import verifying
from commitments.models import Commitment
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import reference


class Command(BaseCommand):
    help = (
        "Check the chain of hashes over the events of one promise, or of all, while everybody goes"
        " on. Names each promise whose history does not fit, and ends with 1 if there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", nargs="?", help="only this promise, such as K7Q2M")

    def handle(self, *args: Any, **options: Any) -> None:
        promises = events = broken = 0
        for verdict in verifying.verify(self._among(options["reference"])):
            promises, events = promises + 1, events + verdict.events
            if verdict.broken_at is not None:
                broken += 1
                self.stderr.write(f"{verdict.reference}: event {verdict.broken_at} does not fit.")
        if broken:
            raise CommandError(f"The history of {broken} of {promises:,} promises was changed.")
        self.stdout.write(f"{promises:,} promises, {events:,} events: every one fits.")

    def _among(self, asked: str | None) -> CommitmentQuerySet:
        if asked is None:
            return Commitment.objects.all()
        found = Commitment.objects.filter(pk=reference.read(asked) or 0)
        if not found:
            raise CommandError(f"There is no promise {asked!r}.")
        return found
