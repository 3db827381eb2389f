"""Figures for Prometheus: right, cheap, without a name in them, and not for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from commitments.models import Commitment, MailTally, Schedule
from notifications.models import AuditFinding, Breaker, Delivery, Endpoint, JobRound, Suppression
from tests.makers import DAY, HOUR, MINUTE, a_commitment, a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Figures = dict[tuple[str, ...], float]


def scrape(client: Client, **headers: str) -> Figures:
    """Each figure by its name, without our prefix, and its labels' values."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("followthrough_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_promises_are_counted_over_all_teams(client: Client) -> None:
    now = timezone.now()
    long_ago = {"now": now - 3 * DAY, "promised_at": now - 30 * DAY, "summary": False}
    a_commitment(due_at=now - HOUR, case="1", **long_ago)
    told = a_commitment(due_at=now - HOUR, case="2", team=a_team("Repairs"), **long_ago)
    Commitment.objects.filter(pk=told.pk).update(told_at=now)
    a_commitment(due_at=now + 40 * DAY, case="3", **long_ago)

    figures = scrape(client)

    assert figures["overdue_promises",] == 2
    assert figures["not_told_promises",] == 1
    assert figures["due_today_promises",] == 0


def test_what_is_due_today_ends_with_the_companys_day(client: Client, settings: Settings) -> None:
    settings.COMPANY_ZONE = "Pacific/Auckland"
    now = timezone.now()
    made = a_commitment(due_at=now + 10 * DAY, now=now - DAY, summary=False)
    Commitment.objects.filter(pk=made.pk).update(due_at=now + timedelta(seconds=1))

    assert scrape(client)["due_today_promises",] in {0, 1}  # a second before midnight it is none
    Commitment.objects.filter(pk=made.pk).update(due_at=now + DAY)
    assert scrape(client)["due_today_promises",] == 0


def test_clocks_jobs_and_jumps(client: Client) -> None:
    now = timezone.now()
    made = a_commitment(due_at=now + 10 * DAY, now=now - DAY, summary=False)
    Commitment.objects.filter(pk=made.pk).update(next_action_at=now - HOUR, next_action="put_off")
    Schedule.objects.update(next_at=None)
    JobRound.objects.create(
        name="remind_owners",
        finished_at=now - MINUTE,
        left_due=3,
        stepped_at=now - HOUR,
        stepped_by=-3600,
    )
    every, _ = IntervalSchedule.objects.get_or_create(every=10, period="seconds")
    PeriodicTask.objects.create(name="escalate_overdue", task="t", interval=every, enabled=False)

    figures = scrape(client)

    assert round(figures["oldest_due_seconds", "commitments"] / 60) == 60
    assert figures["oldest_due_seconds", "schedules"] == 0
    assert figures["put_off_promises",] == 1
    assert figures["job_left_due", "remind_owners"] == 3
    assert round(figures["job_round_age_seconds", "remind_owners"] / 60) == 1
    assert figures["clock_step_seconds", "remind_owners"] == -3600
    assert (figures["job_paused", "escalate_overdue"], figures["paused_after_restore",]) == (1, 0)


def test_messages_by_channel_and_state(client: Client) -> None:
    now = timezone.now()
    for place, facts in enumerate(
        [
            {},
            {"state": "leased", "phase": "final"},
            {"state": "failed", "attempt_at": None, "settled_at": now},
            {"state": "failed", "attempt_at": None, "settled_at": now, "bounced_at": now},
            {"state": "failed", "attempt_at": None, "settled_at": now, "attended_at": now},
            {"state": "uncertain", "attempt_at": None, "settled_at": now},
            {"state": "sent", "attempt_at": None, "settled_at": now},
        ]
    ):
        kettle = a_commitment(case=str(place))
        Delivery.objects.filter(about=kettle.about).update(**facts)

    figures = scrape(client)

    assert {key[1:]: value for key, value in figures.items() if key[0] == "deliveries"} == {
        ("email", "queued"): 1,
        ("email", "leased"): 1,
        ("email", "failed"): 2,
        ("email", "bounced"): 1,
        ("email", "uncertain"): 1,
    }


def test_channels_at_rest_closed_addresses_and_findings(client: Client) -> None:
    now = timezone.now()
    Breaker.objects.create(channel="email", opened_at=now, until=now, ours=True)
    Breaker.objects.create(channel="webhook", opened_at=now, until=now)
    Breaker.objects.create(channel="endpoint:7", opened_at=now, until=now)
    Suppression.objects.create(channel="email", address="gone@x.example", since=now, cause="550")
    Endpoint.objects.create(name="ERP", url="u", secret="s", made_at=now, disabled_at=now)
    AuditFinding.objects.create(number="I7", about="commitment 1", rule="r", found_at=now)

    figures = scrape(client)

    assert figures["channel_resting", "email", "ours"] == 1
    assert figures["channel_resting", "webhook", "far_end"] == 1
    assert ("channel_resting", "endpoint:7", "far_end") not in figures
    assert figures["suppressed_addresses", "email"] == 1
    assert figures["disabled_endpoints",] == 1
    assert figures["audit_findings", "I7"] == 1


def test_nobody_is_named(client: Client) -> None:
    a_commitment()
    Delivery.objects.update(state="failed", attempt_at=None, settled_at=timezone.now())
    Suppression.objects.create(
        channel="email", address="tom@customers.example", since=timezone.now(), cause="550 Tom"
    )

    said = client.get("/metrics").content.decode().lower()

    assert not [word for word in ("tom@", "okafor", "ana@", "larkfield", "kettle") if word in said]


def test_a_scrape_asks_as_often_for_many_as_for_few(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 12):
        for place in range(count):
            a_commitment(case=f"{count}:{place}", team=a_team(f"Team {place}"))
        with django_assert_num_queries(11):
            client.get("/metrics")


def test_with_a_token_only_its_holder_reads(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "open sesame"

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer sesame"}).status_code == 404
    assert ("overdue_promises",) in scrape(client, Authorization="Bearer open sesame")


@pytest.mark.parametrize(
    ("facts", "embedded"),
    [
        ({"REMOTE_ADDR": "192.0.2.7"}, True),
        ({"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, True),
        ({}, False),
    ],
)
def test_without_a_token_only_this_machine_reads_and_only_embedded(
    client: Client, settings: Settings, facts: dict[str, str], embedded: bool
) -> None:
    settings.EMBEDDED = embedded

    assert client.get("/metrics", **facts).status_code == 404


def test_nothing_is_posted_there(client: Client) -> None:
    assert client.post("/metrics").status_code == 405


def test_mails_that_came_in_are_counted(client: Client) -> None:
    now = timezone.now()
    for _ in range(3):
        MailTally.objects.one_more("taken", "an answer", now=now)
    MailTally.objects.one_more("dropped", "a loop", now=now - 2 * DAY)
    MailTally.objects.one_more("quarantined", "too deep", now=now)

    figures = scrape(client)

    assert figures["mails_today", "taken", "an answer"] == 3
    assert ("mails_today", "dropped", "a loop") not in figures
    assert figures["mails_today", "quarantined", "too deep"] == 1
