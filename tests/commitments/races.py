"""Two who act at once, each in a transaction of their own, in an order that is no chance."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction

Answer = TypeVar("Answer")

_WAITING = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


def first_then(
    first: Callable[[], object],
    then: Callable[[], Answer],
    *,
    before_the_end: Callable[[], object] = lambda: None,
) -> Answer:
    """`then` begins when `first` is done and not committed, and waits for it; what `then` answers.

    `before_the_end` is done in the transaction of the first, while `then` waits. Raises what they
    raise.
    """
    is_done, may_commit = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                first()
                is_done.set()
                assert may_commit.wait(30)
                before_the_end()
        finally:
            is_done.set()
            connection.close()

    def follow() -> Answer:
        try:
            assert is_done.wait(30)
            return then()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as crowd:
        held, followed = crowd.submit(hold), crowd.submit(follow)
        while not followed.done() and not _somebody_waits():
            pass
        may_commit.set()
        held.result(30)
        return followed.result(30)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])
