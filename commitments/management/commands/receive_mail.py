"""Reads one mail to us, as the mail server pipes it here, or from a file.

Whatever it is, the mail server is told that it was taken: what cannot be used is said in the log,
and answered by nobody. Only while the database is away it is asked to come again.
"""

from __future__ import annotations

import logging
import sys
from argparse import FileType
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from commitments import inbound
from commitments.inbound import letters

logger = logging.getLogger(__name__)

_BEGINS = {"taken": "", "dropped": "Dropped. ", "quarantined": "Set aside. "}
_COME_AGAIN = 75  # EX_TEMPFAIL of sysexits.h, which mail servers know


class Command(BaseCommand):
    help = (
        "Read one mail to REPLY_ADDRESS, PROMISE_ADDRESS or BOUNCE_ADDRESS, as the mail server got "
        "it, from a pipe or a file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=FileType("rb"), help="or standard input")
        parser.add_argument("--recipient", default="", help="the address of ours that it came to")

    def handle(self, *args: Any, file: BinaryIO | None, recipient: str, **options: Any) -> None:
        source = file or sys.stdin.buffer
        mail = source.read(letters.LARGEST + 1)
        try:
            end = inbound.take(mail, recipient=recipient, now=timezone.now())
        except (InterfaceError, OperationalError):
            logger.exception("A mail has to wait for the database.")
            sys.exit(_COME_AGAIN)
        self.stdout.write(f"{_BEGINS[end.outcome]}{end.said}")
