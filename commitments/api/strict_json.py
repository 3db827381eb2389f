"""Reads a body as one JSON object, and nothing that two readers could understand differently."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from rest_framework import exceptions, parsers

LARGEST = 256 * 1024  # bytes; every field at its limit, with each letter escaped, is less
_LONGEST_NUMBER = 20  # characters; every whole number that a column holds is shorter


class StrictJSONParser(parsers.BaseParser):
    """UTF-8 only; no key twice, no NaN or Infinity, no endless numbers, no bottomless nesting."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,  # Any: as the framework declares it
    ) -> dict[str, Any]:
        _refuse_other_charsets(media_type or "")
        return parsed(read_within(stream, LARGEST))


def parsed(raw: bytes) -> dict[str, Any]:
    """The object that a body is. Raises ParseError or ValidationError."""
    try:
        body = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError:
        raise exceptions.ParseError("The body is not UTF-8.") from None
    except json.JSONDecodeError as no:
        raise exceptions.ParseError(f"The body is not JSON: {no}.") from None
    except RecursionError:
        raise exceptions.ParseError("The body is nested too deeply.") from None
    if not isinstance(body, dict):
        raise exceptions.ParseError("The body must be a JSON object, as in {…}.")
    return body


def read_within(stream: IO[bytes], most: int) -> bytes:
    """A body of so many bytes at most. Raises ParseError or RequestDataTooBig."""
    try:
        raw = stream.read(most + 1)
    except UnreadablePostError:
        raise exceptions.ParseError("The body ended early.") from None
    if len(raw) > most:
        raise RequestDataTooBig
    return raw


def _refuse_other_charsets(media_type: str) -> None:
    _, _, parameters = media_type.lower().partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8", "us-ascii"):
            raise exceptions.UnsupportedMediaType(media_type[:100])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for name, value in pairs:
        if name in whole:
            raise exceptions.ValidationError({name: ["This key stands twice in one object."]})
        whole[name] = value
    return whole


def _refuse_constant(name: str) -> NoReturn:
    raise exceptions.ParseError(f"{name} is not JSON.")


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise exceptions.ParseError("A number in the body is too long.")
    return int(digits)
