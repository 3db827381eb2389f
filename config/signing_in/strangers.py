"""Doors at which a look costs something, though nobody has tried anything yet.

A session is stored, or the provider of the single sign-on is asked. Who looks is counted by
address; the tries themselves are counted beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from commitments import lengths, rate_limits
from config.signing_in import doors


def counted(view: Callable[..., HttpResponseBase], name: str) -> Callable[..., HttpResponseBase]:
    """The view, for so many requests a minute from one address; `name` keeps its count apart."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        who, most = (
            f"from:{rate_limits.address(request)}",
            lengths.current().sign_ins_begun_a_minute,
        )
        try:
            rate_limits.check(f"sign-in:{name}", who, most=most, now=timezone.now())
        except rate_limits.TooOften as no:
            answer = doors.too_often(request)
            answer["Retry-After"] = str(no.wait)
            return answer
        return view(request, *args, **kwargs)

    return guarded
