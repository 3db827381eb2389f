"""What customers write and send along reaches whoever owns the promise, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commitments import services
from commitments.models import (
    Attachment,
    EventKind,
)
from commitments.models.row import plain
from commitments.rules.lifecycle import Status
from tests.makers import MINUTE, NOON, a_commitment, ana, events_of, fresh

from .makers import (
    AT,
    LATER,
    PNG,
    SECOND,
    SIX,
    Browser,
    do,
    link_of,
    seen,
    told,
    value_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_reply_stands_on_the_timeline_and_reaches_the_owner():
    promise = a_commitment(due_at=SIX)

    response = do(promise, "reply")

    assert response["Location"].endswith("/?said=reply")
    event = promise.events.get(kind=EventKind.CUSTOMER_WROTE)
    assert (event.words, event.actor, event.visible) == ("Is the lid with it?", None, False)
    assert fresh(promise).customer_asked_at == LATER
    assert told() == ["ana@larkfield.example"]
    page = Browser().get(response["Location"], now=LATER + SECOND)
    assert "Thank you, your message has reached us." in seen(page)
    assert "You wrote to us today at 1:00 pm . Ana answers by Thursday 21 May, 5:00 pm" in seen(
        page
    )
    assert "Is the lid with it?" not in seen(page)


def test_a_reply_to_what_we_wait_for_lets_the_work_go_on():
    promise = a_commitment(due_at=SIX)
    services.wait(promise.pk, by=ana(), what="Your new address", now=NOON + MINUTE)

    form = Browser().get(link_of(promise, "reply"), now=AT)
    do(promise, "reply", words="Mill Lane 4")

    assert "Your new address" in seen(form)
    assert fresh(promise).status == Status.OPEN
    assert fresh(promise).customer_asked_at == LATER
    assert events_of(promise)[-2:] == ["customer_wrote", "resumed"]


def test_what_events_say_of_a_reply_to_what_we_wait_for_is_how_the_promise_stands():
    promise = a_commitment(due_at=SIX)
    services.wait(promise.pk, by=ana(), what="Your new address", now=NOON + MINUTE)

    answered = services.reply(promise.pk, words="Mill Lane 4", now=LATER)

    said = {
        event.kind: event.changes["customer_asked_at"][1]
        for event in promise.events.all()
        if "customer_asked_at" in event.changes
    }
    assert said == {"customer_wrote": plain(LATER)}
    assert (answered.status, answered.customer_asked_at) == (Status.OPEN, LATER)
    assert fresh(promise).customer_asked_at == LATER
    assert fresh(promise).head_hash == answered.head_hash


def test_a_photo_is_kept_under_a_name_that_nobody_chose(store: Path):
    promise = a_commitment(due_at=SIX)

    do(promise, "reply", words="", file=SimpleUploadedFile("meter.png", PNG))

    kept = Attachment.objects.get()
    assert (kept.name, kept.media_type, kept.size) == ("meter.png", "image/png", len(PNG))
    assert [each.name for each in store.iterdir()] == [kept.stored]
    assert kept.open().read() == PNG
    assert "meter" not in kept.stored


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "a.zip is nothing that we can take"),
        ("a.png", PNG + b"PK\x05\x06" + b"\0" * 18, "a.png is nothing that we can take"),
        ("a.svg", b"<svg onload='alert(1)'/>", "a.svg is nothing that we can take"),
        ("a.txt", b"<html><script>a()</script>", "a.txt is nothing that we can take"),
        ("a.jpg", b"%PDF-1.7 x", "is named like a JPEG photo, but holds a PDF"),
        ("a.exe", b"\xff\xd8\xff\xe0", "ends with .exe, but holds a JPEG photo"),
        ("a.pdf", b"", "a.pdf is empty"),
        ("a.png", PNG[:16] + b"\xff" * 8 + PNG[24:], "a.png is nothing that we can take"),
        ("a.txt", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_is_not_what_we_take_is_refused_in_words(
    store: Path, name: str, content: bytes, why: str
):
    promise = a_commitment(due_at=SIX)

    response = do(promise, "reply", words="See here", file=SimpleUploadedFile(name, content))

    assert response.status_code == 422
    assert why in seen(response)
    assert "See here</textarea>" in response.content.decode()
    assert not Attachment.objects.exists()
    assert not store.exists()
    assert events_of(promise) == ["made"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\x\\meter.png", "meter.png"),
        ("\u202egnp.meter.png", "gnp.meter.png"),
        ("photo.jpg", "photo.png"),
        ("photo", "photo.png"),
        ("n" * 200 + ".png", "n" * 96 + ".png"),
        ('a"b.png', "ab.png"),
    ],
)
def test_the_name_of_a_file_misleads_nobody(name: str, kept: str):
    promise = a_commitment(due_at=SIX)

    do(promise, "reply", file=SimpleUploadedFile(name, PNG))

    assert Attachment.objects.get().name == kept


def test_a_file_has_to_be_chosen_once_more_where_cookies_are_refused():
    promise = a_commitment(due_at=SIX)
    browser, link = Browser(cookies=False), link_of(promise, "reply")
    data: dict[str, Any] = {"words": "", "value": value_on(browser.get(link, now=AT))}

    confirm = browser.post(link, data | {"file": SimpleUploadedFile("m.png", PNG)}, now=LATER)

    assert "Choose m.png once more" in seen(confirm)
    assert not Attachment.objects.exists()
    again = {"words": "", "value": value_on(confirm), "file": SimpleUploadedFile("m.png", PNG)}
    browser.post(link, again, now=LATER + SECOND)
    assert Attachment.objects.get().name == "m.png"


def test_who_owns_nothing_yet_is_spoken_for_by_the_lead():
    promise = a_commitment(due_at=SIX, owner_id=None)

    do(promise, "reply")

    assert told() == ["dev@larkfield.example"]


def test_words_without_end_and_files_without_end_are_too_much():
    promise = a_commitment(due_at=SIX)
    browser, link = Browser(), link_of(promise, "reply")
    value = value_on(browser.get(link, now=AT))

    words = browser.post(link, {"value": value, "words": "x" * 3_000_000}, now=LATER)
    huge = SimpleUploadedFile("a.txt", b"x" * 7_000_000)
    file = browser.post(link, {"value": value, "words": "", "file": huge}, now=LATER)

    for response in (words, file):
        assert response.status_code == 413
        assert "That was too much at once" in seen(response)
    assert events_of(promise) == ["made"]


def test_script_in_what_they_write_stays_text():
    promise = a_commitment(due_at=SIX)
    evil = '"><script>alert(1)</script> {{ 7|add:7 }}'
    browser, link = Browser(cookies=False), link_of(promise, "reply")
    form = browser.get(link, now=AT)

    confirm = browser.post(link, {"value": value_on(form), "words": evil}, now=LATER)
    browser.post(link, {"value": value_on(confirm), "words": evil}, now=LATER)

    assert "<script" not in confirm.content.decode()
    assert promise.events.get(kind=EventKind.CUSTOMER_WROTE).words == evil
