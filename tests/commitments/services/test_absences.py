"""Planning to be away: what may be, who stands in, and what changes hands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Absence, Membership, Role, User
from commitments.services import absences
from commitments.services.absences import Leave
from notifications import rendering
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, fresh, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WEEK = 7 * DAY


@pytest.fixture(autouse=True)
def _team() -> None:
    a_team()


def a_leave(person: User | None = None, **facts: Any) -> Leave:
    """A week off for Ana, from tomorrow; Dev stands in."""
    usual: dict[str, Any] = {
        "user_id": (person or ana()).pk,
        "starts_at": NOON + DAY,
        "ends_at": NOON + DAY + WEEK,
        "deputy_id": dev().pk,
    }
    return Leave(**(usual | facts))


def away(person: User, deputy: User, **facts: Any) -> Absence:
    usual: dict[str, Any] = {"starts_at": NOON + DAY, "ends_at": NOON + DAY + WEEK}
    return Absence.objects.create(user=person, deputy=deputy, **(usual | facts))


def turns(leave: Leave) -> list[tuple[str, int, int]]:
    """Who stands in, from which to which day after noon."""
    return [
        (turn.person.first_name, (turn.starts_at - NOON) // DAY, (turn.ends_at - NOON) // DAY)
        for turn in absences.check(leave, by=ana(), now=NOON)
    ]


def test_a_time_away_is_saved():
    absence = absences.plan(a_leave(note="The sea"), by=ana(), now=NOON)

    saved = Absence.objects.get()
    assert saved == absence
    assert (saved.user, saved.deputy, saved.note) == (ana(), dev(), "The sea")
    assert (saved.starts_at, saved.ends_at) == (NOON + DAY, NOON + 8 * DAY)


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"ends_at": NOON + DAY}, "ends", "ends before it begins"),
        ({"starts_at": NOON - 2 * DAY, "ends_at": NOON - DAY}, "ends", "has passed"),
        ({"starts_at": NOON - HOUR}, "starts", "That beginning has passed"),
        ({"ends_at": NOON + 2 * DAY + 366 * DAY}, "ends", "longer than a year"),
        ({"deputy_id": 0}, "deputy", "Choose somebody who works in a team of Ana"),
        ({"note": "x" * 201}, "note", "keep it to 200"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    facts: dict[str, Any], field: str, sentence: str
):
    with pytest.raises(CommitmentError, match=sentence) as no:
        absences.plan(a_leave(**facts), by=ana(), now=NOON)

    assert no.value.field == field
    assert not Absence.objects.exists()


def test_nobody_stands_in_for_themselves():
    with pytest.raises(CommitmentError, match="Nobody stands in for themselves"):
        absences.plan(a_leave(deputy_id=ana().pk), by=ana(), now=NOON)


@pytest.mark.parametrize("role", [None, Role.AUDITOR])
def test_a_deputy_works_in_a_team_of_whoever_is_away(role: str | None):
    stranger = a_user("Olu Adeyemi")
    if role:
        Membership.objects.create(user=stranger, team=a_team(), role=role)

    with pytest.raises(CommitmentError, match="Choose somebody who works in a team of Ana"):
        absences.plan(a_leave(deputy_id=stranger.pk), by=ana(), now=NOON)

    assert not Absence.objects.exists()


def test_who_left_stands_in_for_nobody():
    User.objects.filter(pk=dev().pk).update(is_active=False)

    with pytest.raises(CommitmentError, match="Choose somebody"):
        absences.plan(a_leave(), by=ana(), now=NOON)


def test_two_times_away_do_not_overlap():
    away(ana(), dev(), starts_at=NOON + 3 * DAY, ends_at=NOON + 4 * DAY)

    with pytest.raises(CommitmentError, match="away for a part of that time already"):
        absences.plan(a_leave(), by=ana(), now=NOON)

    assert Absence.objects.count() == 1


def test_one_time_away_can_begin_when_another_ends():
    away(ana(), dev(), starts_at=NOON, ends_at=NOON + DAY)

    absences.plan(a_leave(), by=ana(), now=NOON)

    assert Absence.objects.count() == 2


def test_a_deputy_who_is_away_for_a_while_is_stood_in_for():
    away(dev(), ines(), starts_at=NOON + 3 * DAY, ends_at=NOON + 5 * DAY)

    assert turns(a_leave()) == [("Dev", 1, 3), ("Ines", 3, 5), ("Dev", 5, 8)]


def test_a_chain_of_deputies_is_followed_to_its_end():
    olu = a_user("Olu Adeyemi")
    Membership.objects.create(user=olu, team=a_team(), role=Role.AGENT)
    away(dev(), ines())
    away(ines(), olu, starts_at=NOON + 2 * DAY)

    assert turns(a_leave()) == [("Ines", 1, 2), ("Olu", 2, 8)]


@pytest.mark.parametrize("through", ["nobody", "ines"])
def test_a_circle_is_refused_though_it_lasts_an_hour(through: str):
    hour = {"starts_at": NOON + 3 * DAY, "ends_at": NOON + 3 * DAY + HOUR}
    if through == "ines":
        away(dev(), ines(), **hour)
        away(ines(), ana(), **hour)
    else:
        away(dev(), ana(), **hour)

    with pytest.raises(CommitmentError, match="nobody would be told") as no:
        absences.plan(a_leave(), by=ana(), now=NOON)

    assert no.value.field == "deputy"
    assert not Absence.objects.filter(user=ana()).exists()


def test_two_who_stand_in_for_each_other_at_other_times_make_no_circle():
    away(dev(), ana(), starts_at=NOON + 8 * DAY, ends_at=NOON + 9 * DAY)

    assert turns(a_leave()) == [("Dev", 1, 8)]


def test_a_lead_plans_for_the_team_and_an_agent_only_for_themselves():
    absences.plan(a_leave(), by=dev(), now=NOON)

    with pytest.raises(CommitmentError, match="Only their lead or manager"):
        absences.plan(a_leave(dev(), deputy_id=ines().pk), by=ana(), now=NOON)

    assert [absence.user for absence in Absence.objects.all()] == [ana()]


def test_a_lead_of_another_team_plans_for_nobody_here():
    lou = a_user("Lou Lead")
    moves = a_team("Moves")
    moves.memberships.all().delete()
    Membership.objects.create(user=lou, team=moves, role=Role.LEAD)

    with pytest.raises(CommitmentError, match="Only their lead or manager"):
        absences.plan(a_leave(), by=lou, now=NOON)

    assert not Absence.objects.exists()


def test_chosen_promises_are_handed_over_with_it():
    kettle, bill = a_commitment(case="1"), a_commitment(case="2")

    absences.plan(a_leave(), by=ana(), hand_over={kettle.pk: ines().pk}, now=NOON)

    assert (fresh(kettle).owner, fresh(bill).owner) == (ines(), ana())


def test_where_one_cannot_be_handed_over_nothing_is_saved():
    kettle, bill = a_commitment(case="1"), a_commitment(case="2")
    services.fulfil(bill.pk, by=ana(), how="Sent.", now=NOON + HOUR)
    chosen = {kettle.pk: ines().pk, bill.pk: ines().pk}

    with pytest.raises(CommitmentError, match="changed hands"):
        absences.plan(a_leave(), by=ana(), hand_over=chosen, now=NOON + HOUR)

    assert fresh(kettle).owner == ana()
    assert not Absence.objects.exists()


def test_promises_of_others_are_not_handed_over_along_the_way():
    kettle = a_commitment(owner_id=dev().pk)

    with pytest.raises(CommitmentError, match="changed hands"):
        absences.plan(a_leave(), by=ana(), hand_over={kettle.pk: ines().pk}, now=NOON)

    assert fresh(kettle).owner == dev()


def test_a_plan_can_be_changed():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)
    longer = a_leave(ends_at=NOON + 10 * DAY, deputy_id=ines().pk)

    absences.change(absence.pk, longer, by=ana(), now=NOON)

    saved = Absence.objects.get()
    assert (saved.ends_at, saved.deputy) == (NOON + 10 * DAY, ines())


def test_what_has_begun_keeps_its_beginning():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)
    later = a_leave(starts_at=NOON + 3 * DAY)

    with pytest.raises(CommitmentError, match="its beginning stays"):
        absences.change(absence.pk, later, by=ana(), now=NOON + 2 * DAY)
    shorter = a_leave(ends_at=NOON + 4 * DAY)
    absences.change(absence.pk, shorter, by=ana(), now=NOON + 2 * DAY)

    assert Absence.objects.get().ends_at == NOON + 4 * DAY


def test_what_is_over_stays_as_it_was():
    absence = away(ana(), dev(), starts_at=NOON - 2 * DAY, ends_at=NOON - DAY)

    with pytest.raises(CommitmentError, match="is over"):
        absences.change(absence.pk, a_leave(), by=ana(), now=NOON)
    with pytest.raises(CommitmentError, match="is over"):
        absences.end(absence.pk, by=ana(), now=NOON)

    assert Absence.objects.get().ends_at == NOON - DAY


def test_who_is_back_earlier_is_back_from_now_on():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)

    absences.end(absence.pk, by=ana(), now=NOON + 2 * DAY)

    assert Absence.objects.get().ends_at == NOON + 2 * DAY


def test_what_has_not_begun_is_withdrawn():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)

    absences.end(absence.pk, by=dev(), now=NOON + HOUR)

    assert not Absence.objects.exists()


def test_nobody_ends_what_they_may_not_plan():
    absence = away(dev(), ines())

    with pytest.raises(CommitmentError, match="Only their lead or manager"):
        absences.end(absence.pk, by=ana(), now=NOON)

    assert Absence.objects.count() == 1


def told(person: User) -> list[str]:
    """What waits in somebody's inbox about standing in: its title and its line."""
    rows = Delivery.objects.filter(template="stands_in", person=person, channel="inbox")
    said = [
        rendering.words("stands_in", row.context, channel="inbox", language="en")
        for row in rows.order_by("pk")
    ]
    return [f"{one.subject}: {one.text.strip()}" for one in said]


