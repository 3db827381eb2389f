"""To which colleagues a message goes while some of them are away, and by which ways."""

from __future__ import annotations

import pytest

from commitments import messages, services, sweep
from commitments.models import Absence, Membership, Role, User
from notifications import rendering
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 3 * HOUR


def away(person: User, deputy: User) -> None:
    Absence.objects.create(user=person, deputy=deputy, starts_at=NOON, ends_at=NOON + 30 * DAY)


def told(template: str) -> set[tuple[str, str]]:
    """Who is told something, and by which ways."""
    rows = Delivery.objects.filter(template=template).values_list("name", "channel")
    return {(name.split()[0], channel) for name, channel in rows}


def test_a_reminder_goes_to_who_stands_in_and_rests_in_the_inbox_of_who_is_away():
    a_commitment(due_at=DUE, summary=False)
    away(ana(), dev())

    sweep.run(DUE - 2 * HOUR)

    assert told("reminder") == {("Ana", "inbox"), ("Dev", "inbox"), ("Dev", "email")}


def test_what_a_colleague_does_is_told_to_who_stands_in():
    kettle = a_commitment(due_at=DUE, owner_id=dev().pk, summary=False)
    Delivery.objects.all().delete()
    away(ana(), ines())

    services.reassign(kettle.pk, by=dev(), owner_id=ana().pk, now=NOON + HOUR)

    assert told("handed_over") == {("Ana", "inbox"), ("Ines", "inbox"), ("Ines", "email")}


def test_a_lead_who_is_away_is_stood_in_for_too():
    kettle = a_commitment(due_at=DUE, summary=False)
    away(dev(), ines())

    services.help(kettle.pk, by=ana(), reason="The bank will not answer me", now=NOON)

    assert told("help_wanted") == {("Dev", "inbox"), ("Ines", "inbox"), ("Ines", "email")}


def test_a_chain_of_deputies_leads_to_who_is_here():
    olu = a_user("Olu Adeyemi")
    Membership.objects.create(user=olu, team=a_team(), role=Role.AGENT)
    a_commitment(due_at=DUE, summary=False)
    away(ana(), dev())
    away(dev(), olu)

    sweep.run(DUE - 2 * HOUR)

    assert told("reminder") >= {("Ana", "inbox"), ("Olu", "email")}
    assert ("Ana", "email") not in told("reminder")


def test_where_nobody_stands_in_who_is_away_is_told_as_ever():
    a_commitment(due_at=DUE, summary=False)
    away(ana(), a_user("Olu Adeyemi"))  # who is not of the team

    sweep.run(DUE - 2 * HOUR)

    assert ("Ana", "email") in told("reminder")


def test_who_is_back_is_told_again():
    a_commitment(due_at=DUE, summary=False)
    away(ana(), dev())
    Absence.objects.update(ends_at=NOON + HOUR)

    sweep.run(DUE - 2 * HOUR)

    assert told("reminder") == {("Ana", "inbox"), ("Ana", "email")}


def test_who_stands_in_reads_for_whom():
    a_commitment(due_at=DUE, summary=False)
    away(ana(), dev())
    sweep.run(DUE - 2 * HOUR)

    row = Delivery.objects.get(template="reminder", channel="email")
    words = rendering.words("reminder", row.context, channel="email", language="en")

    assert "You get this because you stand in for Ana." in words.text
    assert "You get this because you stand in for Ana." in words.html


def test_somebody_who_stands_in_and_is_meant_as_well_is_told_once():
    kettle = a_commitment(due_at=DUE, summary=False)
    away(ana(), dev())
    roster = messages.Roster([kettle], now=NOON)

    said = messages.staff.to(
        [ana(), dev()],
        kettle,
        messages.staff.Template.OVERDUE,
        roster=roster,
        reason="1",
        now=NOON,
    )

    assert [(each.name, each.channel) for each in said] == [
        ("Ana Moreno", "inbox"),
        ("Dev Shah", ""),
    ]
