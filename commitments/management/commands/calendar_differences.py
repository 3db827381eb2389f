"""List the open promises that would be due at another time by a calendar's hours. Moves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.management.arguments import name
from commitments.models import Calendar
from commitments.policies import calendars
from commitments.rules.business_time import Hours


class Command(BaseCommand):
    help = (
        "List the open promises that were promised under other hours than the calendar has now, or"
        " would have with a day closed. None is moved: what was promised stays promised."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("calendar", type=name, help="its name")
        parser.add_argument(
            "--holiday", action="append", default=[], help="a day to take as closed, 2026-12-24"
        )

    def handle(self, *args: Any, calendar: str, holiday: list[str], **options: Any) -> None:
        now = timezone.now()
        found = _called(calendar)
        hours = _closed_on(found.hours(), [_day(each) for each in holiday])
        differences = calendars.what_would_differ(found, hours)
        self.stdout.write(differences.sentence())
        for each in differences.shown:
            self.stdout.write(f"  {each.sentence(zone=found.zone, now=now)}")
        if differences.count > len(differences.shown):
            self.stdout.write(f"  and {differences.count - len(differences.shown):,} more")


def _called(name: str) -> Calendar:
    found = Calendar.objects.filter(name__iexact=name).first()
    if found is None:
        known = ", ".join(Calendar.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"There is no calendar called {name}. There are: {known or 'none'}.")
    return found


def _closed_on(hours: Hours, days: list[date]) -> Hours:
    closed: dict[date, tuple[tuple[int, int], ...]] = dict.fromkeys(days, ())
    return replace(hours, exceptions={**hours.exceptions, **closed}) if days else hours


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no date. Write it like 2026-12-24.") from None
