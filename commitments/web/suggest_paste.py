"""The field that takes a pasted conversation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from commitments.errors import CommitmentError
from commitments.understanding import conversations


class Pasted(forms.CharField):
    """A conversation. It is read and not kept, so what no person typed in it is a blank."""

    widget = forms.Textarea(attrs={"rows": 14, "spellcheck": "false"})

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        try:
            return conversations.cleaned(str(value or ""))
        except CommitmentError as no:
            raise ValidationError(str(no)) from no
