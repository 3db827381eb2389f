"""`check_policies` says what is unwise, and fails where it is grave."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Membership, Role
from tests.commitments.policies.makers import a_policy, a_step
from tests.makers import a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("check_policies", *arguments, stdout=out)
    return out.getvalue()


def test_a_policy_that_only_surprises_passes() -> None:
    a_team()

    assert said("--policy", "usual") == (
        "Usual:\n  Step 4 tells the customer without words of yours: they read that it is late, and"
        " not why.\n"
    )


def test_a_team_with_nobody_to_ask_fails() -> None:
    team = a_team()
    Membership.objects.filter(team=team).exclude(role=Role.AGENT).delete()
    out = StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("check_policies", stdout=out)

    assert left.value.code == 1
    assert "GRAVE: Billing care has no lead, no fallback and no manager" in out.getvalue()


def test_one_policy_can_be_chosen() -> None:
    a_team()
    a_policy(a_step(0, "manager"), name="Calls")

    assert said("--policy", "calls") == "Calls:\n  No kind of promise uses this policy.\n"
    with pytest.raises(CommandError, match="There are: Calls, Usual"):
        said("--policy", "Mails")


@pytest.mark.parametrize(
    "command",
    [
        ["check_policies", "--policy", "Us\udce4l"],
        ["calendar_differences", "Us\udce4l"],
        ["rehearse", "Us\udce4l"],
        ["rehearse", "Usual", "--team", "Us\udce4l"],
    ],
)
def test_a_name_that_is_no_text_is_refused_in_words(command: list[str]) -> None:
    with pytest.raises(CommandError, match="This is not readable text: type it as UTF-8"):
        call_command(*command)
