"""The worker's consumer, which outlives what its transport does not."""

from __future__ import annotations

import logging
from typing import Any

from celery.worker.consumer import Consumer

logger = logging.getLogger(__name__)


class Steadfast(Consumer):
    """Goes on with a new connection where an error of the transport's would end the worker.

    What cannot be read as a message at all is dropped: a stranger may push it onto the queue, and
    nobody but the transport reads it. When the broker dies in the middle of a task, the transport
    forgets where the broker was before it has given the message back: that wake-up is lost.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: what the framework hands over
        super().__init__(*args, **kwargs)
        unreadable = (ValueError, KeyError, TypeError)
        self.connection_errors += unreadable  # type: ignore[attr-defined]  # missing in its stubs

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        try:
            super().on_connection_error_after_connected(exc)
        except AttributeError as error:
            logger.warning("A wake-up could not be given back to the broker: %s", error)
