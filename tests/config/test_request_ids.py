"""What somebody saw is found in the log by one number."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from kombu import Connection
from pytest_django import DjangoAssertNumQueries, Settings

from commitments.api import urls as api_urls
from config import logs, request_ids
from config import urls as ours
from tests.makers import ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def begins(request: HttpRequest) -> HttpResponse:
    with Connection("memory://") as broker:
        says_something.apply_async(connection=broker)
    return HttpResponse()


def says(request: HttpRequest) -> HttpResponse:
    logging.getLogger("web").warning("Before.")
    logging.getLogger("web").debug("%s", request.user.pk)  # looked up, and not written
    logging.getLogger("web").warning("After.")
    return HttpResponse()


def breaks(request: HttpRequest) -> HttpResponse:
    logging.getLogger("web").warning("About to break.")
    raise ValueError("Tom Okafor")


handler500 = ours.handler500
urlpatterns = [
    path("begins/", begins),
    path("says/", says, name="healthz_or_so"),  # where the guard asks for nobody
    path("breaks/", breaks),
    path("api/v1/breaks/", breaks),
    *ours.urlpatterns,
]
assert api_urls


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Structured())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("address", ["/healthz", "/accounts/login/", "/nowhere/", "/static/no.css"])
def test_every_answer_says_the_number_of_its_request(address: str) -> None:
    first, second = (Client().get(address)[request_ids.HEADER] for _ in range(2))

    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f g h", "1234567\n8", "<script>1"])
def test_a_number_is_taken_from_a_proxy_of_ours_only(given: str, settings: Settings) -> None:
    asked = {request_ids.HEADER: "from-a-proxy-1"}
    assert Client().get("/healthz", headers=asked)[request_ids.HEADER] != "from-a-proxy-1"

    settings.PROXIES = 1

    assert Client().get("/healthz", headers=asked)[request_ids.HEADER] == "from-a-proxy-1"
    assert Client().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] != given


@pytest.mark.urls(__name__)
def test_a_line_says_who_is_signed_in_once_somebody_asked(
    written: io.StringIO, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(ana())

    with django_assert_num_queries(2):  # the session and the person, after the first line
        answer = client.get("/says/")
    Client().get("/says/")

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(each["message"], each["user"]) for each in lines] == [
        ("Before.", None), ("After.", ana().pk), ("Before.", None), ("After.", None),
    ]  # fmt: skip
    assert {each["request"] for each in lines[:2]} == {answer[request_ids.HEADER]}


@pytest.mark.urls(__name__)
def test_the_web_servers_own_line_says_it_too() -> None:
    client = Client()
    client.force_login(ana())

    answer = client.get("/says/")

    server = {f"{{{name}}}e": each for name, each in answer.wsgi_request.META.items()}
    told = server | {"{x-request-id}o": answer["X-Request-ID"], "m": "GET"}
    line = logging.LogRecord("gunicorn.access", logging.INFO, "", 1, "%(m)s", (told,), None)
    assert json.loads(logs.Structured().format(line))["user"] == ana().pk
    assert f" gunicorn.access {answer['X-Request-ID']}:{ana().pk} GET" in logs.Plain().format(line)


@shared_task
def says_something() -> None:
    thread = Thread(target=logging.getLogger("web").warning, args=["On the wire."])
    thread.start()
    thread.join()


def test_every_line_of_a_task_has_its_number_in_whatever_thread(written: io.StringIO) -> None:
    says_something.apply(task_id="f00d-1")
    logging.getLogger("web").warning("Afterwards.")

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    told = {each["message"]: each["task"] for each in lines}
    assert (told["On the wire."], told["Afterwards."]) == ("f00d-1", None)


@pytest.mark.urls(__name__)
def test_a_task_that_a_request_began_says_which(written: io.StringIO) -> None:
    with Connection("memory://") as broker:
        answer = Client().get("/begins/")
        says_something.apply_async(connection=broker)
        first, second = (sent_by(broker) for _ in range(2))

    says_something.apply(task_id="f00d-1", headers=first.headers)
    says_something.apply(task_id="f00d-2", headers=second.headers)

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(each["task"], each["request"], each["user"]) for each in lines] == [
        ("f00d-1", answer[request_ids.HEADER], None),
        ("f00d-2", None, None),
    ]


def sent_by(broker: Connection) -> Any:  # Any: a message of kombu's, which has no types
    queue = broker.SimpleQueue(settings.CELERY_TASK_DEFAULT_QUEUE)
    message = queue.get(block=False)
    message.ack()
    return message


@pytest.mark.urls(__name__)
def test_the_page_of_an_error_gives_the_number_that_its_lines_have(written: io.StringIO) -> None:
    answer = Client(raise_request_exception=False).get("/breaks/")

    number = answer[request_ids.HEADER]
    assert answer.status_code == 500
    assert f"<code>{number}</code>" in answer.content.decode()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(each["message"], each["request"]) for each in lines] == [
        ("About to break.", number),
        ("Internal Server Error: /breaks/", number),
    ]
    assert lines[-1]["error"][0]["type"] == "ValueError"
    assert "Tom" not in written.getvalue()
    assert request_ids.of_request() is None


@pytest.mark.urls(__name__)
def test_a_program_gets_a_problem_with_the_number() -> None:
    answer = Client(raise_request_exception=False).get("/api/v1/breaks/")

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "error"
    assert answer[request_ids.HEADER] in answer.json()["detail"]
