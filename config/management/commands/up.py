"""Run the whole of Followthrough in this folder, with one command and nothing else installed."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.launcher import broker, web
from config.launcher.installation import Installation
from config.launcher.keeper import Keeper
from config.launcher.lock import Lock, Taken
from config.launcher.watch import Watch

USUAL_PORT = 8000
PATIENCE = 60.0  # seconds for the web server to answer for the first time


class Command(BaseCommand):
    help = (
        "Start web server, worker, beat and, unless CELERY_BROKER_URL names one, a private "
        "broker; keep them running; stop them all on Ctrl-C."
    )
    requires_system_checks = ()  # the preparation makes them
    interrupts = 0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, help=f"where to listen (default {USUAL_PORT})")
        parser.add_argument(
            "--no-demo",
            action="store_false",
            dest="demo",
            help="leave an empty database empty, but for the starting set",
        )

    def handle(self, *args: Any, port: int | None, demo: bool, **options: Any) -> None:
        try:
            lock = Lock(settings.VAR_DIR / "up.lock")
        except Taken as other:
            raise CommandError(f"Followthrough already runs in this folder. {other}") from None
        house = Installation(
            code=settings.BASE_DIR,
            data=settings.VAR_DIR,
            port=self.a_port(port),
            broker_url=settings.CELERY_BROKER_URL,
        )
        lock.say(f"Find it at {house.address}")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.interrupted)
        keeper = Keeper(self.say)
        try:
            self.start(house, keeper, demo=demo)
            self.keep(house, keeper)
        except broker.NoBroker as error:
            raise CommandError(str(error)) from None
        finally:
            keeper.stop(hurry=lambda: self.interrupts > 1)
            broker.tidy(broker.socket_path(house.data), folder=house.data)

    def a_port(self, wanted: int | None) -> int:
        """The port asked for, or the usual one, or the next that is free."""
        port = wanted or USUAL_PORT
        if web.is_free(port):
            return port
        other = web.next_free(port)
        if wanted is not None:
            raise CommandError(f"Port {port} is taken. {other} is free: make up PORT={other}")
        self.say(f"Port {port} is taken, so this is port {other}.")
        return other

    def start(self, house: Installation, keeper: Keeper, *, demo: bool) -> None:
        """Start everything, in order, and say READY when our own web server answers."""
        began = time.monotonic()
        if house.has_private_broker:
            keeper.start(house.broker())
        if not keeper.finishes(house.preparation(demo=demo), unless=self.is_interrupted):
            if self.is_interrupted():
                return
            raise CommandError("The database could not be prepared; the lines above say why.")
        for service in (house.worker(), house.beat(), house.web()):
            keeper.start(service)
        starting = time.monotonic()
        while not house.answers() and not self.is_interrupted():
            keeper.turn(0.2)
            if time.monotonic() - starting > PATIENCE:
                raise CommandError(f"The web server does not answer at {house.address}.")
        if not self.is_interrupted():
            self.say(f"READY in {time.monotonic() - began:.0f} s: {house.address}/")
            self.say(sign_ins(settings.VAR_DIR))

    def keep(self, house: Installation, keeper: Keeper) -> None:
        watch = Watch(house, keeper, self.say)
        while not self.is_interrupted():
            keeper.turn(0.5)
            watch.look()

    def interrupted(self, number: int, frame: FrameType | None) -> None:
        self.interrupts += 1

    def is_interrupted(self) -> bool:
        return self.interrupts > 0

    def say(self, words: str) -> None:
        try:
            self.stdout.write(words)
            self.stdout.flush()
        except OSError:
            return  # nobody reads any more; the work goes on


def sign_ins(folder: Path) -> str:
    """Who may sign in to the demonstration, or how to become the first."""
    try:
        return (folder / "sign_ins.txt").read_text().strip()
    except FileNotFoundError:
        return "To sign in, make an administrator: .venv/bin/python manage.py createsuperuser"
