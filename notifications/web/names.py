"""What people call a message. The setting NOTIFICATIONS_NAMES names the function that knows."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.models import Delivery


def of(delivery: Delivery) -> str:
    """Which of the house's messages it is."""
    named: Callable[[str], str] = import_string(settings.NOTIFICATIONS_NAMES)
    return named(delivery.template)


def called(delivery: Delivery) -> str:
    """Its subject, or which it is where that is not worded yet."""
    return delivery.subject or of(delivery)
