"""Forget one customer for good."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.house import account_log
from commitments.management import finding
from commitments.privacy import erasing


class Command(BaseCommand):
    help = (
        "Erase who a customer was and every word about them. What was promised and how it ended"
        " stays counted, and the chains of events still hold. It cannot be taken back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="a customer's id, e-mail or external id")
        parser.add_argument("--yes", action="store_true", help="do it; without, only say what")

    def handle(self, *args: Any, who: str, yes: bool, **options: Any) -> None:
        customer = finding.customer(who)
        if not yes:
            count = customer.commitments.count()
            self.stdout.write(f"Customer {customer.pk} with {count} promises. Give --yes to erase.")
            return
        try:
            erased = erasing.erase(customer.pk, by=None, now=timezone.now())
        except CommitmentError as no:
            raise CommandError(str(no)) from no
        account_log.note(f"customer={customer.pk} erased", by_id=account_log.MACHINE)
        self.stdout.write(
            f"Erased: {erased.promises} promises, {erased.messages} messages and {erased.files}"
            " files have lost their words. Backups made before still have them."
        )
