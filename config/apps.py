from django.apps import AppConfig
from django.core.checks import register

from config import checks, sqlite


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        sqlite.keep_instants()
        register(checks.counts_are_shared)
