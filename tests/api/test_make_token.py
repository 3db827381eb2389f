"""`manage.py make_token`: issue a token for a program, and take it back."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.models import ApiToken, User
from tests.api.callers import Program, a_promise
from tests.makers import DAY, MINUTE, NOON, a_team, a_user, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_token_is_printed_once_and_opens_the_api():
    a_team()

    printed, said = make_token("--email", "Ana@Larkfield.example", "--name", "Help desk")

    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scope) == (ana(), "Help desk", "write")
    assert token.expires_at == NOON + 90 * DAY
    assert printed.startswith(f"{token.prefix}.")
    assert said.startswith("A token for Ana Moreno, until 2026-08-19 12:00 UTC. Keep it now: it is")
    assert printed not in said
    assert Program(printed).post(a_promise()).status_code == 201


def test_a_token_lasts_as_long_as_is_said_and_may_only_read(at_noon):
    a_team()

    printed, _ = make_token("--email", ana().email, "--days", "2", "--read-only")

    program = Program(printed)
    assert (program.get().status_code, program.post(a_promise()).status_code) == (200, 403)
    at_noon.move_to(NOON + timedelta(days=2) - MINUTE)
    assert program.get().status_code == 200
    at_noon.move_to(NOON + timedelta(days=2))
    assert program.get().status_code == 401


@pytest.mark.parametrize("whole", [True, False])
def test_a_token_that_is_taken_back_opens_nothing_from_then_on(whole):
    a_team()
    printed, _ = make_token("--email", ana().email)
    prefix = printed.partition(".")[0]

    said, _ = make_token("--revoke", printed if whole else prefix)
    again, _ = make_token("--revoke", prefix)

    assert said == f"{prefix}, a token of Ana Moreno, opens nothing from now on."
    assert again == f"{prefix} was taken back on 2026-05-21 12:00 UTC."
    assert Program(printed).get().status_code == 401


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--email", "nobody@larkfield.example"], "Nobody signs in as nobody@larkfield.example."),
        (["--email", "gus@larkfield.example"], "Nobody signs in as gus@larkfield.example."),
        (["--email", "ana@larkfield.example", "--days", "0"], "A token lasts from 1 to 3650 days."),
        (["--email", "ana@larkfield.example", "--name", "x" * 81], "The name is 81 characters"),
        (["--email", "ana@larkfield.example", "--revoke", "ft_1"], "not allowed with argument"),
        (["--service", "Desk"], "There is no service Desk. Say with --team where it acts."),
        (["--service", "Desk", "--team", "Moves"], "There is no team Moves."),
        (["--service", "Desk", "--team", "billing care", "--scope", "admin"], "Only an admin"),
        (["--email", "ana@larkfield.example", "--team", "Billing care"], "leave --team out"),
        (["--email", "ana@larkfield.example", "--scope", "admin"], "Only an administrator has"),
        (["--email", "ana@larkfield.example", "--scope", "all"], "invalid choice: 'all'"),
        (["--revoke", "ft_12345678"], "There is no token ft_12345678."),
        ([], "one of the arguments --email --service --revoke is required"),
    ],
)
def test_what_cannot_be_done_is_said_and_makes_no_token(arguments, sentence):
    a_team()
    a_user("Gus Hall", is_active=False)

    with pytest.raises(CommandError, match=sentence):
        make_token(*arguments)

    assert ApiToken.objects.count() == 0
    assert not User.objects.filter(is_service=True).exists()


def test_a_service_is_made_with_its_teams_and_then_known_by_its_name():
    team = a_team()

    printed, said = make_token("--service", "Help desk", "--team", "Billing care")
    another, _ = make_token("--service", "help desk", "--scope", "read")

    first, second = ApiToken.objects.order_by("pk")
    assert first.user == second.user
    assert (first.user.is_service, list(first.user.teams.all())) == (True, [team])
    assert said.startswith("A token for Help desk, until 2026-08-19 12:00 UTC.")
    assert Program(printed).post(a_promise()).status_code == 201
    assert Program(another).post(a_promise()).status_code == 403
    with pytest.raises(CommandError, match="a service called Help desk already: leave --team"):
        make_token("--service", "Help desk", "--team", "Billing care")


def test_an_administrator_is_told_what_their_token_leaves_out():
    a_team()
    sam = a_user("Sam Price", is_superuser=True, is_staff=True)

    _, usual = make_token("--email", sam.email)
    printed, admin = make_token("--email", sam.email, "--scope", "admin")

    assert "with --scope admin, all that an administrator may" in usual
    assert "with --scope admin" not in admin
    assert Program(printed).get().status_code == 200


def make_token(*arguments: str) -> tuple[str, str]:
    """What it writes on standard output and on standard error."""
    output, error = StringIO(), StringIO()
    call_command("make_token", *arguments, stdout=output, stderr=error, no_color=True)
    return output.getvalue().strip(), error.getvalue().strip()
