"""A form in parts, each with a heading and a word of help; and how it says why it was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from commitments.errors import CommitmentError
from commitments.web import fields, once


@dataclass(frozen=True, kw_only=True)
class Part:
    title: str
    names: tuple[str, ...]
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    title: str
    help: str
    fields: list[BoundField]


class PartsForm(fields.SpokenForm):
    """`once` stops a second submit; `seen` is a mark of what was there when the page was opened."""

    marks_optional = True
    parts: ClassVar[tuple[Part, ...]] = ()
    fields_of: ClassVar[Mapping[str, str]] = {}

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        files: Any = None,  # Any: likewise
        initial: Mapping[str, Any] | None = None,  # Any: likewise
        seen: str = "",
    ) -> None:
        first = {"once": once.new_key(), "seen": seen} | dict(initial or {})
        super().__init__(data, files, initial=first, label_suffix="")

    def shown(self) -> Iterator[Shown]:
        """The parts with their fields, for the page."""
        for part in self.parts:
            named = [self[name] for name in part.names if name in self.fields]
            yield Shown(title=part.title, help=part.help, fields=named)

    def refuse(self, no: CommitmentError) -> None:
        """Where a rule said no: at its field, or on top."""
        name = self.fields_of.get(no.field or "", no.field)
        visible = name in self.fields and not self.fields[name or ""].widget.is_hidden
        self.add_error(name if visible else None, str(no))
