"""What the API costs: a promise made, beside a bare view of Django REST framework that stores a
like row; and a page of fifty among ever more promises.

Both are called as a server calls them, with the same token, through the same middleware. The bare
one judges what it is given as a ModelSerializer does, a query for each row that it refers to, and
inserts: no rules, no conversation, no history, no clock, no message, no figures. Its callers have
to know every id and every column. Nobody's calls are counted as too many.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from statistics import median
from typing import Any, ClassVar

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.urls import clear_url_caches, include, path, set_urlconf
from rest_framework import serializers, viewsets

from commitments import messages
from commitments.models import ApiToken, Commitment, Conversation, Customer, Kind, Membership
from tests.load.bench import table
from tests.load.bench.filling import MADE, Company
from tests.load.bench.measuring import Taken, apart

_LIST = "/api/v1/commitments/"
_BARE = "/bare/"
_MADE = 300  # at a time, by turns
_TURNS = 8
_PAGES = 30
_IN_THE_DATABASE = 10  # ms
_AT_LEAST = 0.8  # of the bare view's speed


class _BareFields(serializers.ModelSerializer[Commitment]):
    class Meta:
        model = Commitment
        fields: ClassVar[list[str]] = [
            *("conversation", "customer", "team", "owner", "kind", "policy_version", "wording"),
            *("team_note", "urgent", "promised_at", "first_due_at", "due_at", "due_zone"),
            *("revised_at", "keep_by", "next_action", "next_action_at"),
        ]


class _Bare(viewsets.ModelViewSet[Commitment]):
    queryset = Commitment.objects.all()
    serializer_class = _BareFields


urlpatterns = [
    path("", include("config.urls")),
    path("bare/", _Bare.as_view({"post": "create"})),
]


@dataclass(frozen=True, kw_only=True)
class _Caller:
    """A program of somebody's in a team of fifty."""

    server: WSGIHandler
    token: str

    def call(self, method: str, address: str, body: bytes = b"") -> tuple[int, Any]:
        """As a server does: its answer's status, and what it says."""
        where, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"Bearer {self.token}",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        began: list[str] = []
        answer = self.server(environ, lambda status, _headers, *_: began.append(status))
        said = b"".join(answer)
        answer.close()
        return int(began[0].split()[0]), json.loads(said)


def measure(stages: Sequence[int], *, people: int) -> None:
    """Pages at every stage, and promises made at the first."""
    many = timedelta.max.days
    figures = dict.fromkeys(("api_calls_a_minute", "api_changes_a_minute"), many)
    settings.COMMITMENTS_LENGTHS = settings.COMMITMENTS_LENGTHS | figures
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["localhost"]
    set_urlconf(None)
    clear_url_caches()
    company = apart(partial(Company, people=people)).answer
    caller = _Caller(server=WSGIHandler(), token=apart(_a_token).answer)
    for number, stored in enumerate(stages):
        company.grow_to(stored)
        if not number:
            _creates(caller)
            table.head("The API's list, a page of fifty", "queries", "ms in SQL", "ms in all")
        _page(caller, stored)
    table.line("wanted", "<= 6", f"<= {_IN_THE_DATABASE}", "")


def _a_token() -> str:
    member = Membership.objects.order_by("pk")[:1].get()
    _, secret = ApiToken.issue(user=member.user, now=MADE)
    return secret


def _creates(caller: _Caller) -> None:
    messages.hurry()  # a worker has loaded the broker's client long ago
    table.head("The API: a promise made", "a second", "of bare", "queries")
    bare, ours = _bodies()
    taken: dict[str, list[Taken]] = {_BARE: [], _LIST: []}
    for _ in range(_TURNS):
        for address, body in ((_BARE, bare), (_LIST, ours)):
            taken[address].append(apart(partial(_post, caller, address, body)))
    best = {address: min(each, key=lambda one: one.answer) for address, each in taken.items()}
    for name, address in (("a bare view, a like row", _BARE), ("ours", _LIST)):
        share = best[_BARE].answer / best[address].answer
        queries = best[address].statements / (_MADE + 1)
        table.line(name, 1 / best[address].answer, share, queries)
    table.line("wanted", "", f">= {_AT_LEAST}", "<= 8")


def _bodies() -> tuple[dict[str, object], dict[str, object]]:
    """The same promise, as the bare view and as ours are told of it."""
    member = Membership.objects.order_by("pk").select_related("team__calendar")[0]
    talk = Conversation.objects.filter(team=member.team).order_by("pk")[0]
    kind = Kind.objects.get(code="followup")
    now = datetime.now(UTC).replace(microsecond=0)
    due = (now + timedelta(days=7)).isoformat()
    promised = {"wording": "Send the replacement part for the kettle", "due_at": due}
    bare = promised | {
        "conversation": talk.pk,
        "customer": talk.customer_id,
        "team": member.team_id,
        "owner": member.user_id,
        "kind": kind.pk,
        "policy_version": kind.policy_version(urgent=False).pk,
        "promised_at": now.isoformat(),
        "first_due_at": due,
        "due_zone": member.team.calendar.zone,
        "revised_at": now.isoformat(),
        "next_action": "step",
        "next_action_at": due,
    }
    known = Customer.objects.get(pk=talk.customer_id)
    return bare, promised | {"customer": known.pk, "kind": kind.code}


def _post(caller: _Caller, address: str, body: dict[str, object]) -> float:
    """Seconds of one, on the average of many; the first is not counted."""
    said = json.dumps(body).encode()
    post = partial(caller.call, "POST", address, said)
    _expect(post, 201)
    began = time.perf_counter()
    for _ in range(_MADE):
        _expect(post, 201)
    return (time.perf_counter() - began) / _MADE


def _page(caller: _Caller, stored: int) -> None:
    answer: dict[str, float] = apart(partial(_list, caller)).answer
    name = f"among {stored:,}"
    table.line(name, answer["queries"], answer["sql"], answer["all"])


def _list(caller: _Caller) -> dict[str, float]:
    """Of the second page, which begins inside: the usual one of many."""
    first = _expect(partial(caller.call, "GET", f"{_LIST}?page_size=50"), 200)
    query = first["next"].partition("?")[2]
    get = partial(caller.call, "GET", f"{_LIST}?{query}")
    _expect(get, 200)
    in_sql: list[float] = []

    def timed(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            in_sql.append(time.perf_counter() - began)

    asked, took, whole = [], [], []
    for _ in range(_PAGES):
        in_sql.clear()
        with connection.execute_wrapper(timed):
            began = time.perf_counter()
            page = _expect(get, 200)
            whole.append(time.perf_counter() - began)
        assert len(page["results"]) == 50
        asked.append(len(in_sql))
        took.append(sum(in_sql))
    return {
        "queries": max(asked),
        "sql": median(took) * 1000,
        "all": median(whole) * 1000,
    }


def _expect(call: Callable[[], tuple[int, Any]], wanted: int) -> Any:
    status, said = call()
    assert status == wanted, f"{status}: {said}"
    return said
