"""A stranger verifies a case with the printed command, and finds what was changed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from commitments import services
from commitments.evidence import pack
from commitments.evidence import page as evidence
from commitments.models import Commitment, Team, User
from commitments.rules import reference
from tests.commitments.privacy import columns
from tests.commitments.privacy.whispers import a_customer_with_a_story
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_draft, ana
from tests.safety import planted

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    """Moved, taken back, done late; its remedy follows; and a second one of the same case."""
    made = a_commitment(case="48213", wording="Send the <b>kettle</b> „heute“")
    a_commitment(case="48213", wording="Call back")
    services.make(a_draft(follows_id=made.pk, wording="Send a voucher"), by=ana(), now=NOON)
    services.move(
        made.pk, by=ana(), due_at=NOON + 7 * HOUR, reason="The line is busy.",
        told=services.Told.PHONE, now=NOON + MINUTE,
    )  # fmt: skip
    services.undo(made.events.get(kind="moved").pk, by=ana(), now=NOON + MINUTE)
    services.fulfil(made.pk, by=ana(), how="Gesendet ✓", cause="slipped", now=NOON + DAY)
    return made


def test_the_printed_command_verifies_the_pack(kettle: Commitment, tmp_path: Path):
    said = packed(kettle.reference, tmp_path)

    answer = run(said)

    assert answer.returncode == 0, answer.stderr
    kettles, voucher = answer.stdout.splitlines()
    assert kettles.startswith(f"{kettle.reference}: ")
    assert kettles.endswith(Commitment.objects.get(pk=kettle.pk).head_hash)
    assert "1 events hold" in voucher


@pytest.mark.parametrize(
    "spoil",
    [
        lambda events: events[0]["facts"].__setitem__(3, "2026-05-20T12:00:00+00:00"),
        lambda events: events[1].__setitem__("hash", events[0]["hash"]),
        lambda events: events[1]["text"].__setitem__("words", "The customer wished it."),
        lambda events: events.pop(1),
        lambda events: events.pop(),
        lambda events: events.reverse(),
    ],
)
def test_what_was_changed_in_it_is_found(kettle: Commitment, tmp_path: Path, spoil: Any):
    said = packed(kettle.reference, tmp_path)
    file = tmp_path / f"audit-{kettle.reference}.json"
    read = json.loads(file.read_text("utf-8"))
    spoil(read["promises"][0]["events"])
    file.write_text(json.dumps(read), "utf-8")

    answer = run(said)

    assert answer.returncode == 1
    assert kettle.reference in answer.stderr


def test_a_case_holds_all_its_promises_and_what_followed(kettle: Commitment, tmp_path: Path):
    packed("48213", tmp_path)

    read = json.loads((tmp_path / f"audit-{kettle.reference}.json").read_text("utf-8"))

    wordings = [each["wording"] for each in read["promises"]]
    assert wordings == [kettle.wording, "Call back", "Send a voucher"]
    assert read["promises"][2]["follows"] == kettle.reference
    assert any(each["for_customer"] for each in read["promises"][0]["messages"])


def test_the_page_says_all_of_it_and_runs_nothing(kettle: Commitment, tmp_path: Path):
    said = packed(kettle.reference, tmp_path)
    page = (tmp_path / f"audit-{kettle.reference}.html").read_text("utf-8")

    assert "&lt;b&gt;kettle&lt;/b&gt;" in page
    assert "Gesendet ✓" in page
    assert "<script" not in page
    assert said.split("SHA-256 ")[1].split()[0] in page


def test_hostile_words_wherever_it_has_words_are_words_on_its_page(store: Path):
    them = a_customer_with_a_story()
    made = them.commitments.get()
    usual = planted.Skeleton(page_of(made.pk, about=made.reference))
    said = f"\"><svg/onload=planted(1)>' {' '.join(planted.PAYLOADS)}"
    columns.plant(them, said=said)
    Team.objects.update(name=said[:80])
    User.objects.update(name=said[:150])

    page = page_of(made.pk, about=f"{made.reference} {said}")

    found = planted.Skeleton(page)
    assert (found.parts - usual.parts, found.wrong) == (set(), [])
    assert planted.WORKED_OUT not in page
    shown = ("Commitment.wording", "Conversation.outside_reference", "EventText.words")
    for name in (*shown, "Customer.name", "Delivery.name", "Delivery.subject"):
        table, column = name.split(".")
        assert re.search(rf"{columns.WHISPERS[table, column]}\d?&quot;&gt;", page), name


def page_of(pk: int, *, about: str) -> str:
    packed = pack.pack([pk], about=about, now=NOON + 60 * DAY)
    return evidence.page(packed, name=f"audit-{reference.write(pk)}.json", digest="f" * 64)


def test_nothing_is_written_over_and_nothing_unknown_packed(kettle: Commitment, tmp_path: Path):
    packed(kettle.reference, tmp_path)

    with pytest.raises(CommandError, match="is there already"):
        packed(kettle.reference, tmp_path)
    with pytest.raises(CommandError, match="There is no promise and no case"):
        packed("nothing", tmp_path)
    with pytest.raises(CommandError, match="cannot be written"):
        packed(kettle.reference, tmp_path / "missing")


def packed(about: str, folder: Path) -> str:
    said = StringIO()
    call_command("audit_pack", about, "--to", str(folder), stdout=said)
    return said.getvalue()


def run(said: str) -> subprocess.CompletedProcess[str]:
    """The printed command, as a shell would take it."""
    command = said.rsplit("To verify:\n\n", maxsplit=1)[-1].rsplit("To verify:\n", maxsplit=1)[-1]
    return subprocess.run(
        command, shell=True, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_the_command_is_one_for_a_shell(kettle: Commitment, tmp_path: Path):
    said = packed(kettle.reference, tmp_path)

    assert shlex.split(said.split("To verify:\n")[-1])[0] == "python3"
