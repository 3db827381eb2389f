"""The field that takes a pasted conversation."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

LONGEST: Final = 100_000  # characters of a paste
_UNTYPED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


class Pasted(forms.CharField):
    """A conversation. It is read and not kept, so what no person typed in it is a blank."""

    widget = forms.Textarea(attrs={"rows": 14, "spellcheck": "false"})

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        text = _UNTYPED.sub(" ", _LINE_END.sub("\n", str(value or "")))
        if not text.strip():
            raise ValidationError("Paste the conversation: a call, a chat or a mail.")
        if len(text) > LONGEST:
            raise ValidationError(
                f"The conversation is {len(text):,} characters long; keep it to {LONGEST:,}. "
                "Paste the part in which something was promised."
            )
        return text
