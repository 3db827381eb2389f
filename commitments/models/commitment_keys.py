"""What must be true of a promise, and by what promises are found."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from commitments.rules.lifecycle import Status

LIVE: Final = [Status.OPEN.value, Status.WAITING.value]

CONSTRAINTS: Final[list[models.BaseConstraint]] = [
    models.CheckConstraint(
        condition=Q(next_action="", next_action_at=None)
        | (~Q(next_action="") & Q(next_action_at__isnull=False)),
        name="clock_is_whole_or_absent",
    ),
    models.CheckConstraint(
        condition=Q(status__in=LIVE, outcome="", closed_at=None)
        | (~Q(status__in=LIVE) & ~Q(outcome="") & Q(closed_at__isnull=False)),
        name="closed_promises_have_an_outcome",
    ),
    models.CheckConstraint(
        condition=Q(status=Status.WAITING, waiting_since__isnull=False)
        | (~Q(status=Status.WAITING) & Q(waiting_since=None)),
        name="waiting_promises_say_since_when",
    ),
    models.CheckConstraint(
        condition=Q(due_at__gt=F("promised_at")), name="due_after_it_was_promised"
    ),
    models.CheckConstraint(
        condition=Q(first_due_at__gt=F("promised_at")),
        name="first_due_after_it_was_promised",
    ),
    models.UniqueConstraint(
        fields=["origin", "origin_key"], condition=~Q(origin=""), name="one_per_origin_key"
    ),
]

INDEXES: Final[list[models.Index]] = [
    # The sweep's claim: whose clock has come?
    models.Index(
        fields=["next_action_at", "due_at"],
        condition=Q(next_action_at__isnull=False),
        name="commitment_due",
    ),
    # My promises and the team board.
    models.Index(fields=["owner", "due_at"], condition=Q(status__in=LIVE), name="commitment_mine"),
    # What is overdue now, told or not, and how many customers wait.
    models.Index(
        fields=["team", "due_at"],
        include=["told_at", "owner", "kind", "customer"],
        condition=Q(status=Status.OPEN),
        name="commitment_open",
    ),
    # May the check-in go? What else is owed to this customer?
    models.Index(fields=["customer", "status"], name="commitment_of_customer"),
    # Was this customer let down before?
    models.Index(
        fields=["customer", "breached_at"],
        condition=Q(breached_at__isnull=False),
        name="commitment_breached",
    ),
    # What was first due in a period: the day that is rolled up, and the list behind a figure.
    models.Index(fields=["team", "first_due_at"], name="commitment_first_due"),
    # What is usually given? What was given in a period?
    models.Index(
        fields=["team", "first_due_at"],
        include=["kind"],
        condition=Q(value__isnull=False),
        name="commitment_valued",
    ),
    # All promises in the order of time: what is live, of whichever team, and what is closed,
    # which the sweep no longer writes.
    models.Index(
        fields=["due_at", "id"],
        include=["team"],
        condition=Q(status__in=LIVE),
        name="commitment_live_in_order",
    ),
    models.Index(
        fields=["due_at", "id"],
        condition=~Q(status__in=LIVE),
        name="commitment_closed_by_due",
    ),
    # What a team has closed of one kind, be it none of all that it has closed.
    models.Index(
        fields=["team", "kind", "due_at"],
        condition=~Q(status__in=LIVE),
        name="commitment_closed_of_kind",
    ),
    # What somebody promised and has closed.
    models.Index(
        fields=["owner", "due_at"],
        condition=~Q(status__in=LIVE),
        name="commitment_closed_of_owner",
    ),
    # What somebody has closed this week.
    models.Index(
        fields=["owner", "closed_at"],
        condition=Q(closed_at__isnull=False),
        name="commitment_closed_lately",
    ),
    # What would an edit of its policy change? What has a re-plan left?
    models.Index(
        fields=["policy_version"],
        condition=Q(status__in=LIVE),
        name="commitment_live_by_version",
    ),
    # To whom does somebody owe an answer?
    models.Index(
        fields=["team", "owner"],
        condition=Q(disputed_at__isnull=False) | Q(customer_asked_at__isnull=False),
        name="commitment_unanswered",
    ),
]
