"""Do by hand what worker and beat do: one round now, or, embedded only, a walk through a time."""

from __future__ import annotations

import logging
from argparse import ArgumentTypeError
from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from django.utils import timezone

from commitments import sweep
from commitments.models import CheckIn, Import, Relook, Replan, Schedule
from config import restoring, walk
from config.audit import rounds
from config.launcher.lock import Lock, Taken
from notifications.models import Delivery, State

Kind = tuple[str, str, str]
"""Of messages: template, channel, and how they ended."""


class Command(BaseCommand):
    help = (
        "Do what is due: one round of reminders, escalation, check-ins, schedules, delivery and"
        " the auditor."
        " For when worker or beat is down; from cron it takes their place. With --from and --to,"
        " in an embedded installation that is not running, walk from clock to clock."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what is due, do nothing")
        parser.add_argument("--from", dest="start", type=_instant, help="an ISO instant")
        parser.add_argument("--to", dest="end", type=_instant, help="an ISO instant")

    def handle(
        self,
        *args: Any,
        dry_run: bool,
        start: datetime | None,
        end: datetime | None,
        **options: Any,
    ) -> None:
        if restoring.paused() and not dry_run:
            raise CommandError(
                "It is paused after a restore: nothing is done until somebody has looked and run"
                " manage.py release."
            )
        if start is not None and end is not None and not dry_run:
            self.through(start, end)
        elif start is not None or end is not None:
            raise CommandError("Give --from and --to together, and without --dry-run.")
        elif dry_run:
            self.say(_due(timezone.now()))
        else:
            now = timezone.now()
            self.report(walk.once(now))
            self.say({"rules found broken by the auditor": rounds.run(now).broken})

    def through(self, start: datetime, end: datetime) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "A walk changes the time for everybody, so it is for an embedded installation only."
                " Without --from and --to, run_due does what is due now."
            )
        if start >= end:
            raise CommandError("--from must lie before --to.")
        try:
            lock = Lock(settings.VAR_DIR / "up.lock")
        except Taken:
            raise CommandError("Followthrough runs in this folder: stop it first.") from None
        lock.say("A walk through time is under way.")
        logging.disable(logging.WARNING)  # in a walk of weeks they would go on for ever
        before = _ended()
        try:
            self.report(walk.walk(start, end))
        except walk.NothingGoesOut as trouble:
            raise CommandError(str(trouble)) from None
        finally:
            logging.disable(logging.NOTSET)
            lock.release()
        for (template, channel, state), count in sorted((_ended() - before).items()):
            self.stdout.write(f"{template:20} {channel:6} {state:10} {count:>6}")

    def report(self, done: walk.Round) -> None:
        self.say(
            {
                "promises seen to": done.promises,
                "put off, because they raised": done.put_off,
                "check-ins seen to": done.check_ins,
                "schedules run, promises re-planned": done.schedules,
                "messages dealt with": done.deliveries,
            }
        )

    def say(self, figures: dict[str, int]) -> None:
        for what, count in figures.items():
            self.stdout.write(f"{what:38} {count:>6}")


def _due(now: datetime) -> dict[str, int]:
    return {
        "promises due": sweep.count_due(now),
        "check-ins due": CheckIn.objects.due(now).count(),
        "schedules due": Schedule.objects.due(now).count(),
        "imports due": Import.objects.due(now).count(),
        "policies to be put in force": Replan.objects.filter(next_at__lte=now).count(),
        "teams to be looked at again": Relook.objects.filter(next_at__lte=now).count(),
        "messages due": Delivery.objects.filter(attempt_at__lte=now).count(),
    }


def _ended() -> Counter[Kind]:
    """How many messages of each kind have ended, by how they ended."""
    ended = Delivery.objects.exclude(state__in=[State.QUEUED, State.LEASED])
    kinds = ended.values_list("template", "channel", "state").annotate(Count("id"))
    return Counter({(template, channel, state): n for template, channel, state, n in kinds})


def _instant(text: str) -> datetime:
    """For argparse: an instant with its offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ArgumentTypeError("Give an instant with its offset, like 2026-11-02T14:00:00Z.")
    return at
