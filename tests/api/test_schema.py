"""The schema says what the API does: no more, no less, and nothing about it is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from commitments.api.doors import Door, Nowhere
from commitments.models import User
from tests.api.callers import Program, a_program, errors_of
from tests.api.conformance import known_fields, operations
from tests.makers import a_commitment, a_team, ana
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SCHEMA = "/api/schema/"
ASKS = sorted(path for method, path in operations() if method == "get")
WRITES = sorted(path for method, path in operations() if method == "post")


def test_it_is_made_without_a_warning_and_is_valid(tmp_path: Any) -> None:
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(tmp_path / "schema"))


def test_it_is_for_who_is_signed_in() -> None:
    visitor = Client()

    assert visitor.get(SCHEMA).status_code == 401
    visitor.force_login(ana())
    assert visitor.get(SCHEMA).json()["openapi"].startswith("3.1")


def test_its_pages_are_for_who_is_signed_in() -> None:
    visitor = Client()

    assert visitor.get("/api/docs/")["Location"] == "/accounts/login/?next=/api/docs/"
    visitor.force_login(ana())
    page = visitor.get("/api/docs/").content.decode()
    assert "<style" not in page
    assert "<script>" not in page


def test_every_door_is_in_it_with_every_method() -> None:
    there = {
        (method, address)
        for door, address in doors()
        for method in door.http_method_names
        if hasattr(door, method) and method not in ("head", "options")
    }

    assert there == {(method, path.lstrip("/")) for method, path in operations()}


def test_every_operation_says_what_it_is_for() -> None:
    for operation in operations().values():
        assert operation["summary"].endswith("."), operation["operationId"]


@pytest.mark.parametrize("path", ASKS)
def test_the_parameters_are_those_that_a_refusal_names(path: str) -> None:
    declared = operations()["get", path].get("parameters", ())

    said = caller_of(path).get(at_hand(path), "nonsense=1")

    named = errors_of(said)["nonsense"].partition("are: ")[2].rstrip(".")
    assert {*named.split(", ")} - {"none"} == {
        each["name"] for each in declared if each["in"] == "query"
    }


@pytest.mark.parametrize("path", WRITES)
def test_the_fields_are_those_that_a_refusal_names(path: str) -> None:
    declared = known_fields(operations()["post", path])

    said = caller_of(path).post({"nonsense": 1}, at_hand(path))

    named = errors_of(said)["nonsense"].partition("are: ")[2].rstrip(".")
    assert {*named.split(", ")} - {""} == {*declared}


def caller_of(path: str) -> Program:
    """Somebody who may: of webhooks, an administrator."""
    if "/webhooks/" not in path:
        return a_program()
    ada = User.objects.create_superuser("ada@larkfield.example", "x", name="Ada Lowe")
    return a_program(ada, scope="admin")


def at_hand(path: str) -> str:
    """An address of something that is there."""
    a_team()
    pk = an_endpoint("https://desk.example/").pk if "/webhooks/" in path else 1
    return path.format(reference=a_commitment().reference, id=pk, message=1, code="callback")


def doors() -> Iterator[tuple[type[Door], str]]:
    """Each door of the API, with its address as the schema writes it."""
    for pattern, address in _routes(get_resolver().url_patterns, ""):
        door = getattr(pattern.callback, "view_class", None)
        if door and issubclass(door, Door) and door is not Nowhere:
            yield door, address


def _routes(patterns: list[Any], before: str) -> Iterator[tuple[URLPattern, str]]:
    for pattern in patterns:
        # The framework calls every key an id.
        address = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern)).replace(
            "{pk}", "{id}"
        )
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, address)
        else:
            yield pattern, address
