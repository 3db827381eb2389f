"""Settings, Help desks: connected in one sitting, secrets shown once, nothing lost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import sealed
from commitments.helpdesks import systems
from commitments.models import Commitment, HelpDesk, Kind, Team
from tests.makers import NOON, a_commitment, a_team
from tests.web.pages import signed_in, text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

THEIRS = next(name for name, system in systems.known().items() if system.makes_secret)
OURS = next((name for name, system in systems.known().items() if not system.makes_secret), "")
LIST = "/settings/help-desks/"


def a_desk(system: str = THEIRS, **fields: Any) -> HelpDesk:
    usual = {
        "name": "Support desk",
        "system": system,
        "address": "https://help.example",
        "team": a_team(),
        "kind": Kind.objects.get(code="followup"),
        "made_at": NOON,
    }
    return HelpDesk.objects.create(**(usual | fields))


def page_of(desk: HelpDesk) -> str:
    return f"{LIST}{desk.pk}/"


def filled(**said: Any) -> dict[str, Any]:
    usual = {
        "name": "Support desk",
        "system": THEIRS,
        "address": "https://help.example/",
        "team": a_team().pk,
        "kind": Kind.objects.get(code="followup").pk,
    }
    return usual | said


def give(client: Client, desk: HelpDesk, *secrets: str) -> Any:
    form = fields(client.get(page_of(desk)), form="/secret/")
    return client.post(f"{page_of(desk)}secret/", form | {"secrets": "\n".join(secrets)})


def test_without_any_the_page_says_what_they_are_for(ada: Client) -> None:
    assert "No help desk yet" in text(ada.get(LIST))


def test_a_help_desk_is_added_and_its_page_says_what_to_do_there(ada: Client) -> None:
    answer = press(ada, ada.get(f"{LIST}new/"), **filled())

    desk = HelpDesk.objects.get()
    assert answer["Location"] == page_of(desk)
    assert (desk.address, desk.system, desk.secrets) == ("https://help.example", THEIRS, "")
    shown = text(ada.get(page_of(desk)))
    assert f"http://testserver/hooks/helpdesks/{desk.pk}/" in shown
    assert systems.known()[THEIRS].steps[0] in shown
    assert "No secret yet" in shown
    assert "No secret yet" in text(ada.get(LIST))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": ""}, "The name is empty"),
        ({"system": ""}, "“System” needs an answer."),
        ({"system": "nosuch"}, "Choose one of the answers offered for “System”."),
        ({"address": "help.example/?a=1"}, "Give the address at which its pages begin"),
        ({"address": "javascript:alert(1)"}, "Give a web address"),
        ({"team": "99999"}, "Choose one of the answers offered for “Team”."),
        ({"kind": ""}, "“Usual kind” needs an answer."),
    ],
    ids=str,
)
def test_what_will_not_do_is_said_and_nothing_is_made(
    said: dict[str, Any], why: str, ada: Client
) -> None:
    answer = press(ada, ada.get(f"{LIST}new/"), **filled(**said))

    assert answer.status_code == 422
    assert why in text(answer)
    assert not HelpDesk.objects.exists()


def test_a_name_is_taken_once(ada: Client) -> None:
    a_desk()

    answer = press(ada, ada.get(f"{LIST}new/"), **filled(name="SUPPORT desk"))

    assert "There is a help desk called SUPPORT desk already." in text(answer)


def test_two_who_edit_one_are_told(ada: Client) -> None:
    desk = a_desk()
    page = ada.get(page_of(desk))
    press(ada, ada.get(page_of(desk)), form='id="edit"', name="Renamed")

    answer = press(ada, page, form='id="edit"', name="Mine")

    assert "Somebody else changed this help desk" in text(answer)
    assert HelpDesk.objects.get().name == "Renamed"


def test_a_secret_of_theirs_is_sealed_and_never_shown(ada: Client) -> None:
    desk = a_desk()

    give(ada, desk, "first-secret-of-theirs", "", "second-secret-of-theirs")

    desk.refresh_from_db()
    assert "secret-of-theirs" not in desk.secrets
    assert sealed.unseal(desk.secrets) == ["first-secret-of-theirs", "second-secret-of-theirs"]
    shown = ada.get(page_of(desk)).content.decode()
    assert "secret-of-theirs" not in shown
    assert "It has one." in shown
    assert "Nothing heard yet" in shown


@pytest.mark.parametrize(
    ("secrets", "why"),
    [
        ([""], "The secret is empty"),
        (["short"], "A secret has 16 to 500 letters"),
        (["a secret with an é in it"], "A secret has 16 to 500 letters"),
        (["x" * 501], "A secret has 16 to 500 letters"),
        ([f"secret-number-{number}-of-four" for number in range(4)], "Keep it to 3 secrets."),
    ],
    ids=["none", "short", "accent", "long", "many"],
)
def test_what_is_no_secret_is_refused(secrets: list[str], why: str, ada: Client) -> None:
    desk = a_desk(secrets=sealed.seal(["the-secret-from-before"]))

    answer = give(ada, desk, *secrets)

    assert answer.status_code == 422
    assert why in text(answer)
    desk.refresh_from_db()
    assert sealed.unseal(desk.secrets) == ["the-secret-from-before"]


@pytest.mark.skipif(not OURS, reason="every system that is left makes its own")
def test_a_secret_of_ours_is_shown_once_and_the_one_before_is_believed_meanwhile(
    ada: Client,
) -> None:
    desk = a_desk(OURS)

    answers = [ada.post(f"{page_of(desk)}secret/", {}) for _ in range(3)]

    made = [
        html.unescape(re.findall(r'class="secret" tabindex="0">([^<]+)<', page.content.decode())[0])
        for page in answers
    ]
    desk.refresh_from_db()
    assert sealed.unseal(desk.secrets) == [made[2], made[1]]
    assert all(len(secret) >= 43 for secret in made)
    assert all("no-store" in page["Cache-Control"] for page in answers)
    assert not any(secret in ada.get(page_of(desk)).content.decode() for secret in made)


def test_no_secret_is_made_by_looking(ada: Client) -> None:
    desk = a_desk(OURS or THEIRS)

    assert ada.get(f"{page_of(desk)}secret/")["Location"] == page_of(desk)
    assert HelpDesk.objects.get().secrets == ""


def test_switched_off_and_on_it_keeps_what_it_has(ada: Client) -> None:
    desk = a_desk(secrets=sealed.seal(["the-secret-from-before"]))

    press(ada, ada.get(f"{page_of(desk)}switch-off/"))
    off = text(ada.get(LIST))
    press(ada, ada.get(f"{page_of(desk)}switch-on/"))

    assert "Off" in off
    desk.refresh_from_db()
    assert desk.off_at is None
    assert sealed.unseal(desk.secrets) == ["the-secret-from-before"]


def test_deleted_its_promises_stay(ada: Client) -> None:
    desk = a_desk()
    promise = a_commitment(
        origin=desk.origin, origin_key="m1", case="7", case_url="https://help.example/7"
    )

    press(ada, ada.get(f"{page_of(desk)}delete/"))
    again = ada.get(f"{page_of(desk)}delete/")

    assert not HelpDesk.objects.exists()
    assert Commitment.objects.get() == promise
    assert again["Location"] == LIST


def test_one_that_is_understood_no_more_can_still_be_looked_at(ada: Client) -> None:
    desk = a_desk("nosuch")

    shown = text(ada.get(page_of(desk)))

    assert "Nothing here understands nosuch." in shown
    assert "No longer understood" in text(ada.get(LIST))


def test_as_many_queries_for_many_as_for_one(ada: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ada.get(LIST).status_code == 200
        return len(captured)

    a_desk()
    count()
    one = count()
    for number in range(5):
        team = Team.objects.create(name=f"Team {number}", calendar=a_team().calendar)
        a_desk(name=f"Desk {number}", team=team)

    assert count() == one


@pytest.mark.parametrize("rest", ["", "new/", "{pk}/", "{pk}/secret/", "{pk}/switch-off/",
                                  "{pk}/switch-on/", "{pk}/delete/"])  # fmt: skip
def test_nobody_but_an_administrator_may_open_any_of_it(rest: str) -> None:
    desk = a_desk(secrets=sealed.seal(["the-secret-from-before"]))
    path = LIST + rest.format(pk=desk.pk)

    for person in a_team().members.all():
        assert signed_in(person).get(path).status_code == 403
        assert signed_in(person).post(path, {"once": "1"}).status_code == 403
    assert Client().get(path).status_code == 302
    assert HelpDesk.objects.get() == desk
