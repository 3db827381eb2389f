"""Lay down what a new installation needs; running it again changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments import starting
from commitments.rules import wall_clock


class Command(BaseCommand):
    help = "Add ten kinds of promise, a working week and a ladder, where they are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--zone", default="UTC", help="IANA zone of the working week.")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        zone = wall_clock.zone_named(options["zone"])
        starting.ensure(zone=zone.key, now=timezone.now())
        self.stdout.write("The starting set is in place.")
