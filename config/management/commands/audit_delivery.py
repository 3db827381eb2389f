"""Look for anything that breaks what we promise about delivery, and print it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import audit


class Command(BaseCommand):
    help = (
        "Print every promise, check-in and delivery that breaks a rule: late clocks, steps without"
        " a message, histories that do not add up. Ends with an error if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours", type=float, help="read only histories in which something happened since"
        )

    def handle(self, *args: Any, hours: float | None, **options: Any) -> None:
        now = timezone.now()
        since = now - timedelta(hours=hours) if hours is not None else None
        count = 0
        for count, found in enumerate(audit.findings(now, since=since), 1):  # noqa: B007
            self.stdout.write(f"{found.what}: {found.rule}.")
        if count:
            raise CommandError(f"{count} of the rules above are broken.")
        self.stdout.write("Nothing breaks a rule.")
