"""A backup put back into an empty installation, which then stands still."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import backups


class Command(BaseCommand):
    help = (
        "Put a backup back into an empty database, bring it to this version, and stand still:"
        " nothing goes out until somebody has looked and run manage.py release."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="what manage.py backup made")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            backup = backups.Backup.read(folder)
            backups.put_back(backup)
        except (backups.BackupError, OSError) as no:
            raise CommandError(str(no)) from no
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        self.stdout.write(f"Restored what was there at {backup.manifest['made_at']}.")
        if not backup.has_our_key:
            self.stderr.write(
                "It was made with another SECRET_KEY: customers' links and sealed secrets will not"
                " be readable. Set that key, or name it in SECRET_KEY_FALLBACKS."
            )
        call_command("after_restore", stdout=self.stdout)
