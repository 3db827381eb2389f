"""Reads one returned mail, as the mail server pipes it here.

Whatever it is, the mail server is told that it was taken: answering a forged bounce with a bounce
would make us a sender of junk. Only while the database is away it is asked to come again.
"""

from __future__ import annotations

import logging
import sys
from argparse import FileType
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from notifications import outbox

logger = logging.getLogger(__name__)

_LONGEST = 1024 * 1024
_COME_AGAIN = 75  # EX_TEMPFAIL of sysexits.h, which mail servers know


class Command(BaseCommand):
    help = "Read one bounce or complaint, as the mail server got it, from standard input or a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=FileType("rb"), help="or standard input")
        parser.add_argument("--recipient", default="", help="the address of ours that it came to")

    def handle(self, *args: Any, file: BinaryIO | None, recipient: str, **options: Any) -> None:
        source = file or sys.stdin.buffer
        try:
            self.stdout.write(_take(source.read(_LONGEST), recipient=recipient))
        except (InterfaceError, OperationalError):
            logger.exception("A returned mail has to wait for the database.")
            sys.exit(_COME_AGAIN)


def _take(mail: bytes, *, recipient: str) -> str:
    try:
        return outbox.returned(mail, recipient=recipient, now=timezone.now())
    except outbox.Unreadable as trouble:
        logger.warning("A returned mail is ignored: %s", trouble)
        return f"Ignored. {trouble}"
