"""What opens nothing looks the same whatever killed it, and tells nothing."""

from __future__ import annotations

import logging

import pytest
from django.core.cache import cache

from commitments import links
from commitments.models import Conversation, Customer
from config.logs import Plain
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment

from .makers import ASKED_AT, Browser, a_check_in, check_in_link, seen, status_link, thanks_link

pytestmark = pytest.mark.django_db

A_DAY_LATER = ASKED_AT + DAY


def is_dead(path: str, *, now=ASKED_AT, how: str = "GET") -> bool:
    cache.clear()  # of how often somebody has guessed
    response = Browser().get(path, now=now, how=how)
    return (response.status_code, response.content) == (404, the_dead_page())


def the_dead_page() -> bytes:
    return Browser().get("/c/made-up/", now=ASKED_AT).content


def broken(token: str) -> list[str]:
    """One token, spoilt in many ways."""
    head, _, signature = token.rpartition(":")
    return [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        ("A" if token[0] != "A" else "B") + token[1:],
        token[:-5],
        token[5:],
        token.upper(),
        token + "=",
        token + "%00",
        "%00" + token,
        "é" + token,
        "%ff%fe",
        token * 1000,
        head,
        signature,
        ":",
        "::",
        "%20",
        ".",
        "-",
    ]


def token_in(path: str) -> str:
    return path.split("/")[2]


def test_the_dead_page_says_how_else_to_reach_us(settings):
    settings.COMPANY_NAME = "Larkfield Energy"
    settings.COMPANY_PHONE = "0800 555 0148"
    settings.COMPANY_EMAIL = "help@larkfield.example"

    response = Browser().get("/c/made-up/", now=ASKED_AT)

    assert response.status_code == 404
    assert "This link no longer works" in seen(response)
    assert "Larkfield Energy · 0800 555 0148 · help@larkfield.example" in seen(response)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"


def test_a_spoilt_token_opens_nothing():
    check_in = a_check_in()
    status = status_link(check_in.commitments()[0], now=ASKED_AT)

    for path in (status, check_in_link(check_in), thanks_link(check_in)):
        token = token_in(path)
        for spoilt in broken(token):
            assert is_dead(path.replace(token, spoilt)), spoilt
        assert not is_dead(path)


@pytest.mark.parametrize("path", ["/c/", "/c//", "/c/a/b/c/", "/c/a/reply/", "/c/a/check-in/x/"])
def test_any_other_address_beneath_is_dead_too(path: str):
    assert is_dead(path)


def test_a_link_that_lost_its_last_slash_finds_its_page():
    link = status_link(a_commitment())

    response = Browser().get(link.rstrip("/"), now=NOON)

    assert response["Location"] == link


def test_a_post_tells_no_more_of_a_dead_link_than_of_a_live_one():
    alive = status_link(a_commitment(), now=ASKED_AT)

    answers = [Browser().get(path, now=ASKED_AT, how="POST") for path in ("/c/made-up/", alive)]

    assert [answer.status_code for answer in answers] == [405, 405]
    assert is_dead("/c/made-up/check-in/", how="POST")


def test_a_token_opens_its_own_kind_of_page_only():
    check_in = a_check_in()
    status = status_link(check_in.commitments()[0], now=ASKED_AT)

    assert is_dead(status + "check-in/")
    assert is_dead(status + "thanks/")
    assert is_dead(check_in_link(check_in).replace("check-in/", ""))


def test_a_token_of_one_conversation_signed_by_us_for_another_purpose_opens_nothing():
    check_in = a_check_in()
    customer = check_in.customer
    forged = links.write(
        purpose=links.Purpose.CHECK_IN,
        subject=check_in.pk + 1,
        version=f"{customer.link_version}.0",
        now=ASKED_AT,
    )

    assert is_dead(f"/c/{forged}/check-in/")


def test_a_link_of_another_house_opens_nothing(settings):
    promise, ours = a_commitment(), settings.SECRET_KEY
    settings.SECRET_KEY = "of another house " * 4
    theirs = status_link(promise, now=ASKED_AT)
    settings.SECRET_KEY = ours

    assert is_dead(theirs)
    assert not is_dead(status_link(promise, now=ASKED_AT))


def test_a_link_ends_when_its_time_is_over():
    check_in = a_check_in()
    status = status_link(check_in.commitments()[0], now=ASKED_AT)
    asked = check_in_link(check_in)

    assert not is_dead(asked, now=ASKED_AT + 30 * DAY - MINUTE)
    assert is_dead(asked, now=ASKED_AT + 30 * DAY)
    assert not is_dead(status, now=ASKED_AT + 90 * DAY - MINUTE)
    assert is_dead(status, now=ASKED_AT + 90 * DAY)


def test_a_link_from_tomorrow_is_refused():
    link = status_link(a_commitment(), now=A_DAY_LATER)

    assert is_dead(link, now=ASKED_AT)


def test_raising_the_conversations_version_revokes_its_status_page():
    check_in = a_check_in()
    status = status_link(check_in.commitments()[0], now=ASKED_AT)

    Conversation.objects.update(link_version=2)

    assert is_dead(status)
    assert not is_dead(check_in_link(check_in))


def test_raising_the_customers_version_revokes_every_link_of_theirs():
    check_in = a_check_in()
    paths = [status_link(check_in.commitments()[0], now=ASKED_AT), check_in_link(check_in)]

    Customer.objects.update(link_version=2)

    assert all(is_dead(path) for path in paths)


def test_an_erased_customers_links_are_dead():
    check_in = a_check_in()
    paths = [status_link(check_in.commitments()[0], now=ASKED_AT), check_in_link(check_in)]

    Customer.objects.update(erased_at=ASKED_AT)

    assert all(is_dead(path) for path in paths)


def test_a_check_in_that_was_dropped_is_dead():
    check_in = a_check_in()

    check_in.drop("erased")

    assert is_dead(check_in_link(check_in))
    assert is_dead(thanks_link(check_in))


def test_the_status_page_outlives_a_stop():
    link = status_link(a_commitment())
    Customer.objects.update(stopped_at=NOON)

    assert not is_dead(link, now=NOON + HOUR)


def test_our_logs_hold_no_token(caplog):
    caplog.set_level(logging.DEBUG)
    check_in = a_check_in()
    link = check_in_link(check_in)

    Browser().get(link, now=ASKED_AT)
    Browser().get(link, now=ASKED_AT + 60 * DAY)
    Browser().get(link, now=ASKED_AT, how="DELETE")

    said = [Plain().format(record) for record in caplog.records]
    assert any("/c/…/check-in/" in line for line in said)
    assert not any(token_in(link) in line for line in said)
