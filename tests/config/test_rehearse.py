"""`rehearse` shows every message of a policy, sends none, and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from commitments import policies
from commitments.models import Commitment, Kind, Membership, Policy, Role
from notifications.models import Delivery
from tests.commitments.policies.makers import a_policy, a_step
from tests.makers import HOUR, NOON, a_commitment, a_team, dev, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def rehearsed(*arguments: str, at: datetime = NOON) -> str:
    out = StringIO()
    call_command("rehearse", *arguments, "--at", at.isoformat(), stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    """How many rows every table holds."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_every_message_is_shown_with_its_time_and_reader() -> None:
    a_team(zone="Europe/Berlin")

    said = rehearsed("usual", "--kind", "followup")

    # Made on Thursday at 2 pm in Berlin, due on Friday when they close.
    assert "Usual, version 1: Follow-up of Billing care, kept by Ana Moreno." in said
    assert "Made Thu 21 May, 2:00 pm, due Fri 22 May, 5:30 pm, Berlin time." in said
    lines = said.splitlines()
    reminder = next(number for number, line in enumerate(lines) if "Fri 22 May, 3:30 pm" in line)
    assert any("To Ana Moreno, by e-mail and inbox" in line for line in lines[reminder:][:3])
    assert "Fri 22 May, 5:30 pm     Promised time passed." in said
    assert "To Dev Shah, by e-mail and inbox" in said
    assert "To Ines Duarte, by e-mail and inbox" in said
    assert "To Tom Example (customer), by e-mail" in said
    assert said.index("To Dev Shah") < said.index("To Ines Duarte")
    assert "Nothing more comes after this." in said


def test_a_long_climb_is_shown_from_its_beginning() -> None:
    a_team()
    again = {"repeat_every": HOUR.seconds, "repeat_cap": 20}
    a_policy(*(a_step(hours, "owner", "lead", **again) for hours in (-1, 0, 1)), name="Long")

    said = rehearsed("Long", "--kind", "callback")

    assert said.count("Said again") == 20
    assert "Thu 21 May, 12:00 noon  Promise made on a call." in said


def test_messages_begin_with_their_own_words() -> None:
    a_team()

    said = rehearsed("Usual", "--kind", "refund")

    assert "    | Hello Tom" in said
    assert "Refund the amount" in said


def test_nothing_is_sent_and_nothing_is_kept() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    before, clock = rows(), fresh(kettle).next_action_at

    rehearsed("Usual")

    assert rows() == before
    assert fresh(kettle).next_action_at == clock
    assert Kind.objects.get(code="callback").policy.name == "Usual"


def test_real_promises_are_not_swept_meanwhile() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)

    said = rehearsed("Usual")

    assert kettle.reference not in said
    assert Commitment.objects.get().event_count == 1


def test_no_poke_leaves_the_house(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    a_team()

    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[attr-defined]  # a context
        rehearsed("Usual")

    assert callbacks == []
    assert not Delivery.objects.exists()


def test_a_policy_that_no_kind_uses_can_be_tried_first() -> None:
    a_team()
    policy = a_policy(a_step(-1), a_step(1, f"person:{dev().pk}", "manager"), name="Tighter")

    said = rehearsed("Tighter", "--kind", "callback")

    assert "Tighter, version 1: Callback of Billing care" in said
    assert "To Dev Shah, by e-mail and inbox" in said
    assert policy.kinds.count() == 0


def test_an_urgent_promise_climbs_the_variant() -> None:
    a_team()
    variant = a_policy(a_step(-1, "manager"), name="At once")
    policies.set_urgent_variant(Policy.objects.get(name="Usual").pk, variant_id=variant.pk)

    said = rehearsed("Usual", "--kind", "callback", "--urgent")

    assert "Callback, urgent, of Billing care" in said
    assert "To Ines Duarte" in said
    assert "To Dev Shah" not in said


def test_it_goes_as_far_as_asked_and_says_when_it_goes_on() -> None:
    a_team()

    said = rehearsed("Usual", "--kind", "followup", "--days", "1")

    assert "It goes on Fri 22 May, 3:30 pm. Give more --days to see it." in said


def test_a_team_without_people_reaches_the_administrators_or_nobody() -> None:
    team = a_team()
    Membership.objects.filter(team=team).exclude(role=Role.AUDITOR).update(role=Role.AUDITOR)

    said = rehearsed("Usual", "--team", "billing care")

    assert "kept by nobody" in said
    assert "To Ana Moreno" not in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("Nightly",), "There is no policy called Nightly. There are: Usual."),
        (("Usual", "--team", "Moon"), "There is no team called Moon. There are: Billing care."),
        (("Usual", "--kind", "gift"), "There is no kind called gift. There are: callback, change"),
        (("Usual", "--days", "0"), "Give --days from 1 to 366."),
    ],
)
def test_what_is_not_there_is_named(arguments: tuple[str, ...], sentence: str) -> None:
    a_team()

    with pytest.raises(CommandError, match=sentence):
        rehearsed(*arguments)


def test_an_instant_needs_its_offset() -> None:
    a_team()

    with pytest.raises(CommandError, match="with its offset"):
        call_command("rehearse", "Usual", "--at", "2026-05-21T12:00")


def test_the_end_of_all_calendars_is_said() -> None:
    a_team()

    with pytest.raises(CommandError, match="No calendar goes that far"):
        call_command("rehearse", "Usual", "--at", "9999-12-31T12:00Z")


def test_a_calendar_that_never_opens_is_said() -> None:
    a_team().calendar.opening_hours.all().delete()

    with pytest.raises(CommandError, match="no opening hours"):
        rehearsed("Usual", at=datetime(2026, 5, 21, 12, tzinfo=UTC))
