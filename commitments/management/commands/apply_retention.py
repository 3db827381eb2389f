"""Let go of what has been kept long enough; or see first what that would be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments import retention


class Command(BaseCommand):
    help = (
        "Let go of what has been kept for as long as RETENTION says, as happens every night by"
        " itself. Stopped anywhere, the next time goes on. It cannot be taken back: --dry-run says"
        " what would go, and changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--only", metavar="KIND", help="only this kind, such as customers")

    def handle(self, *args: Any, dry_run: bool, only: str | None, **options: Any) -> None:
        kinds = retention.kinds(timezone.now())
        chosen = [kind for kind in kinds if only in (None, kind.code)]
        if not chosen:
            known = ", ".join(kind.code for kind in kinds)
            raise CommandError(f"There is no kind {only!r}. Known are {known}.")
        self._line("Kind", "Kept", "Would go" if dry_run else "Gone", "What")
        for kind in chosen:
            count = kind.waiting() if dry_run else retention.apply([kind]).rows[kind.code]
            self._line(kind.code, _kept(kind), f"{count:,}", kind.why)

    def _line(self, *cells: str) -> None:
        code, kept, count, what = cells
        self.stdout.write(f"{code:18} {kept:>10} {count:>9}  {what}")


def _kept(kind: retention.Kind) -> str:
    if kind.kept is None:
        return "for ever"
    return f"{kind.kept.days:,} days" if kind.kept else "its time"
