"""There is always somebody who administers, whatever door is tried and whoever tries at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from commitments.errors import CommitmentError
from commitments.house import people
from commitments.models import User
from tests.config.steps import an_app_of
from tests.makers import NOON, a_user, ana

pytestmark = pytest.mark.both_databases


def an_administrator(name: str) -> User:
    return a_user(name, is_superuser=True, is_staff=True)


def demote(person: User) -> None:
    people.edit(
        person.pk,
        email=person.email,
        name=person.name,
        zone=person.zone,
        is_administrator=False,
        seen_mark=people.mark(person),
    )


def administrators() -> list[str]:
    found = User.objects.filter(is_superuser=True, is_active=True)
    return sorted(found.values_list("name", flat=True))


@pytest.mark.django_db
def test_an_invitation_that_nobody_took_up_is_no_administrator():
    sam = an_administrator("Sam Whitlock")
    people.invite(
        email="nia@larkfield.example", name="Nia", zone="UTC", team_id=None, role="agent",
        is_administrator=True,
    )  # fmt: skip

    with pytest.raises(CommitmentError, match="and let them sign in"):
        demote(sam)

    assert administrators() == ["Nia", "Sam Whitlock"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/settings/people/{pk}/", {"press": "save", "name": "Sam", "email": "sam@x.example"}),
        ("/settings/people/{pk}/switch-off/", {"note": ""}),
        ("/settings/people/{pk}/delete/", {"sure": "yes"}),
        ("/admin/commitments/user/{pk}/change/", {"email": "sam@x.example", "name": "Sam"}),
        ("/admin/commitments/user/{pk}/delete/", {"post": "yes"}),
        ("/admin/commitments/user/", {"action": "delete_selected", "_selected_action": "{pk}"}),
    ],
)
def test_no_page_takes_the_last_one_away(address: str, said: dict[str, str]):
    sam = an_administrator("Sam Whitlock")
    client = Client()
    client.force_login(sam)
    more = {"zone": "UTC", "language": "en", "once": "a" * 32, "seen": people.mark(sam)}
    sent = {name: value.format(pk=sam.pk) for name, value in (said | more).items()}

    client.post(address.format(pk=sam.pk), sent)

    left = User.objects.get(pk=sam.pk)
    assert (left.is_active, left.is_staff, left.is_superuser) == (True, True, True)


@pytest.mark.django_db
def test_the_administration_changes_nobodys_standing():
    sam, nia = an_administrator("Sam Whitlock"), an_administrator("Nia Okoro")
    client = Client()
    client.force_login(sam)
    said = {"email": nia.email, "name": "Nia O.", "zone": "UTC", "language": "en"}

    answer = client.post(f"/admin/commitments/user/{nia.pk}/change/", said)
    client.post(f"/admin/commitments/user/{ana().pk}/change/", said | {"is_superuser": "on"})

    assert answer.status_code == 302
    assert administrators() == ["Nia O.", "Sam Whitlock"]


@pytest.mark.django_db
def test_no_program_changes_who_administers():
    """No operation of the API writes people: neither their standing nor their places."""
    paths: dict[str, dict[str, Any]] = SchemaGenerator().get_schema(public=True)["paths"]

    writing = {"post", "put", "patch", "delete"}
    doors = [path for path, verbs in paths.items() if writing & set(verbs)]

    of_people = ("/api/v1/people/", "/api/v1/teams/", "/api/v1/me/")
    assert [path for path in doors if path.startswith(of_people)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["demote", "switch off", "one of each"])
def test_of_two_who_remove_each_other_at_once_one_stays(deed: str):
    sam, nia = an_administrator("Sam Whitlock"), an_administrator("Nia Okoro")
    both = Barrier(2)

    def off(person: User, by: User) -> None:
        people.switch_off(person.pk, takers={}, by=by, note="", now=NOON)

    deeds: list[Callable[[], Any]] = {
        "demote": [lambda: demote(sam), lambda: demote(nia)],
        "switch off": [lambda: off(sam, nia), lambda: off(nia, sam)],
        "one of each": [lambda: demote(sam), lambda: off(nia, sam)],
    }[deed]

    def at_once(act: Callable[[], Any]) -> bool:
        try:
            both.wait(timeout=20)
            act()
        except CommitmentError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(at_once, deeds))

    assert sorted(done) == [False, True]
    assert len(administrators()) == 1


@pytest.mark.django_db
def test_the_administrations_own_sign_in_takes_no_password(client):
    sam, nia = an_administrator("Sam Whitlock"), an_administrator("Nia Okoro")
    an_app_of(nia)
    client.force_login(sam)

    said = {"username": nia.email, "password": "larkfield-demo", "next": "/admin/"}
    answer = client.post("/admin/login/", said)

    assert answer.url == "/admin/"
    assert client.session["_auth_user_id"] == str(sam.pk)


@pytest.mark.django_db
def test_a_password_is_changed_at_one_place(client):
    client.force_login(an_administrator("Sam Whitlock"))

    answer = client.post("/admin/password_change/", {"old_password": "guess"})

    assert answer.url == "/accounts/password/change/"


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["account/emailaddress", "mfa/authenticator"])
def test_the_administration_knows_no_second_way_into_an_account(client, place):
    client.force_login(an_administrator("Sam Whitlock"))

    assert client.get(f"/admin/{place}/").status_code == 404
