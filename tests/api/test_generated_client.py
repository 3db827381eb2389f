"""A client that nobody wrote: made from the schema by a generator, it calls the service."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from commitments.api import docs
from commitments.models import ApiToken, Commitment
from tests.makers import NOON, a_team, ana

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

NAME = "followthrough_client"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it lies. The generator says aloud what it could not make out; here that is nothing."""
    folder = tmp_path_factory.mktemp("generated")
    written = folder / "schema.json"
    written.write_text(json.dumps(docs.whole()))
    told = subprocess.run(
        [
            *(str(BIN / "openapi-python-client"), "generate", "--meta", "none"),
            *("--path", str(written), "--output-path", str(folder / NAME), "--fail-on-warning"),
        ],
        env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},  # it calls ruff
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return folder


@pytest.fixture
def client(folder: Path, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(folder))
    a_team()
    _, secret = ApiToken.issue(user=ana(), now=NOON)
    with made("client").AuthenticatedClient(base_url=live_server.url, token=secret) as client:
        yield client
    for each in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[each]


def test_it_makes_reads_moves_fulfils_and_lists(client: Any) -> None:
    new = model(
        "NewCommitment",
        customer=model("Newcomer", name="Tom Okafor", email="tom@customers.example"),
        wording="Send the kettle's replacement part",
        kind="followup",
        due_at=NOON + timedelta(hours=30),
    )

    kettle = call("commitments.commitments_create", client, body=new, idempotency_key="once").parsed
    again = call("commitments.commitments_create", client, body=new, idempotency_key="once").parsed
    unsaid = model("MoveTold", "no")
    read = call("commitments.commitments_read", client, reference=kettle.reference)
    moved = call(
        "commitments.commitments_move",
        client,
        reference=kettle.reference,
        body=model("Move", due="within 3 business days", reason="Parts", told=unsaid),
        if_match=read.headers["ETag"],
    )
    stale = call(
        "commitments.commitments_fulfil",
        client,
        reference=kettle.reference,
        body=model("Fulfil", how="Sent by post"),
        if_match=read.headers["ETag"],
    )
    done = call(
        "commitments.commitments_fulfil",
        client,
        reference=kettle.reference,
        body=model("Fulfil", how="Sent by post"),
    )
    fulfilled = model("CommitmentsListStatus", "fulfilled")
    listed = call("commitments.commitments_list", client, status=fulfilled).parsed

    assert again.reference == kettle.reference
    assert read.parsed.due_at == NOON + timedelta(hours=30)
    assert (moved.status_code, moved.parsed.owner.name) == (200, "Ana Moreno")
    assert (stale.status_code, stale.parsed.code) == (412, "changed_meanwhile")
    assert (done.parsed.status, done.parsed.closed_at) == ("fulfilled", NOON)
    assert [each.reference for each in listed.results] == [kettle.reference]
    assert Commitment.objects.count() == 1


def test_a_refusal_is_one_of_its_types(client: Any) -> None:
    tom = model("Newcomer", name="Tom Okafor")
    new = model("NewCommitment", customer=tom, wording="Call", kind="yodel", due="tomorrow")

    refused = call("commitments.commitments_create", client, body=new)

    assert refused.status_code == 400
    assert [error.field for error in refused.parsed.errors] == ["kind"]


def made(name: str) -> ModuleType:
    return importlib.import_module(f"{NAME}.{name}")


def model(name: str, /, *values: Any, **fields: Any) -> Any:
    return getattr(made("models"), name)(*values, **fields)


def call(name: str, client: Any, /, **given: Any) -> Any:
    return made(f"api.{name}").sync_detailed(client=client, **given)
