"""Zones, policies and people that change in mid-climb, and verbs that race rounds.

F45, F46 and F48; F47 stands in `test_races`.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.utils import timezone

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Calendar, Commitment, Event, Step, Team
from notifications.models import Delivery
from tests.faults.makers import (
    HOUR,
    MINUTE,
    OWNER,
    a_sleepless_team,
    addresses,
    arrived,
    promises,
    states,
)
from tests.faults.stand import Stand
from tests.makers import ana, fresh

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]


def test_f45_another_zone_moves_no_promised_time(stand: Stand):
    """F45: of the team's calendar and of the customer; only what is shown changes."""
    kettle, *_ = promises(3, due=HOUR)
    due_at, clock = kettle.due_at, fresh(kettle).next_action_at

    Calendar.objects.update(zone="Pacific/Auckland")
    kettle.customer.zone = "America/Los_Angeles"
    kettle.customer.save()
    stand.do(at=timezone.now() + HOUR - MINUTE)
    assert states() == {}
    stand.do(at=timezone.now() + HOUR + MINUTE)

    assert (fresh(kettle).due_at, states()) == (due_at, {"sent": 3})
    assert clock == due_at


def test_f46_a_policy_edited_in_mid_climb_changes_no_promise_under_way(stand: Stand):
    """F46: the version agreed to holds, though newer ones add and drop steps."""
    [kettle] = promises(1, due=HOUR, ladder=[(0, ["owner"]), (60, ["lead"])])
    a_sleepless_team([(0, ["manager"])])
    a_sleepless_team([(120, ["manager"]), (0, ["owner"]), (0, ["lead"])])

    for minutes in (61, 63, 65):
        stand.do(at=timezone.now() + minutes * MINUTE)

    taken = Event.objects.filter(commitment=kettle, kind="step_taken").order_by("sequence")
    assert [(event.step, event.audience) for event in taken] == [(1, "owner"), (2, "lead")]
    assert Step.objects.filter(version=kettle.policy_version).count() == 2
    assert set(stand.sink.by_message_id().values()) == {1}


def test_f46_with_its_owner_gone_somebody_else_hears_of_it(stand: Stand):
    """F46: nobody is mailed who has left, and the step is not lost."""
    promises(3, ladder=OWNER)
    gone = ana()
    gone.is_active = False
    gone.save()

    stand.do()

    told = Delivery.objects.filter(audience="staff", channel="inbox", state="sent")
    assert gone.pk not in set(told.values_list("person_id", flat=True))
    assert set(told.values_list("about", flat=True)) == {
        one.about for one in Commitment.objects.all()
    }
    assert gone.email not in stand.sink.recipients
    assert stand.sink.recipients


def test_f46_a_team_with_promises_cannot_be_deleted(stand: Stand):
    """F46."""
    [kettle] = promises(1)

    with pytest.raises(ProtectedError):
        Team.objects.get(pk=kettle.team_id).delete()
    stand.do()

    assert (states(), arrived(stand.sink)) == ({"sent": 1}, addresses(range(1)))


def test_f48_a_due_time_that_moves_while_it_comes_due_begins_a_new_climb(stand: Stand):
    """F48: whichever was first, the new revision alone goes on; no step is taken twice."""
    due = promises(40, ladder=OWNER)
    moved_to = timezone.now() + 2 * HOUR

    def move() -> None:
        for kettle in reversed(due):
            services.move(
                kettle.pk,
                by=ana(),
                due_at=moved_to,
                reason="The part is late",
                told=services.Told.PHONE,
                now=timezone.now(),
            )
        connection.close()

    mover = threading.Thread(target=move)
    mover.start()
    rounds = [stand.round("sweep") for _ in range(2)]
    mover.join()
    for each in rounds:
        assert each.wait() == 0
    stand.do()
    stand.do(at=moved_to + timedelta(minutes=1))

    for kettle in due:
        events = kettle.events.order_by("sequence").values_list("kind", "revision", "step")
        steps = [(revision, step) for kind, revision, step in events if kind == "step_taken"]
        before, after = steps[:-1], steps[-1]
        assert (before in ([], [(1, 1)]), after) == (True, (2, 1))
        kinds = [kind for kind, _, _ in events]
        assert "step_taken" in kinds[kinds.index("moved") :]
        assert kinds[: kinds.index("moved")].count("step_taken") == len(before)
        assert fresh(kettle).due_at == moved_to
    assert set(stand.sink.by_message_id().values()) == {1}


def test_f48_of_a_promise_closed_while_others_close_it_one_closing_counts(stand: Stand):
    """F48 and F47: four at once, in threads of their own."""
    [kettle] = promises(1, due=HOUR)
    refused: list[CommitmentError] = []

    def close() -> None:
        try:
            services.fulfil(kettle.pk, by=ana(), how="Sent", now=timezone.now())
        except CommitmentError as no:
            refused.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    assert kettle.events.filter(kind="fulfilled").count() == 1
