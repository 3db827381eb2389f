"""One command runs everything, heals what dies and leaves nothing behind."""

from __future__ import annotations

import json
import re
import shutil
import signal
import stat
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.launcher.broker import SOCKET_PATH_LIMIT
from tests.config.houses import House, a_house, manage, still_running

pytestmark = [pytest.mark.timeout(180), pytest.mark.faults]

BEHIND_A_PROXY = {"PUBLIC_URL": "https://promises.example.org", "PROXIES": "1"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation with the demonstration, made once, to be copied."""
    folder = tmp_path_factory.mktemp("prepared") / "var"
    done = manage("prepare", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "var"))


@pytest.fixture(scope="module")
def house(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One that several tests look at and leave as it was; its address is too long for a socket."""
    deep = tmp_path_factory.mktemp("deep" * 20)
    with a_house(Path(shutil.copytree(prepared, deep / "var"))) as running:
        yield running


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def readiness(house: House) -> dict[str, Any]:
    """What /readyz says, red or not: after a pause the jobs need a moment to come round."""
    try:
        return dict(json.loads(fetch(f"{house.address}/readyz")))
    except urllib.error.HTTPError as red:
        return dict(json.loads(red.read()))


def test_it_says_where_it_is_and_whom_one_may_sign_in_as(house):
    greeting = "".join(house.greeting)

    assert re.search(rf"^READY in \d+ s: {house.address}/$", greeting, re.MULTILINE)
    assert "ana@larkfield.example" in greeting


def test_the_pages_are_served_with_their_styles(house):
    page = fetch(f"{house.address}/accounts/login/")

    styles = re.findall(r'href="(/static/[^"]+\.css)"', page)

    assert "Sign in" in page
    assert styles
    assert all(fetch(house.address + style) for style in styles)


def test_a_second_launcher_in_the_same_folder_says_where_the_first_is(house):
    second = manage("up", folder=house.folder)

    assert second.returncode == 1
    assert f"already runs in this folder. Find it at {house.address}" in second.stderr


def test_a_port_that_is_taken_is_not_shared_with_a_stranger(house, tmp_path):
    second = manage("up", "--port", str(house.port), folder=tmp_path / "var")

    assert second.returncode == 1
    assert re.search(rf"Port {house.port} is taken. \d+ is free: make up PORT=", second.stderr)


def test_a_killed_worker_is_back_in_seconds(house):
    killed = house.worker()

    killed.kill()
    house.read_until("worker was killed by signal 9; starting it again in 0.5 s")
    house.read_until("celery.apps.worker")

    assert house.worker().pid != killed.pid


def test_a_job_comes_round_through_a_real_broker(house):
    rounds: dict[str, float] = {}
    while "remind_owners" not in rounds:
        time.sleep(0.5)  # every question is a line of the log, which nobody reads meanwhile
        rounds = readiness(house)["rounds"]

    assert rounds["remind_owners"] < 60


def test_an_interrupt_stops_web_beat_worker_and_broker_in_that_order(folder):
    with a_house(folder) as house:
        processes = house.processes()

        house.launcher.send_signal(signal.SIGINT)
        said, _ = house.launcher.communicate()

    assert re.findall(r"^Stopping (\w+)$", said, re.MULTILINE) == [
        "web",
        "beat",
        "worker",
        "broker",
    ]
    assert house.launcher.returncode == 0
    assert still_running(processes, within=1) == []


def test_a_killed_launcher_leaves_no_process(folder):
    with a_house(folder) as house:
        processes = house.processes()

        house.launcher.kill()

    assert len(processes) >= 6
    assert still_running(processes, within=30) == []


def test_what_is_unwise_about_the_policies_is_said_and_stops_nothing(folder: Path):
    script = (
        "from commitments.models import Membership;"
        " Membership.objects.exclude(role='agent').delete()"
    )
    assert manage("shell", "-c", script, folder=folder).returncode == 0

    done = manage("prepare", folder=folder)

    assert done.returncode == 0, done.stderr
    assert (
        "Policy Usual: Step 4 tells the customer without words of yours: they read that it is late,"
        " and not why.\n"
    ) in done.stdout
    assert "Policy Usual: Step 3 is for the team lead, and Billing care has none: " in done.stdout


def test_where_others_come_it_does_not_start_on_a_published_password(folder: Path):
    """Nor does anything change: at one's own machine it starts as before."""
    refused = manage("up", folder=folder, **BEHIND_A_PROXY)
    again = manage("prepare", "--no-demo", folder=folder)

    assert refused.returncode == 1
    assert "anybody could sign in with the published password of the demonstration: as ana@" in (
        refused.stdout
    )
    assert "tess@larkfield.example. Begin with an empty database" in refused.stdout
    assert "manage.py changepassword EMAIL" in refused.stdout
    assert "gunicorn" not in refused.stdout
    assert again.returncode == 0, again.stderr


def test_the_data_are_its_owners_alone(prepared):
    assert stat.S_IMODE(prepared.stat().st_mode) == 0o700
    assert stat.S_IMODE((prepared / "secret_key").stat().st_mode) == 0o600


def test_a_folder_with_a_long_name_still_gets_a_broker(house):
    troubles = readiness(house)["troubles"]

    assert len(str(house.folder)) > SOCKET_PATH_LIMIT
    assert "The broker does not answer: reminders wait until it is back." not in troubles
