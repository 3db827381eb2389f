"""What somebody sends instead of a passkey opens nothing and breaks nothing.

That a real one opens the door is seen in a browser: tests/browser/test_signing_in.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.config.steps import an_app_of, by_password, is_in, steps_of
from tests.makers import ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIGN_IN, STEP, ADD = "/accounts/step/passkey/", "/accounts/step/", "/accounts/steps/passkeys/"
GARBAGE: list[Any] = [
    *("", "no json", "null", "1", "[]", "{}", '"words"', '{"response": null}', "[" * 2000),
    *('{"response": {"userHandle": 7}}', '{"id": "a", "rawId": "a", "type": "public-key"}'),
    json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "AAAA",
                "signature": "AAAA",
                "userHandle": "YWFh",
                "attestationObject": "AAAA",
            },
            "clientExtensionResults": {},
        }
    ),
]


@pytest.mark.parametrize("said", GARBAGE)
def test_nothing_of_it_signs_anybody_in(said):
    ana()
    client = Client()
    client.get(SIGN_IN, headers={"Accept": "application/json"})

    answer = client.post(SIGN_IN, {"credential": said})

    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert not is_in(client)


@pytest.mark.parametrize("said", GARBAGE)
def test_nothing_of_it_is_a_second_step(said):
    an_app_of(ana())
    client = by_password(ana())
    client.get(STEP)

    answer = client.post(STEP, {"credential": said})

    assert answer.status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("said", GARBAGE)
def test_nothing_of_it_is_kept(said):
    client = by_password(ana())
    client.get(ADD)

    answer = client.post(ADD, {"credential": said, "name": "Mine"})

    assert answer.status_code == 200
    assert steps_of(ana()) == []


def test_who_asks_is_told_nobodys_keys():
    Authenticator.objects.create(user=ana(), type="webauthn", data={"name": "x", "credential": {}})

    said = Client().get(SIGN_IN, headers={"Accept": "application/json"}).json()

    asked = said["request_options"]["publicKey"]
    assert asked.get("allowCredentials", []) == []
    assert asked["userVerification"] == "required"
