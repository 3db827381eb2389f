"""`make audit` says what it did, and never that something held which nobody could try."""

from __future__ import annotations

import re

import pytest

from tests.audit import __main__ as audit
from tests.audit import dependencies
from tests.audit.steps import STEPS, Outcome, skipped_in


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


def test_what_pytest_skipped_is_read_from_its_report() -> None:
    report = """<testsuites><testsuite><testcase classname="tests.faults.test_x" name="test_a">
      <skipped type="pytest.skip" message="needs root"/></testcase>
      <testcase classname="tests.faults.test_x" name="test_b"/></testsuite></testsuites>"""

    assert list(skipped_in(report)) == [("tests/faults/test_x.py::test_a", "needs root")]
