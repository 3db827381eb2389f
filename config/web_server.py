"""How gunicorn serves the pages: `gunicorn -c python:config.web_server config.wsgi`."""

from __future__ import annotations

import os
import signal
from typing import Any

from config import logs
from config.launcher import children

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
timeout = 30
graceful_timeout = 20
keepalive = 5
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(b)s bytes %(M)s ms"
logconfig_dict = logs.to_stdout(os.environ.get("LOG_LEVEL", "INFO"), logs.chosen_format())
control_socket_disable = True  # nobody steers it but its supervisor, by signals


def post_fork(server: Any, worker: Any) -> None:
    """A worker never outlives the server, even one that was killed. (gunicorn has no types.)"""
    children.die_with_parent(signal.SIGTERM)
