"""Say what is unwise about the policies in use; exit 1 where something is grave."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.management import unwise
from commitments.management.arguments import name
from commitments.models import Policy


class Command(BaseCommand):
    help = (
        "Warn of steps that reach nobody, never come or surprise, in plain sentences. Exits 1 where"
        " a warning is grave, for scripts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--policy", type=name, help="only the one of this name")

    def handle(self, *args: Any, policy: str | None, **options: Any) -> None:
        now = timezone.now()
        in_use = Policy.objects.in_use()
        chosen = in_use.filter(name__iexact=policy) if policy else in_use
        if policy and not chosen:
            known = ", ".join(in_use.values_list("name", flat=True))
            raise CommandError(f"There is no policy called {policy}. There are: {known or 'none'}.")
        found = unwise.about(chosen, now)
        for each, warnings in found.items():
            self.stdout.write(f"{each}: {'nothing to say.' if not warnings else ''}".rstrip())
            for warning in warnings:
                self.stdout.write(f"  {unwise.line(warning)}")
        grave = any(warning.is_grave for warnings in found.values() for warning in warnings)
        if grave:
            sys.exit(1)
