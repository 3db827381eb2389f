from __future__ import annotations

from tests.notifications.conftest import _invented_messages, sink, subject

__all__ = ["_invented_messages", "sink", "subject"]
