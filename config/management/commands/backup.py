"""Everything, as of one moment, into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import backups


class Command(BaseCommand):
    help = (
        "Back up the database and the customers' files into a new folder, while everybody goes on."
        " It holds personal data, and not the secret key: keep that elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="where the folder is made")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        try:
            backup = backups.make(to, now=timezone.now())
        except (backups.BackupError, OSError) as no:
            raise CommandError(str(no)) from no
        self.stdout.write(f"{backup.folder}  {len(backup.manifest['files'])} files")
