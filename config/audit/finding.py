from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """What breaks a rule, and the rule in words; `number` is that of the invariant."""

    what: str
    rule: str
    number: str
