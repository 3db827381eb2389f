"""Bring in promises that were made before, or elsewhere, from a CSV file or a workbook."""

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
from commitments.house import account_log
from commitments.models import Calendar, Team
from commitments.rules import wall_clock, words

Options: TypeAlias = dict[str, Any]  # Any: as Django hands over what was asked for


class Command(BaseCommand):
    help = (
        "Bring in promises from a CSV file or a workbook (.xlsx). Its columns may be called"
        f" {', '.join(column.code for column in imports.ALL)}, or whatever --map says."
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
        parser.add_argument("--sheet", default="", help="of a workbook; else the one that fits")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="WHAT=COLUMN",
            help="which column says what, as in wording=Subject; may be given several times",
        )
        parser.add_argument("--skip-columns", action="store_true", help="leave unknown ones out")
        parser.add_argument("--kind", default="", help="of rows that name none")
        parser.add_argument(
            "--dates",
            choices=[order.value for order in imports.Order],
            default=imports.Order.YEAR.value,
            help="what stands first in a date such as 05/06/2026",
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
        made = 0 if options["dry_run"] else self.make(bringing, now=now)
        for line in _report(survey, made, options):
            self.stdout.write(line)

    def judge(
        self, team: Team, options: Options, *, now: datetime
    ) -> tuple[imports.Bringing, imports.Survey]:
        """Say what is to be said of each row. Writes nothing."""
        table = imports.opened(options["file"], sheet=options["sheet"])
        places = _places(table, options)
        bringing = imports.Bringing(
            table, places, team=team, choices=_choices(options), by=None, at=now
        )
        survey = imports.Survey()
        with imports.Seen() as seen:
            for batch in bringing.batches():
                found = bringing.look(batch, seen)
                survey.add(found.survey)
                for remark in found.remarks:
                    self.stdout.write(_said(remark))
        if survey == imports.Survey():
            raise imports.WrongFile("Line 1 is all there is: no row follows the header.")
        if survey.bad and not options["skip_bad"]:
            raise CommandError(
                f"Nothing is imported: {_rows(survey.bad, 'row')} bad, as listed above."
                " Put right what they say, or leave them out with --skip-bad."
            )
        return bringing, survey

    def make(self, bringing: imports.Bringing, *, now: datetime) -> int:
        """Each batch is a transaction of its own, so what is made stays whatever comes after."""
        made = (bringing.make_patiently(batch, now=now) for batch in bringing.batches())
        with account_log.places(team_id=bringing.team.pk, by_id=account_log.MACHINE):
            return sum(found.survey.good for found in made)


def _places(table: imports.Table, options: Options) -> dict[str, int]:
    """By the names of the columns, and by what was said of them. Raises WrongFile."""
    places = imports.guess(table.header) | dict(_mapped(each, table) for each in options["map"])
    twice = [name for name in table.header if table.header.count(name) > 1]
    if twice:
        raise imports.WrongFile(f"Line 1 names twice {imports.quoted(dict.fromkeys(twice))}.")
    left = imports.left_over(table.header, places)
    if left and not options["skip_columns"]:
        known = ", ".join(column.code for column in imports.ALL)
        raise imports.WrongFile(
            f"Line 1 has the unknown column {imports.quoted(left)}. The columns are: {known}."
            " Say what it is with --map, or leave it out with --skip-columns."
        )
    return places


def _mapped(said: str, table: imports.Table) -> tuple[str, int]:
    code, _, name = said.partition("=")
    if code not in {column.code for column in imports.ALL}:
        raise imports.WrongFile(f"--map “{code[:40]}” is nothing that a row can say.")
    if name not in table.header:
        raise imports.WrongFile(f"--map: line 1 has no column “{name[:40]}”.")
    return code, table.header.index(name)


def _choices(options: Options) -> imports.Choices:
    adds = options["unknown"] == "create"
    return imports.Choices(
        zone=options["zone"],
        usual_kind=options["kind"],
        order=imports.Order(options["dates"]),
        adds_customers=adds,
        adds_agents=adds,
    )


def _said(remark: imports.Remark) -> str:
    if remark.what is imports.What.BAD:
        return f"Line {remark.line} is bad: {remark.says}"
    if remark.what is imports.What.REPEATED:
        return f"Line {remark.line} repeats line {remark.earlier}."
    return f"Line {remark.line}: {remark.says}"


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
