"""Kinds of promises. A change applies to promises made from then on; only when customers who keep
one waiting are reminded follows at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commitments.errors import CommitmentError
from commitments.models import Commitment, Kind, Policy, Team
from commitments.policies import looking_again
from commitments.rules import words

from . import seen

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_MOST_KEYWORDS = 40
_LONGEST = {"working_days": 400, "working_hours": 2000, "days": 1000, "hours": 9000}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A kind as it is to be."""

    name: str
    code: str
    usual_wording: str
    usual_length: int
    usual_basis: str
    policy_id: int
    keywords: Sequence[str] = ()
    usual_hour: time | None = None
    needs_evidence: bool = False
    check_in_after: int = 3
    inform_every: int | None = None
    nudge_after: int = 2
    summary_on: bool = True
    has_value: bool = False


def mark(kind: Kind) -> str:
    """Of all that can be edited on a kind's page."""
    return seen.mark(*(getattr(kind, name) for name in sorted(Plan.__dataclass_fields__)))


def unsaved(plan: Plan) -> Kind:
    """The kind that this would be, for a look at what it comes to. Raises CommitmentError."""
    _check_length(plan)
    return Kind(**asdict(plan))


@transaction.atomic
def make(plan: Plan) -> Kind:
    return _saved(Kind(), plan)


@transaction.atomic
def edit(kind_id: int, plan: Plan, *, seen_mark: str, now: datetime) -> Kind:
    """Raises Changed or CommitmentError, and changes nothing then."""
    kind = Kind.objects.select_for_update().get(pk=kind_id)
    seen.check(mark(kind), seen=seen_mark, what="this kind")
    if plan.nudge_after != kind.nudge_after:
        waiting = Commitment.objects.waiting().filter(kind=kind)
        looking_again.look_again(Team.objects.filter(pk__in=waiting.values("team")), now=now)
    return _saved(kind, plan)


@transaction.atomic
def retire(kind_id: int, *, now: datetime) -> Kind:
    """Offer it no more. Open promises of this kind go on as they are."""
    kind = Kind.objects.select_for_update().get(pk=kind_id)
    if kind.retired_at is None and not Kind.objects.for_customers().exclude(pk=kind.pk).exists():
        raise CommitmentError("It is the only kind in use. Add another first.")
    kind.retired_at = kind.retired_at or now
    kind.save(update_fields=["retired_at"])
    return kind


@transaction.atomic
def bring_back(kind_id: int) -> Kind:
    kind = Kind.objects.select_for_update().get(pk=kind_id)
    policy = Policy.objects.select_for_update().get(pk=kind.policy_id)
    if policy.retired_at is not None:
        raise CommitmentError(
            f"Its policy {policy} is retired. Give it another one before it is brought back."
        )
    kind.retired_at = None
    kind.save(update_fields=["retired_at"])
    return kind


@transaction.atomic
def delete(kind_id: int) -> None:
    """Only a kind of which nothing was ever promised."""
    kind = Kind.objects.select_for_update().get(pk=kind_id)
    if kind.retired_at is None and not Kind.objects.for_customers().exclude(pk=kind.pk).exists():
        raise CommitmentError("It is the only kind in use. Add another first.")
    try:
        kind.delete()
    except ProtectedError:
        raise CommitmentError(
            f"Promises were made as {kind}. It can be retired, not deleted."
        ) from None


def _saved(kind: Kind, plan: Plan) -> Kind:
    _check_length(plan)
    checked = asdict(plan) | {
        "name": words.clean(plan.name, what="The name", limit=60, field="name"),
        "code": _code(plan.code),
        "usual_wording": words.clean(
            plan.usual_wording, what="The usual wording", limit=200, field="usual_wording"
        ),
        "keywords": _keywords(plan.keywords),
    }
    _check_is_free(kind, name=str(checked["name"]), code=str(checked["code"]))
    _check_policy(kind, plan.policy_id)
    for name, value in checked.items():
        setattr(kind, name, value)
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError:
        raise _taken("code", str(checked["code"])) from None
    return kind


def _code(text: str) -> str:
    code = text.strip().casefold()
    if not _CODE.fullmatch(code):
        raise CommitmentError(
            "A code has up to 30 small letters, digits and hyphens, like home-visit.", field="code"
        )
    return code


def _keywords(given: Sequence[str]) -> list[str]:
    """Each once, as people type them."""
    cleaned = [
        words.clean(each, what="A keyword", limit=60, required=False, field="keywords").casefold()
        for each in given
    ]
    kept = list(dict.fromkeys(each for each in cleaned if each))
    if len(kept) > _MOST_KEYWORDS:
        raise CommitmentError(f"Give at most {_MOST_KEYWORDS} keywords.", field="keywords")
    return kept


def _check_length(plan: Plan) -> None:
    least = 0 if plan.usual_basis == Kind.Basis.WORKING_DAYS else 1
    most = _LONGEST.get(plan.usual_basis, 0)
    if not least <= plan.usual_length <= most:
        raise CommitmentError(
            f"Give a length from {least} to {most:,} {Kind.Basis(plan.usual_basis).label}.",
            field="usual_length",
        )


def _check_is_free(kind: Kind, *, name: str, code: str) -> None:
    others = Kind.objects.exclude(pk=kind.pk) if kind.pk else Kind.objects.all()
    if others.filter(name__iexact=name).exists():
        raise _taken("name", name)
    if others.filter(code=code).exists():
        raise _taken("code", code)


def _taken(field: str, value: str) -> CommitmentError:
    said = "called" if field == "name" else "with the code"
    return CommitmentError(f"There is a kind {said} {value} already.", field=field)


def _check_policy(kind: Kind, policy_id: int) -> None:
    """One that is being retired at this moment is no choice any more."""
    policy = Policy.objects.select_for_update().filter(pk=policy_id).first()
    if policy is None or (policy.retired_at is not None and kind.policy_id != policy.pk):
        raise CommitmentError("Choose a policy that is in use.", field="policy")