IN_MAY = "Fri 22 May, 12:00 noon to Fri 29 May, 12:00 noon"


def test_who_stands_in_is_told_when_it_is_planned():
    absences.plan(a_leave(), by=ana(), now=NOON)

    assert told(dev()) == [f"You stand in for Ana: Ana is away from {IN_MAY}, and you stand in."]


def test_who_planned_to_stand_in_themselves_is_not_told():
    Membership.objects.filter(user=dev()).update(role=Role.LEAD)

    absences.plan(a_leave(), by=dev(), now=NOON)

    assert told(dev()) == []


def test_another_deputy_is_told_and_so_is_the_one_before():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)

    absences.change(absence.pk, a_leave(deputy_id=ines().pk), by=ana(), now=NOON + HOUR)

    assert told(dev())[1].startswith("You no longer stand in for Ana: ")
    assert told(ines()) == [f"You stand in for Ana: Ana is away from {IN_MAY}, and you stand in."]


def test_nobody_is_told_of_another_note():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)

    absences.change(absence.pk, replace(a_leave(), note="The sea"), by=ana(), now=NOON + HOUR)

    assert len(told(dev())) == 1


def test_who_stood_in_is_told_that_it_is_over():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)

    absences.end(absence.pk, by=ana(), now=NOON + HOUR)

    assert told(dev())[1] == (
        "You no longer stand in for Ana: What asks Ana for something goes to Ana again, "
        "or to whoever stands in."
    )


def test_what_is_taken_back_twice_is_said_to_be_gone():
    absence = absences.plan(a_leave(), by=ana(), now=NOON)
    absences.end(absence.pk, by=ana(), now=NOON + HOUR)

    with pytest.raises(CommitmentError, match="has been taken back already"):
        absences.end(absence.pk, by=ana(), now=NOON + HOUR)
