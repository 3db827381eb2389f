"""Tells somebody outside that all is well, by calling an address; silence is the alarm.

Called by `run_schedules`, the job with the longest interval of those that do the work: if the pool
is too busy for it, that is worth an alarm, and no reminder and no mail waits behind the call. It is
made after the job's own transactions, and only if every job came round and left nothing due.
"""

from __future__ import annotations

import http.client
import logging
import socket
import ssl
import threading
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from config import awake
from notifications.channels.watchdog import Watchdog
from notifications.models import JobRound

logger = logging.getLogger(__name__)

JOB: Final = "run_schedules"
NAME: Final = "heartbeat"
EVERY: Final = timedelta(seconds=60)
PATIENCE: Final = timedelta(seconds=5)
_EARLY: Final = timedelta(seconds=5)  # two ticks of a job are never exactly a minute apart


def beat(now: datetime) -> bool:
    """Call the address if all is well and it is time; answers whether it was called."""
    if not settings.HEARTBEAT_URL or not awake.look(now).left_nothing_due():
        return False
    if not _is_mine(now):
        return False
    call(settings.HEARTBEAT_URL, patience=PATIENCE)
    return True


def _is_mine(now: datetime) -> bool:
    """Among all workers one calls, once a minute. A claim from the future is none."""
    calls = JobRound.objects.filter(name=NAME)
    due = calls.exclude(finished_at__gt=now - EVERY + _EARLY, finished_at__lte=now)
    if due.update(finished_at=now):
        return True
    _, is_first = JobRound.objects.get_or_create(name=NAME, defaults={"finished_at": now})
    return is_first


def call(url: str, *, patience: timedelta) -> None:
    """GET it and let nobody hold us longer than `patience`, not even a name server.

    Redirects are not followed. The operator chose the address, so a private one is as good as any.
    """
    caller = threading.Thread(target=_call, args=(url, patience), daemon=True)
    caller.start()
    caller.join(patience.total_seconds())
    if caller.is_alive():
        logger.warning("The heartbeat was not taken in time.")


def _call(url: str, patience: timedelta) -> None:
    watchdog = Watchdog()
    try:
        with watchdog.limit(patience):
            status = _get(urlsplit(url), watchdog, patience=patience)
        if status >= 300:
            logger.warning("The heartbeat was answered with %s.", status)
    except (OSError, http.client.HTTPException, ValueError) as error:
        # Not the address: to those who take heartbeats it is a secret.
        logger.warning("The heartbeat was not taken: %s.", type(error).__name__)
    finally:
        watchdog.stop()


def _get(parts: SplitResult, watchdog: Watchdog, *, patience: timedelta) -> int:
    """The status of the answer; its body is nobody's business."""
    if parts.scheme not in ("http", "https"):
        raise ValueError("A heartbeat goes to http or https.")
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    with closing(http.client.HTTPConnection(host, port)) as line:
        line.sock = socket.create_connection((host, port), timeout=patience.total_seconds())
        watchdog.guard(line.sock)
        if is_secure:
            context = ssl.create_default_context()
            # Not before the watchdog knows the socket: a handshake can be dripped, too.
            secured = context.wrap_socket(
                line.sock, server_hostname=host, do_handshake_on_connect=False
            )
            line.sock = secured
            watchdog.guard(secured)
            secured.do_handshake()
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        line.request("GET", path, headers={"User-Agent": "Followthrough"})
        return line.getresponse().status
