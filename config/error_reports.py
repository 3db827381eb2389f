"""Errors go to Sentry, or to what speaks its language, where SENTRY_DSN names it.

What goes is what the log says: the type of an error, where it was raised, and the ids of its
request and task. No variable, no body, no header, no cookie, no person and no address.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from config import logs, request_ids

_KEPT: Final = (
    *("event_id", "level", "logger", "platform", "timestamp", "release", "environment"),
    *("transaction", "sdk"),
)
_OF_A_FRAME: Final = ("filename", "function", "module", "lineno", "in_app")

Event = dict[str, Any]  # Any: JSON


def begin(dsn: str, *, release: str = "") -> None:
    """Once in each process. Raises ImproperlyConfigured where its library is missing."""
    if not dsn:
        return
    try:
        sentry: Any = importlib.import_module("sentry_sdk")  # Any: not one of our requirements
    except ImportError as missing:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and sentry-sdk is not installed: pip install sentry-sdk"
        ) from missing
    sentry.init(
        dsn=dsn,
        release=release or None,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0,
        before_send=bare,
    )


def bare(event: Event, hint: Event) -> Event:
    """What is left of an event: it is built anew from what may go, so what a later version of the
    library adds stays here.
    """
    left: Event = {name: event[name] for name in _KEPT if name in event}
    left["tags"] = {"request": request_ids.of_request(), "task": request_ids.of_task()}
    if told := hint.get("exc_info"):
        left["exception"] = {"values": [_exception(event, told[1])]}
    elif said := (event.get("logentry") or {}).get("message"):
        left["message"] = logs.scrubbed(str(said))  # as it stands in our code, without its values
    if "transaction" in left:
        left["transaction"] = logs.scrubbed(str(left["transaction"]))
    return left


def _exception(event: Event, error: BaseException) -> Event:
    values = (event.get("exception") or {}).get("values") or [{}]
    frames = (values[-1].get("stacktrace") or {}).get("frames") or []
    return {
        "type": type(error).__qualname__,
        "module": type(error).__module__,
        "value": logs.says(error),
        "stacktrace": {
            "frames": [{name: each.get(name) for name in _OF_A_FRAME} for each in frames]
        },
    }
