"""Holds what the API takes and answers to its schema, wherever a test of ours calls it.

Objects are taken as closed here: an answer with a field that the schema leaves out fails too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpResponse
from jsonschema import Draft202012Validator

from commitments.api import docs

NOTED = {"ETag", "Location", "Retry-After", "Idempotency-Replayed", "WWW-Authenticate"}
Operation = dict[str, Any]


def check(method: str, address: str, body: bytes, answer: HttpResponse) -> None:
    """What was asked and answered, where the address and method are any of ours."""
    asked = urlsplit(address)
    operation = _operation("get" if method == "HEAD" else method.lower(), asked.path)
    if operation is None:
        return
    _check_answer(operation, method, answer)
    if 200 <= answer.status_code < 300:
        known = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
        assert {name for name, _ in parse_qsl(asked.query)} <= known
        if "requestBody" in operation:
            shape = operation["requestBody"]["content"]["application/json"]["schema"]
            _judge(shape).validate(json.loads(body))


def _check_answer(operation: Operation, method: str, answer: HttpResponse) -> None:
    declared = operation["responses"].get(str(answer.status_code))
    assert declared is not None, f"{operation['operationId']} says nothing of {answer.status_code}"
    noted = NOTED & set(answer.headers)
    assert noted <= declared.get("headers", {}).keys(), operation["operationId"]
    if "content" not in declared:
        assert answer.content == b""
        return
    kind = str(answer["Content-Type"]).partition(";")[0]
    assert kind in declared["content"], (operation["operationId"], answer.status_code, kind)
    if method != "HEAD" and kind.endswith("json"):
        _judge(declared["content"][kind]["schema"]).validate(json.loads(answer.content))


@cache
def operations() -> dict[tuple[str, str], Operation]:
    """Each operation of the schema, by method and address, its objects closed."""
    paths = _closed(docs.whole())["paths"]
    return {
        (method, path): operation
        for path, each in paths.items()
        for method, operation in each.items()
    }


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    # An address without a variable goes first, as it does in urls.py.
    paths = sorted({path for _, path in operations()}, key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]


def _operation(method: str, address: str) -> Operation | None:
    for pattern, path in _patterns():
        if pattern.fullmatch(address):
            return operations().get((method, path))
    return None


def _judge(shape: dict[str, Any]) -> Draft202012Validator:
    return _judge_of(json.dumps(shape))


@cache
def _judge_of(shape: str) -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(shape) | {"components": _closed(docs.whole())["components"]}
    )


def _closed(shape: Any) -> Any:
    if isinstance(shape, list):
        return [_closed(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    closed = {name: _closed(inner) for name, inner in shape.items()}
    if isinstance(shape.get("properties"), dict) and shape.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def known_fields(operation: Operation) -> Iterator[str]:
    """The names that its body takes."""
    shape = operation["requestBody"]["content"]["application/json"]["schema"]
    yield from docs.whole()["components"]["schemas"][shape["$ref"].rsplit("/")[-1]].get(
        "properties", {}
    )
