"""In whose name, and with which texts, we write to customers: the house's own, or the standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import translation

from commitments.models import Brand, MessageText
from commitments.models.ground import Ground

from . import texts
from .texts import Template, Text


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Loaded once for whatever is written at one time."""

    brand: Brand
    own: Mapping[tuple[str, str], Text] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Voice:
        """Two queries, however much is written with it."""
        own = {
            (row.template, row.language): Text.of(
                subject=row.subject, heading=row.heading, body=row.body
            )
            for row in MessageText.objects.in_force()
        }
        return cls(brand=Brand.current(), own=own)

    @classmethod
    def on(cls, ground: Ground, template: Template) -> Voice:
        """For this mail alone, whose texts were read with the ground of a promise."""
        own = {
            (template.value, language): Text.of(subject=subject, heading=heading, body=body)
            for language, subject, heading, body in ground.texts
        }
        return cls(brand=ground.brand, own=own)

    def text(self, template: Template) -> Text:
        """What this mail says, in the language that is active."""
        language = translation.get_language() or ""
        return self.own.get((template, language)) or texts.standard(template)
