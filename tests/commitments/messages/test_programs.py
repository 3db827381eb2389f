"""A program is told of what it asked for, in the transaction in which it happens, and once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import PolicyVersion, Subscription, Team, User
from commitments.models.subscription import EVERYTHING
from commitments.policies import replanning
from commitments.rules.ladder import Basis
from notifications import delivery, outbox
from notifications.models import Delivery, Endpoint
from tests import http
from tests.commitments.ladders import climb_by, rung
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, ana, ines, stand_under
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_subscriber(
    *kinds: str, teams: Sequence[Team] = (), name: str = "Desk", url: str = "https://desk.example/"
) -> Endpoint:
    """A program that asked for these kinds, of these teams or of all."""
    endpoint = an_endpoint(url, name)
    asked = Subscription.objects.create(
        endpoint_id=endpoint.pk, kinds=list(kinds), every_team=not teams
    )
    asked.teams.set(teams)
    return endpoint


def told(endpoint: Endpoint) -> list[str]:
    """What it is told, in the order of events."""
    rows = Delivery.objects.filter(address=endpoint.address).order_by("event_id")
    return [row.context["type"] for row in rows]


def test_it_is_told_what_it_asked_for_and_nothing_else() -> None:
    desk = a_subscriber("moved", "fulfilled")
    kettle = a_commitment(summary=False)

    services.update(kettle.pk, by=ana(), words="Packed", tell_customer=False, now=NOON)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)

    assert told(desk) == ["promise.fulfilled"]


def test_whoever_asked_for_everything_hears_the_whole_history() -> None:
    desk = a_subscriber(EVERYTHING)
    kettle = a_commitment(summary=False)

    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)

    kinds = kettle.events.order_by("sequence").values_list("kind", flat=True)
    assert told(desk) == [f"promise.{kind}" for kind in kinds]


def test_it_reads_a_reference_and_how_the_promise_stands_and_nobodys_name(
    settings: LazySettings,
) -> None:
    settings.PUBLIC_URL = "https://promises.example.com"
    desk = a_subscriber("fulfilled")
    kettle = a_commitment(case="T-1042")

    services.fulfil(kettle.pk, by=ana(), how="Sent it to Tom", now=NOON + HOUR)

    [row] = Delivery.objects.filter(address=desk.address)
    assert row.context == {
        "type": "promise.fulfilled",
        "timestamp": "2026-05-21T13:00:00+00:00",
        "reference": kettle.reference,
        "url": f"https://promises.example.com/promises/{kettle.reference}/",
        "sequence": 2,
        "status": "fulfilled",
        "outcome": "on_time",
        "due_at": "2026-05-21T18:00:00+00:00",
        "first_due_at": "2026-05-21T18:00:00+00:00",
        "is_overdue": False,
        "is_not_told": False,
        "urgent": False,
        "kind": "followup",
        "team": "Billing care",
        "team_id": kettle.team_id,
        "owner_id": ana().pk,
        "actor_id": ana().pk,
        "case": "T-1042",
        "revision": 1,
        "step": None,
        "repetition": 0,
    }
    assert not {"Tom", "kettle"} & set(str(row.context).split())


def test_of_other_teams_it_hears_nothing() -> None:
    desk = a_subscriber(EVERYTHING, teams=[a_team("Repairs")])

    a_commitment()

    assert told(desk) == []


def test_a_team_hears_that_a_promise_has_left_it() -> None:
    billing, repairs = a_team(), a_team("Repairs")
    theirs = a_subscriber("reassigned", teams=[billing], name="Billing")
    others = a_subscriber("reassigned", teams=[repairs], name="Repairs")
    kettle = a_commitment(team=billing)

    services.hand_to_team(kettle.pk, by=ines(), team_id=repairs.pk, note="Yours", now=NOON)

    assert (told(theirs), told(others)) == (["promise.reassigned"], ["promise.reassigned"])


def test_what_did_not_happen_after_all_is_told_to_nobody() -> None:
    desk = a_subscriber(EVERYTHING)
    kettle = a_commitment()
    before = told(desk)

    with suppress(RuntimeError), transaction.atomic():
        services.update(kettle.pk, by=ana(), words="Packed", tell_customer=False, now=NOON)
        raise RuntimeError("The request dies here.")

    assert told(desk) == before


def test_what_was_told_is_not_taken_back_when_the_promise_closes() -> None:
    desk = a_subscriber("made", "fulfilled", "undone")
    kettle = a_commitment()

    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)
    done = kettle.events.get(kind="fulfilled")
    services.undo(done.pk, by=ana(), now=NOON)

    assert told(desk) == ["promise.made", "promise.fulfilled", "promise.undone"]
    assert set(Delivery.objects.filter(address=desk.address).values_list("state", flat=True)) == {
        "queued"
    }


def test_a_round_tells_of_the_breach_and_the_steps() -> None:
    desk = a_subscriber("breached", "step_taken")
    kettle = a_commitment(case="T-1", summary=False)
    climb_by(kettle, rung(1, 0))

    sweep.run(NOON + 7 * HOUR)

    assert told(desk) == ["promise.breached", "promise.step_taken"]
    cases = {row.context["case"] for row in Delivery.objects.filter(address=desk.address)}
    assert cases == {"T-1"}


def test_a_step_that_names_a_program_is_not_told_to_it_twice() -> None:
    desk = a_subscriber("step_taken")
    other = a_subscriber("step_taken", name="Other")
    kettle = a_commitment(summary=False)
    climb_by(kettle, rung(1, 0, f"webhook:{desk.pk}"))

    sweep.run(NOON + 7 * HOUR)

    templates = dict(Delivery.objects.filter(channel="webhook").values_list("address", "template"))
    assert templates == {desk.address: "webhook_step", other.address: "webhook_event"}


@pytest.mark.parametrize("batch", [2, 20])
def test_a_batch_takes_two_statements_more_where_somebody_hears_of_it(batch: int) -> None:
    def statements(case: str) -> int:
        for number in range(batch):
            kettle = a_commitment(case=f"{case}{number}", summary=False)
            stand_under(kettle, [(Basis.ELAPSED, 0, ["owner"])])
        Delivery.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            sweep.run(NOON + 7 * HOUR)
        return len(captured)

    before = statements("alone")
    desk = a_subscriber("breached")

    assert statements("heard") == before + 2  # who hears, and the cases; all is sent in one
    assert len(told(desk)) == batch


def test_where_nobody_subscribes_a_verb_asks_nothing_for_it() -> None:
    def statements() -> int:
        kettle = a_commitment(summary=False)
        with CaptureQueriesContext(connection) as captured:
            services.update(kettle.pk, by=ana(), words="Packed", tell_customer=False, now=NOON)
        return len(captured)

    before = statements()
    a_subscriber("moved", name="Of something else")
    asked = statements()
    a_subscriber("updated")

    assert (asked, statements()) == (before + 1, before + 2)


def test_a_new_version_of_a_policy_is_told_of() -> None:
    kettle = a_commitment(summary=False)
    version = stand_under(kettle, [(Basis.ELAPSED, 0, ["owner"])])
    desk = a_subscriber("replanned")
    newer = PolicyVersion.objects.create(policy=version.policy, number=2, made_at=NOON)
    newer.replans.create(asked_at=NOON, next_at=NOON)

    replanning.replan_round(NOON)

    assert told(desk) == ["promise.replanned"]


def test_what_happens_in_the_week_after_it_was_switched_off_is_kept_for_it() -> None:
    desk = a_subscriber("made")
    Endpoint.objects.update(disabled_at=NOON, disabled_because="Switched off.")

    a_commitment(case="1", now=NOON + DAY, due_at=NOON + 2 * DAY)
    a_commitment(case="2", now=NOON + 8 * DAY, due_at=NOON + 9 * DAY)
    delivery.run(NOON + DAY)

    [row] = Delivery.objects.filter(address=desk.address)
    assert (row.state, row.reason) == ("cancelled", "This endpoint is switched off.")


def test_what_it_asked_for_arrives_although_the_promise_has_changed_hands_since(
    settings: LazySettings,
) -> None:
    with http.sink() as far_end:
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
        settings.WEBHOOK_PORTS = [far_end.port]
        a_subscriber("made", url=far_end.url)
        kettle = a_commitment(summary=False)
        services.hand_to_team(
            kettle.pk, by=ines(), team_id=a_team("Repairs").pk, note="Yours", now=NOON
        )
        delivery.run(NOON)

        assert [request.json["type"] for request in far_end.seen] == ["promise.made"]


def test_one_that_it_never_took_is_no_business_of_the_team_but_administrators_hear_once() -> None:
    User.objects.create_superuser("root@larkfield.example", name="Root")
    desk = a_subscriber("made")
    kettle = a_commitment(summary=False)
    [row] = Delivery.objects.filter(address=desk.address)

    for _ in range(2):
        outbox.leases.subject().settled(row.as_delivered(), "failed", NOON)

    assert kettle.events.filter(kind="message_not_sent").count() == 0
    notices = Delivery.objects.filter(template="unreached", channel="email")
    assert [notice.address for notice in notices] == ["root@larkfield.example"]
    assert notices[0].context["url"].endswith(f"/settings/webhooks/{desk.pk}/")
