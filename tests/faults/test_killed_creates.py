"""Programs that make promises all at once, and a web server that is killed while they do.

Each asks again until it is told, as a program does that must not lose what it was told to keep.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from commitments.models import Commitment
from tests.config import houses
from tests.faults.program import NO_ANSWER, Answer, Program
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.faults]

KEYS = 100
TWICE = [*range(KEYS), *range(KEYS)]
ALL_AT_ONCE = 25
COME_AGAIN = (NO_ANSWER, 409, 503)


@pytest.mark.postgresql
def test_two_hundred_creates_with_a_hundred_keys_make_a_hundred_promises(stand: Stand) -> None:
    program = Program(stand.port)
    web = stand.web(env={"WEB_PROCESSES": "2"})
    until(program.finds_it_alive)

    def kill_it_twice() -> None:
        for made in (20, 60):
            until(lambda made=made: Commitment.objects.count() >= made)
            web.end()
            web.start()

    answers = all_told(lambda number: program.make(number, key=f"call-{number}"), kill_it_twice)

    assert references_of(answers) == {each.reference for each in Commitment.objects.all()}
    assert Commitment.objects.count() == KEYS


def test_on_sqlite_as_well(tmp_path: Path) -> None:
    lengths = json.dumps({"api_changes_a_minute": 10**6, "api_calls_a_minute": 10**6})
    with houses.a_house(tmp_path, COMMITMENTS_LENGTHS=lengths) as house:
        token = houses.manage(
            "make_token", "--email", "ana@larkfield.example", folder=tmp_path
        ).stdout.strip()
        before, killed = count_in(tmp_path), list[psutil.Process]()

        def kill_it() -> None:
            until(lambda: count_in(tmp_path) >= before + 20)
            for each in house.processes():
                with suppress(psutil.NoSuchProcess):  # it fell with the first
                    if "gunicorn" in " ".join(each.cmdline()):
                        each.kill()
                        killed.append(each)

        answers = all_told(lambda number: made_by(house, token, number), kill_it)

        assert killed
        assert len(references_of(answers)) == KEYS
        assert count_in(tmp_path) == before + KEYS


def all_told(make: Callable[[int], Answer], kill: Callable[[], None]) -> list[tuple[int, Answer]]:
    """Two programs for each number, all at once, each until it was told; meanwhile, `kill`."""

    def until_told(number: int) -> tuple[int, Answer]:
        while (answer := make(number)).status in COME_AGAIN:
            time.sleep(0.1)
        return number, answer

    with ThreadPoolExecutor(ALL_AT_ONCE) as pool:
        told = [pool.submit(until_told, number) for number in TWICE]
        kill()
        return [each.result() for each in told]


def references_of(answers: list[tuple[int, Answer]]) -> set[str]:
    """Those that were told; both programs of a number were told the same."""
    assert {answer.status for _, answer in answers} == {201}
    told = {(number, answer.body["reference"]) for number, answer in answers}
    assert len(told) == KEYS
    return {reference for _, reference in told}


def made_by(house: houses.House, token: str, number: int) -> Answer:
    body = {
        "customer": {"name": f"Tom {number}", "email": f"tom{number}@customers.example"},
        "wording": "Send the kettle's replacement part",
        "kind": "followup",
        "due": "within 3 business days",
    }
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"call-{number}",
    }
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    try:
        line.request("POST", "/api/v1/commitments/", json.dumps(body), headers)
        answer = line.getresponse()
        read = answer.read()
    except (OSError, http.client.HTTPException):
        return Answer(status=NO_ANSWER, headers={}, body={}, took=0)
    finally:
        line.close()
    return Answer(status=answer.status, headers={}, body=json.loads(read), took=0)


def count_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "followthrough.sqlite3", timeout=30)) as database:
        return int(database.execute("select count(*) from commitments_commitment").fetchone()[0])
