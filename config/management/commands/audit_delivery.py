"""Look for anything that breaks what we promise about delivery, and print it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import audit

A_DAY = 24.0


class Command(BaseCommand):
    help = (
        "Print every promise, check-in and delivery that breaks a rule: late clocks, steps without"
        " a message, histories that do not add up. Ends with an error if there is any. Tables are"
        " asked as a whole; histories are read where something happened within a day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours", type=float, default=A_DAY, help="read histories of so many hours instead"
        )
        parser.add_argument("--all", action="store_true", help="read every history")

    def handle(self, *args: Any, hours: float, **options: Any) -> None:
        now = timezone.now()
        since = None if options["all"] else now - timedelta(hours=hours)
        count = 0
        for count, found in enumerate(audit.findings(now, since=since), 1):  # noqa: B007
            self.stdout.write(f"{found.number} {found.what}: {found.rule}.")
        if count:
            raise CommandError(f"{count} of the rules above are broken.")
        self.stdout.write("Nothing breaks a rule.")
