"""Show what a policy does, message by message, with a promise that does not exist."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model, QuerySet
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.management.arguments import name
from commitments.models import Kind, Policy, Team
from commitments.policies.rehearsals import Happened, Plan, Rehearsal, Said
from commitments.rules import saying
from config import rehearsal

M = TypeVar("M", bound=Model)
_LINES, _WIDTH = 3, 76
_WAYS = {"email": "e-mail", "inbox": "inbox"}
_NOT_SHOWN = (
    "Not shown: answers, bounces and retries; what else these people are due at the same moment,"
    " with which it may travel as one; the morning digest. Webhooks are named and not called."
)


class Command(BaseCommand):
    help = (
        "Let a dummy promise climb a policy on a clock that is moved by hand, and show every"
        " message: to whom, by which way, when, and how it begins. Nothing is sent and nothing is"
        " kept. On SQLite others wait to write while it runs, for about a second."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("policy", type=name, help="its name")
        parser.add_argument("--days", type=int, default=14, help="how far to go (default 14)")
        parser.add_argument(
            "--team", type=name, help="whose promise it is (default: the first with people)"
        )
        parser.add_argument(
            "--kind", type=name, help="its code (default: the first that uses the policy)"
        )
        parser.add_argument("--urgent", action="store_true", help="as an urgent promise")
        parser.add_argument("--at", help="an ISO instant at which it is made (default: now)")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        plan = _plan(options, now=timezone.now())
        logging.disable(logging.WARNING)  # what is rehearsed is not to be found in the logs
        try:
            found = rehearsal.rehearse(plan)
        except CommitmentError as no:
            raise CommandError(str(no)) from None
        finally:
            logging.disable(logging.NOTSET)
        for line in _lines(plan, found):
            self.stdout.write(line.rstrip())


def _plan(options: dict[str, Any], *, now: datetime) -> Plan:  # Any: of argparse
    if not 1 <= options["days"] <= 366:
        raise CommandError("Give --days from 1 to 366.")
    policy = _called(Policy.objects.order_by("name"), "name__iexact", options["policy"], "policy")
    teams = Team.objects.filter(retired_at=None).select_related("calendar").order_by("name")
    if options["team"]:
        team = _called(teams, "name__iexact", options["team"], "team")
    else:
        team = _first(teams.filter(memberships__user__is_active=True).distinct(), "team")
    kinds = Kind.objects.in_use()
    if options["kind"]:
        kind = _called(kinds, "code", options["kind"], "kind")
    else:
        kind = kinds.filter(policy=policy).first() or _first(kinds, "kind")
    start = _instant(options["at"]) if options["at"] else now
    return Plan(
        policy=policy,
        team=team,
        kind=kind,
        start=start,
        end=_end(start, days=options["days"]),
        urgent=options["urgent"],
    )


def _called(rows: QuerySet[M], field: str, name: str, what: str) -> M:
    found = rows.filter(**{field: name}).first()
    if found is None:
        known = ", ".join(str(getattr(each, field.partition("__")[0])) for each in rows)
        raise CommandError(f"There is no {what} called {name}. There are: {known or 'none'}.")
    return found


def _first(rows: QuerySet[M], what: str) -> M:
    found = rows.first()
    if found is None:
        raise CommandError(f"There is no {what} to rehearse with. Add one first.")
    return found


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CommandError("Give --at with its offset, like 2026-11-02T14:00:00Z.")
    return at


def _end(start: datetime, *, days: int) -> datetime:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        raise CommandError("No calendar goes that far. Give an earlier --at.") from None


def _lines(plan: Plan, found: Rehearsal) -> Iterator[str]:
    zone, now = plan.team.calendar.zone, plan.start

    def say(at: datetime) -> str:
        return saying.say_time(at, zone=zone, now=now)

    yield (
        f"{plan.policy}, version {found.version}: {plan.kind}"
        f"{', urgent,' if plan.urgent else ''} of {plan.team}, kept by {found.owner}."
    )
    yield f"Made {say(plan.start)}, due {say(found.due_at)}, {saying.say_zone(zone)}."
    yield "Nobody does anything about it. Nothing is sent, and nothing is kept."
    yield ""
    for at, lines in _in_order(found):
        for number, line in enumerate(lines):
            yield f"{say(at) if not number else '':24}{line}"
    yield ""
    if found.goes_on_at is None:
        yield "Nothing more comes after this."
    else:
        yield f"It goes on {say(found.goes_on_at)}. Give more --days to see it."
    yield _NOT_SHOWN


def _in_order(found: Rehearsal) -> list[tuple[datetime, list[str]]]:
    """By time, what happened before what is said about it."""
    happened = [(each.at, 0, _of_event(each)) for each in found.happened]
    said = [(each.at, 1, _of_message(each)) for each in found.said]
    in_order = sorted([*happened, *said], key=lambda each: each[:2])
    return [(at, lines) for at, _, lines in in_order]


def _of_event(happened: Happened) -> list[str]:
    return [f"{happened.title}. {happened.words}".strip()]


def _of_message(said: Said) -> list[str]:
    ways = " and ".join(_WAYS.get(each, each) for each in said.channels)
    whom = f"{said.to} (customer)" if said.audience == "customer" else said.to
    first = [line.strip() for line in said.text.splitlines() if line.strip()][:_LINES]
    together = f" (as one with {said.together - 1} more)" if said.together > 1 else ""
    return [
        f"  To {whom}, by {ways}{together}: “{said.subject}”",
        *(f"    | {textwrap.shorten(line, _WIDTH, placeholder=' …')}" for line in first),
    ]
