"""Bring in promises that were made before, or elsewhere, from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from commitments import imports, starting
from commitments.errors import CommitmentError
from commitments.models import Calendar, Team
from commitments.rules import wall_clock, words

Options: TypeAlias = dict[str, Any]  # Any: as Django hands over what was asked for


class Command(BaseCommand):
    help = (
        f"Bring in promises from a CSV file in UTF-8. Columns: {', '.join(imports.COLUMNS)}."
        " Nobody is told of them now; from now on they are followed like any other. Running it"
        " again adds nothing, and finishes what was interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--team", required=True, help="whose promises they are")
        parser.add_argument("--dry-run", action="store_true", help="judge the file, write nothing")
        parser.add_argument(
            "--zone",
            default="",
            help="where times without an offset are meant and phrases are read (the team's zone)",
        )
        parser.add_argument("--now", default="", help="an ISO instant to take for the present")
        parser.add_argument("--skip-bad", action="store_true", help="bring in what is good")
        parser.add_argument(
            "--unknown",
            choices=["create", "refuse"],
            default="create",
            help="what to do with agents and customers nobody knows, and with the first team",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        try:
            self.bring_in(options)
        except CommitmentError as error:
            raise CommandError(str(error)) from None

    def bring_in(self, options: Options) -> None:
        now = _now(options["now"], zone=options["zone"] or "UTC")
        if Team.objects.exists() or options["unknown"] == "refuse":
            bringing, survey = self.judge(imports.team_named(options["team"]), options, now=now)
        else:
            # A file that is refused leaves no empty team behind.
            with transaction.atomic():
                bringing, survey = self.judge(_first_team(options, now=now), options, now=now)
                transaction.set_rollback(options["dry_run"])
        made = 0 if options["dry_run"] else bringing.bring_in()
        for line in _report(survey, made, options):
            self.stdout.write(line)

    def judge(
        self, team: Team, options: Options, *, now: datetime
    ) -> tuple[imports.Bringing, imports.Survey]:
        create_unknown = options["unknown"] == "create"
        choices = imports.Choices(zone=options["zone"], create_unknown=create_unknown)
        bringing = imports.Bringing(
            options["file"], team=team, choices=choices, say=self.stdout.write, now=now
        )
        survey = bringing.survey()
        if survey.bad and not options["skip_bad"]:
            raise CommandError(
                f"Nothing is imported: {_rows(survey.bad, 'row')} bad, as listed above."
                " Put right what they say, or leave them out with --skip-bad."
            )
        return bringing, survey


def _now(text: str, *, zone: str) -> datetime:
    return imports.instant(text, zone=zone, what="--now") if text else timezone.now()


def _first_team(options: Options, *, now: datetime) -> Team:
    """In an empty installation the team named becomes the first, at the usual hours."""
    zone = wall_clock.zone_named(options["zone"] or "UTC").key
    starting.ensure(zone=zone, now=now)
    calendar = Calendar.objects.get(name=starting.CALENDAR)
    name = words.clean(options["team"], what="The team's name", limit=120)
    return Team.objects.create(name=name, calendar=calendar)


def _report(survey: imports.Survey, made: int, options: Options) -> Iterator[str]:
    said, count = ("would be ", survey.good) if options["dry_run"] else ("", made)
    yield f"{_rows(count, 'promise')} {said}imported for {options['team']}."
    yield (
        f"{_rows(survey.already_there, 'promise')} there already, "
        f"{_rows(survey.repeated, 'row')} repeated, {_rows(survey.bad, 'row')} bad."
    )
    yield (
        f"{_rows(survey.agents, 'agent')} and {_rows(survey.customers, 'customer')} {said}added."
    )
    if survey.without_time or survey.not_understood:
        yield (
            f"The usual deadline of the kind stands for {_rows(survey.without_time, 'row')} without"
            f" a time and for {survey.not_understood} whose time cannot be taken (see above)."
        )


def _rows(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
