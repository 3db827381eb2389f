"""What each person sets for themselves: their name, their times, and how the pages look to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from commitments.models import User
from commitments.rules import wall_clock, words

LANGUAGES: Final = (("en", "English"),)
"""Those the pages are written in."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    name: str
    zone: str
    language: str
    theme: str
    keys_on: bool


@transaction.atomic
def wish(person_id: int, wishes: Wishes) -> User:
    """From now on so. Raises CommitmentError for a name or a zone that will not do."""
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    person.name = words.clean(wishes.name, what="The name", limit=150, field="name")
    person.zone = wall_clock.zone_named(wishes.zone).key
    person.language, person.theme = wishes.language, wishes.theme
    person.keys_on = wishes.keys_on
    person.save(update_fields=["name", "zone", "language", "theme", "keys_on"])
    return person
