"""Work out the figures of reports from the promises themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commitments.reports import rebuilding


class Command(BaseCommand):
    help = (
        "Work out all figures of reports anew from the promises themselves, a day of a team at a"
        " time, while everybody goes on; it may be stopped and begun again. After promises were"
        " brought in past the application, and whenever a figure is in doubt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, help="only days from this one on, as 2026-05-22"
        )

    def handle(self, *args: Any, since: date | None, **options: Any) -> None:
        measured = rebuilding.measure(timezone.now())
        moments = rebuilding.note_moments(timezone.now())
        days = sum(
            rebuilding.count_again(cell, now=timezone.now())
            for cell in rebuilding.cells(since=since)
        )
        self.stdout.write(
            f"{days} days worked out, {moments} moments noted, {measured} promises measured."
        )
