"""Compare beat's tables with the schedule in the code, and bring them together on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from config import beat


class Command(BaseCommand):
    help = (
        "Report what beat's tables have that config/beat.py has not, or has otherwise. "
        "With --apply, take out and put right; a pause set by an operator always stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="change the tables, too")

    @transaction.atomic
    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        entries = {entry.name: entry for entry in PeriodicTask.objects.select_related("interval")}
        for line in differences(entries):
            self.stdout.write(line)
        for name in sorted(entries):
            if not entries[name].enabled:
                self.stdout.write(f"{name}: paused by an operator.")
        if apply:
            PeriodicTask.objects.exclude(name__in=beat.SCHEDULE).delete()
            for name, entry in beat.SCHEDULE.items():
                ModelEntry.from_entry(name, **entry)
            self.stdout.write("The tables now say what config/beat.py says.")


def differences(entries: dict[str, PeriodicTask]) -> Iterator[str]:
    """A sentence for each entry that is missing, edited or left over."""
    for name in sorted(entries.keys() - beat.SCHEDULE.keys()):
        yield f"{name}: no longer in config/beat.py; still runs {entries[name].task}."
    for name, wanted in sorted(beat.SCHEDULE.items()):
        if name not in entries:
            yield f"{name}: not in the tables yet; beat adds it when it starts."
            continue
        entry = entries[name]
        every = f"every {wanted['schedule'].total_seconds():g} s"
        if entry.interval is None or entry.interval.schedule.run_every != wanted["schedule"]:
            yield f"{name}: edited to run {entry.scheduler}; beat puts it back to {every}."
        if entry.task != wanted["task"]:
            yield f"{name}: edited to run {entry.task}; beat puts it back to {wanted['task']}."
        if entry.expire_seconds != wanted["options"]["expire_seconds"]:
            yield f"{name}: its expiry was edited; beat puts it back."
