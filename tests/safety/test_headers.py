"""What a browser is told on every answer: given, sent on, refused, gone wrong, or a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.makers import NOON, ana
from tests.safety import asking

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OURS = Path(__file__).parents[2] / "commitments" / "static"
FAULT = "/a-fault/"
CSS = "/static/commitments/base.css"
LONG = "x" * (12 * 1024 * 1024)


def at_fault(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Nobody thought of this.")


urlpatterns = [path(FAULT.strip("/") + "/", at_fault), path("", include("config.urls"))]


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """So that no minute ends between two calls that are counted."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _a_house_with_a_fault(settings: Any) -> None:
    """And with the address of a real one, so that what needs https is said."""
    settings.ROOT_URLCONF = __name__
    settings.STATIC_ROOT = OURS.as_posix()
    settings.STATIC_URL = "/static/"
    settings.SECURE_SSL_REDIRECT = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.COMMITMENTS_LENGTHS = {"api_strangers_a_minute": 1, "dead_links_a_minute": 1}


def a_browser(**asked: Any) -> Client:
    return Client(raise_request_exception=False, **asked)


def anas() -> Client:
    client = a_browser()
    client.force_login(ana())
    return client


def the_second(answer: Callable[[], Any]) -> Any:
    answer()
    return answer()


# What is asked for, and the status that is right.
ANSWERS: dict[str, tuple[Callable[[], Any], int]] = {
    "a page": (lambda: anas().get("/me/", secure=True), 200),
    "a page for everybody": (lambda: a_browser().get("/accounts/login/", secure=True), 200),
    "sent on": (lambda: a_browser().get("/me/", secure=True), 302),
    "sent on to https": (lambda: a_browser().get("/me/"), 301),
    "a host that is not ours": (lambda: a_browser().get("/me/", headers={"host": "evil.org"}), 400),
    "the same by https": (
        lambda: a_browser().get("/me/", secure=True, headers={"host": "evil.org"}),
        400,
    ),
    "too many fields": (
        lambda: a_browser().post(
            "/accounts/login/", {f"f{n}": 1 for n in range(2000)}, secure=True
        ),
        400,
    ),
    "a form without its proof": (
        lambda: a_browser(enforce_csrf_checks=True).post("/accounts/login/", secure=True),
        403,
    ),
    "not for her": (lambda: anas().get("/settings/", secure=True), 403),
    "not there": (lambda: anas().get("/nowhere/", secure=True), 404),
    "no such file": (lambda: a_browser().get("/static/nothing.css", secure=True), 404),
    "not this way": (lambda: anas().get("/me/tokens/1/revoke/", secure=True), 405),
    "too much at once": (
        lambda: a_browser().post("/c/made-up/reply/", {"words": LONG}, secure=True),
        413,
    ),
    "a fault of ours": (lambda: a_browser().get(FAULT, secure=True), 500),
    "a dead link": (lambda: a_browser().get("/c/made-up/", secure=True), 404),
    "too often, a link": (
        lambda: the_second(lambda: a_browser().get("/c/made-up/", secure=True)),
        429,
    ),
    "a program without a token": (lambda: a_browser().get("/api/v1/me/", secure=True), 401),
    "too often, a program": (
        lambda: the_second(lambda: a_browser().get("/api/v1/me/", secure=True)),
        429,
    ),
    "JSON": (lambda: anas().get("/api/v1/me/", secure=True), 200),
    "the schema": (lambda: anas().get("/api/schema/", secure=True), 200),
    "a CSV file": (lambda: anas().get("/reports/kept.csv", secure=True), 200),
    "an export": (lambda: anas().get("/promises/export/", secure=True), 200),
    "a workbook": (lambda: anas().get("/reports/overdue.xlsx", secure=True), 200),
    "the administration": (lambda: a_browser().get("/admin/", secure=True), 302),
    "a probe": (lambda: a_browser().get("/healthz", secure=True), 200),
    "a static file": (lambda: a_browser().get(CSS, secure=True), 200),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_carries_what_protects_the_reader(name: str) -> None:
    ask, status = ANSWERS[name]

    answer = ask()

    assert (answer.status_code, asking.missing_headers(answer)) == (status, [])


@pytest.mark.parametrize("name", [name for name in ANSWERS if "static" not in name])
def test_nobody_keeps_a_copy(name: str) -> None:
    answer = ANSWERS[name][0]()

    # What is sent on to https or refused for its host is answered before anybody is known.
    early = answer.status_code in {301, 400}
    assert early or "no-store" in answer["Cache-Control"]


def test_a_static_file_may_be_kept() -> None:
    answer = a_browser().get(CSS, secure=True)

    assert "no-store" not in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["a page", "a fault of ours", "a dead link", "a static file"])
def test_a_browser_that_came_by_https_keeps_to_it(name: str) -> None:
    answer = ANSWERS[name][0]()

    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_fault_of_ours_says_nothing_of_itself() -> None:
    words = ANSWERS["a fault of ours"][0]().content.decode()

    assert "RuntimeError" not in words
    assert "Nobody thought of this." not in words
    assert "Traceback" not in words


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_says_what_it_is(name: str) -> None:
    answer = ANSWERS[name][0]()

    body = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").replace('"', "")
    assert bool(kind) or not body
    assert "charset=utf-8" in kind.lower() or not kind.startswith("text/")


@pytest.mark.parametrize("name", ["JSON", "a CSV file", "a page", "the schema", "a static file"])
def test_no_other_site_may_read_an_answer(name: str) -> None:
    answer = ANSWERS[name][0]()

    assert [each for each in answer.headers if each.startswith("Access-Control-")] == []
