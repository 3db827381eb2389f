"""An operator has looked at a restored installation, and lets it go on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import beat, restoring
from notifications.delivery import restoring as doubts

_JOBS = {"deliveries": ["deliver_notifications"], "all": sorted(beat.SCHEDULE)}


class Command(BaseCommand):
    help = (
        "Let a restored installation go on, after somebody has looked. Messages in doubt stay"
        " uncertain: the owners of their promises are asked about them. With --requeue-staff those"
        " to colleagues and programs are sent once more instead, and say that they may repeat;"
        " those to customers never are. The sweep then catches up as after any outage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--what",
            choices=sorted(_JOBS),
            required=True,
            help="deliveries: what is written from now on goes out, and no step is taken; all",
        )
        parser.add_argument(
            "--requeue-staff", action="store_true", help="send colleagues what they may have missed"
        )

    def handle(self, *args: Any, what: str, requeue_staff: bool, **options: Any) -> None:
        if not restoring.paused():
            raise CommandError("Nothing is paused after a restore.")
        now = timezone.now()
        again = doubts.send_to_staff_again(now) if requeue_staff else 0
        asked = doubts.tell(now)
        started = restoring.start_again(_JOBS[what])
        for line, count in (
            ("messages sent to colleagues again", again),
            ("messages somebody is asked about", asked),
            ("jobs that go on", started),
            ("jobs still paused after the restore", len(restoring.paused())),
        ):
            self.stdout.write(f"{line:38} {count:>6}")
