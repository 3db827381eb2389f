"""How gunicorn serves the pages: `gunicorn -c python:config.web_server config.wsgi`."""

from __future__ import annotations

import gc
import signal
from typing import Any

from config import environment, logs
from config.launcher import children

_env = environment.Env()

bind = _env.str("BIND", default="127.0.0.1:8000")
workers = _env.int("WEB_PROCESSES", default=1)
threads = _env.int("WEB_THREADS", default=4)
worker_class = "gthread"
timeout = 30
graceful_timeout = 20
keepalive = 5
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(b)s bytes %(M)s ms"
logconfig_dict = logs.of_process(
    _env.str("LOG_LEVEL", default="INFO"), logs.chosen_format(_env.ENVIRON)
)
control_socket_disable = True  # nobody steers it but its supervisor, by signals


def post_fork(server: Any, worker: Any) -> None:
    """A worker never outlives the server, even one that was killed. (gunicorn has no types.)"""
    children.die_with_parent(signal.SIGTERM)


def post_worker_init(worker: Any) -> None:
    """What has been loaded stays, and is never again looked through for garbage: that would hold up
    every request under way.
    """
    gc.collect()
    gc.freeze()
