"""Signing in is by e-mail and by invitation."""

from __future__ import annotations

import re

import pytest

from commitments.models import User
from notifications.models import Delivery
from tests.makers import ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_agent_signs_in_with_her_e_mail_whatever_its_case(client):
    email = ana().email.upper()

    answer = client.post("/accounts/login/", {"login": email, "password": "larkfield-demo"})

    assert answer.status_code == 302
    assert int(client.session["_auth_user_id"]) == ana().pk


def test_whoever_signs_in_is_greeted_by_name_in_our_words(client):
    said = {"login": ana().email, "password": "larkfield-demo"}

    page = client.post("/accounts/login/", said, follow=True).content.decode()

    assert "You are signed in as Ana Moreno." in page


def test_a_wrong_password_opens_nothing(client):
    answer = client.post("/accounts/login/", {"login": ana().email, "password": "guess"})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client):
    credentials = {
        "email": "eve@example.org",
        "password1": "long-enough",
        "password2": "long-enough",
    }

    answer = client.post("/accounts/signup/", credentials)

    assert answer.status_code == 200
    assert not User.objects.filter(email="eve@example.org").exists()


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(client):
    client.post("/accounts/password/reset/", {"email": ana().email})
    url = re.sub(r"^http://testserver", "", Delivery.objects.get().context["url"])

    form = client.get(url, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "kettle-by-friday", "password2": "kettle-by-friday"})

    assert ana().check_password("kettle-by-friday")


def test_a_stranger_gets_no_mail_and_learns_nothing(client):
    known = client.post("/accounts/password/reset/", {"email": ana().email})
    Delivery.objects.all().delete()

    unknown = client.post("/accounts/password/reset/", {"email": "eve@example.org"})

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("email", ["ana@larkfield.example", "eve@example.org"])
def test_after_the_answer_nothing_is_left_to_do_by_which_time_would_tell_who_works_here(
    client, email, django_capture_on_commit_callbacks
):
    ana()

    with django_capture_on_commit_callbacks() as later:
        client.post("/accounts/password/reset/", {"email": email})

    assert later == []
    assert Delivery.objects.filter(address=email).count() == (email == ana().email)


def test_the_link_does_not_believe_the_host_that_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["evil.example"]

    client.post("/accounts/password/reset/", {"email": ana().email}, HTTP_HOST="evil.example")

    assert Delivery.objects.get().context["url"].startswith("http://testserver/accounts/")


def test_the_administration_asks_at_the_same_door(client):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
