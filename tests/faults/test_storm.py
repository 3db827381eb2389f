"""The kill storm, ten minutes long or FAULTS_MINUTES; `make faults` runs it and shows its table."""

from __future__ import annotations

import pytest

from tests.faults import storm
from tests.faults.stand import Stand

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.long_fault]


@pytest.mark.timeout(storm.minutes() * 60 * storm.PATIENCE + 900)
def test_f08_a_storm_of_kills_loses_nothing_and_doubles_nothing(
    stand: Stand, capsys: pytest.CaptureFixture[str]
):
    """F8: web, beat, workers, their senders and the database, at random."""
    reckoning = storm.Storm(stand, minutes=storm.minutes()).rage()

    with capsys.disabled():
        print(f"\n\n{reckoning.table()}\n")  # noqa: T201 - the table is what it is run for
        print(*reckoning.lost, *reckoning.doubled, *reckoning.findings, sep="\n")  # noqa: T201
    assert reckoning.lost == []
    assert reckoning.doubled == []
    assert reckoning.findings == []
    assert reckoning.kills.total() >= round(storm.minutes() * 50)
    assert reckoning.sends >= round(storm.minutes() * 1000)
