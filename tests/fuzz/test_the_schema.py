"""The whole schema, asked by Schemathesis with all its checks: what fits it is understood, what
does not is refused, every answer is one that it declares, and none is a fault of ours.

`make test` asks a little, always the same; `make fuzz` for FUZZ_MINUTES, and never twice the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from commitments import services
from commitments.models import ApiToken, User
from tests import makers
from tests.makers import DAY, HOUR, ana

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

OFTEN = 10**9
CONFIG = Path(__file__).with_name("schemathesis.toml")
ROOT = CONFIG.parent.parent.parent


@pytest.fixture(autouse=True)
def _as_often_as_it_likes(settings: Any) -> None:
    """One program stands for many here, and asks as fast as it can."""
    calls = ("api_calls_a_minute", "api_changes_a_minute", "api_strangers_a_minute")
    settings.COMMITMENTS_LENGTHS = dict.fromkeys(calls, OFTEN)


@pytest.mark.timeout(600)
def test_every_call_keeps_to_the_schema(live_server: Any) -> None:
    ask(live_server, "--seed", "1", "--max-examples", "3")


@pytest.mark.fuzz
@pytest.mark.timeout(0)
def test_every_call_keeps_to_the_schema_for_long(live_server: Any) -> None:
    minutes = int(os.environ.get("FUZZ_MINUTES", "10"))

    ask(live_server, "--max-time", str(60 * minutes), "--max-examples", "200")


def ask(server: Any, *how: str) -> None:
    """Runs it against a company with promises of all sorts; its words are the failure's."""
    secret = a_token_for_everything()
    st = Path(sys.executable).with_name("st")
    done = subprocess.run(
        [
            *(str(st), "--config-file", str(CONFIG), "run", f"{server.url}/api/schema/"),
            *("--header", f"Authorization: Bearer {secret}", "--no-color", *how),
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def a_token_for_everything() -> str:
    """An administrator's, who may act in the one team, in which something has been promised."""
    now = timezone.now()
    for number in range(4):
        made = makers.a_commitment(
            wording=f"Promise {number}", due_at=now + DAY, now=now - HOUR, case=str(number)
        )
    services.fulfil(made.pk, by=ana(), how="Done.", now=now)
    sam = User.objects.create_superuser("sam@larkfield.example", "larkfield-demo", name="Sam")
    return ApiToken.issue(user=sam, now=now, scope=ApiToken.Scope.ADMIN)[1]
