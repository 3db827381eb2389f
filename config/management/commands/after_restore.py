"""After a restore from a backup, before anything is started: stand still."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config import restoring


class Command(BaseCommand):
    help = (
        "Run this right after a restore, before anything is started. Every job is paused, and every"
        " message that was on its way when the backup was made becomes uncertain: it may have been"
        " sent since. Look at /needs-attention/, then run manage.py release."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        doubted = restoring.stand_still(timezone.now())
        self.stdout.write(f"{'jobs paused':38} {len(restoring.paused()):>6}")
        for audience, whom in (("customer", "customers"), ("staff", "colleagues and programs")):
            what = f"messages in doubt, to {whom}"
            self.stdout.write(f"{what:38} {doubted.get(audience, 0):>6}")
        self.stdout.write(
            "Nothing goes out now. Look at /needs-attention/, then run manage.py release."
        )
