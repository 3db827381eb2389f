"""The processes of one installation, and how each is started."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.environment import Environment
from config.launcher import broker, web
from config.launcher.keeper import Service

# Who writes the mails of the demonstration, unless the environment names somebody else.
THE_DEMO = {
    "COMPANY_NAME": "Larkfield Energy",
    "COMPANY_PHONE": "01632 960 100",
    "COMPANY_EMAIL": "care@larkfield.example",
}


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where it lives, where it is found, and whether its broker is its own."""

    code: Path
    data: Path
    port: int
    broker_url: str
    instance: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def address(self) -> str:
        return Environment(self.environment)["PUBLIC_URL"]

    @property
    def has_private_broker(self) -> bool:
        return self.broker_url == broker.url(broker.socket_path(self.data))

    @property
    def environment(self) -> Mapping[str, str]:
        """What every child is told."""
        bind = f"{web.HOST}:{self.port}"
        told = {"BIND": bind, "BIND_FILE": ""}
        told |= {"INSTANCE_ID": self.instance, "PYTHONUNBUFFERED": "1"}
        company = THE_DEMO if (self.data / "sign_ins.txt").exists() else {}
        usual = _unless_in_a_file({"PUBLIC_URL": f"http://{bind}", **company})
        return {**usual, **os.environ, **told}

    def broker(self) -> Service:
        """Killed at once with its launcher: the next one starts another on the same files."""
        folder, path = self.data / "broker", broker.socket_path(self.data)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        service = self._service(
            "broker", *broker.command(path, folder=folder, durable=True), patience=5
        )
        service.last_word = signal.SIGKILL
        service.before = lambda: broker.prepare(path)
        return service

    def preparation(self, *, demo: bool) -> Service:
        options = [] if demo else ["--no-demo"]
        service = self._python("prepare", "manage.py", "prepare", *options, patience=0)
        company = _unless_in_a_file(THE_DEMO if demo else {})
        return replace(service, environment={**company, **service.environment})

    def worker(self) -> Service:
        options = ["--without-gossip", "--without-mingle"]
        return self._celery("worker", *options, patience=30)

    def beat(self) -> Service:
        return self._celery("beat", "--pidfile=", patience=5)

    def web(self) -> Service:
        options = ["-c", "python:config.web_server", "config.wsgi"]
        return self._python("web", "-m", "gunicorn", *options, patience=22)

    def answers(self) -> bool:
        """Whether it is our own web server that answers at the port, and not a stranger."""
        return web.asks(self.port, "/healthz").get("instance") == self.instance

    def _celery(self, name: str, *options: str, patience: float) -> Service:
        quiet = ("-W", "ignore:You're running the worker", "-m", "celery", "--quiet")
        return self._python(name, *quiet, "-A", "config", name, *options, patience=patience)

    def _python(self, name: str, *command: str, patience: float) -> Service:
        return self._service(name, sys.executable, *command, patience=patience)

    def _service(self, name: str, *command: str, patience: float) -> Service:
        return Service(
            name=name,
            command=list(command),
            folder=self.code,
            environment=self.environment,
            patience=patience,
        )


def _unless_in_a_file(usual: Mapping[str, str]) -> dict[str, str]:
    """Of what the environment says when nothing else is said, what is said in no NAME_FILE."""
    return {name: value for name, value in usual.items() if not os.environ.get(f"{name}_FILE")}
