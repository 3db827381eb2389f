from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import Max

from notifications.delivery import audit
from notifications.models import Delivery
from tests.notifications.conftest import _invented_messages, sink, subject

__all__ = ["_invented_messages", "sink", "subject"]


@pytest.fixture(autouse=True)
def _nothing_breaks_a_rule(transactional_db: None) -> Iterator[None]:
    """`audit_delivery` finds nothing among the messages, as of the last that was written of any."""
    yield
    last = Delivery.objects.aggregate(
        enqueued=Max("enqueued_at"), tried=Max("tried__started_at"), settled=Max("settled_at")
    )
    now = max(at for at in last.values() if at is not None)
    broken = [f"{found.number} {found.key}: {found.rule}" for found in audit.broken(now)]
    assert not broken, broken
