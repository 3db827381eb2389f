"""What is sent to customers' pages with ill will, or by mistake; L1 to L8 are rows of the plan."""

from __future__ import annotations

import base64
import io
import threading
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from commitments import checkins, services
from commitments.models import Attachment, CheckIn, CheckInAnswer, Customer
from tests.makers import DAY, HOUR, a_commitment, a_team, ana, dev, events_of

from .makers import (
    ASKED_AT,
    AT,
    FILLED_IN,
    LATER,
    PNG,
    SECOND,
    SIX,
    Browser,
    a_check_in,
    an_answer,
    check_in_link,
    do,
    link_of,
    seen,
    status_link,
    thanks_link,
    value_on,
)

pytestmark = pytest.mark.django_db

TEN_MB = 10 * 1024 * 1024
ANSWERED_AT = ASKED_AT + 5 * SECOND


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    backend = "django.core.files.storage.FileSystemStorage"
    kept = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "attachments"}}
    settings.STORAGES = {**settings.STORAGES, "attachments": kept}
    settings.PROXIES = 1
    return tmp_path / "attachments"


def token_in(path: str) -> str:
    return path.split("/")[2]


def of_tim() -> CheckIn:
    tim = Customer.objects.create(name="Tim Reed", email="tim@customers.example")
    return a_check_in(customer=tim)


def test_l1_nothing_is_written_by_looks_from_five_addresses(
    django_assert_num_queries: Any,
) -> None:
    check_in = a_check_in()
    status = status_link(check_in.commitments()[0], now=ASKED_AT)
    before = list(CheckIn.objects.values()), events_of(check_in.commitments()[0])

    for address in range(5):
        for path in (check_in_link(check_in), f"{status}stop/", f"{status}not-done/", status):
            for how in ("GET", "HEAD", "OPTIONS"):
                sent = {"X-Forwarded-For": f"198.51.100.{address}", "Purpose": "prefetch"}
                response = Browser().get(path, now=ASKED_AT, how=how, **sent)
                assert response.status_code in {200, 405}

    assert (list(CheckIn.objects.values()), events_of(check_in.commitments()[0])) == before
    assert not CheckInAnswer.objects.exists()


def test_l2_a_token_in_another_encoding_opens_nothing_and_asks_the_database_nothing_of_it(
    django_assert_num_queries: Any,
) -> None:
    path = status_link(a_commitment(due_at=SIX))
    token = token_in(path)
    others = [
        base64.urlsafe_b64encode(token.encode()).decode(),
        base64.b32encode(token.encode()).decode(),
        token.encode().hex(),
        quote(quote(token, safe=""), safe=""),
        token.swapcase(),
        token.replace(":", "\N{FULLWIDTH COLON}"),
        token[::-1],
        token + token,
        f"{token}:{token.rpartition(':')[2]}",
    ]

    for other in others:
        cache.clear()
        with django_assert_num_queries(1):  # who we are, for the page that says so
            assert Browser().get(f"/c/{other}/", now=AT).status_code == 404, other


def test_l2_the_same_token_spelled_in_another_way_is_the_same_address() -> None:
    path = status_link(a_commitment(due_at=SIX))

    spelled = quote(token_in(path), safe="").replace(":", "%3A")

    assert Browser().get(f"/c/{spelled}/", now=AT).status_code == 200


@pytest.mark.parametrize("link", [check_in_link, thanks_link])
def test_l3_what_one_customers_token_says_is_not_signed_by_anothers(link: Any) -> None:
    toms, tims = link(a_check_in()), link(of_tim())
    head, _, own = token_in(toms).rpartition(":")
    _, _, other = token_in(tims).rpartition(":")

    answers = [
        Browser().get(toms.replace(token_in(toms), f"{head}:{signature}"), now=ASKED_AT)
        for signature in (own, other)
    ]

    assert answers[0].status_code in {200, 302}
    assert answers[1].status_code == 404


def test_l4_a_promise_that_moved_in_time_hands_and_team_keeps_its_links() -> None:
    promise = a_commitment(due_at=SIX)
    links = [status_link(promise), link_of(promise, "reply")]
    told = services.Told.PHONE
    services.move(promise.pk, by=ana(), due_at=SIX + DAY, reason="Slow", told=told, now=AT)
    services.reassign(promise.pk, by=ana(), owner_id=dev().pk, now=AT)
    moves = a_team("Moves")
    services.hand_to_team(promise.pk, by=dev(), team_id=moves.pk, note="Theirs", now=AT)

    answers = [Browser().get(link, now=LATER + HOUR).status_code for link in links]

    assert answers == [200, 200]


