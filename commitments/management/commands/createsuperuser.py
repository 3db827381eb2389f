"""Django's own, with a line of the log about who administers from now on."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from commitments.house import account_log
from commitments.models import User


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        before = set(_administrators())
        super().handle(*args, **options)
        for pk in sorted(set(_administrators()) - before):
            account_log.note("made an administrator", user_id=pk, by_id=account_log.MACHINE)


def _administrators() -> list[int]:
    return list(User.objects.filter(is_superuser=True).values_list("pk", flat=True))
