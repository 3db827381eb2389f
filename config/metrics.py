"""`/metrics`, in Prometheus' text format: figures about work, read from the database when asked.

No figure names a person, a customer or an address. Each is a count over an index that holds little:
clocks and open messages by their partial indexes, overdue promises team by team along (team, due),
so that a scrape costs what is due and not what is stored. Gauges only: the truth is in the tables,
and any process may answer.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Count, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from commitments import lengths
from commitments.models import Commitment, MailTally, Team
from commitments.models.commitment import CommitmentQuerySet, Status
from commitments.rules import wall_clock
from config import awake, beat
from config.awake import State
from notifications.models import CLOCKED, Breaker, Delivery, Endpoint, JobRound, Suppression
from notifications.models.delivery import DeliveryQuerySet

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_OF_A_MAIL: Final = ("outcome", "reason")
_RELAYED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """For whoever holds the token; without one, for this machine and embedded mode only."""
    if not may_read(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Work(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine speaks for others, who are not on it.
    is_relayed = settings.PROXIES or any(name in request.META for name in _RELAYED)
    is_local = request.META.get("REMOTE_ADDR") in _LOOPBACK
    return bool(settings.EMBEDDED and is_local and not is_relayed)


class Work(Collector):
    """What is due and what became of it, as it stands when the scrape comes."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = awake.look(self._now)
        yield from _promises(self._now)
        yield from _clocks(state)
        yield from _jobs(state)
        yield from _messages(self._now)
        yield from _findings(state)


def _promises(now: datetime) -> Iterator[GaugeMetricFamily]:
    midnight = wall_clock.midnight_after(now, ZoneInfo(settings.COMPANY_ZONE))
    overdue, not_told, due_today = _counted(
        Commitment.objects.overdue(now),
        Commitment.objects.not_told(now),
        Commitment.objects.due_between(now, midnight),
    )
    yield _gauge("overdue_promises", "Open promises past their due time.", overdue)
    yield _gauge("not_told_promises", "Overdue, and nobody has told the customer.", not_told)
    yield _gauge("due_today_promises", "Open promises still due today.", due_today)
    latest = now + lengths.current().put_off  # so the clock's index leads to all of them
    put_off = Commitment.objects.filter(next_action="put_off", next_action_at__lte=latest)
    yield _gauge("put_off_promises", "Promises set aside because they raised.", put_off.count())


def _counted(*promises: CommitmentQuerySet) -> list[int]:
    """How many of each set, in one query: each team's share of the index, added up."""
    shares = {
        f"share_{place}": Coalesce(
            Subquery(
                each.filter(team=OuterRef("pk"), status=Status.OPEN)
                .order_by()
                .values("team")
                .annotate(count=Count("pk"))
                .values("count"),
                output_field=IntegerField(),
            ),
            Value(0),
        )
        for place, each in enumerate(promises)
    }
    teams = Team.objects.annotate(**shares)
    sums = teams.aggregate(**{f"sum_{name}": Sum(name) for name in shares})
    return [sums[f"sum_{name}"] or 0 for name in shares]


def _clocks(state: State) -> Iterator[GaugeMetricFamily]:
    family = _family(
        "oldest_due_seconds", "How long the oldest due row has waited; 0 if none is due.", "clock"
    )
    for clock in awake.CLOCKS:
        family.add_metric([clock], state.waited(clock).total_seconds())
    yield family


def _jobs(state: State) -> Iterator[GaugeMetricFamily]:
    age = _family("job_round_age_seconds", "Since a job last finished a round.", "job")
    left = _family("job_left_due", "What that round left due, up to 1000.", "job")
    for name, seen in sorted(state.rounds.items()):
        age.add_metric([name], (state.now - seen.at).total_seconds())
        left.add_metric([name], seen.left_due)
    paused = _family("job_paused", "1 while an operator has paused a job.", "job")
    for name in beat.SCHEDULE:
        paused.add_metric([name], name in state.paused)
    yield from (age, left, paused)
    yield _gauge("paused_after_restore", "1 until a restore has been released.", state.is_restored)
    yield from _clock_steps(state.now)


def _clock_steps(now: datetime) -> Iterator[GaugeMetricFamily]:
    by = _family("clock_step_seconds", "The last jump of the wall clock a job has seen.", "job")
    age = _family("clock_step_age_seconds", "How long ago that was.", "job")
    steps = JobRound.objects.filter(stepped_at__isnull=False).order_by("name")
    for name, seconds, at in steps.values_list("name", "stepped_by", "stepped_at"):
        by.add_metric([name], seconds)
        age.add_metric([name], (now - at).total_seconds() if at else 0)
    yield from (by, age)


def _messages(now: datetime) -> Iterator[GaugeMetricFamily]:
    family = _family(
        "deliveries",
        "Messages under way (queued, leased), and those that need a person.",
        *("channel", "state"),
    )
    under_way = Delivery.objects.filter(attempt_at__isnull=False, state__in=CLOCKED)
    attended = Delivery.objects.needing_attention()
    for channel, state, count in [*_by_state(under_way), *_by_state(attended)]:
        family.add_metric([channel, state], count)
    for channel, _, count in _by_state(attended.filter(bounced_at__isnull=False)):
        family.add_metric([channel, "bounced"], count)
    yield family
    yield from _channels(now)


def _by_state(rows: DeliveryQuerySet) -> Iterator[tuple[str, str, int]]:
    """How many of each channel and state. A bounced message counts as failed, too."""
    counted = rows.values_list("channel", "state").annotate(Count("pk"))
    return counted.order_by("channel", "state").iterator()


def _channels(now: datetime) -> Iterator[GaugeMetricFamily]:
    resting = _family("channel_resting", "1 while a channel rests, and why.", "channel", "fault")
    rests = Breaker.objects.of_channels().filter(opened_at__isnull=False).order_by("channel")
    for channel, ours in rests.values_list("channel", "ours"):
        resting.add_metric([channel, "ours" if ours else "far_end"], 1)
    closed = _family("suppressed_addresses", "Addresses that take no messages.", "channel")
    mails = _family("mails_today", "Mails that came in, and what became of them.", *_OF_A_MAIL)
    for channel, outcome, reason, count in _closed_and_come(now):
        if channel:
            closed.add_metric([channel], count)
        else:
            mails.add_metric([outcome, reason], count)
    yield from (resting, closed, mails)
    disabled = Endpoint.objects.filter(disabled_at__isnull=False).count()
    yield _gauge("disabled_endpoints", "Webhook endpoints that were switched off.", disabled)


def _closed_and_come(now: datetime) -> Iterator[tuple[str, str, str, int]]:
    """Closed addresses by their channel, and without one today's mails: one query for both."""
    none = Value("", output_field=CharField())
    closed = Suppression.objects.order_by().values("channel")
    closed = closed.annotate(outcome=none, reason=none, mails=Count("pk"))
    came = MailTally.objects.filter(on=now.date()).annotate(channel=none)
    named = ("channel", *_OF_A_MAIL, "mails")
    both = closed.values_list(*named).union(came.values_list(*named), all=True)
    return both.order_by("channel", *_OF_A_MAIL).iterator()


def _findings(state: State) -> Iterator[GaugeMetricFamily]:
    family = _family("audit_findings", "Rows that break an invariant, by its number.", "invariant")
    for number, count in sorted(state.findings.items()):
        family.add_metric([number], count)
    yield family


def _family(name: str, said: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"followthrough_{name}", said, labels=labels)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"followthrough_{name}", said, value=value)
