"""A session belongs to one browser, ends by itself, and ends when its owner says so."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.house import people, teams
from commitments.models import Role, Session, Team
from config.signing_in import browsers
from tests.makers import a_commitment, a_team, a_user, ana, dev, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)
PAGE, NEW_TOKEN, ONCE_MORE = "/me/signing-in/", "/me/tokens/new/", "/accounts/reauthenticate/"
PASSWORD = "larkfield-demo"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def signed_in(email: str = "", *, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": email or ana().email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_key_that_was_planted_before_opens_nothing_after(client):
    planted = client.session
    planted["anything"] = "put there by a stranger"
    planted.save()
    before = planted.session_key

    client.post("/accounts/login/", {"login": ana().email, "password": PASSWORD})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_who_signs_out_is_out_with_that_key_too():
    client = signed_in()
    key = client.session.session_key

    client.post("/accounts/logout/")
    client.cookies["sessionid"] = key

    assert not is_in(client)


def test_the_log_tells_who_left_and_who_became_what(caplog):
    caplog.set_level(logging.INFO, logger="followthrough.security")
    team, client = a_team(), signed_in()
    caplog.clear()
    stay = [place for place in teams.places_of(team) if place.user_id != dev().pk]
    became = [
        replace(place, role=Role.LEAD) if place.user_id == ana().pk else place for place in stay
    ]
    plan = teams.Plan(name=team.name, calendar_id=team.calendar_id, places=became)

    teams.edit(team.pk, plan, seen_mark=teams.mark(team), now=MORNING)
    client.post("/accounts/logout/")

    assert [record.getMessage() for record in caplog.records] == [
        f"out of team={team.pk} user={dev().pk}",
        f"now lead in team={team.pk} user={ana().pk}",
        f"signed out user={ana().pk}",
    ]


def test_twelve_hours_unused_end_it(clock):
    client = signed_in()

    clock.shift(timedelta(hours=11, minutes=59))
    assert is_in(client)
    clock.shift(timedelta(hours=11, minutes=59))
    assert is_in(client)
    clock.shift(timedelta(hours=12))
    assert not is_in(client)


def test_fourteen_days_end_it_however_much_it_is_used(clock):
    client = signed_in()
    for _ in range(33):
        clock.shift(timedelta(hours=10))
        assert is_in(client)

    clock.shift(timedelta(hours=6))

    assert not is_in(client)


def test_a_page_that_is_read_often_writes_once_in_five_minutes(clock):
    client = signed_in()
    clock.shift(timedelta(minutes=4))
    client.get("/me/")
    assert Session.objects.get(user=ana()).seen_at == MORNING

    clock.shift(timedelta(minutes=1))
    client.get("/me/")

    assert Session.objects.get(user=ana()).seen_at == MORNING + timedelta(minutes=5)


def test_what_has_ended_is_deleted_when_somebody_signs_in(clock):
    signed_in()
    clock.shift(timedelta(hours=13))

    signed_in(dev().email)

    assert [each.user for each in Session.objects.all()] == [dev()]


def test_a_new_password_ends_all_others_and_the_one_goes_on():
    here, elsewhere = signed_in(), signed_in()
    said = {"oldpassword": PASSWORD, "password1": "kettle-by-friday"}

    here.post("/accounts/password/change/", said | {"password2": "kettle-by-friday"})

    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert Session.objects.filter(user=ana()).count() == 1


def test_who_does_not_know_the_old_password_sets_no_new_one():
    client = signed_in()
    said = {"oldpassword": "larkfield-guess", "password1": "kettle-by-friday"}

    client.post("/accounts/password/change/", said | {"password2": "kettle-by-friday"})

    assert ana().check_password(PASSWORD)


def test_whoever_is_switched_off_is_out_and_stays_out_when_switched_on_again():
    a_team()
    client, boss = signed_in(), a_user("Sam Whitlock", is_superuser=True)

    people.switch_off(ana().pk, takers={}, by=boss, note="", now=MORNING)
    assert not is_in(client)
    people.switch_on(ana().pk)

    assert not is_in(client)
    assert not Session.objects.filter(user=ana()).exists()


def test_the_page_names_the_browsers_and_no_key():
    here, elsewhere = signed_in(), signed_in(agent="curl/8.0")
    signed_in(dev().email, agent="Opera on a friend's telephone")

    said = here.get(PAGE).content.decode()

    assert "Firefox on Linux" in said
    assert "curl" in said
    assert said.count("This browser") == 1
    assert said.count("/end/") == 2  # the other one, and all others
    for client in (here, elsewhere):
        assert client.session.session_key not in said


def test_one_is_ended_from_another():
    here, elsewhere = signed_in(), signed_in()
    mark = Session.objects.get(pk=elsewhere.session.session_key).mark

    here.post(f"{PAGE}sessions/{mark}/end/")

    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_nobody_ends_a_colleagues():
    here, theirs = signed_in(), signed_in(dev().email)
    mark = Session.objects.get(pk=theirs.session.session_key).mark

    here.post(f"{PAGE}sessions/{mark}/end/")
    here.post(f"{PAGE}sessions/end/")

    assert is_in(theirs)


def test_all_others_end_at_one_press():
    here, others = signed_in(), [signed_in() for _ in range(3)]

    here.post(f"{PAGE}sessions/end/")

    assert is_in(here)
    assert not any(is_in(each) for each in others)


def test_the_page_takes_as_many_queries_for_many_as_for_one(django_assert_max_num_queries):
    here = signed_in()
    here.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        here.get(PAGE)
    few = len(asked)
    for _ in range(5):
        signed_in()

    with django_assert_max_num_queries(few):
        here.get(PAGE)


def test_a_key_is_given_out_after_the_password_was_asked_once_more(clock):
    client = signed_in()
    assert client.get(NEW_TOKEN).status_code == 200
    clock.shift(timedelta(minutes=15))

    asked = client.get(NEW_TOKEN)
    wrong = client.post(asked.url, {"password": "guess", "next": NEW_TOKEN})
    still = client.get(NEW_TOKEN)
    right = client.post(asked.url, {"password": PASSWORD, "next": NEW_TOKEN})

    assert asked.url == f"{ONCE_MORE}?next=%2Fme%2Ftokens%2Fnew%2F"
    assert (wrong.status_code, still.status_code) == (200, 302)
    assert right.url == NEW_TOKEN
    assert client.get(NEW_TOKEN).status_code == 200


def test_what_was_sent_when_the_time_was_over_is_shown_and_never_done_nor_kept(clock):
    client = signed_in()
    clock.shift(timedelta(minutes=15))
    said = {"once": "a" * 32, "name": "Wallboard", "scope": "read", "lasts": "90"}

    asked = client.post(NEW_TOKEN, said)
    kept = dict(client.session)
    client.post(ONCE_MORE, {"password": PASSWORD, "next": NEW_TOKEN})

    assert asked.status_code == 403
    assert "Wallboard" in asked.content.decode()
    assert "Wallboard" not in str(kept)
    assert not ana().api_tokens.exists()


def test_passwords_that_came_too_late_are_kept_nowhere(clock):
    client = signed_in()
    clock.shift(timedelta(minutes=15))
    change = "/accounts/password/change/"

    asked = client.post(change, {"oldpassword": PASSWORD, "password1": "kettle-by-friday"})

    assert asked.url.startswith(ONCE_MORE)
    assert PASSWORD not in str(dict(client.session))


def test_from_a_button_the_way_leads_back_to_its_page(clock):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    client = signed_in(boss.email)
    clock.shift(timedelta(minutes=15))
    page = "/settings/webhooks/7/"

    ours = client.post(f"{page}secret/", headers={"Referer": f"http://testserver{page}"})
    theirs = client.post(f"{page}secret/", headers={"Referer": "https://evil.example/x"})

    assert ours.url == f"{ONCE_MORE}?next=%2Fsettings%2Fwebhooks%2F7%2F"
    assert theirs.url == f"{ONCE_MORE}?next=%2Fsettings%2Fwebhooks%2F7%2Fsecret%2F"


def test_a_session_gives_no_webhooks_secret_out_not_by_the_api_either(clock):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    client = signed_in(boss.email)
    clock.shift(timedelta(minutes=15))
    said = {"name": "Desk", "url": "https://203.0.113.9/hook"}

    page = client.post("/settings/webhooks/new/", said).content.decode()
    answers = [
        client.post(path, said, "application/json", headers={"Idempotency-Key": "k"})
        for path in ("/api/v1/webhooks/", "/api/v1/webhooks/7/rotate/")
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (403, "sign_in_again")
    ] * 2
    assert client.get("/api/v1/webhooks/").status_code == 200
    assert said["url"] in page


@pytest.mark.parametrize("header", ["Bearer x", "Basic eDp4", "x"])
def test_no_header_leads_around_being_asked(clock, header):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    client = signed_in(boss.email)
    clock.shift(timedelta(minutes=15))

    page = client.get(NEW_TOKEN, headers={"Authorization": header})
    call = client.post("/api/v1/webhooks/7/rotate/", headers={"Authorization": header})

    assert page.url.startswith(ONCE_MORE)
    assert (call.status_code, call.json()["code"]) == (403, "sign_in_again")


def test_whoever_only_comes_by_a_provider_comes_by_it_again(clock):
    kit = a_user("Kit Oduya")
    kit.set_unusable_password()
    kit.save()
    client = Client()
    client.force_login(kit)
    assert client.get(NEW_TOKEN).status_code == 200
    clock.shift(timedelta(minutes=15))

    asked = client.post("/accounts/password/set/", {"password1": "x", "password2": "x"})

    assert asked.url == "/accounts/login/?next=%2Faccounts%2Fpassword%2Fset%2F"
    assert not is_in(client)


def test_guessing_at_that_page_is_counted_with_the_guesses_at_the_door(clock):
    client = signed_in()
    clock.shift(timedelta(minutes=15))
    for _ in range(5):
        client.post(ONCE_MORE, {"password": "guess"})

    answer = client.post(ONCE_MORE, {"password": PASSWORD})

    assert answer.status_code == 429


def test_somebody_is_looked_at_without_being_asked_and_changed_with(clock):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    client = signed_in(boss.email)
    clock.shift(timedelta(minutes=15))
    page = reverse("web:person", args=[ana().pk])

    looked, pressed = client.get(page), client.post(page, {"press": "link"})

    assert looked.status_code == 200
    assert pressed.url.startswith(ONCE_MORE)


def test_in_the_administration_nothing_is_changed_without_being_asked_once_more(clock):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    client = signed_in(boss.email)
    clock.shift(timedelta(minutes=15))
    page = reverse("admin:commitments_team_add")

    looked, sent = client.get(page), client.post(page, {"name": "Night shift"})

    assert (looked.status_code, sent.status_code) == (200, 403)
    assert not Team.objects.filter(name="Night shift").exists()


def test_what_is_held_about_a_customer_is_given_out_after_the_password(clock):
    a_commitment()
    client = signed_in(a_user("Sam Whitlock", is_superuser=True, is_staff=True).email)
    file = reverse("web:personal_data_file", args=[tom().pk, "json"])
    page = reverse("web:personal_data", args=[tom().pk])
    assert client.get(file).status_code == 200
    clock.shift(timedelta(minutes=15))

    asked, looked, erased = client.get(file), client.get(page), client.post(page, {"name": "Tom"})

    assert asked.url.startswith(ONCE_MORE)
    assert (looked.status_code, erased.status_code) == (200, 403)
    assert tom().erased_at is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_its_owner_knows_it(agent, name):
    assert browsers.called(agent) == name
