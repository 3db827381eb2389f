"""A second step: set up, asked for at every door, good for once, and begun anew when it is lost."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from commitments.models import Session
from notifications.models import Delivery
from tests.config.steps import (
    PASSWORD,
    an_app_of,
    by_password,
    code,
    codes_of,
    is_in,
    step,
    steps_of,
)
from tests.makers import a_user, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)
ADD_APP, CODES = "/accounts/steps/app/", "/accounts/steps/codes/"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def secret_on(page: Any) -> str:
    found = re.search(r'<pre class="key"[^>]*>([A-Z2-7]+)</pre>', page.content.decode())
    assert found
    return found[1]


def test_an_app_is_set_up_with_its_first_code_and_codes_to_recover_are_shown_once(clock):
    client = by_password(ana())

    page = client.get(ADD_APP)
    wrong = client.post(ADD_APP, {"code": "000000"})
    assert steps_of(ana()) == []
    right = client.post(ADD_APP, {"code": code(secret_on(wrong))}, follow=True)

    assert secret_on(page)
    assert steps_of(ana()) == ["recovery_codes", "totp"]
    shown = re.findall(r"<code>(\d{8})</code>", right.content.decode())
    assert len(set(shown)) == 10
    assert not re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())


def test_its_secrets_lie_sealed():
    secret = an_app_of(ana())
    codes_of(ana())

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept
    assert '"seed": "gAAAA' in kept.replace("'", '"')


def test_the_password_alone_opens_nothing_then():
    an_app_of(ana())

    client = by_password(ana())

    assert not is_in(client)
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/admin/").status_code == 302
    assert client.get("/promises/mine/").url.startswith("/accounts/login/")


def test_a_code_opens_nothing_to_whoever_said_no_password():
    secret = an_app_of(ana())
    by_password(ana())
    stranger = Client()

    answer = step(stranger, code(secret))

    assert answer.url.startswith("/accounts/login/")
    assert not is_in(stranger)


def test_password_and_code_open_the_door_under_a_new_key():
    secret = an_app_of(ana())
    client = by_password(ana())
    before = client.session.session_key

    answer = step(client, code(secret))

    assert answer.status_code == 302
    assert is_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("said", ["", "000000", "١٢٣٤٥٦", "1" * 30, "ab\0cdef"])
def test_anything_else_does_not(said):
    an_app_of(ana(), "A" * 32)
    client = by_password(ana())

    answer = step(client, said)

    assert answer.status_code == 200
    assert not is_in(client)


def test_a_code_counts_once_at_whatever_door(clock):
    secret = an_app_of(ana())
    used = code(secret)
    step(by_password(ana()), used)

    again = by_password(ana())
    step(again, used)
    assert not is_in(again)
    step(again, code(secret, late=1))  # of the half minute before
    assert not is_in(again)

    clock.shift(timedelta(seconds=30))
    step(again, code(secret))
    assert is_in(again)


def test_the_code_that_set_the_app_up_is_used(clock):
    client = by_password(ana())
    secret = secret_on(client.get(ADD_APP))
    client.post(ADD_APP, {"code": code(secret)})

    other = by_password(ana())
    step(other, code(secret))

    assert not is_in(other)


def test_a_code_of_the_half_minute_before_is_taken_and_no_older_one(clock):
    secret = an_app_of(ana())
    old, before = by_password(ana()), by_password(ana())

    step(old, code(secret, late=2))
    step(before, code(secret, late=1))

    assert (is_in(old), is_in(before)) == (False, True)


def test_five_wrong_codes_and_the_right_one_waits():
    secret = an_app_of(ana())
    client = by_password(ana())
    for _ in range(5):
        step(client, "000000")

    answer = step(client, code(secret))

    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert not is_in(client)


def test_ones_own_code_forgets_no_guesses_at_others(clock):
    secret, client = an_app_of(ana()), by_password(ana())
    for number in range(19):
        guess = {"login": f"somebody{number}@larkfield.example", "password": "guess"}
        Client().post("/accounts/login/", guess)
        clock.shift(timedelta(seconds=1))

    step(client, code(secret))
    said = [
        Client().post("/accounts/login/", {"login": f"x{n}@larkfield.example", "password": "guess"})
        for n in range(2)
    ]

    assert is_in(client)
    assert [each.status_code for each in said] == [200, 429]


def test_a_recovery_code_counts_once():
    an_app_of(ana())
    first, *_ = codes_of(ana())
    client, other = by_password(ana()), by_password(ana())

    step(client, first)
    step(other, first)

    assert (is_in(client), is_in(other)) == (True, False)
    assert "9 left" in client.get("/me/signing-in/").content.decode()


def test_a_new_password_by_mail_leads_around_nothing(client):
    secret = an_app_of(ana())
    client.post("/accounts/password/reset/", {"email": ana().email})
    url = re.sub(r"^http://testserver", "", Delivery.objects.get().context["url"])
    form = client.get(url, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "kettle-by-friday", "password2": "kettle-by-friday"})
    assert not is_in(client)

    client.post("/accounts/login/", {"login": ana().email, "password": "kettle-by-friday"})
    assert not is_in(client)

    step(client, code(secret))
    assert is_in(client)


def test_the_administration_is_behind_the_same_step():
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    secret = an_app_of(boss)

    client = by_password(boss)
    assert client.post("/admin/login/", {"username": boss.email, "password": PASSWORD}).status_code
    assert client.get("/admin/").status_code == 302
    step(client, code(secret))

    assert client.get("/admin/").status_code == 200


def test_who_adds_a_step_is_signed_in_nowhere_without_it():
    elsewhere, client = by_password(ana()), by_password(ana())
    secret = secret_on(client.get(ADD_APP))

    client.post(ADD_APP, {"code": code(secret)})

    assert (is_in(client), is_in(elsewhere)) == (True, False)
    assert Session.objects.filter(user=ana()).count() == 1


def test_setting_one_up_asks_once_more_who_it_is(clock):
    client = by_password(ana())
    clock.shift(timedelta(minutes=15))

    answers = [client.get(ADD_APP), client.post(ADD_APP, {"code": "000000"}), client.get(CODES)]

    assert [each.status_code for each in answers] == [302, 302, 302]
    assert answers[0].url.startswith("/accounts/reauthenticate/")


def test_who_has_no_password_at_hand_says_it_with_a_code(clock):
    secret = an_app_of(ana())
    client = by_password(ana())
    step(client, code(secret))
    clock.shift(timedelta(minutes=15))
    assert client.get("/me/tokens/new/").status_code == 302

    client.post("/accounts/step/again/", {"code": code(secret), "next": "/me/tokens/new/"})

    assert client.get("/me/tokens/new/").status_code == 200


def test_the_last_one_goes_with_its_codes():
    secret = an_app_of(ana())
    codes_of(ana())
    client = by_password(ana())
    step(client, code(secret))

    client.post("/accounts/steps/app/remove/")

    assert steps_of(ana()) == []


def test_an_administrator_takes_a_lost_one_away_and_never_their_own(clock):
    boss = a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    lost, own = an_app_of(ana()), an_app_of(boss)
    hers, theirs = by_password(ana()), by_password(boss)
    step(hers, code(lost))
    step(theirs, code(own))

    for person in (ana(), boss):
        theirs.post(f"/settings/people/{person.pk}/", {"press": "second-step"})

    assert (steps_of(ana()), steps_of(boss)) == ([], ["totp"])
    assert not is_in(hers)
    assert is_in(by_password(ana()))


def test_nobody_else_takes_it_away():
    an_app_of(ana())

    answer = by_password(dev()).post(f"/settings/people/{ana().pk}/", {"press": "second-step"})

    assert answer.status_code == 403
    assert steps_of(ana()) == ["totp"]


def test_a_stranger_and_a_colleague_see_nothing_of_it():
    secret = an_app_of(ana())

    for client in (Client(), by_password(dev())):
        for page in ("/accounts/steps/codes/", "/accounts/steps/app/remove/"):
            answer = client.get(page)
            assert answer.status_code in {302, 404}
            assert secret.encode() not in answer.content


def told() -> list[str]:
    rows = Delivery.objects.filter(template="sign_in_changed", address=ana().email)
    return [row.context["what"] for row in rows.order_by("pk")]


def test_whose_it_is_hears_of_each_change(clock, django_capture_on_commit_callbacks):
    client, boss = by_password(ana()), a_user("Sam Whitlock", is_superuser=True, is_staff=True)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADD_APP, {"code": code(secret_on(client.get(ADD_APP)))})
    by_password(boss).post(f"/settings/people/{ana().pk}/", {"press": "second-step"})
    client = by_password(ana())
    new = {"password1": "kettle-by-friday", "password2": "kettle-by-friday"}
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD} | new)

    assert told() == [
        "An authenticator app was added.",
        "An administrator took away the second step, and signed you out.",
        "There is a new password.",
    ]


def test_whoever_chooses_their_first_password_is_told_nothing_and_the_link_is_used_up():
    zed = a_user("Zed Ray")
    zed.set_unusable_password()
    zed.save()
    Client().post("/accounts/password/reset/", {"email": zed.email})
    url = re.sub(r"^http://testserver", "", Delivery.objects.get().context["url"])
    client = Client()
    form = client.get(url, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "kettle-by-friday", "password2": "kettle-by-friday"})

    zed.refresh_from_db()
    assert zed.has_usable_password()
    assert [row.template for row in Delivery.objects.all()] == ["invitation"]
    assert Client().get(url, follow=True).redirect_chain == []  # leads to no form


def test_the_log_tells_of_each_change_by_ids(caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO, logger="followthrough.security")
    client = by_password(ana())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADD_APP, {"code": code(secret_on(client.get(ADD_APP)))})
    step(by_password(ana()), "000000")

    said = [record.getMessage() for record in caplog.records]

    me = ana().pk
    assert said == [f"signed in user={me}", f"app added user={me}", f"second step failed user={me}"]
