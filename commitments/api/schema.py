"""The schema of the API, put together from what its doors declare; `doors.Door` says how.

Nothing is said here that a door says itself: which refusals it may answer with follows from what it
takes. The tests hold every answer of theirs to this schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, is_typeddict

from drf_spectacular.drainage import warn
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, append_meta, resolve_type_hint
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from . import parameters, problems

Method = TypeVar("Method", bound=Callable[..., Any])
Json = dict[str, Any]  # Any: whatever a JSON schema holds

_REFUSALS: dict[int, str] = {
    400: "Something given is unknown, wrong or against a rule; `errors` names it.",
    401: "Nobody is signed in, or the token is unknown, revoked or out of date.",
    403: "The caller may not do this.",
    404: "There is no such thing, or none that the caller may see.",
    406: "Answers are JSON, and the Accept header takes none.",
    409: "It is not possible as things stand, or the same Idempotency-Key is at work just now.",
    412: "It has changed since the version that If-Match names.",
    413: "The body is too large.",
    415: "The body is not JSON in UTF-8.",
    422: "The Idempotency-Key has been used with another body.",
    429: "Too many requests; Retry-After says when to come again.",
    503: "The database does not answer at the moment. Nothing was done.",
}
_ALWAYS = (400, 401, 406, 429, 503)
_OF_A_BODY = (403, 413, 415)
# 404: the first answer to an Idempotency-Key may be about what the caller no longer sees.
_OF_A_KEY = (404, 409, 422)
_COME_AGAIN = (409, 429, 503)  # 409 only while the key is at work

_HEADERS: dict[str, tuple[str, str]] = {
    "ETag": ("The version, for If-Match.", r'^"[0-9a-f]+"$'),
    "Location": ("The address of what was made.", "^https?://"),
    "Idempotency-Replayed": ("The answer is the first one to this key, again.", "^true$"),
}
_PLACES: dict[str, Json] = {
    "reference": parameters.REFERENCE,
    "code": {"type": "string", "description": "A kind's code, such as callback."},
}
_KEY = "Sent again within 24 hours, the same key and body get the first answer, and nothing twice."
_IF_MATCH = "The ETag of the version that this is about: 412 where it has changed since."


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a method of a door answers with, and the refusals that only it has."""

    status: int
    also: tuple[int, ...]  # other ways in which it is done, answered in the same shape
    shape: Any  # a serializer, a TypedDict, or the name of the view's attribute that is one
    refuses: tuple[int, ...]
    headers: tuple[str, ...]
    paged: bool


_UNSAID = Given(status=200, also=(), shape=dict[str, Any], refuses=(), headers=(), paged=False)


def gives(
    status: int,
    shape: Any,
    *,
    also: tuple[int, ...] = (),
    refuses: tuple[int, ...] = (),
    headers: tuple[str, ...] = (),
    paged: bool = False,
) -> Callable[[Method], Method]:
    """Declares the answer of a door's method. `shape` is a serializer or a TypedDict, None, or the
    name of the door's attribute that is one; `paged`: a page of such rows, and where the next is.
    `also` are other statuses with the same answer: what was asked for is there already.
    """

    def note(method: Method) -> Method:
        method.given = Given(  # type: ignore[attr-defined]  # a note to the schema, on a function
            status=status,
            also=also,
            shape=shape,
            refuses=refuses,
            headers=headers,
            paged=paged,
        )
        return method

    return note


