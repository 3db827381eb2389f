"""Who keeps a promise in the very moment it comes due, and who is told of it all the same. F47.

PostgreSQL itself says what was committed first: it keeps the instant of every commit.
"""

from __future__ import annotations

import random
import threading
import time
from datetime import datetime, timedelta
from operator import itemgetter

import pytest
from django.utils import timezone

from commitments.models import Commitment
from notifications.models import Delivery
from tests.faults.makers import (
    SECOND,
    nothing_is_due,
    promises,
)
from tests.faults.program import Program
from tests.faults.stand import Stand, until
from tests.faults.storm import name_of

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
PACE = SECOND / 10
# Around the due time itself, and while a round begins and the mail about it is on its way.
MOMENTS = ((-0.05, 0.05), (0.05, 3))

_REMEMBER_MARKERS = """
create table marker (delivery bigint not null);
create function remember_marker() returns trigger language plpgsql as $$
begin
    insert into marker values (new.id);
    return null;
end $$;
create trigger remember_marker after update on notifications_delivery
    for each row when (new.phase = 'final' and old.phase <> 'final')
    execute function remember_marker();
"""
_MARKED_BEFORE_THE_END = """
select pg_xact_commit_timestamp(marker.xmin) < pg_xact_commit_timestamp(closing.xmin), count(*)
from marker
join notifications_delivery delivery on delivery.id = marker.delivery
join commitments_event closing
    on 'commitment:' || closing.commitment_id = delivery.about and closing.kind = 'fulfilled'
where delivery.template = 'slip_note'
group by 1
"""


class Keeper(threading.Thread):
    """Says through the API that each was kept, so many seconds after it came due."""

    def __init__(self, program: Program, due: list[Commitment], *, seed: int) -> None:
        super().__init__(daemon=True)
        dice = random.Random(seed)
        moments = [
            kettle.due_at + timedelta(seconds=dice.uniform(*MOMENTS[place % len(MOMENTS)]))
            for place, kettle in enumerate(due)
        ]
        self.program = program
        self.due = sorted(zip(moments, due, strict=True), key=itemgetter(0))
        self.statuses: list[int] = []

    def run(self) -> None:
        for moment, kettle in self.due:
            _sleep_until(moment)
            late_or_not = {"how": "Sent.", "cause": "took_longer"}
            path = f"/api/v1/commitments/{kettle.reference}/fulfil/"
            self.statuses.append(self.program.call("POST", path, late_or_not).status)


def _sleep_until(instant: datetime) -> None:
    time.sleep(max(0.0, (instant - timezone.now()).total_seconds()))


@pytest.mark.parametrize(
    "count",
    [80, pytest.param(500, marks=[pytest.mark.long_fault, pytest.mark.timeout(600)])],
)
def test_f47_whoever_is_written_to_was_so_before_the_promise_was_kept(stand: Stand, count: int):
    """F47: kept at its due time ±50 ms, or as its mail goes out: one or the other is first."""
    stand.cluster.say(_REMEMBER_MARKERS, to=stand.database)
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)
    due = promises(count, due=(2 + count / 20) * SECOND, pace=PACE)  # to lay down takes as long
    stand.sink.pause = 0.02
    keepers = [Keeper(program, due[first::2], seed=first) for first in (0, 1)]
    for keeper in keepers:
        keeper.start()
    while any(keeper.is_alive() for keeper in keepers):
        for each in [stand.round(), stand.round()]:
            assert each.wait() == 0
    stand.do()
    until(nothing_is_due)

    assert [status for keeper in keepers for status in keeper.statuses] == [200] * count
    notes = Delivery.objects.filter(template="slip_note")
    sent = {name_of(note) for note in notes.filter(state="sent")}
    came = stand.sink.by_message_id()
    assert set(notes.values_list("state", flat=True)) <= {"sent", "cancelled"}
    assert {name: came[name] for name in map(name_of, notes) if name in came} == dict.fromkeys(
        sent, 1
    )
    assert 0 < len(sent) < count  # each was first now and then
    marked = stand.cluster.say(_MARKED_BEFORE_THE_END, to=stand.database)
    assert marked == [(True, len(sent))]
    for kettle in due:
        kinds = list(kettle.events.order_by("sequence").values_list("kind", flat=True))
        assert kinds.count("fulfilled") == 1
        assert "step_taken" not in kinds[kinds.index("fulfilled") :]
        assert notes.filter(about=kettle.about).count() == kinds.count("step_taken")
