"""The starting set: what a new installation needs before its first promise. Running it again adds
only what is missing and changes nothing that somebody edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from .models import Calendar, Kind, OpeningHours, Policy, PolicyVersion, Schedule
from .rules import ladder
from .rules.ladder import Basis

_HOUR = 3600
POLICY = "Usual"
URGENT = "Usual, urgent"
CALENDAR = "Working week"


def _step(
    number: int,
    basis: Basis,
    offset: int,
    *audience: str,
    **rest: Any,  # Any: its other fields
) -> ladder.Step:
    return ladder.Step(number=number, basis=basis, offset=offset, audience=audience, **rest)


_LADDER = (
    _step(1, Basis.WORKING, -2 * _HOUR, "owner"),
    _step(2, Basis.WORKING, 0, "owner", "deputy"),
    _step(3, Basis.WORKING, 2 * _HOUR, "lead"),
    _step(4, Basis.WORKING_DAYS, 1, "manager", "customer"),
)
# Half and three quarters of the time given, as it may be short; the lead at once when it is over.
_URGENT_LADDER = (
    _step(1, Basis.PERCENT, 50, "owner"),
    _step(2, Basis.PERCENT, 75, "owner", "deputy"),
    _step(3, Basis.WORKING, 0, "owner", "deputy", "lead", pierces_quiet=True),
    _step(
        4, Basis.WORKING, _HOUR, "lead", "manager",
        repeat_every=2 * _HOUR, repeat_cap=2, pierces_quiet=True,
    ),
    _step(5, Basis.WORKING, 4 * _HOUR, "manager", "customer"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Usual:
    """A kind as it starts out."""

    code: str
    name: str
    wording: str
    length: int
    basis: str = Kind.Basis.WORKING_DAYS
    hour: time | None = None
    keywords: tuple[str, ...] = ()
    evidence: bool = False
    value: bool = False
    check_in_after: int = 3


_KINDS = (
    _Usual(
        code="refund",
        name="Refund",
        wording="Refund the amount",
        length=2,
        hour=time(17),
        keywords=("refund", "money back", "reimburse"),
        value=True,
        check_in_after=5,
    ),
    _Usual(
        code="replacement",
        name="Replacement",
        wording="Send a replacement",
        length=2,
        keywords=("replacement", "replace", "send a new"),
        check_in_after=5,
    ),
    _Usual(
        code="callback",
        name="Callback",
        wording="Call back",
        length=4,
        basis=Kind.Basis.WORKING_HOURS,
        keywords=("call back", "ring back", "call", "ring", "phone"),
        check_in_after=1,
    ),
    _Usual(
        code="followup",
        name="Follow-up",
        wording="Look into it and reply",
        length=1,
        keywords=("reply", "look into", "send", "find out", "let you know"),
    ),
    _Usual(
        code="credit",
        name="Credit",
        wording="Put a credit on the account",
        length=3,
        keywords=("credit", "goodwill", "voucher"),
        value=True,
        check_in_after=5,
    ),
    _Usual(
        code="repair",
        name="Repair",
        wording="Repair it",
        length=5,
        keywords=("repair", "fix", "mend"),
        check_in_after=5,
    ),
    _Usual(
        code="visit",
        name="Visit",
        wording="Visit at home",
        length=5,
        keywords=("visit", "engineer", "appointment"),
        check_in_after=2,
    ),
    _Usual(
        code="escalation",
        name="Escalation",
        wording="Raise it and report back",
        length=2,
        keywords=("escalate", "raise", "pass on", "manager"),
    ),
    _Usual(
        code="change",
        name="Change",
        wording="Change it on the account",
        length=1,
        keywords=("change", "update", "correct", "cancel"),
    ),
    _Usual(code="other", name="Other", wording="Do what was promised", length=2),
)


@transaction.atomic
def ensure(*, zone: str, now: datetime) -> None:
    """Ten kinds, one working week in `zone`, one ladder with its urgent variant, and the nightly
    housekeeping."""
    _calendar(zone)
    _add_kinds(now)
    night = Schedule(what=Schedule.What.HOUSEKEEPING, local_time=time(3), zone="UTC")
    Schedule.objects.get_or_create(
        what=night.what,
        whose=None,
        defaults={
            "local_time": night.local_time,
            "zone": night.zone,
            "next_at": night.after(now),
        },
    )


@transaction.atomic
def add_kinds(*, now: datetime) -> int:
    """Those of the ten usual kinds that are missing; answers how many were added."""
    return _add_kinds(now)


def lacking_kinds() -> list[str]:
    """The names of the usual kinds that are not there, retired ones not among them."""
    codes, names = _known()
    return [usual.name for usual in _KINDS if not _is_known(usual, codes, names)]


def _add_kinds(now: datetime) -> int:
    policy = _policy(now)
    if policy.retired_at is not None:
        policy = Policy.objects.in_use().first() or policy
    codes, names = _known()
    missing = [usual for usual in _KINDS if not _is_known(usual, codes, names)]
    Kind.objects.bulk_create(_as_kind(usual, policy) for usual in missing)
    return len(missing)


def _as_kind(usual: _Usual, policy: Policy) -> Kind:
    return Kind(
        code=usual.code,
        name=usual.name,
        keywords=list(usual.keywords),
        usual_wording=usual.wording,
        usual_length=usual.length,
        usual_basis=usual.basis,
        usual_hour=usual.hour,
        policy=policy,
        needs_evidence=usual.evidence,
        has_value=usual.value,
        check_in_after=usual.check_in_after,
    )


def _known() -> tuple[set[str], set[str]]:
    rows = list(Kind.objects.values_list("code", "name"))
    return {code for code, _ in rows}, {name.casefold() for _, name in rows}


def _is_known(usual: _Usual, codes: set[str], names: set[str]) -> bool:
    """Somebody may have made a kind of that name, with a code of their own."""
    return usual.code in codes or usual.name.casefold() in names


def _calendar(zone: str) -> Calendar:
    calendar, is_new = Calendar.objects.get_or_create(name=CALENDAR, defaults={"zone": zone})
    if is_new:
        OpeningHours.objects.bulk_create(
            OpeningHours(calendar=calendar, weekday=weekday, opens=9 * 60, closes=17 * 60 + 30)
            for weekday in range(5)
        )
    return calendar


def _policy(now: datetime) -> Policy:
    """The usual ladder and its urgent variant, which an older installation gets as well, unless
    somebody has chosen another.
    """
    policy = _ladder(POLICY, _LADDER, now=now)
    if policy.urgent_variant is None and not Policy.objects.filter(name=URGENT).exists():
        policy.urgent_variant = _ladder(URGENT, _URGENT_LADDER, now=now)
        policy.save(update_fields=["urgent_variant"])
    return policy


def _ladder(name: str, steps: ladder.Ladder, *, now: datetime) -> Policy:
    policy, is_new = Policy.objects.get_or_create(name=name)
    if is_new:
        PolicyVersion.objects.create(policy=policy, number=1, made_at=now).write(steps)
    return policy
