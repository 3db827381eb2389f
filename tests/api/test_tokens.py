"""Who may call the API, and with what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from commitments.models import ApiToken, Commitment, Membership, User
from tests.api.callers import (
    LIST,
    Program,
    a_program,
    a_promise,
    another_team,
    errors_of,
)
from tests.makers import DAY, MINUTE, NOON, a_commitment, a_team, a_user, ana, events_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("path", [LIST, f"{LIST}K7Q2M/", f"{LIST}K7Q2M/fulfil/", "/api/v1/teams/"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_strangers_learn_nothing_but_how_to_sign_in(method, path):
    answer = Client().generic(method, path)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="Followthrough"'
    assert errors_of(answer) == {}


@pytest.mark.parametrize(
    "presented",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "Bearer \x00", "Bearer é", "Bearer {0}x"],
)
def test_what_is_no_token_opens_nothing(presented):
    header = presented.format(a_program(a_user("Ana Moreno")).token)

    answer = Client().get(LIST, headers={"Authorization": header})

    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": NOON - MINUTE},
        {"expires_at": NOON},
        {"sha256": "0" * 64},
        {"prefix": "ft_00000000"},
    ],
)
def test_a_token_that_is_revoked_out_of_date_or_another_opens_nothing(change):
    program = a_program(a_user("Ana Moreno"))
    ApiToken.objects.update(**change)

    answer = program.get()

    assert answer.status_code == 401
    assert answer.json()["detail"] == "This token is unknown, revoked or out of date."


def test_somebody_who_may_no_longer_sign_in_has_no_token_either():
    user = a_user("Ana Moreno")
    program = a_program(user)

    user.is_active = False
    user.save()

    assert program.get().status_code == 401


def test_a_token_in_the_address_is_not_looked_at():
    token = a_program(a_user("Ana Moreno")).token

    answer = Client().get(LIST, {"token": token})

    assert answer.status_code == 401


def test_a_token_opens_until_it_runs_out(at_noon):
    program = a_program(a_user("Ana Moreno"), lasts=timedelta(days=2))

    at_noon.move_to(NOON + 2 * DAY - MINUTE)

    assert program.get().status_code == 200


def test_a_token_that_may_read_changes_nothing():
    kettle = a_commitment()
    reader = a_program(scope="read")

    listed = reader.get()
    made, fulfilled = reader.post(a_promise()), reader.fulfil(kettle.reference, {"how": "Sent."})

    assert listed.status_code == 200
    assert made.status_code == fulfilled.status_code == 403
    assert made.json()["detail"] == "This token may read, but not change anything."
    assert Commitment.objects.count() == 1
    assert events_of(kettle) == ["made"]


def test_the_last_use_of_a_token_is_noted_once_a_minute(at_noon):
    program = a_program(a_user("Ana Moreno"))
    noted = []

    for after in (0 * MINUTE, MINUTE / 2, MINUTE):
        at_noon.move_to(NOON + after)
        program.get()
        noted.append(ApiToken.objects.get().last_used_at)

    assert noted == [NOON, NOON, NOON + MINUTE]


def test_somebody_signed_in_to_the_pages_reads_with_their_session():
    a_commitment()
    browser = Client()
    browser.force_login(ana())

    answer = browser.get(LIST)

    assert len(answer.json()["results"]) == 1


def test_somebody_signed_in_changes_something_only_with_the_pages_own_token():
    a_team()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana())

    without = browser.post(LIST, a_promise(), content_type="application/json")
    browser.cookies["csrftoken"] = "a" * 32
    foreign = browser.post(
        LIST,
        a_promise(),
        content_type="application/json",
        headers={"X-CSRFToken": "a" * 32, "Origin": "https://evil.example"},
    )
    ours = browser.post(
        LIST, a_promise(), content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )

    assert (without.status_code, foreign.status_code) == (403, 403)
    assert ours.status_code == 201
    assert Commitment.objects.count() == 1


def test_a_program_needs_no_page_token():
    a_team()

    answer = a_program().post(a_promise())

    assert answer.status_code == 201


def test_a_token_sees_what_its_owner_sees():
    a_commitment()
    stranger = a_user("Ben Stone")

    assert a_program(stranger).get().json()["results"] == []
    assert Program(a_program(ana()).token).get().json()["results"] != []


def test_an_administrators_token_is_one_only_where_it_says_so():
    kettle = a_commitment()
    sam = a_user("Sam Price", is_superuser=True, is_staff=True)
    usual, admin = a_program(sam), a_program(sam, scope="admin")

    hidden, made = usual.get(f"{LIST}{kettle.reference}/"), usual.post(a_promise())
    seen, done = admin.get(), admin.fulfil(kettle.reference, {"how": "Sent by courier."})

    assert (hidden.status_code, made.status_code) == (404, 400)
    assert (len(seen.json()["results"]), done.status_code) == (1, 200)
    assert User.objects.get(pk=sam.pk).is_superuser


def test_a_token_that_administers_is_a_usual_one_once_its_owner_is_no_administrator():
    kettle = a_commitment()
    sam = a_user("Sam Price", is_superuser=True, is_staff=True)
    program = a_program(sam, scope="admin")

    User.objects.filter(pk=sam.pk).update(is_superuser=False, is_staff=False)

    assert program.get(f"{LIST}{kettle.reference}/").status_code == 404


def test_somebody_moved_to_another_team_takes_their_tokens_along():
    kettle = a_commitment()
    program = a_program()

    Membership.objects.filter(user=ana()).update(team=another_team())

    assert program.get().json()["results"] == []
    assert program.fulfil(kettle.reference, {"how": "Sent."}).status_code == 404
    assert events_of(kettle) == ["made"]


def test_a_token_that_is_revoked_opens_nothing_from_that_moment():
    program = a_program(a_user("Ana Moreno"))
    before = program.get().status_code

    ApiToken.objects.get().revoke(now=NOON)
    ApiToken.objects.get().revoke(now=NOON + DAY)

    assert (before, program.get().status_code) == (200, 401)
    assert ApiToken.objects.get().revoked_at == NOON
