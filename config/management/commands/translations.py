"""`manage.py translations`: find what customers read, keep what is translated, compile it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import translating


class Command(BaseCommand):
    help = (
        "Bring the catalogues in locale/ up to date with what customers read, and compile them."
        " What is not translated yet is listed."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: as Django declares it
        for language, _ in settings.LANGUAGES:
            if language != settings.LANGUAGE_CODE:
                self._bring_up_to_date(language)

    def _bring_up_to_date(self, language: str) -> None:
        entries = translating.updated(language)
        file = translating.path(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(translating.as_text(language, entries), encoding="utf-8")
        file.with_suffix(".mo").write_bytes(translating.compiled(language, entries))
        missing = [entry.words for entry in entries if not all(entry.said)]
        for words in missing:
            self.stdout.write(f"{language}: not translated yet: {words}")
        self.stdout.write(f"{language}: {len(entries)} texts, {len(missing)} not translated.")
