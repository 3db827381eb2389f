"""`make audit` says what it did, and never that something held which nobody could try."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.audit import __main__ as audit
from tests.audit import dependencies
from tests.audit.steps import STEPS, Outcome, skipped_in
from tests.load.bench import restoring


def report(capsys: pytest.CaptureFixture[str], **outcomes: Outcome) -> tuple[int, str]:
    ended = audit.report(outcomes)
    return ended, re.sub(r" +", " ", capsys.readouterr().out)


def test_what_was_skipped_is_listed_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = Outcome(kept=None, skipped=[("known weaknesses", "osv.dev could not be asked")])

    ended, said = report(capsys, code=Outcome(kept=True), weaknesses=nobody)

    assert ended == 0
    assert "\ncode held 0 0\n" in said
    assert "\nweaknesses skipped 0 1\n" in said
    assert "\nknown weaknesses osv.dev could not be asked\n" in said


@pytest.mark.parametrize("kept", [None, True])
def test_a_strict_one_ends_badly_where_anything_was_skipped(kept: bool | None) -> None:
    """A whole part, or a test of one. What was not asked for is not missed."""
    whole, skipped = Outcome(kept=True), Outcome(kept=kept, skipped=[("a fault", "needs root")])

    assert audit.report({"code": whole}, strict=True) == 0
    assert audit.report({"code": whole, "faults": skipped}, strict=True) == 1
    assert audit.report({"code": whole, "faults": skipped}) == 0


def test_a_part_that_was_not_asked_for_is_listed_too(capsys: pytest.CaptureFixture[str]) -> None:
    _, said = report(capsys, code=Outcome(kept=True))

    assert all(f"\n{name} not asked for\n" in said for name in STEPS if name != "code")


def test_it_ends_badly_where_something_did_not_hold(capsys: pytest.CaptureFixture[str]) -> None:
    ended, said = report(capsys, code=Outcome(kept=False), licences=Outcome(kept=True))

    assert ended == 1
    assert "\ncode NOT HELD" in said


def test_a_service_that_is_away_is_a_skip_and_no_all_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dependencies, "SERVICE", "http://127.0.0.1:1/")

    outcome = STEPS["weaknesses"]()

    assert (outcome.kept, outcome.said) == (None, "")
    assert "could not be asked" in outcome.skipped[0][1]


class Commands:
    """In the place of `subprocess.run`: keeps what it is given, and ends as is wanted."""

    def __init__(self, *ends: int) -> None:
        self.ends, self.asked = list(ends), list[tuple[list[str], str]]()

    def __call__(
        self, command: list[str], *, env: dict[str, str], **_: object
    ) -> subprocess.CompletedProcess[str]:
        self.asked.append((command, env.get("FOLLOWTHROUGH_TEST_DB", "")))
        return subprocess.CompletedProcess(command, self.ends.pop(0), "what it printed\n", "")


@pytest.mark.parametrize(("ends", "kept"), [((0, 0), True), ((1, 0), False), ((0, 1), False)])
def test_calls_are_fuzzed_on_both_databases(
    monkeypatch: pytest.MonkeyPatch, ends: tuple[int, int], kept: bool
) -> None:
    commands = Commands(*ends)
    monkeypatch.delenv("FOLLOWTHROUGH_TEST_DB", raising=False)
    monkeypatch.setattr(subprocess, "run", commands)

    outcome = STEPS["fuzz"]()

    assert outcome.kept is kept
    assert [database for _, database in commands.asked] == ["sqlite", ""]
    assert all({"tests/fuzz", "fuzz"} <= set(command) for command, _ in commands.asked)


@pytest.mark.parametrize(("ends", "kept"), [((0, 0), True), ((1, 0), False), ((0, 1), False)])
def test_many_promises_are_restored_on_both_databases(
    monkeypatch: pytest.MonkeyPatch, ends: tuple[int, int], kept: bool
) -> None:
    commands = Commands(*ends)
    monkeypatch.setattr(subprocess, "run", commands)

    outcome = STEPS["restore"]()

    assert (outcome.kept, outcome.said) == (kept, "what it printed\n" * 2)
    assert ["--on-sqlite" in command for command, _ in commands.asked] == [False, True]
    assert all("restore" in command for command, _ in commands.asked)


def test_a_restore_that_takes_longer_than_it_may_is_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    restoring.judge(restoring.WANTED - 0.1)
    within = capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        restoring.judge(restoring.WANTED)

    assert ended.value.code == 1
    assert "NOT KEPT" not in within
    assert "NOT KEPT" in capsys.readouterr().out


def test_what_pytest_skipped_is_read_from_its_report() -> None:
    report = """<testsuites><testsuite><testcase classname="tests.faults.test_x" name="test_a">
      <skipped type="pytest.skip" message="needs root"/></testcase>
      <testcase classname="tests.faults.test_x" name="test_b"/></testsuite></testsuites>"""

    assert list(skipped_in(report)) == [("tests/faults/test_x.py::test_a", "needs root")]
