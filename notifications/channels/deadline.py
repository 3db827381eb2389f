"""A total time limit on a library's call, which nobody can interrupt: we stop waiting for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import connections

Answer = TypeVar("Answer")


class TookTooLong(Exception):
    """The call goes on behind our back, and may yet succeed."""


def within(limit: timedelta, call: Callable[[], Answer]) -> Answer:
    """What the call answers or raises. Raises TookTooLong instead once its time is up.

    Should it use the database, it does so over a connection that ends with it.
    """
    answers: list[Answer] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            answers.append(call())
        except Exception as error:  # noqa: BLE001  # raised again where it was called
            errors.append(error)
        finally:
            connections.close_all()

    working = threading.Thread(target=work, daemon=True)
    working.start()
    working.join(limit.total_seconds())
    if errors:
        raise errors[0]
    if not answers:
        raise TookTooLong(f"no answer within {limit.total_seconds():g} s")
    return answers[0]
