"""Work that is killed just before it says one of its statements to the database."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import override_settings

from commitments import retention, schedules
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
    with _dying():
        rolling.run(now)


def forgetting(now: datetime) -> None:
    """What is old goes, with files from customers in a folder of their own, ATTACHMENTS."""
    with _files_in(attachments=settings.ATTACHMENTS), _dying():
        retention.apply(retention.kinds(now))


def imports(now: datetime) -> None:
    """A round of the schedules, with files to be imported in a folder of their own, IMPORTS."""
    with _files_in(imports=settings.IMPORTS), _dying():
        schedules.run(now)


def _dying() -> AbstractContextManager[None]:
    return connection.execute_wrapper(_Dying(settings.DIES_BEFORE))


def _files_in(**folders: str) -> override_settings:
    lying = {
        name: {"BACKEND": FILES, "OPTIONS": {"location": folder}}
        for name, folder in folders.items()
    }
    return override_settings(STORAGES={**settings.STORAGES, **lying})
