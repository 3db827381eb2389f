"""Bring the database and the static files to this version: before every start, however often."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commitments import starting


class Command(BaseCommand):
    help = (
        "Migrate, collect the static files, lay the starting set and, if empty, the demonstration."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_false", dest="demo")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0, stdout=self.stdout)
        starting.ensure(zone=settings.COMPANY_ZONE, now=timezone.now())
        is_empty = not get_user_model().objects.exists()
        if demo and is_empty and "seed_demo" in get_commands():
            said = io.StringIO()
            call_command("seed_demo", stdout=said)
            (settings.VAR_DIR / "sign_ins.txt").write_text(said.getvalue())
