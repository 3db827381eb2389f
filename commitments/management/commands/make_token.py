"""Give a program a token for the API, or take one back."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.models import ApiToken, User
from commitments.rules import words

_LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = (
        "Print a new API token for somebody, once: it cannot be read again. The token sees and "
        "does what that person may. Or take a token back by what stands before its dot."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--email", help="Whose token it is.")
        which.add_argument("--revoke", metavar="PREFIX", help="Take back the token ft_….")
        parser.add_argument("--name", default="", help="What it is for, as lists show it.")
        parser.add_argument("--days", type=int, default=90, help="How long it lasts (90).")
        parser.add_argument("--read-only", action="store_true", help="It changes nothing.")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        now = timezone.now()
        if options["revoke"]:
            self.stdout.write(revoke(options["revoke"], now=now))
            return
        token, secret = issue(
            options["email"],
            name=options["name"],
            days=options["days"],
            scope=ApiToken.Scope.READ if options["read_only"] else ApiToken.Scope.WRITE,
            now=now,
        )
        # Apart, so that a script can take the token itself from standard output.
        self.stderr.write(
            f"A token for {token.user}, until {token.expires_at:%Y-%m-%d %H:%M} UTC. Keep it now: "
            f"it is not shown again. `make_token --revoke {token.prefix}` takes it back."
        )
        self.stdout.write(secret)


def issue(email: str, *, name: str, days: int, scope: str, now: datetime) -> tuple[ApiToken, str]:
    """A new token of somebody who may sign in, and its secret."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    if not 1 <= days <= _LONGEST_DAYS:
        raise CommandError(f"A token lasts from 1 to {_LONGEST_DAYS} days.")
    try:
        purpose = words.clean(name, what="The name", limit=80, required=False)
    except CommitmentError as no:
        raise CommandError(str(no)) from no
    return ApiToken.issue(user=user, now=now, name=purpose, scope=scope, lasts=timedelta(days=days))


def revoke(presented: str, *, now: datetime) -> str:
    """From this moment the token opens nothing. A whole token is taken for its prefix."""
    prefix, _, _ = presented.strip().partition(".")
    token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
    if token is None:
        raise CommandError(f"There is no token {prefix}.")
    if token.revoked_at is not None:
        return f"{prefix} was taken back on {token.revoked_at:%Y-%m-%d %H:%M} UTC."
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    return f"{prefix}, a token of {token.user}, opens nothing from now on."
