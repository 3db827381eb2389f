from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from config import checks, error_reports, sqlite


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        sqlite.keep_instants()
        register(checks.counts_are_shared)
        register(checks.mails_leave)
        error_reports.begin(settings.SENTRY_DSN)
