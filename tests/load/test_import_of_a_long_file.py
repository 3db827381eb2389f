"""The memory of an import does not grow with the length of its file."""

from __future__ import annotations

import csv
import io
import resource
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from commitments.imports import COLUMNS
from commitments.models import Commitment
from tests.makers import NOON, a_team

pytestmark = pytest.mark.django_db

MEGABYTE = 1_000_000


def a_long_file(folder: Path, length: int) -> Path:
    path = folder / f"{length}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(length):
            customer = (f"Customer {number}", f"customer-{number}@customers.example")
            at = (NOON + timedelta(minutes=number % 5000)).isoformat()
            promise = (f"Send part number {number}", "followup", "tomorrow" if number % 2 else "")
            writer.writerow(
                (f"case-{number}", "chat", "ana@larkfield.example", *customer, at, *promise)
            )
    return path


def bring_in(path: Path, **options: bool) -> list[str]:
    said = io.StringIO()
    asked = {"team": "Billing care", "now": NOON.isoformat()} | options
    call_command("import_commitments", path, stdout=said, **asked)
    return said.getvalue().splitlines()


def peak_of_judging(path: Path) -> int:
    """The most memory that Python held at once beyond what it held before, in bytes."""
    tracemalloc.start()
    try:
        bring_in(path, dry_run=True)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_judging_three_times_as_much_takes_no_more_memory(tmp_path: Path) -> None:
    """The shorter fills what is read ahead and its batches already."""
    a_team()
    peak_of_judging(a_long_file(tmp_path, 200))  # what is loaded once

    short, long = (peak_of_judging(a_long_file(tmp_path, length)) for length in (2000, 6000))

    assert long < short + MEGABYTE / 4


@pytest.mark.load
@pytest.mark.timeout(300)
def test_twenty_thousand_lines_are_brought_in_within_the_memory_of_two(tmp_path: Path) -> None:
    a_team()
    bring_in(a_long_file(tmp_path, 2000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    begun = time.monotonic()
    said = bring_in(a_long_file(tmp_path, 20_000))
    took = time.monotonic() - begun
    print(f"\n20,000 rows judged and 18,000 made in {took:.1f} s")

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kilobytes on Linux
    assert said[0] == "18000 promises imported for Billing care."
    assert Commitment.objects.count() == 20_000
    assert grown < 10_000
