"""The parts of the launcher, each by itself."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.environment import Environment
from config.launcher import broker, web
from config.launcher.installation import Installation
from config.launcher.keeper import Keeper, Service
from config.launcher.lock import Lock, Taken


def a_service(name: str, program: str, *, patience: float = 5) -> Service:
    return Service(
        name=name,
        command=[sys.executable, "-c", program],
        folder=Path("/"),
        environment=os.environ,
        patience=patience,
    )


def turn_until(keeper: Keeper, done: Callable[[], bool]) -> None:
    while not done():
        keeper.turn(0.05)


def test_what_a_service_says_carries_its_name():
    said: list[str] = []
    keeper = Keeper(said.append)

    ended_well = keeper.finishes(a_service("web", "print('one\\ntwo')"), unless=lambda: False)

    assert ended_well
    assert said == ["web    | one", "web    | two"]


def test_a_task_that_fails_is_told_from_one_that_ends_well():
    keeper = Keeper([].append)

    assert not keeper.finishes(a_service("prepare", "exit(3)"), unless=lambda: False)


def test_a_service_that_dies_is_started_again_after_a_pause():
    said: list[str] = []
    keeper = Keeper(said.append)

    keeper.start(a_service("beat", "print('hello'); exit(1)"))
    turn_until(keeper, lambda: said.count("beat   | hello") == 2)
    keeper.stop(hurry=lambda: True)

    assert "beat was ended with code 1; starting it again in 0.5 s" in said


def test_the_pause_grows_with_every_death_and_shrinks_after_a_good_run():
    service = a_service("beat", "")

    pauses = [service.postpone(now=1) for _ in range(8)]

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert service.postpone(now=100) == 0.5


def test_services_stop_in_the_reverse_order_of_their_start():
    said: list[str] = []
    keeper = Keeper(said.append)
    for name in ("broker", "worker", "web"):
        keeper.start(a_service(name, "import signal; print('up', flush=True); signal.pause()"))
    turn_until(keeper, lambda: len(said) == 3)

    keeper.stop(hurry=lambda: False)

    assert said[3:] == ["Stopping web", "Stopping worker", "Stopping broker"]


def test_one_that_will_not_stop_is_stopped():
    deaf = """
import signal
signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
print("up", flush=True)
while True:
    signal.pause()
"""
    said: list[str] = []
    keeper = Keeper(said.append)
    service = a_service("worker", deaf, patience=0.2)
    keeper.start(service)
    turn_until(keeper, lambda: bool(said))

    keeper.stop(hurry=lambda: False)

    assert service.process is not None
    assert service.process.returncode == -9


def test_a_lock_is_taken_once_and_says_by_whom(tmp_path):
    first = Lock(tmp_path / "lock")
    first.say("Find it at http://127.0.0.1:8000")

    with pytest.raises(Taken, match=r"Find it at http://127\.0\.0\.1:8000"):
        Lock(tmp_path / "lock")


def test_a_port_in_use_is_not_free_and_the_next_one_is_offered():
    with socket.socket() as stranger:
        stranger.bind((web.HOST, 0))
        stranger.listen()
        port = stranger.getsockname()[1]

        assert not web.is_free(port)
        assert web.next_free(port) > port


def test_what_stands_in_files_is_told_to_no_child_twice(tmp_path, monkeypatch):
    """Both a value and a file would be refused."""
    (tmp_path / "address").write_text("https://promises.example.org\n")
    (tmp_path / "sign_ins.txt").write_text("")
    for name, place in (("PUBLIC_URL", "address"), ("COMPANY_NAME", "name"), ("BIND", "bind")):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / place))
    house = Installation(code=tmp_path, data=tmp_path, port=8755, broker_url="")

    for told in (house.environment, house.preparation(demo=True).environment):
        assert told["BIND"] == "127.0.0.1:8755"
        assert told["COMPANY_PHONE"] == "01632 960 100"
        assert {"PUBLIC_URL", "COMPANY_NAME"} & told.keys() == set()
        assert Environment(told)["BIND"] == "127.0.0.1:8755"
    assert house.address == "https://promises.example.org"


def test_a_stranger_at_the_port_is_not_taken_for_us():
    with socket.socket() as stranger:
        stranger.bind((web.HOST, 0))

        assert web.asks(stranger.getsockname()[1], "/healthz") == {}


def test_a_socket_lies_in_its_folder_unless_the_name_is_too_long():
    short, long = Path("/srv/followthrough/var"), Path("/srv") / ("x" * 120)

    assert broker.socket_path(short) == short / "broker.sock"
    assert len(os.fsencode(broker.socket_path(long))) <= broker.SOCKET_PATH_LIMIT
    assert broker.socket_path(long) != broker.socket_path(long / "other")


def test_a_folder_that_somebody_else_made_first_is_refused(tmp_path, monkeypatch):
    somebody_else = tmp_path.stat().st_uid + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody_else)

    with pytest.raises(broker.NoBroker, match="belongs to somebody else"):
        broker.prepare(tmp_path / "broker.sock")
