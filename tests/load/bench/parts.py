"""The parts of `make bench`, each a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from tests.load.bench import (
    calling,
    delivering,
    exporting,
    posting,
    reporting,
    restoring,
    sweeping,
)
from tests.load.bench.filling import Company
from tests.load.bench.measuring import apart

if TYPE_CHECKING:
    from tests.load.bench.__main__ import Size

# Nothing is cut short by the length of a round while it is measured.
_PATIENT = {"round": timedelta(hours=1)}


def run(size: Size, parts: Sequence[str]) -> None:
    """In a new database of this run's own, which is dropped at the end."""
    settings.COMMITMENTS_LENGTHS = settings.NOTIFICATIONS_LENGTHS = _PATIENT
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":  # a file: one in memory would be every child's own
        connection.settings_dict["TEST"]["NAME"] = f"{name}.bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        if "reports" in parts:  # asked for alone: they have promises of their own
            reporting.measure(size.stored, people=size.reported_people)
        elif "api" in parts:
            calling.measure((10_000, *size.stored), people=size.reported_people)
        elif "restore" in parts:
            restoring.measure(size.restored)
        else:
            _measure(size, parts)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure(size: Size, parts: Sequence[str]) -> None:
    if set(parts) != {"webhooks"}:
        # In a child, or what this process held meanwhile would count as every other's memory.
        company = apart(partial(Company, people=size.due)).answer
    if "sweep" in parts:
        stages = size.stored if connection.vendor == "postgresql" else (size.stored_in_sqlite,)
        sweeping.measure(company, stages)
    if "delivery" in parts:
        delivering.measure(company, size.beside_mails)
    if "export" in parts:
        if company.stored < size.exported:
            company.grow_to(size.exported)
        exporting.measure(size.exported)
    if "webhooks" in parts:
        posting.measure(size.webhooks)
