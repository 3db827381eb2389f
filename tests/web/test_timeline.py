from __future__ import annotations

from commitments.models import EventKind
from commitments.web import timeline


def test_every_kind_of_event_has_a_line() -> None:
    assert timeline.known_kinds() == frozenset(EventKind)
