"""Run inside the demonstration: what stands in the addresses of its pages, as JSON.

What it lacks is added by `spare`.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from typing import TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402 - the settings come first

from commitments import checkins  # noqa: E402 - the settings come first
from commitments.messages import customer  # noqa: E402
from commitments.models import (  # noqa: E402
    Absence,
    Calendar,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Customer,
    Holiday,
    Kind,
    Policy,
    Review,
    Team,
    User,
)
from commitments.models.checkin import State  # noqa: E402
from config.demo import company  # noqa: E402
from notifications.models import Delivery, InboxItem  # noqa: E402
from tests.browser.tour import spare  # noqa: E402

T = TypeVar("T")


def facts(now: datetime) -> dict[str, object]:
    """By the names that `routes` calls them."""
    return promises(now) | customers(now) | settings(now) | spare.added(now)


def promises(now: datetime) -> dict[str, object]:
    anas = Commitment.objects.filter(owner__email="ana@larkfield.example").order_by("pk")
    live, done = anas.live(), anas.filter(status="fulfilled").select_related("customer")
    found = {
        "late": live.overdue(now).first(),
        "callback": live.filter(window_start__isnull=False).first(),
        "waiting": live.waiting().first(),
        "coming": live.filter(due_at__gt=now, status="open").last(),
        "asked": Commitment.objects.live().unanswered().first(),
        "kept": anas.filter(outcome="on_time").first(),
        "moved": Commitment.objects.filter(outcome="moved").first(),
        "broken": Commitment.objects.filter(outcome="broken").first(),
        "another time": anas.filter(customer__name="Ella Thornton").first(),
        "doubted": anas.filter(checkins.in_doubt()).first(),
        "settled": next(each for each in reversed(done) if may_be_asked(each, now)),
        "void": Commitment.objects.filter(outcome="void").first(),
    }
    return {name: _known(each).reference for name, each in found.items()}


def may_be_asked(promise: Commitment, now: datetime) -> bool:
    """How it went, by hand."""
    return not checkins.refusal(promise, zone=promise.due_zone, now=now)


def customers(now: datetime) -> dict[str, object]:
    """Customers, and the tokens of their links."""
    anas = Commitment.objects.filter(owner__email="ana@larkfield.example")
    late = _known(anas.live().overdue(now).order_by("pk").first())
    kept = _known(Commitment.objects.filter(outcome="moved").first())
    sent = _known(CheckIn.objects.filter(state=State.SENT).first())
    said = _known(CheckInAnswer.objects.filter(still_open=True).order_by("pk").last())
    coming = _known(anas.live().filter(due_at__gt=now, status="open").order_by("pk").last())
    return {
        "conversation": late.conversation_id,
        "tom": Customer.objects.get(name="Tom Okafor").pk,
        "late status": _token(customer.status_path(late.conversation, now=now)),
        "coming status": _token(customer.status_path(coming.conversation, now=now)),
        "kept status": _token(customer.status_path(kept.conversation, now=now)),
        "check-in link": _token(customer.check_in_path(sent, now=now)),
        "answered link": _token(customer.check_in_path(said.check_in, now=now)),
    }


def settings(now: datetime) -> dict[str, object]:
    ana = User.objects.get(email="ana@larkfield.example")
    mail = Delivery.objects.filter(channel="email", state="sent").order_by("pk").last()
    found = {
        "absence": Absence.objects.filter(user__email="omar@larkfield.example").first(),
        "team": Team.objects.get(name="Moves"),
        "person": User.objects.get(email="kofi@larkfield.example"),
        "kind": Kind.objects.get(code="refund"),
        "calendar": Calendar.objects.order_by("pk").first(),
        "holiday": Holiday.objects.filter(on__gt=now).order_by("pk").first(),
        "policy": Policy.objects.order_by("pk").first(),
        "review": Review.objects.first(),
        "mail": mail,
        "reminder": InboxItem.objects.filter(user=ana).order_by("pk").last(),
    }
    ahead = company.calendar().hours().walk_days(now, 1)[-1].ends_at.date()
    return {name: _known(each).pk for name, each in found.items()} | {"day ahead": str(ahead)}


def _token(path: str) -> str:
    return path.split("/")[2]


def _known(row: T | None) -> T:
    """The demonstration has one of each."""
    assert row is not None
    return row


if __name__ == "__main__":
    sys.stdout.write(json.dumps(facts(timezone.now())))
