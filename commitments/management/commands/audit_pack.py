"""One case in two files, which a stranger can verify."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.evidence import pack, page
from commitments.house import account_log


class Command(BaseCommand):
    help = (
        "Write everything that happened to a promise, or to all of a case, and to what followed,"
        " as JSON with its hashes and as a page to read; and print how a stranger verifies it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("about", help="a promise's reference, such as K7Q2M, or a case number")
        parser.add_argument("--to", type=Path, default=Path(), help="the folder to write into")

    def handle(self, *args: Any, about: str, to: Path, **options: Any) -> None:
        try:
            pks = pack.promises_of(about)
        except CommitmentError as no:
            raise CommandError(str(no)) from no
        packed = pack.pack(pks, about=about, now=timezone.now())
        named = packed["promises"][0]["reference"]
        ids = ",".join(str(pk) for pk in pks)
        account_log.note(f"audit pack of promises={ids} given", by_id=account_log.MACHINE)
        written = json.dumps(packed, ensure_ascii=False, indent=1)
        digest = hashlib.sha256(written.encode()).hexdigest()
        json_file, html_file = (to / f"audit-{named}.{kind}" for kind in ("json", "html"))
        self._write(json_file, written)
        self._write(html_file, page.page(packed, name=json_file.name, digest=digest))
        self.stdout.write(f"{json_file}  SHA-256 {digest}\n{html_file}\nTo verify:\n")
        self.stdout.write(f"{pack.HOW_TO_VERIFY} {json_file}")

    def _write(self, file: Path, text: str) -> None:
        try:
            with file.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(text)
        except FileExistsError:
            raise CommandError(f"{file} is there already; it is not written over.") from None
        except OSError as no:
            raise CommandError(f"{file} cannot be written: {no.strerror}.") from no
