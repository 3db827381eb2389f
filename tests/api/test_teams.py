"""Teams, their people and kinds for programs: what the caller may see of each, page by page."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Absence, Calendar, Kind, Membership, Role, Team
from tests.api.callers import a_program, ana_of_billing, another_team, errors_of
from tests.api.counting import after, queries_of
from tests.makers import DAY, HOUR, NOON, a_team, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TEAMS, PEOPLE, KINDS = "/api/v1/teams/", "/api/v1/people/", "/api/v1/kinds/"
LISTS = (TEAMS, PEOPLE, KINDS)


def test_a_team_says_what_the_caller_is_there_and_whether_it_is_open():
    team = a_team()

    said = a_program(dev()).get(f"{TEAMS}{team.pk}/").json()

    assert said == {
        "id": team.pk,
        "name": "Billing care",
        "zone": "UTC",
        "calendar": team.calendar.name,
        "role": "lead",
        "is_open": True,
        "next_open_at": None,
        "retired_at": None,
    }


def test_a_closed_team_says_when_it_opens(at_noon):
    a_team()
    at_noon.move_to(NOON + 8 * HOUR)

    (said,) = a_program(ana()).get(TEAMS).json()["results"]

    assert (said["is_open"], said["next_open_at"]) == (False, "2026-05-22T09:00:00Z")


def test_a_team_that_never_opens_says_no_time():
    never = Calendar.objects.create(name="Never", zone="UTC")
    Team.objects.filter(pk=a_team().pk).update(calendar=never)

    (said,) = a_program(ana()).get(TEAMS).json()["results"]

    assert (said["is_open"], said["next_open_at"]) == (False, None)


def test_an_administrator_sees_every_team_and_others_only_their_own():
    mine, other = a_team(), another_team()
    root = a_user("Root Admin", is_superuser=True)

    assert ids(a_program(ana()), TEAMS) == [mine.pk]
    assert ids(a_program(root, scope="admin"), TEAMS) == [mine.pk, other.pk]
    assert a_program(root, scope="admin").get(f"{TEAMS}{other.pk}/").json()["role"] is None


def test_retired_teams_are_asked_for_or_left_out():
    mine, old = a_team(), another_team()
    Membership.objects.create(user=ana(), team=old)
    Team.objects.filter(pk=old.pk).update(retired_at=NOON)

    assert ids(a_program(), TEAMS, retired="true") == [old.pk]
    assert ids(a_program(), TEAMS, retired="false") == [mine.pk]
    assert ids(a_program(), TEAMS) == [mine.pk, old.pk]


def test_a_colleague_on_shift():
    team = a_team()

    said = a_program().get(f"{PEOPLE}{dev().pk}/").json()

    assert said == {
        "id": dev().pk,
        "name": "Dev Shah",
        "email": "dev@larkfield.example",
        "zone": "UTC",
        "away": None,
        "teams": [
            {
                "id": team.pk,
                "name": "Billing care",
                "role": "lead",
                "daily_capacity": 12,
                "on_shift": True,
                "back_at": None,
            }
        ],
    }


def test_a_colleague_who_is_away_names_who_stands_in():
    a_team()
    Absence.objects.create(
        user=dev(), deputy=ines(), starts_at=NOON - DAY, ends_at=NOON + DAY + 8 * HOUR
    )

    said = a_program().get(f"{PEOPLE}{dev().pk}/").json()

    assert said["away"] == {
        "since": "2026-05-20T12:00:00Z",
        "until": "2026-05-22T20:00:00Z",
        "deputy": {"id": ines().pk, "name": "Ines Duarte"},
    }
    (there,) = said["teams"]
    assert (there["on_shift"], there["back_at"]) == (False, "2026-05-25T09:00:00Z")
    assert ids(a_program(), PEOPLE, away="true") == [dev().pk]
    assert ids(a_program(), PEOPLE, away="false") == [ana().pk, ines().pk]


def test_after_hours_nobody_is_on_shift(at_noon):
    a_team()
    at_noon.move_to(NOON + 8 * HOUR)

    (there,) = a_program().get(f"{PEOPLE}{ana().pk}/").json()["teams"]

    assert (there["on_shift"], there["back_at"]) == (False, "2026-05-22T09:00:00Z")


def test_of_a_colleagues_other_teams_nothing_is_said():
    mine, other = a_team(), another_team()
    Membership.objects.create(user=dev(), team=other)
    kofi = a_user("Kofi Mensah")
    Membership.objects.create(user=kofi, team=other)

    places = a_program().get(f"{PEOPLE}{dev().pk}/").json()["teams"]

    assert [place["id"] for place in places] == [mine.pk]
    assert kofi.pk not in ids(a_program(), PEOPLE)
    assert ids(a_program(), PEOPLE, team=other.pk) == []
    assert ids(a_program(), PEOPLE, team=mine.pk) == [ana().pk, dev().pk, ines().pk]


def test_who_was_switched_off_is_not_there():
    a_team()
    gone = dev()
    gone.is_active = False
    gone.save()

    assert gone.pk not in ids(a_program(), PEOPLE)
    assert a_program().get(f"{PEOPLE}{gone.pk}/").status_code == 404


def test_somebody_of_no_team_sees_themselves():
    sam = a_user("Sam Stranger")

    assert ids(a_program(sam), PEOPLE) == [sam.pk]


def test_a_kind_says_what_it_usually_comes_to():
    a_team()

    said = a_program().get(f"{KINDS}callback/").json()

    callback = Kind.objects.get(code="callback")
    assert said["name"] == callback.name
    assert said["usual"] == {
        "wording": callback.usual_wording,
        "length": callback.usual_length,
        "basis": callback.usual_basis,
        "hour": callback.usual_hour and f"{callback.usual_hour:%H:%M}",
    }
    assert said["for_customers"] is True
    assert said["keywords"] == callback.keywords


def test_kinds_are_found_by_whether_they_may_be_promised():
    a_team()
    Kind.objects.filter(code="visit").update(retired_at=NOON)

    codes = [each["code"] for each in listed(a_program(), KINDS, retired="true")]
    for_us = [each["for_customers"] for each in listed(a_program(), KINDS, for_customers="false")]

    assert codes == ["visit"]
    assert not any(for_us)


@pytest.mark.parametrize("path", [f"{TEAMS}{{other}}/", f"{PEOPLE}{{kofi}}/"])
def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(path):
    a_team()
    kofi = a_user("Kofi Mensah")
    Membership.objects.create(user=kofi, team=another_team())
    hidden = path.format(other=another_team_pk(), kofi=kofi.pk)
    unknown = path.format(other=2**63 - 1, kofi=2**63 - 1)
    huge = path.format(other=10**30, kofi=10**30)

    answers = [a_program().get(each) for each in (hidden, unknown, huge)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("code", ["nothing", "%00", "%F0%9F%92%A9", "a" * 3000])
def test_an_unknown_kind_is_not_there(code):
    assert a_program(ana_of_billing()).get(f"{KINDS}{code}/").status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_every_row_is_on_one_page(path):
    whole = ids(a_program(ana_of_billing()), path)

    first = a_program().get(path, "page_size=1").json()
    rest = a_program().get(after(first), "").json() if first["next"] else {"results": []}

    assert [key_of(each) for each in first["results"]] == whole[:1]
    assert [key_of(each) for each in rest["results"]] == whole[1:2]


def test_a_last_page_that_is_full_has_no_next_one():
    a_team()

    assert a_program().get(PEOPLE, "page_size=3").json()["next"] is None


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        *("colour=red", "page_size=0", "page_size=x", "page_size=%D9%A1", "cursor=AAAA"),
        *("cursor=YWZ0ZXIgMA==", "cursor=%C3%A9", "cursor=", "page_size=2&page_size=3"),
        "cursor=YWZ0ZXIgOTk5OTk5OTk5OTk5OTk5OTk5OQ==",
    ],
)
def test_a_query_that_cannot_be_understood_is_refused(path, query):
    answer = a_program(ana_of_billing()).get(path, query)

    assert answer.status_code == 400
    assert len(errors_of(answer)) == 1


@pytest.mark.parametrize(
    ("path", "query"),
    [(TEAMS, "retired=1"), (PEOPLE, "team=x"), (PEOPLE, "team=0"), (KINDS, "retired=True")],
)
def test_a_filter_that_cannot_be_understood_is_named(path, query):
    answer = a_program(ana_of_billing()).get(path, query)

    assert errors_of(answer).keys() == {query.partition("=")[0]}


@pytest.mark.parametrize("path", LISTS)
def test_they_are_only_read_and_by_nobody_unknown(path):
    assert a_program(ana_of_billing()).post({}, path).status_code == 405
    assert Client().get(path).status_code == 401


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_list_asks_no_more_of_the_database(path):
    program = a_program(ana_of_billing())
    program.get(path)
    few = len(queries_of(lambda: program.get(path)))
    for number in range(12):
        team = Team.objects.create(name=f"Team {number}", calendar=a_team().calendar)
        someone = a_user(f"Person{number} Smith")
        Membership.objects.create(user=someone, team=a_team())
        Membership.objects.create(user=ana(), team=team, role=Role.AUDITOR)
        Absence.objects.create(user=someone, deputy=dev(), starts_at=NOON - DAY, ends_at=NOON + DAY)

    assert len(queries_of(lambda: program.get(path))) == few <= 8


def another_team_pk() -> int:
    return Team.objects.get(name="Repairs").pk


def listed(program, path: str, **query: object) -> list[dict]:
    answer = program.get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def key_of(row: dict) -> object:
    return row.get("id", row.get("code"))


def ids(program, path: str, **query: object) -> list:
    return [key_of(each) for each in listed(program, path, **query)]
