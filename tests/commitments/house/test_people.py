"""People: invited, changed, switched off; there is always an administrator."""

from __future__ import annotations

from typing import Any

import pytest

from commitments.errors import CommitmentError
from commitments.house import people
from commitments.house.seen import Changed
from commitments.models import Membership, Role, User
from tests.makers import NOON, a_commitment, a_team, a_user, ana, dev, events_of, fresh, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def ada() -> User:
    known = User.objects.filter(email="ada@larkfield.example").first()
    return known or User.objects.create_superuser("ada@larkfield.example", name="Ada Lowe")


def invite(**said: Any) -> User:
    asked = {
        "email": "omar@larkfield.example", "name": "Omar Aziz", "zone": "Europe/London",
        "team_id": None, "role": Role.AGENT, "is_administrator": False,
    }  # fmt: skip
    return people.invite(**(asked | said))


def edit(person: User, **said: Any) -> User:
    asked = {
        "email": person.email, "name": person.name, "zone": person.zone,
        "is_administrator": person.is_superuser, "seen_mark": people.mark(person),
    }  # fmt: skip
    return people.edit(person.pk, **(asked | said))


def switch_off(person: User, *, by: User | None = None, **takers: int) -> User:
    chosen = {a_team().pk: pk for pk in takers.values()}
    return people.switch_off(person.pk, takers=chosen, by=by or ada(), note="", now=NOON)


def test_whoever_is_invited_has_no_password_yet():
    omar = invite(email="Omar@Larkfield.example", team_id=a_team().pk, role=Role.LEAD)

    assert omar.email == "omar@larkfield.example"
    assert not omar.has_usable_password()
    assert Membership.objects.get(user=omar).role == Role.LEAD


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"email": "ana@larkfield.example"}, "email"),
        ({"email": "no address"}, "email"),
        ({"name": "\u200b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(said: dict[str, str], field: str):
    ana()

    with pytest.raises(CommitmentError) as refused:
        invite(**said)

    assert refused.value.field == field
    assert User.objects.count() == 1


def test_the_only_administrator_stays_one():
    only = ada()

    with pytest.raises(CommitmentError, match="Ada Lowe is the only administrator"):
        edit(only, is_administrator=False)

    assert User.objects.get(pk=only.pk).is_superuser


def test_with_another_one_may_step_back():
    only, other = ada(), a_user("Sam Whitlock", is_superuser=True)

    edit(only, is_administrator=False)

    assert list(User.objects.filter(is_superuser=True)) == [other]


def test_of_two_who_edit_one_person_the_second_is_told():
    person = ana()
    seen = people.mark(person)
    edit(person, name="Ana M. Moreno")

    with pytest.raises(Changed):
        edit(person, name="Anna Moreno", seen_mark=seen)

    assert ana().name == "Ana M. Moreno"


def test_what_they_owe_goes_to_whoever_takes_over():
    kettle = a_commitment()

    switch_off(ana(), dev=dev().pk)

    assert fresh(kettle).owner == dev()
    assert fresh(kettle).due_at == kettle.due_at
    assert events_of(kettle) == ["made", "reassigned"]
    assert not ana().is_active


def test_nothing_happens_before_everything_has_somebody():
    kettle = a_commitment()

    with pytest.raises(CommitmentError, match="Choose who takes over in Billing care"):
        switch_off(ana())

    assert ana().is_active
    assert fresh(kettle).owner == ana()


def test_nobody_switches_themselves_off():
    only = ada()

    with pytest.raises(CommitmentError, match="cannot switch yourself off"):
        switch_off(only, by=only)

    assert ada().is_active


def test_the_last_administrator_is_not_switched_off():
    only = ada()

    with pytest.raises(CommitmentError, match="the only administrator"):
        switch_off(only, by=ines())

    assert ada().is_active


def test_the_last_who_can_be_asked_is_not_switched_off():
    Membership.objects.filter(team=a_team(), user=ines()).delete()

    with pytest.raises(CommitmentError, match="Billing care would have no lead"):
        switch_off(dev())

    assert dev().is_active


def test_an_invitation_that_nobody_took_up_can_be_taken_back():
    omar = invite(team_id=a_team().pk)

    people.delete(omar.pk)

    assert not User.objects.filter(pk=omar.pk).exists()


def test_whoever_has_a_part_in_what_happened_is_never_deleted():
    a_commitment()

    with pytest.raises(CommitmentError, match="switched off, not deleted"):
        people.delete(ana().pk)

    assert ana().is_active
