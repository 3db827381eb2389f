from django.apps import AppConfig

from config import sqlite


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        sqlite.keep_instants()
