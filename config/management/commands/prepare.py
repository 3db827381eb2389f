"""Bring the database and the static files to this version: before every start, however often."""

from __future__ import annotations

import io
import time
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from commitments import starting
from commitments.management import unwise
from commitments.models import Customer, Policy, Team, User
from config.demo import open_to_all

_TRIES: Final = 60  # of three seconds each, which is the lock_timeout of the settings
_BETWEEN: Final = 1.0
_HELD: Final = "55P03"  # lock_not_available


class Command(BaseCommand):
    help = (
        "Migrate, collect the static files, lay the starting set and, if empty, the demonstration;"
        " say what is unwise about the policies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_false", dest="demo")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        self.migrate()
        refuse_a_published_password()
        call_command("collectstatic", interactive=False, verbosity=0, stdout=self.stdout)
        starting.ensure(zone=settings.COMPANY_ZONE, now=timezone.now())
        if demo and is_for_trying_out():
            said = io.StringIO()
            call_command("seed_demo", stdout=said)
            (settings.VAR_DIR / "sign_ins.txt").write_text(said.getvalue())
        self.say_what_is_unwise()

    def migrate(self) -> None:
        """Gives way where a table is held, so that nobody waits behind it, and tries again.

        What is done already stays done.
        """
        for left in reversed(range(_TRIES)):
            try:
                call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
            except OperationalError as error:
                if not left or getattr(error.__cause__, "pgcode", None) != _HELD:
                    raise
                self.stdout.write("Somebody holds a table that is to be changed. Trying again.")
                time.sleep(_BETWEEN)
            else:
                return

    def say_what_is_unwise(self) -> None:
        """Of the policies in use; `check_policies` is for scripts that want to fail at it."""
        for policy, warnings in unwise.about(Policy.objects.in_use(), timezone.now()).items():
            for warning in warnings:
                self.stdout.write(f"Policy {policy}: {unwise.line(warning)}")


def refuse_a_published_password() -> None:
    """Raise CommandError where others come, and one may sign in as the demonstration's people."""
    if settings.IS_PUBLIC and (emails := open_to_all()):
        raise CommandError(
            "Others than this machine are let in (PUBLIC_URL, ALLOWED_HOSTS), and anybody could"
            f" sign in with the published password of the demonstration: as {', '.join(emails)}."
            " Begin with an empty database, in another VAR_DIR; or keep it and give each of them"
            " a password of their own first: manage.py changepassword EMAIL."
        )


def is_for_trying_out() -> bool:
    """Empty, for this machine alone, and without a mail server: its customers are invented."""
    is_empty = not any(model.objects.exists() for model in (User, Team, Customer))
    mail_leaves = settings.EMAIL_URL or settings.NOTIFICATIONS_EMAIL_BACKEND
    is_ours_alone = settings.EMBEDDED and not settings.IS_PUBLIC
    return is_empty and is_ours_alone and not mail_leaves
