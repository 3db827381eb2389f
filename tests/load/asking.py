"""How long pages take, in milliseconds and as so many times an empty page of the same machine.

A page is asked for in full: middleware, queries and templates, through Django's own handler. The
test client would copy the context of every template it sees, which no server does. The median of a
few times counts, and the pages are asked for by turns: a slow moment of the machine meets all of
them alike. The empty page has the frame of every page and nothing in it.

Each turn asks from another depth of calls. Python 3.11 keeps its calls in pieces of 16 KB, and
gives a piece back as soon as nothing stands on it: a page whose rows are drawn just across the end
of a piece asks the system for memory thousands of times, and takes up to twice as long (CPython's
issue 142183, mended in later versions). That depends on who calls, not on the page.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.test import RequestFactory

from commitments.models import User

EMPTY = "/help/keys/"
TIMES = 21
_DEEPER = 4  # calls, of 192 bytes each: all turns together pass a whole piece
MOST = 0.060  # seconds of server time for fifty rows out of a million
SCRIPT = {"HX-Request": "true"}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request: what is posted, if anything, and whether a script asks."""

    address: str
    post: Mapping[str, str] | None = None
    by_script: bool = False


class Reader:
    """Somebody who has signed in, and a server of their own."""

    def __init__(self, user: User) -> None:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.cookie = session.session_key
        self.server = BaseHandler()
        self.server.load_middleware()

    def wait_for(self, ask: Ask, *, deeper: int = 0) -> float:
        """Seconds until it has been answered, asked from so many calls deeper down."""
        if deeper:
            return self.wait_for(ask, deeper=deeper - 1)
        headers: dict[str, Any] = SCRIPT if ask.by_script else {}  # Any: as Django declares it
        asked = RequestFactory()
        asked.cookies[settings.SESSION_COOKIE_NAME] = self.cookie
        request = (
            asked.get(ask.address, headers=headers)
            if ask.post is None
            else asked.post(ask.address, ask.post, headers=headers)
        )
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # as the test client
        began = time.perf_counter()
        answer: HttpResponseBase = self.server.get_response(request)
        took = time.perf_counter() - began
        assert answer.status_code == 200, ask
        return took


def by_turns(readers: Mapping[str, Reader], asks: Mapping[str, Ask]) -> dict[str, dict[str, float]]:
    """By page and reader; the first answer, which compiles templates, does not count."""
    pairs = [(name, who) for name in asks for who in readers]
    turns = [
        {
            (name, who): readers[who].wait_for(asks[name], deeper=turn * _DEEPER)
            for name, who in pairs
        }
        for turn in range(TIMES + 1)
    ]
    return {
        name: {who: statistics.median(turn[name, who] for turn in turns[1:]) for who in readers}
        for name in asks
    }


def table(title: str, figures: Mapping[str, Mapping[str, float]]) -> str:
    """A row for each page, two columns for each reader; the first row is the empty page."""
    readers = list(next(iter(figures.values())))
    empty = next(iter(figures.values()))
    lines = [title, "", f"{'':<28}" + "".join(f"{who:>14}{'':>9}" for who in readers)]
    for name, took in figures.items():
        cells = (f"{1000 * took[who]:>11.1f} ms{took[who] / empty[who]:>7.1f} x" for who in readers)
        lines.append(f"{name:<28}" + "".join(cells))
    return "\n".join(["", *lines, ""])


def slow(figures: Mapping[str, Mapping[str, float]]) -> dict[str, Mapping[str, float]]:
    """Those that take longer than they may."""
    return {name: took for name, took in figures.items() if max(took.values()) > MOST}
