"""Two days without a beat, and thousands of steps missed: one message a person, no storm. F19."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from commitments import digests, services, sweep
from commitments.models import CheckIn, Commitment, Customer, Event
from config import walk
from notifications.models import Delivery
from tests.faults.makers import (
    HOUR,
    MINUTE,
    a_sleepless_team,
    address,
    arrived,
    promises,
)
from tests.faults.stand import Stand
from tests.makers import a_draft, a_user, ana, events_of

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
DAY = 24 * HOUR
DOWN = timedelta(hours=48)
LADDER = (
    (-4 * 3600, ["owner"]),
    (-2 * 3600, ["owner"]),
    (0, ["owner"]),
    (2 * 3600, ["lead"]),
    (24 * 3600, ["manager", "customer"]),
)


def missed(count: int, *, now: datetime) -> None:
    """So many promises of three owners, made before the outage, due in the middle of it."""
    team = a_sleepless_team(LADDER)
    made_at = now - DOWN - HOUR
    for name in ("Bo Lind", "Cem Acar"):
        team.memberships.create(user=a_user(name), role="agent")
    owners = [ana(), a_user("Bo Lind"), a_user("Cem Acar")]
    with transaction.atomic():
        for number in range(count):
            customer = Customer.objects.create(name=f"Tom {number}", email=address(number))
            draft = a_draft(
                due_at=now - DOWN + 6 * HOUR + number * timedelta(seconds=1),
                team=team,
                customer=customer,
                case=str(number),
                summary=False,
                owner_id=owners[number % 3].pk,
                tell_owner=False,
            )
            services.make(draft, by=ana(), now=made_at)


def left_lying(*, now: datetime) -> tuple[Commitment, Commitment]:
    """What the outage caught on its way to customers: a note of the ladder's, which was written a
    moment before, and a question that is planned for a moment after. The promises they are about.
    """
    down_at = now - DOWN
    [kept] = promises(1, due=HOUR, start=5000, now=down_at - HOUR)
    services.fulfil(kept.pk, by=ana(), how="Sent", now=down_at - HOUR)
    walk.once(down_at - HOUR + MINUTE)  # that it is done is said
    CheckIn.objects.update(send_at=down_at + MINUTE)
    [broken] = promises(1, start=5001, now=down_at)
    sweep.run(down_at)
    return kept, broken


def catch_up(now: datetime) -> None:
    """The first minutes after the outage: rounds until nothing is due."""
    walk.walk(now, now + 5 * MINUTE)


@pytest.mark.parametrize(
    "count", [60, pytest.param(1008, marks=[pytest.mark.long_fault, pytest.mark.timeout(900)])]
)
def test_f19_after_48_hours_each_owner_gets_one_mail_and_no_customer_any(
    stand: Stand, settings: LazySettings, count: int
):
    """F19: each with five steps missed, so 5,040 in the long run of it. A note that lay in the
    outbox, and a question that was planned, are too old for their customers: the owner is asked.
    """
    settings.COMMITMENTS_LENGTHS, settings.NOTIFICATIONS_LENGTHS = {}, {}
    now = timezone.now()
    caught = left_lying(now=now)
    missed(count, now=now)
    stand.audited_at = now + 5 * MINUTE
    before = arrived(stand.sink)

    catch_up(now)

    assert arrived(stand.sink) - before == Counter(
        {f"{name}@larkfield.example": 1 for name in ("ana", "bo", "cem")}
    )
    events = Event.objects.exclude(commitment__in=caught)
    breaches = events.filter(kind="breached")
    assert breaches.count() == count
    assert all(
        event.at == event.commitment.due_at for event in breaches.select_related("commitment")
    )
    climbed = Counter(events.filter(kind="step_taken").values_list("commitment_id", flat=True))
    assert set(climbed.values()) == {1}
    kinds = Counter(events.values_list("kind", flat=True))
    assert kinds == {
        "made": count,
        "breached": count,
        "passed_over": 2 * count,
        "step_taken": count,
    }
    assert [events_of(each)[-1] for each in caught] == ["check_in_held", "message_not_sent"]
    note = Delivery.objects.get(template="slip_note")
    assert (note.state, CheckIn.objects.get().state) == ("expired", "held")
    asked = Delivery.objects.filter(template="undelivered", channel="inbox")
    assert sorted(asked.values_list("about", "address")) == [
        (each.about, "ana@larkfield.example") for each in caught
    ]


def test_f19_the_climb_goes_on_one_step_an_hour_and_asks_before_a_stale_note(
    stand: Stand, settings: LazySettings
):
    """F19: lead and manager follow at `min_gap`, each in one message."""
    settings.COMMITMENTS_LENGTHS, settings.NOTIFICATIONS_LENGTHS = {}, {}
    now = timezone.now()
    missed(12, now=now)
    stand.audited_at = now + HOUR + 5 * MINUTE

    catch_up(now)
    walk.walk(now + 5 * MINUTE, now + HOUR - MINUTE)
    assert "dev@larkfield.example" not in arrived(stand.sink)
    walk.walk(now + HOUR - MINUTE, now + HOUR + 5 * MINUTE)

    assert arrived(stand.sink)["dev@larkfield.example"] == 1
    assert "ines@larkfield.example" not in arrived(stand.sink)
    assert Delivery.objects.filter(state__in=["failed", "uncertain"]).count() == 0
    assert Commitment.objects.filter(next_action_at=None).count() == 0


EIGHT = datetime(2026, 5, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "said_at"),
    [
        # Back at nine: today's comes late, tomorrow's in time.
        (2, [EIGHT + HOUR, EIGHT + DAY]),
        (26, [EIGHT + DAY + HOUR, EIGHT + 2 * DAY]),
        # Back at seven: not early, and those of the days between are not made up for.
        (48, [EIGHT + 2 * DAY]),
    ],
)
def test_f19_the_morning_digest_comes_once_a_day_and_not_early(
    stand: Stand, hours: int, said_at: list[datetime]
):
    """F19: down since seven, before the first of them."""
    [kettle] = promises(1, due=30 * DAY, now=EIGHT - DAY)
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=EIGHT - DAY)
    Commitment.objects.update(next_action="", next_action_at=None)  # nothing but the digest
    digests.choices.choose(ana().pk, at=time(8), now=EIGHT - HOUR)
    back = EIGHT - HOUR + hours * HOUR

    for at in (back, back + MINUTE, EIGHT + _days(back) * DAY, EIGHT + _days(back) * DAY + MINUTE):
        stand.do(at=at)
        stand.audited_at = at

    written = Delivery.objects.filter(template="digest", channel="email").order_by("enqueued_at")
    assert list(written.values_list("enqueued_at", "state")) == [(at, "sent") for at in said_at]
    assert arrived(stand.sink)["ana@larkfield.example"] == len(said_at)


def _days(back: datetime) -> int:
    """To the first morning that is still to come then."""
    return -(-(back - EIGHT) // DAY)