def test_l4_after_the_customer_was_erased_a_form_that_was_open_saves_nothing() -> None:
    check_in = a_check_in()
    kept = check_in.commitments()[0]
    browser, link = Browser(), check_in_link(check_in)
    data = an_answer(browser.get(link, now=ASKED_AT), open="yes")
    wrote = FILLED_IN["reply"] | {"value": value_on(browser.get(link_of(kept, "reply"), now=AT))}
    before = events_of(kept)

    Customer.objects.update(erased_at=ASKED_AT)

    assert browser.post(link, data, now=ANSWERED_AT).status_code == 404
    assert browser.post(link_of(kept, "reply"), wrote, now=LATER).status_code == 404
    assert events_of(kept) == before
    assert not CheckInAnswer.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_l5_of_two_devices_at_once_both_answers_are_kept_and_in_doubt() -> None:
    check_in = a_check_in()
    together = threading.Barrier(2)

    def says(rating: int) -> None:
        reply = checkins.Reply(
            done="yes", still_open=True, rating=rating, browser_key=f"device {rating}"
        )
        together.wait()
        checkins.answer(check_in.pk, reply, now=ANSWERED_AT)
        connection.close()

    devices = [threading.Thread(target=says, args=[rating]) for rating in (1, 5)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()

    said = CheckInAnswer.objects.values_list("rating", "confirmed")
    assert sorted(said) == [(1, False), (5, False)]
    assert check_in.commitments()[0].followed_by.count() == 1


@pytest.mark.parametrize("path", [check_in_link, thanks_link])
def test_l8_no_page_can_be_put_into_a_frame(path: Any) -> None:
    check_in = a_check_in()
    promise = check_in.commitments()[0]
    paths = [path(check_in), status_link(promise), link_of(promise, "stop"), "/c/made-up/"]

    for each in paths:
        response = Browser().get(each, now=ASKED_AT)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], each


def test_a_hundred_answers_a_minute_to_a_check_in_are_ten() -> None:
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    data = an_answer(browser.get(link, now=ASKED_AT))

    answers = [browser.post(link, data, now=ANSWERED_AT).status_code for _ in range(100)]

    assert answers == [302] * 10 + [429] * 90
    assert CheckInAnswer.objects.count() == 1


def test_ten_megabytes_of_words_are_too_much_for_every_form() -> None:
    check_in = a_check_in()
    promise = a_commitment(due_at=ASKED_AT + DAY, now=ASKED_AT)
    before = events_of(promise)
    links = [check_in_link(check_in)]
    deeds = ("reply", "other-time", "wrong", "not-needed", "stop")
    links += [link_of(promise, deed, now=ASKED_AT) for deed in deeds]

    for link in links:
        browser = Browser()
        value = value_on(browser.get(link, now=ASKED_AT))
        data = {"value": value, "words": "x" * TEN_MB, "done": "yes", "rating": "4", "open": "no"}
        response = browser.post(link, data, now=ANSWERED_AT)
        assert response.status_code == 413, link
        assert "That was too much at once" in seen(response)

    assert events_of(promise) == before
    assert not CheckInAnswer.objects.exists()


def a_bomb() -> bytes:
    """A zip of 40 KB that would be 40 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", b"\0" * (40 * 1024 * 1024))
    return packed.getvalue()


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)


@pytest.mark.parametrize("name", ["a.zip", "a.pdf", "a.png", "a.docx", "a.txt"])
@pytest.mark.parametrize("before", [b"", PNG, b"%PDF-1.7\n"], ids=["bare", "png", "pdf"])
def test_a_zip_bomb_is_refused_by_whatever_name_and_behind_whatever_head(
    store: Path, name: str, before: bytes
) -> None:
    promise = a_commitment(due_at=SIX)

    response = do(promise, "reply", file=SimpleUploadedFile(name, before + a_bomb()))

    assert response.status_code == 422
    assert not Attachment.objects.exists()
    assert not store.exists()
    assert events_of(promise) == ["made"]


@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.txt", "a.pdf", "a.jpg", "a"])
def test_an_svg_with_script_is_refused_by_whatever_name(store: Path, name: str) -> None:
    promise = a_commitment(due_at=SIX)

    response = do(promise, "reply", file=SimpleUploadedFile(name, SVG, content_type="image/png"))

    assert response.status_code == 422
    assert not Attachment.objects.exists()
    assert not store.exists()
