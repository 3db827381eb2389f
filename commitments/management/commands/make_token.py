"""Give a program a token for the API, or take one back."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.house import account_log, service_accounts, tokens
from commitments.house.tokens import Scope
from commitments.models import ApiToken, Team, User

_LONGEST_DAYS = tokens.LONGEST.days


class Command(BaseCommand):
    help = (
        "Print a new API token, once: it cannot be read again. It is a person's, and does what "
        "they may, or a service's, which acts under a name of its own in the teams it is given. "
        "Or take a token back by what stands before its dot."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--email", help="The person whose token it is.")
        which.add_argument("--service", metavar="NAME", help="The service whose token it is.")
        which.add_argument("--revoke", metavar="PREFIX", help="Take back the token ft_….")
        parser.add_argument(
            "--team", action="append", default=[], metavar="NAME",
            help="A team in which a service that is new acts; may be said several times.",
        )  # fmt: skip
        parser.add_argument("--name", default="", help="What it is for, as lists show it.")
        parser.add_argument("--days", type=int, default=90, help="How long it lasts (90).")
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument(
            "--scope", choices=Scope.values, default=Scope.WRITE.value,
            help="What it may (write); admin: also what its owner may as an administrator.",
        )  # fmt: skip
        scope.add_argument(
            "--read-only", action="store_const", dest="scope", const=Scope.READ.value,
            help="It changes nothing: --scope read.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        now = timezone.now()
        if options["revoke"]:
            self.stdout.write(revoke(options["revoke"], now=now))
            return
        try:
            with transaction.atomic():
                token, secret = _issue(options, now=now)
        except CommitmentError as no:
            raise CommandError(str(no)) from no
        # Apart, so that a script can take the token itself from standard output.
        self.stderr.write(
            f"A token for {token.user}, until {token.expires_at:%Y-%m-%d %H:%M} UTC. Keep it now: "
            f"it is not shown again. `make_token --revoke {token.prefix}` takes it back."
        )
        if token.user.is_superuser and token.scope != Scope.ADMIN:
            self.stderr.write(
                "It sees what their teams see: with --scope admin, all that an administrator may."
            )
        self.stdout.write(secret)


def _issue(options: dict[str, Any], *, now: datetime) -> tuple[ApiToken, str]:
    """Raises CommitmentError."""
    owner = (
        _service(options["service"], options["team"])
        if options["service"]
        else _person(options["email"], options["team"])
    )
    if not 1 <= options["days"] <= _LONGEST_DAYS:
        raise CommitmentError(f"A token lasts from 1 to {_LONGEST_DAYS} days.")
    lasts = timedelta(days=options["days"])
    return tokens.issue(
        owner,
        name=options["name"],
        scope=options["scope"],
        lasts=lasts,
        by_id=account_log.MACHINE,
        now=now,
    )


def _person(email: str, teams: Sequence[str]) -> User:
    if teams:
        raise CommitmentError("A person acts in their own teams: leave --team out.")
    people = User.objects.people().filter(email=email.strip().lower(), is_active=True)
    user = people.first()
    if user is None:
        raise CommitmentError(f"Nobody signs in as {email}.")
    return user


def _service(name: str, teams: Sequence[str]) -> User:
    """The one of this name; a new one where its teams are said."""
    known = service_accounts.named(name)
    if known is not None and teams:
        raise CommitmentError(f"There is a service called {known} already: leave --team out.")
    if known is not None:
        return known
    if not teams:
        raise CommitmentError(f"There is no service {name}. Say with --team where it acts.")
    found = [_team(team) for team in teams]
    return service_accounts.make(name=name, teams=found, by_id=account_log.MACHINE)


def _team(name: str) -> int:
    team = Team.objects.filter(name__iexact=name.strip()).first()
    if team is None:
        raise CommitmentError(f"There is no team {name}.")
    return team.pk


def revoke(presented: str, *, now: datetime) -> str:
    """From this moment the token opens nothing. A whole token is taken for its prefix."""
    prefix, _, _ = presented.strip().partition(".")
    token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
    if token is None:
        raise CommandError(f"There is no token {prefix}.")
    if token.revoked_at is not None:
        return f"{prefix} was taken back on {token.revoked_at:%Y-%m-%d %H:%M} UTC."
    tokens.revoke(token, by_id=account_log.MACHINE, now=now)
    return f"{prefix}, a token of {token.user}, opens nothing from now on."
