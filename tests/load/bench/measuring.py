"""Work done in a child of this process, and what it took: time, statements, memory."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, kw_only=True)
class Taken:
    """`memory` is the most the child ever held, in MiB; `answer` is what the work answered."""

    seconds: float
    statements: int
    memory: float
    answer: Any  # Any: whatever was measured answers


def apart(work: Callable[[], Any]) -> Taken:  # Any: whatever is measured answers
    """Run it in a fork with a connection of its own, so that nothing it holds is counted twice."""
    connection.close()
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    child = fork.Process(target=_measure, args=(work, sender))
    child.start()
    sender.close()  # or nobody would notice that the child has died
    taken: Taken = receiver.recv()
    child.join()
    return taken


def beside(works: Sequence[Callable[[], object]]) -> float:
    """Run them at once, each in a fork of its own; the seconds until the last has ended."""
    connection.close()
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=work) for work in works]
    began = time.perf_counter()
    for child in children:
        child.start()
    for child in children:
        child.join()
    took = time.perf_counter() - began
    assert not any(child.exitcode for child in children)
    return took


def _measure(work: Callable[[], Any], sender: Any) -> None:  # Any: a multiprocessing connection
    count = 0

    def counted(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += not sql.startswith("BEGIN")  # which one database's driver says unasked
        return execute(sql, params, many, context)

    connection.ensure_connection()
    with connection.execute_wrapper(counted):
        began = time.perf_counter()
        answer = work()
        took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send(Taken(seconds=took, statements=count, memory=memory, answer=answer))
    connection.close()
