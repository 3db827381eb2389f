"""The log tells what happened and to which number, and nothing of what was said or by whom."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from commitments import services, sweep
from commitments.models import Customer
from commitments.privacy import erasing
from config import logs
from notifications import delivery
from notifications.models import Delivery
from tests.api.callers import a_program
from tests.commitments.imports.uploads import an_upload, brought_in
from tests.commitments.inbound.mails import a_mail, take
from tests.commitments.privacy.whispers import (
    LATER,
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
)
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana
from tests.smtp import sink
from tests.web import pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
# What tries to begin a line of its own, or to speak to a terminal.
FORGED = '"}\r\n{"at": "2026-01-01T00:00:00.000Z", "message": "FORGED"}\x1b[2J\u2028'
MARKERS = (NAME, MAIL, PHONE, WORD, "Zaphrod", "FORGED")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Every line that a process of ours writes, from the least urgent on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Structured())
    root = logging.getLogger()
    before, chatty = root.level, logging.getLogger("django.db.backends")
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    chatty.setLevel(logging.INFO)  # statements are not logged unless somebody debugs them
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)
    chatty.setLevel(logging.NOTSET)


def test_a_story_from_the_first_word_to_the_erasure(written: io.StringIO, store: Path) -> None:
    them = a_customer_with_a_story()
    erasing.erase(them.pk, by=None, now=LATER)

    quiet_lines(written)


def test_pages_and_programs_that_ask_in_every_wrong_way(written: io.StringIO) -> None:
    them = Customer.objects.create(name=NAME, email=MAIL, phone=PHONE)
    promise = a_commitment(customer=them, wording=f"Send the {WORD}")
    staff, program = pages.signed_in(ana()), a_program(ana())
    for address in ("/promises/all/", f"/promises/{promise.reference}/", "/nowhere/", "/c/nobody/"):
        staff.get(address, {"q": NAME, "customer": MAIL})
    staff.post("/promises/new/", {"wording": f"{WORD}{FORGED}", "customer": NAME})
    for body in (
        {"customer": {"name": NAME, "email": MAIL}, "wording": WORD, "kind": "followup"},
        {"customer": {"name": f"{NAME}{FORGED}", "email": MAIL}, "wording": WORD, "due_at": NAME},
        {NAME: WORD},
    ):
        program.post(body, Idempotency_Key=WORD)
    program.send(f'{{"wording": "{WORD}')
    for _ in range(7):
        Client().post("/accounts/login/", {"login": MAIL, "password": f"{WORD}{FORGED}"})
    Client().get("/healthz", headers={"Host": "stranger.example", "User-Agent": f"{NAME}{FORGED}"})

    lines = [json.loads(line) for line in quiet_lines(written)]
    assert [each["message"] for each in lines if each["request"] is None] == []


def test_what_comes_by_mail_or_in_a_file(
    written: io.StringIO, store: Path, imports_folder: Path, tmp_path: Path
) -> None:
    a_commitment(customer=Customer.objects.create(name=NAME, email=MAIL))
    mail = a_mail(f"My {WORD}{FORGED}", From=f"{NAME} <{MAIL}>", Subject=WORD)
    take(mail, recipient=f"{WORD}@larkfield.example")
    bounce = tmp_path / "bounce"
    bounce.write_bytes(bytes(mail))
    call_command("receive_bounce", str(bounce), stdout=io.StringIO())
    rows = f"customer,customer_email,wording,due\n{NAME},{MAIL},{WORD},{WORD}\n{NAME},x,,\n"
    brought_in(an_upload(data=rows.encode()))

    assert quiet_lines(written)


def test_a_mail_server_that_quotes_whom_it_refuses(
    written: io.StringIO, settings: Settings
) -> None:
    them = Customer.objects.create(name=NAME, email=MAIL)
    promise = a_commitment(customer=them, wording=f"Send the {WORD}")
    with sink() as server:
        settings.EMAIL_URL = server.url
        server.script["RCPT"] = [f"550 5.1.1 <{MAIL}> {NAME} is unknown"]
        services.update(
            promise.pk, by=ana(), words=f"Your {WORD}", tell_customer=True, now=NOON + MINUTE
        )
        for hours in range(1, 9):
            sweep.run(NOON + hours * HOUR)
            delivery.run(NOON + hours * HOUR)

    assert Delivery.objects.filter(state="failed", reason__contains=MAIL).exists()
    quiet_lines(written)


def quiet_lines(written: io.StringIO) -> list[str]:
    """Each is one of ours, and none says anything of theirs."""
    lines = written.getvalue().splitlines()
    for line in lines:
        told = json.loads(line)
        names = ["at", "level", "logger", "request", "user", "task", "message"]
        assert list(told)[:7] == names, line
        assert not [each for each in MARKERS if each.lower() in line.lower()], line
        assert line.isascii()
    return lines
