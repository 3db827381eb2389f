"""What a step may be, and how chains are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from commitments.errors import CommitmentError
from commitments.rules import steps
from commitments.rules.business_time import Hours
from commitments.rules.steps import WrongSteps
from tests.commitments.rules.office import CLOSED, HOUR, at, weekdays

LONDON = "Europe/London"
HOURS = Hours(LONDON, weekdays(((9 * 60, 17 * 60 + 30),)), {date(2026, 5, 25): CLOSED})
THURSDAY = at("2026-05-21 14:10", LONDON)


def test_a_step_never_runs_backwards_nor_in_another_zone() -> None:
    first = steps.started(THURSDAY, zone=LONDON)

    with pytest.raises(WrongSteps):
        replace(first, ends_at=THURSDAY - HOUR)
    with pytest.raises(WrongSteps):
        replace(first, ends_at=THURSDAY.astimezone(ZoneInfo(LONDON)))


def test_a_chain_survives_being_kept() -> None:
    elsewhere = steps.on_the_wall(
        THURSDAY, date(2026, 10, 25), time(1, 30), zone="Europe/Berlin", days=4
    )
    chains = [HOURS.walk(THURSDAY, 81 * HOUR), HOURS.walk_days(THURSDAY, 5), elsewhere]

    assert [steps.from_json(steps.to_json(chain)) for chain in chains] == chains


def test_what_is_kept_is_small() -> None:
    assert steps.to_json(steps.elapsed(THURSDAY, HOUR, zone="UTC")) == [
        {
            "what": "started",
            "from": "2026-05-21T13:10:00+00:00",
            "until": "2026-05-21T13:10:00+00:00",
            "on": "2026-05-21",
        },
        {
            "what": "elapsed",
            "from": "2026-05-21T13:10:00+00:00",
            "until": "2026-05-21T14:10:00+00:00",
            "on": "2026-05-21",
            "last_on": "2026-05-21",
            "seconds": 3600.0,
        },
    ]


START = {
    "what": "started",
    "from": "2026-05-21T13:10:00+00:00",
    "until": "2026-05-21T13:10:00+00:00",
    "on": "2026-05-21",
}


@pytest.mark.parametrize(
    "rows",
    [
        None,
        "steps",
        {"what": "started"},
        [None],
        [{}],
        [START | {"what": "guessed"}],
        [START | {"from": "yesterday"}],
        [START | {"until": "2026-05-21T13:00:00+00:00"}],
        [START | {"on": 5}],
        [START | {"days": "many"}],
        [START | {"seconds": float("nan")}],
        [START | {"seconds": 1e300}],
        [START | {"zone": "Mars/Olympus"}],
        [START | {"zone": 5}],
        [START | {"trouble": "thrice"}],
        [START, START],
        [START | {"what": "elapsed"}],
    ],
)
def test_what_are_no_steps_is_refused(rows: object) -> None:
    with pytest.raises(CommitmentError):
        steps.from_json(rows)


def test_no_steps_are_no_steps() -> None:
    assert steps.from_json([]) == ()
    assert not steps.leads_to((), THURSDAY)
