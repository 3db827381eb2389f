"""Secrets at rest, sealed as those of webhooks are: the settings name who does it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.conf import settings
from django.utils.module_loading import import_string


def seal(secrets: Sequence[str]) -> str:
    """What may lie in the database instead of them; "" for none."""
    write = import_string(f"{settings.COMMITMENTS_SEALING}.seal")
    return str(write(json.dumps(list(secrets)))) if secrets else ""


def unseal(sealed: str) -> list[str]:
    """The secrets again; none where they were sealed with a key that we no longer have."""
    if not sealed:
        return []
    try:
        read = import_string(f"{settings.COMMITMENTS_SEALING}.unseal")
        return [str(each) for each in json.loads(read(sealed))]
    except import_string(f"{settings.COMMITMENTS_SEALING}.CannotOpen"):
        return []
