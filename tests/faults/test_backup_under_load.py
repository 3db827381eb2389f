"""A backup that is taken while everybody works is put back, holds together, and doubles nothing."""

from __future__ import annotations

import os
import threading
from collections import Counter
from itertools import count

import pytest
from django.db import connection

from commitments.models import Commitment
from notifications.models import Delivery
from tests.faults.makers import arrived, nothing_breaks_a_rule, nothing_is_due, states
from tests.faults.program import Program
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]


@pytest.mark.timeout(240)
def test_what_was_backed_up_under_load_is_restored_whole_and_sends_nothing_twice(stand: Stand):
    """Kill, restore, verify: promises are made and mails are sent all the while."""
    tools = {"PATH": f"{stand.cluster.programs}{os.pathsep}{os.environ['PATH']}"}
    program = Program(stand.port)
    stand.web()
    stand.worker()
    stand.beat()
    until(program.finds_it_alive)
    enough, made = threading.Event(), Counter[int]()

    def promise_on() -> None:
        for number in count():
            if enough.is_set():
                return
            made[program.make(number).status] += 1

    caller = threading.Thread(target=promise_on)
    caller.start()
    until(lambda: len(stand.sink.accepted) > 10)
    before = len(stand.sink.accepted)
    backed_up = stand.manage("backup", "--to", str(stand.folder), **tools)
    until(lambda: len(stand.sink.accepted) > before + 10)
    enough.set()
    caller.join()
    assert backed_up.returncode == 0, backed_up.stderr
    (folder,) = stand.folder.glob("followthrough-*Z")
    for process in list(stand.processes):
        process.end()
    sent = arrived(stand.sink)

    connection.close()
    stand.cluster.say(f"drop database {stand.database} with (force)", to="postgres")
    stand.cluster.say(f"create database {stand.database}", to="postgres")
    restored = stand.manage("restore", str(folder), **tools)
    assert restored.returncode == 0, restored.stderr
    verified = stand.manage("verify_history")

    assert verified.returncode == 0, verified.stderr
    assert 0 < Commitment.objects.count() < made[201]
    assert "queued" not in states()
    in_doubt = set(Delivery.objects.filter(state="uncertain").values_list("address", flat=True))
    assert stand.manage("release", "--what", "all").returncode == 0
    stand.worker()
    stand.beat()
    until(nothing_is_due)
    nothing_breaks_a_rule()
    assert {
        to for to, times in arrived(stand.sink).items() if times > 1 and to.startswith("tom")
    } == set()
    assert sent.keys() <= arrived(stand.sink).keys()
    assert in_doubt or sent