class DoorSchema(AutoSchema):
    """What a door declares, as the framework's generator asks for it."""

    def is_excluded(self) -> bool:
        return self.method not in ("GET", "POST", "PUT", "PATCH", "DELETE")

    def get_operation_id(self) -> str:
        """`commitments_list`, `commitments_create`, `commitments_read`, `commitments_fulfil`."""
        words = [word.replace("-", "_") for word in self._tokenize_path()]
        writes = {"PUT": "replace", "PATCH": "change", "DELETE": "delete"}
        if self.method in writes:
            words.append(writes[self.method])
        elif self.path.endswith("}/"):
            words.append("read" if self.method == "GET" else "post")
        elif hasattr(self.view, "get") and hasattr(self.view, "post"):
            words.append("list" if self.method == "GET" else "create")
        return "_".join(words)

    def get_summary(self) -> str:
        return str(self.get_description()).partition("\n")[0]

    def get_request_serializer(self) -> Any:
        if not self._takes_a_body:
            return None
        if not hasattr(self.view, "Fields"):
            warn(f"{type(self.view).__name__}: say which Fields it takes. doors.Door tells how.")
        return getattr(self.view, "Fields", dict[str, Any])

    def get_response_serializers(self) -> Any:
        given = self._given
        done = OpenApiResponse(self._shape(given), "Done.")
        answers: dict[Any, Any] = {
            (status, "application/json"): done for status in (given.status, *given.also)
        }
        for status in self._refusals():
            answers[status, problems.MEDIA_TYPE] = OpenApiResponse(
                problems.Problem, _REFUSALS[status]
            )
        return answers

    def get_override_parameters(self) -> list[Any]:
        return [*self._in_path(), *self._in_query(), *self._in_headers(), *self._in_answers()]

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        name = type(serializer).__qualname__.replace(".", "").replace("_", "")
        return name.removesuffix("Fields") or name

    @property
    def _door(self) -> Any:  # a Door, which knows this module and not the other way round
        return self.view

    @property
    def _given(self) -> Given:
        given = getattr(getattr(self.view, self.method.lower()), "given", None)
        if not isinstance(given, Given):
            warn(f"{type(self.view).__name__}: say what {self.method} gives. doors.Door tells how.")
            return _UNSAID
        return given

    def _shape(self, given: Given) -> Any:
        shape = given.shape
        if isinstance(shape, str):
            shape = getattr(self.view, shape)
        if is_typeddict(shape):
            shape = self._component(
                f"{shape.__name__}Report", shape, _with_nulls(resolve_type_hint(shape))
            )
        if not given.paged:
            return shape
        each = self.resolve_serializer(shape, "response")
        rows = {"type": "array", "items": each.ref}
        properties = {"next": {"type": ["string", "null"], "format": "uri"}, "results": rows}
        page = {"type": "object", "properties": properties, "required": ["next", "results"]}
        return self._component(f"{each.name}Page", type(self.view), page)

    def _component(self, name: str, of: object, shape: Json) -> Json:
        component = ResolvedComponent(
            name=name, type=ResolvedComponent.SCHEMA, object=of, schema=shape
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Json:
        shape: Json = AutoSchema._map_basic_serializer(self, serializer, direction)
        if getattr(serializer, "is_partial", False):
            shape.pop("required", None)
        return shape

    @property
    def _takes_a_body(self) -> bool:
        return self.method in ("POST", "PUT", "PATCH")

    @property
    def _is_done_once(self) -> bool:
        return self._takes_a_body and not self._door.changes_nothing

    def _refusals(self) -> list[int]:
        found = {*_ALWAYS, *self._given.refuses}
        if self._takes_a_body:
            found |= {*_OF_A_BODY}
        if self._is_done_once:
            found |= {*_OF_A_KEY}
        if "{" in self.path:
            found.add(404)
        if self._heeds_if_match:
            found.add(412)
        return sorted(found)

    @property
    def _heeds_if_match(self) -> bool:
        return self._takes_a_body and self._door.heeds_if_match

    def _in_path(self) -> list[OpenApiParameter]:
        return [
            OpenApiParameter(
                name=name, location="path", type=shape, description=shape["description"]
            )
            for name, shape in _PLACES.items()
            if f"{{{name}}}" in self.path
        ]

    def _in_query(self) -> list[OpenApiParameter]:
        asked = self._door.parameters if self.method == "GET" else {}
        return [
            OpenApiParameter(
                name=name,
                location="query",
                type=dict(each.shape),
                description=each.says,
                explode=False if each.shape["type"] == "array" else None,
            )
            for name, each in asked.items()
        ]

    def _in_headers(self) -> list[OpenApiParameter]:
        found = []
        if self._takes_a_body:
            key = {"type": "string", "pattern": "^[!-~]{1,255}$"}
            found.append(_header("Idempotency-Key", key, _KEY))
        if self._heeds_if_match:
            found.append(_header("If-Match", {"type": "string"}, _IF_MATCH))
        return found

    def _in_answers(self) -> list[OpenApiParameter]:
        given, refusals = self._given, self._refusals()
        names = [*given.headers, *(["Idempotency-Replayed"] if self._is_done_once else [])]
        found = []
        for name in names:
            says, pattern = _HEADERS[name]
            shape = {"type": "string", "pattern": pattern}
            found.append(_header(name, shape, says, on=[given.status, *given.also]))
        seconds = {"type": "integer", "minimum": 0}
        again = [status for status in _COME_AGAIN if status in refusals]
        found.append(_header("Retry-After", seconds, "Seconds to wait.", on=again))
        how = {"type": "string"}
        found.append(_header("WWW-Authenticate", how, "How to sign in.", on=[401]))
        return found


def _header(
    name: str, shape: Mapping[str, Any], says: str, *, on: list[int] | None = None
) -> OpenApiParameter:
    """One that is sent along, or comes back with these statuses."""
    return OpenApiParameter(
        name=name, location="header", type=dict(shape), description=says, response=on or False
    )


def _with_nulls(shape: Any) -> Any:
    """What a type hint says may be None, in the words of OpenAPI 3.1."""
    if isinstance(shape, list):
        return [_with_nulls(each) for each in shape]
    if isinstance(shape, dict):
        return append_meta({name: _with_nulls(inner) for name, inner in shape.items()}, {})
    return shape


def _resolved(shape: Any, auto_schema: AutoSchema) -> Json:
    """A field may take one of several, serializers among them."""
    if isinstance(shape, dict):
        return shape
    return dict(auto_schema.resolve_serializer(shape, "request").ref)


class _Fields(OpenApiSerializerFieldExtension):
    """A field of ours says its own shape."""

    target_class = "commitments.api.fields.Field"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> Json:
        shape = dict(self.target.shape())
        if "oneOf" in shape:
            shape["oneOf"] = [_resolved(each, auto_schema) for each in shape["oneOf"]]
        return shape


class _Strict(OpenApiSerializerExtension):
    """An object that takes no other fields, and perhaps not all of them together."""

    target_class = "commitments.api.fields.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> Json:
        shape: Json = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if "__doc__" not in vars(type(self.target)) or not type(self.target).__doc__:
            shape.pop("description", None)
        return {**shape, "additionalProperties": False, **self.target.together}


class _Token(OpenApiAuthenticationExtension):
    target_class = "commitments.api.authentication.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> Json:
        return {"type": "http", "scheme": "bearer", "description": "A token of somebody's."}
