"""The Celery application: `celery -A config worker`, `celery -A config beat`."""

from __future__ import annotations

import os
import signal
from typing import Any, Final

from celery import Celery, Task
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_init,
    worker_shutting_down,
)

from config import request_ids
from config.launcher import children
from notifications import stopping

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_BEGAN_BY: Final = "followthrough-request"  # a header of the message

app = Celery(
    "followthrough",
    task_cls="config.jobs:Job",
    changes={"worker_consumer": "config.consumer:Steadfast"},
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery sets up no logging of its own where somebody listens here; Django has done it."""


@worker_process_init.connect
def die_with_the_worker(**kwargs: Any) -> None:
    """A pool process whose worker was killed would hold its task for ever."""
    children.die_with_parent(signal.SIGKILL)


@before_task_publish.connect
def it_is_known_which_request_began_it(headers: dict[str, Any], **kwargs: Any) -> None:
    if request := request_ids.of_request():
        headers[_BEGAN_BY] = request


@task_prerun.connect
def lines_belong_to_the_task(task_id: str, task: Task[..., Any], **kwargs: Any) -> None:
    request_ids.task_began(task_id, by_request=(task.request.headers or {}).get(_BEGAN_BY))


@task_postrun.connect
def lines_belong_to_no_task(task_id: str, **kwargs: Any) -> None:
    request_ids.task_ended(task_id)


@worker_shutting_down.connect
def begin_nothing_more(**kwargs: Any) -> None:
    """Or a round behind a slow far end would go on for as long as it may take."""
    stopping.ask()
