"""The worker's consumer, which outlives a message that is none."""

from __future__ import annotations

from typing import Any

from celery.worker.consumer import Consumer


class Steadfast(Consumer):
    """Drops what cannot be read as a message at all, and goes on with a new connection.

    What a stranger pushes onto the queue would otherwise end the worker: nobody but the transport
    reads it, and it lets the error of its parser out.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: what the framework hands over
        super().__init__(*args, **kwargs)
        unreadable = (ValueError, KeyError, TypeError, AttributeError)
        self.connection_errors += unreadable  # type: ignore[attr-defined]  # missing in its stubs
