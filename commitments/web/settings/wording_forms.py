"""The form of a mail's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from commitments.errors import CommitmentError
from commitments.house import wordings
from commitments.house.wordings import Wording
from commitments.messages.texts import Text
from commitments.web import fields

from .parts import Part, PartsForm


class WordingForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            title="What it says",
            names=("subject", "heading", "body"),
            help="The greeting, the links and why they get it stand around it by themselves.",
        ),
    )

    subject = fields.Words(what="The subject", limit=200, label="Subject")
    heading = fields.Words(what="The heading", limit=120, label="Heading")
    body = fields.Words(
        what="The text", limit=4000, lines=True, label="Text",
        help_text="An empty line begins a new paragraph.",
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        wording: Wording,
    ) -> None:
        text = wording.text
        first = {"subject": text.subject, "heading": text.heading, "body": text.body}
        seen = wordings.mark(wording.template, wording.language)
        super().__init__(data, initial=first, seen=seen)
        self.wording = wording
        self.text = text
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["lang"] = wording.language

    def clean(self) -> dict[str, Any]:
        """With the text as it would be kept, its placeholders checked."""
        said = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.text = self._checked(said)
            except CommitmentError as no:
                self.refuse(no)
        return said

    def _checked(self, said: Mapping[str, Any]) -> Text:
        named = {name: said[name] for name in ("subject", "heading", "body")}
        return wordings.checked(self.wording.template, **named)
