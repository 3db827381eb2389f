"""Providers hand us mails; who is no provider hands us none, and no mail is asked for twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from anymail import urls
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from commitments.inbound import receiving
from commitments.models import Attachment, Commitment, MailTally, QuarantinedMail, Suggestion
from config import environment
from notifications.channels import answering
from tests.commitments.public.makers import PNG
from tests.makers import HOUR, NOON, a_commitment, a_team

from .mails import a_mail, words_on

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECRET, KEY = "us:a-long-secret", "signing-key"
POSTMARK, MAILGUN = "/hooks/inbound/postmark/", "/hooks/inbound/mailgun/"


@pytest.fixture(autouse=True)
def _agreed(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.INBOUND_PROVIDERS = ["postmark", "sendgrid", "sparkpost", "amazon_ses"]


@pytest.fixture
def kettle() -> Commitment:
    return a_commitment(due_at=NOON + 6 * HOUR)


def signed(secret: str = SECRET) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def postmark(said: Any, *, secret: str = SECRET, **options: Any) -> int:
    body = said if isinstance(said, str | bytes) else json.dumps(said)
    usual = {"content_type": "application/json", "headers": signed(secret) if secret else {}}
    return Client().post(POSTMARK, body, **(usual | options)).status_code


def delivered(about: Commitment, text: str = "It has come.", **facts: Any) -> dict[str, Any]:
    """A mail as Postmark words it."""
    address = answering.address_about(about.about)
    usual = {
        "FromFull": {"Email": "tom@customers.example", "Name": "Tom"},
        "ToFull": [{"Email": address, "Name": ""}],
        "OriginalRecipient": address,
        "Subject": "Re: Your promise",
        "MessageID": "22c74902",
        "Date": "Thu, 21 May 2026 12:00:00 +0000",
        "TextBody": text,
        "HtmlBody": "",
        "Headers": [{"Name": "Message-ID", "Value": "<1@customers.example>"}],
        "Attachments": [],
    }
    return usual | facts


def test_a_mail_that_a_provider_took_in_lands_where_it_belongs(kettle: Commitment) -> None:
    assert postmark(delivered(kettle)) == 200

    assert words_on(kettle) == ["It has come."]


def test_delivered_again_it_lands_once(kettle: Commitment) -> None:
    assert [postmark(delivered(kettle)) for _ in range(3)] == [200, 200, 200]

    assert words_on(kettle) == ["It has come."]
    assert MailTally.objects.get(reason="came before").mails == 2


def test_a_copy_becomes_a_draft() -> None:
    a_team()
    said = {
        "FromFull": {"Email": "ana@larkfield.example", "Name": "Ana"},
        "ToFull": [{"Email": "tom@customers.example", "Name": "Tom Okafor"}],
        "OriginalRecipient": "promise+in2h@larkfield.example",
        "Subject": "Your kettle",
        "TextBody": "I will call you.",
    }

    assert postmark(said) == 200

    assert Suggestion.objects.get().text.email == "tom@customers.example"


def test_a_file_comes_along(kettle: Commitment, store: Any) -> None:
    file = {
        "Name": "meter.png",
        "Content": base64.b64encode(PNG).decode(),
        "ContentType": "image/png",
    }

    postmark(delivered(kettle, Attachments=[file]))

    assert Attachment.objects.get().name == "meter.png"


@pytest.mark.parametrize("secret", ["", "us:another", "us:a-long-secretx", ":"])
def test_a_stranger_delivers_nothing(kettle: Commitment, secret: str) -> None:
    assert postmark(delivered(kettle), secret=secret) == 401

    assert words_on(kettle) == []
    assert not QuarantinedMail.objects.exists()
    assert not MailTally.objects.exists()


def test_only_those_who_may_deliver_have_an_address(kettle: Commitment, settings: Any) -> None:
    settings.INBOUND_PROVIDERS = []

    assert postmark(delivered(kettle)) == 404
    assert Client().post("/hooks/inbound/nobody/").status_code == 404
    assert Client().get(POSTMARK).status_code == 405
    assert words_on(kettle) == []


def test_some_providers_look_first_whether_anybody_is_there() -> None:
    assert Client().head(POSTMARK).status_code == 200
    assert Client().head(MAILGUN).status_code == 404


def test_a_provider_whose_part_of_anymail_is_not_installed_is_told_that_nobody_is_there() -> None:
    told = Client().post("/hooks/inbound/amazon_ses/", "{}", "application/json", headers=signed())

    assert told.status_code in {400, 404}
    assert not MailTally.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "[" * 100_000,
        {"RecordType": "Bounce"},
        {"FromFull": 7, "Headers": "x"},
        {"FromFull": {"Email": "\x00\r\nBcc: x", "Name": "\ud800"}},
        {"Headers": [{"Name": "To", "Value": "(" * 3000}], "Attachments": [{}]},
        {"Headers": [{"Name": "\r\nX", "Value": "a\r\nb"}]},
        {"Subject": "a" * 1_000_000},
        {"Headers": [{"Name": "X-A", "Value": "a" * 9_000}]},
        {"RawEmail": "Subject: " + "a" * 1_000_000 + "\r\n\r\nHello"},
        {"RawEmail": 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' * 400},
        {"RawEmail": "\x00" * 1000},
        {"Attachments": [{"ContentType": "a", "Content": "!!!"}]},
        b"\xff\xfe",
    ],
)
@pytest.mark.timeout(20)
def test_what_cannot_be_read_is_set_aside_and_not_asked_for_again(said: Any) -> None:
    assert postmark(said) == 200

    end = MailTally.objects.get()
    assert end.outcome in {"quarantined", "dropped"}
    assert QuarantinedMail.objects.exists() == (end.outcome == "quarantined")


def test_an_empty_return_path_is_known_for_what_it_is(kettle: Commitment) -> None:
    path = {"Name": "Return-Path", "Value": "<>"}

    postmark(delivered(kettle, Headers=[path]))

    assert MailTally.objects.get().reason == "a report of a mail server"
    assert words_on(kettle) == []


def test_a_mail_waits_for_the_database(kettle: Commitment, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **more: object) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as at_the_far_end:
        at_the_far_end.setattr(receiving.once, "only_once", away)
        assert postmark(delivered(kettle)) == 503
    assert postmark(delivered(kettle)) == 200

    assert words_on(kettle) == ["It has come."]


@pytest.mark.timeout(30)
def test_more_than_anybody_sends_is_refused(kettle: Commitment) -> None:
    large = {"Name": "a.png", "Content": "A" * 9_000_000, "ContentType": "image/png"}

    assert postmark(delivered(kettle, Attachments=[large])) == 200
    assert postmark(delivered(kettle, Attachments=[large, large])) == 413

    assert words_on(kettle) == ["It has come.\n\n[Not kept: a.png]"]
    assert MailTally.objects.get(reason="too large").outcome == "dropped"


def mailgun(fields: dict[str, Any], *, key: str = KEY) -> int:
    proof = hmac.new(key.encode(), b"1779364800" + b"t" * 50, hashlib.sha256).hexdigest()
    said = {"timestamp": "1779364800", "token": "t" * 50, "signature": proof} | fields
    return Client().post(MAILGUN, said).status_code


def fields_of(about: Commitment) -> dict[str, Any]:
    address = answering.address_about(about.about)
    headers = [["From", "tom@customers.example"], ["To", address], ["Subject", "Re"]]
    return {
        "recipient": address,
        "sender": "tom@customers.example",
        "body-plain": "It has come.",
        "message-headers": json.dumps(headers),
        "attachment-count": "1",
        "attachment-1": SimpleUploadedFile("meter.png", PNG, "image/png"),
    }


def test_mailgun_signs_what_it_delivers(kettle: Commitment, settings: Any, store: Any) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    settings.INBOUND_PROVIDERS = ["mailgun"]

    assert mailgun(fields_of(kettle), key="another") == 401
    assert mailgun({}) == 200
    assert mailgun(fields_of(kettle)) == 200

    assert words_on(kettle) == ["It has come."]
    assert Attachment.objects.get().name == "meter.png"


def test_a_thousand_files_by_form_are_too_many_to_see_who_sends_them(
    kettle: Commitment, settings: Any
) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    settings.INBOUND_PROVIDERS = ["mailgun"]
    files = {f"attachment-{n}": SimpleUploadedFile("a.png", PNG) for n in range(1000)}

    assert mailgun(fields_of(kettle) | files) == 413

    assert MailTally.objects.get().reason == "too large"


@pytest.mark.parametrize(
    ("address", "field"),
    [("/hooks/inbound/sendgrid/", "email"), ("/hooks/inbound/sparkpost/", "")],
)
def test_a_whole_mail_is_read_like_one_from_a_pipe(
    kettle: Commitment, address: str, field: str
) -> None:
    mail = a_mail("It has come.", To=answering.address_about(kettle.about)).as_string()
    relayed = [
        {
            "msys": {
                "relay_message": {
                    "protocol": "smtp",
                    "content": {"email_rfc822": mail, "email_rfc822_is_base64": False},
                }
            }
        }
    ]
    body: Any = {field: mail} if field else json.dumps(relayed)
    kind = {} if field else {"content_type": "application/json"}

    assert Client().post(address, body, headers=signed(), **kind).status_code == 200

    assert words_on(kettle) == ["It has come."]


@pytest.mark.parametrize(
    ("named", "agreed", "why"),
    [
        (["postmark"], {}, "WEBHOOK_SECRET in ANYMAIL, or anybody could be postmark"),
        (["mailgun"], {"WEBHOOK_SECRET": SECRET}, "MAILGUN_WEBHOOK_SIGNING_KEY in ANYMAIL"),
        (["resend"], {"RESEND_SIGNING_SECRET": "x"}, "RESEND_INBOUND_SECRET in ANYMAIL"),
        (["nobody"], {"WEBHOOK_SECRET": SECRET}, "“nobody” delivers no mails here"),
    ],
)
def test_no_provider_is_taken_from_without_a_secret(
    named: list[str], agreed: dict[str, str], why: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=why):
        environment.inbound_providers(named, agreed=agreed)


def test_every_provider_that_anymail_takes_mails_from_can_be_named() -> None:

    all_of_them = {
        pattern.name.removesuffix("_inbound_webhook").removesuffix("_webhook")
        for pattern in urls.urlpatterns
        if pattern.name.endswith("_inbound_webhook") or pattern.name == "mandrill_webhook"
    } - {"sendinblue"}  # an older name of brevo
    secrets = dict.fromkeys(("WEBHOOK_SECRET", *environment.SIGNED_WITH.values()), "x")

    assert set(environment.inbound_providers(sorted(all_of_them), agreed=secrets)) == all_of_them
