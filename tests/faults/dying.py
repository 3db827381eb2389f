"""Work that is killed just before it says one of its statements to the database."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import override_settings

from commitments import schedules
from commitments.reports import rolling

FILES = "django.core.files.storage.FileSystemStorage"


class _Dying:
    """Asks the database so many times, less one."""

    def __init__(self, before: int) -> None:
        self.left = before

    def __call__(
        self,
        execute: Callable[..., Any],  # Any: as Django declares it
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def figures(now: datetime) -> None:
    """A round of the figures of days; DIES_BEFORE is the number of a statement."""
    with connection.execute_wrapper(_Dying(settings.DIES_BEFORE)):
        rolling.run(now)


def imports(now: datetime) -> None:
    """A round of the schedules, with files to be imported in a folder of their own."""
    folder = {"BACKEND": FILES, "OPTIONS": {"location": settings.IMPORTS}}
    with (
        override_settings(STORAGES={**settings.STORAGES, "imports": folder}),
        connection.execute_wrapper(_Dying(settings.DIES_BEFORE)),
    ):
        schedules.run(now)
