"""A password is long, and nothing that anybody would guess."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config import settings as ours
from tests.makers import ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refusals(password: str) -> list[str]:
    try:
        validate_password(password, user=ana())
    except ValidationError as no:
        return sorted(error.code or "" for error in no.error_list)
    return []


@pytest.mark.parametrize(
    "password",
    [
        "kettle-by-friday",
        "correct horse battery staple",
        "twelve chars",
        "ключ от старой двери",
        "🔑 under the 🪴 by the door",
        "a" * 20 + " long one " + "of 64 and more characters, " * 3,
    ],
)
def test_long_ones_of_any_characters_are_taken(password):
    assert refusals(password) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("eleven char", "password_too_short"),
        ("password1234", "password_too_common"),
        ("Password2026!", "lengthened"),
        ("P@ssw0rd!!!!!", "lengthened"),
        ("dragon!dragon!", "lengthened"),
        ("sunshine2026!", "lengthened"),
        ("followthrough1", "lengthened"),
        ("aaaaaaaaaaaab", "monotonous"),
        ("1234543212345", "a_run"),
        ("qwertyuiop1234", "a_run"),
        ("abcdefghijklmnop", "a_run"),
        ("ana@larkfield.example", "password_too_similar"),
        ("Ana Moreno 1", "password_too_similar"),
    ],
)
def test_what_anybody_would_guess_is_refused(password, code):
    assert code in refusals(password)


def test_the_company_may_not_be_a_password_either(settings):
    settings.COMPANY_NAME = "Kettlewell Energy"

    assert refusals("kettlewell-2026!") == ["lengthened"]
    assert refusals("kettle-by-friday") == []


def test_a_long_password_is_not_cut_off(client):
    person = ana()
    person.set_password("the first forty of them are the same as any " * 3)

    assert not person.check_password("the first forty of them are the same as any " * 2)


@pytest.mark.parametrize("before", ["PBKDF2PasswordHasher", "ScryptPasswordHasher"])
def test_signing_in_brings_an_old_hash_up_to_argon2(client, settings, before):
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{before}"]
    person = ana()
    person.set_password("larkfield-demo")
    person.save()
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS

    client.post("/accounts/login/", {"login": person.email, "password": "larkfield-demo"})

    assert client.session["_auth_user_id"] == str(person.pk)
    assert identify_hasher(ana().password).algorithm == "argon2"
    assert "$argon2id$" in ana().password
