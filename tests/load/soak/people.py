"""Run inside the installation: who uses it and what they know, as JSON in the last line.

Somebody has a session and a token, and promises of their team to begin with; customers have links.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - the settings come first
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from commitments import messages  # noqa: E402
from commitments.models import ApiToken, Commitment, Conversation, Role, User  # noqa: E402

_LINKS = 120


def everybody(now: datetime) -> dict[str, object]:
    staff = User.objects.filter(memberships__role__in=[Role.AGENT, Role.LEAD]).distinct()
    talks = Conversation.objects.filter(
        customer__erased_at=None, customer__stopped_at=None, commitments__hidden_at=None
    ).exclude(commitments__status="void")
    links = talks.select_related("customer").distinct().order_by("pk")[:_LINKS]
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "staff": [_one(user, now) for user in staff.order_by("pk")],
        "links": [messages.status_path(talk, now=now) for talk in links],
    }


def _one(user: User, now: datetime) -> dict[str, object]:
    browser = Client()
    browser.force_login(user)
    team = user.teams.order_by("pk")[:1].get()
    theirs = Commitment.objects.visible_to(user).order_by("-pk")
    return {
        "session": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "token": ApiToken.issue(user=user, now=now)[1],
        "team": team.pk,
        "customers": list(
            dict.fromkeys(
                theirs.filter(team=team, customer__erased_at=None).values_list(
                    "customer_id", flat=True
                )
            )
        )[:20],
        "promises": [each.reference for each in theirs[:40]],
    }


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(everybody(timezone.now())))
