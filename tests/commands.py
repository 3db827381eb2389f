"""The processes, by the very commands that the tests start: deploy/ is held to them."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = {
    "prepare": ("manage.py", "prepare", "--no-demo"),
    "web": ("gunicorn", "-c", "python:config.web_server", "config.wsgi"),
    "worker": ("celery", "-A", "config", "worker", "--without-gossip", "--without-mingle"),
    "beat": ("celery", "-A", "config", "beat", "--pidfile="),
}
