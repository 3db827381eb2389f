"""Fill an empty installation with Larkfield Energy, an invented company, and its two months."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.models import Customer, Team, User
from config import demo


class Command(BaseCommand):
    help = (
        "Make three teams, fourteen people and three hundred promises in every state, over sixty"
        " days up to this moment, and print the sign-ins. For an empty database without EMAIL_URL,"
        " where nobody comes but from this machine; no mail leaves the house."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", type=datetime.fromisoformat, help="an ISO instant to take for the present"
        )

    def handle(self, *args: Any, now: datetime | None, **options: Any) -> None:
        if settings.EMAIL_URL or settings.NOTIFICATIONS_EMAIL_BACKEND:
            named = "EMAIL_URL" if settings.EMAIL_URL else "EMAIL_BACKEND"
            raise CommandError(f"{named} is set: the demonstration would write to its customers.")
        if settings.IS_PUBLIC:
            raise CommandError(
                "PUBLIC_URL or ALLOWED_HOSTS lets others than this machine in, and the password of"
                " the demonstration is published: its administrator could be anybody."
            )
        if any(each.objects.exists() for each in (User, Team, Customer)):
            raise CommandError("The demonstration needs an empty database, and this one is not.")
        if now is not None and now.tzinfo is None:
            raise CommandError("Give --now with its offset, like 2026-11-02T14:00:00Z.")
        logging.disable(logging.WARNING)
        try:
            company = demo.seed(now or timezone.now())
        finally:
            logging.disable(logging.NOTSET)
        self.stdout.write(f"Larkfield Energy. Sign in with the password {demo.PASSWORD} as")
        self.stdout.write("\n".join(company.sign_ins()))
