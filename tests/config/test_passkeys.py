"""What somebody sends instead of a passkey opens nothing and breaks nothing.

That a real one opens the door is seen in a browser: tests/browser/test_signing_in.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.test import Client
from fido2.utils import websafe_encode

from commitments.models import User
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


@pytest.mark.parametrize(("flags", "lets_in"), [(0x01, False), (0x05, True)])
def test_one_that_stands_for_the_password_has_seen_its_owner(monkeypatch, flags, lets_in):
    """0x01: touched; 0x04: by its owner. All else about it is taken as true."""
    key = Authenticator.objects.create(user=ana(), type="webauthn", data={"name": "x"})
    monkeypatch.setattr(auth, "complete_authentication", lambda *_: key)
    client = Client()
    client.get(SIGN_IN, headers={"Accept": "application/json"})

    client.post(SIGN_IN, {"credential": json.dumps(a_credential_of(ana(), flags=flags))})

    assert is_in(client) is lets_in


def a_credential_of(user: User, *, flags: int) -> dict[str, Any]:
    asked = {"type": "webauthn.get", "challenge": "YQ", "origin": "http://testserver"}
    said = {
        "clientDataJSON": json.dumps(asked).encode(),
        "authenticatorData": bytes(32) + bytes([flags]) + bytes(4),
        "signature": b"signed",
        "userHandle": user_pk_to_url_str(user).encode(),
    }
    written = {name: websafe_encode(value) for name, value in said.items()}
    return {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": written}


def test_who_asks_is_told_nobodys_keys():
    Authenticator.objects.create(user=ana(), type="webauthn", data={"name": "x", "credential": {}})

    said = Client().get(SIGN_IN, headers={"Accept": "application/json"}).json()

    asked = said["request_options"]["publicKey"]
    assert asked.get("allowCredentials", []) == []
    assert asked["userVerification"] == "required"
