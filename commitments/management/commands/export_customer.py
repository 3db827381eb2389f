"""What we hold about one customer, for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.house import account_log
from commitments.management import finding
from commitments.privacy import exporting


class Command(BaseCommand):
    help = (
        "Write everything that is held about one customer as JSON and as a page to read. Files that"
        " they sent are listed in it, each with the address it is saved from."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="a customer's id, e-mail or external id")
        parser.add_argument("--to", type=Path, default=Path(), help="the folder to write into")

    def handle(self, *args: Any, who: str, to: Path, **options: Any) -> None:
        customer = finding.customer(who)
        record = exporting.everything_about(customer, now=timezone.now())
        account_log.note(f"all about customer={customer.pk} given", by_id=account_log.MACHINE)
        written = json.dumps(record, ensure_ascii=False, indent=1)
        for kind, text in (("json", written), ("html", exporting.page(record))):
            file = to / f"customer-{customer.pk}.{kind}"
            try:
                with file.open("x", encoding="utf-8") as opened:
                    opened.write(text)
            except FileExistsError:
                raise CommandError(f"{file} is there already; it is not written over.") from None
            except OSError as no:
                raise CommandError(f"{file} cannot be written: {no.strerror}.") from no
            self.stdout.write(str(file))
