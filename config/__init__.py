"""The installation: settings, schedule, addresses and the commands that span both rooms."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
