"""A policy is made, edited, retired.

A step keeps its number through all versions of its policy, however it is changed or moved; a new
step gets a number that no version has used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from commitments import messages
from commitments.errors import CommitmentError
from commitments.models import Kind, Policy, PolicyVersion, Replan, Step, User
from commitments.rules import audiences, ladder, ladder_checks, words
from commitments.rules.ladder import Ladder


class Stale(CommitmentError):
    """Somebody else has edited the policy since this edit began."""


@transaction.atomic
def make(name: str, *, steps: Sequence[ladder.Step], by: User | None, now: datetime) -> Policy:
    """A new policy with its first version. Raises CommitmentError."""
    called = words.clean(name, what="The name", limit=120, field="name")
    numbered = as_numbered(None, steps)
    policy = _created(called)
    _write(policy, numbered, number=1, by=by, now=now)
    return policy


@transaction.atomic
def edit(
    policy_id: int,
    *,
    steps: Sequence[ladder.Step],
    based_on: int,
    by: User | None,
    now: datetime,
    replan_open: bool = False,
) -> PolicyVersion:
    """Put these steps in force: for new promises, and with `replan_open` for the open ones, too.

    `based_on` is the number of the version that the edit began from; a step with the number 0 is
    new. Open promises are re-planned later, a batch at a time, and keep their due times. Raises
    Stale where somebody was faster, or CommitmentError, and changes nothing then.
    """
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    latest = policy.latest()
    _check_may_edit(policy, latest, based_on=based_on)
    known = _numbers_of(policy)
    wanted = _checked(steps, known=known)
    is_changed = wanted != latest.ladder()
    if not is_changed and not replan_open:
        raise CommitmentError("These are the steps it has already.", field="steps")
    if is_changed:
        numbered = _numbered(wanted, after=max(known, default=0))
        latest = _write(policy, numbered, number=latest.number + 1, by=by, now=now)
    if replan_open:
        _ask_to_replan(latest, by=by, now=now)
    return latest


@transaction.atomic
def rename(policy_id: int, name: str) -> Policy:
    """Call it something else; everything that uses it follows. Raises CommitmentError."""
    called = words.clean(name, what="The name", limit=120, field="name")
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    taken = CommitmentError(f"There is a policy called {called} already.", field="name")
    if Policy.objects.exclude(pk=policy.pk).filter(name__iexact=called).exists():
        raise taken
    policy.name = called
    try:
        with transaction.atomic():
            policy.save(update_fields=["name"])
    except IntegrityError:
        raise taken from None
    return policy


@transaction.atomic
def bring_back(policy_id: int) -> Policy:
    """It can be chosen again, as it was."""
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    policy.retired_at = None
    policy.save(update_fields=["retired_at"])
    return policy


@transaction.atomic
def set_urgent_variant(policy_id: int, *, variant_id: int | None) -> Policy:
    """Which policy stands in where a promise is urgent; None for none. Raises CommitmentError."""
    # Both are held: one that is being retired at this moment is no choice any more.
    held = Policy.objects.select_for_update().filter(pk__in=[policy_id, variant_id or policy_id])
    found = {policy.pk: policy for policy in held.order_by("pk")}
    policy, variant = found[policy_id], found.get(variant_id or 0)
    if variant_id is not None and (variant is None or variant.retired_at is not None):
        raise CommitmentError("Choose a policy that is in use.", field="urgent_variant")
    if variant == policy:
        raise CommitmentError(
            "A policy is not its own urgent variant. Choose another.", field="urgent_variant"
        )
    if variant is not None and variant.urgent_variant_id == policy.pk:
        raise CommitmentError(
            f"{policy} is the urgent variant of {variant} already. Choose another.",
            field="urgent_variant",
        )
    policy.urgent_variant = variant
    policy.save(update_fields=["urgent_variant"])
    return policy


@transaction.atomic
def retire(policy_id: int, *, now: datetime) -> Policy:
    """Offer it no more. Open promises under it climb on. Refused while something names it."""
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    using = Kind.objects.filter(policy=policy, retired_at=None).order_by("name")
    if kinds := list(using.values_list("name", flat=True)):
        raise CommitmentError(f"It is used by {_listed(kinds)}. Give them another policy first.")
    others = Policy.objects.filter(urgent_variant=policy, retired_at=None).order_by("name")
    if others:
        said = _listed([other.name for other in others])
        raise CommitmentError(f"It is the urgent variant of {said}. Choose another there first.")
    if policy.retired_at is None:
        policy.retired_at = now
        policy.save(update_fields=["retired_at"])
    return policy


def as_numbered(policy: Policy | None, steps: Sequence[ladder.Step]) -> Ladder:
    """These steps as an edit would number them; None is a policy that is to be made.

    Raises CommitmentError for what will not do.
    """
    known = _numbers_of(policy) if policy is not None else frozenset()
    return _numbered(_checked(steps, known=known), after=max(known, default=0))


def names_in(steps: Iterable[ladder.Step]) -> dict[str, str]:
    """What the persons and programs in these steps are called, by their tokens. Two queries."""
    tokens = {token for step in steps for token in _tokens(step)}
    people = User.objects.in_bulk(audiences.pks_of(tokens, "person"))
    names = {f"person:{pk}": str(person) for pk, person in people.items()}
    return names | _listeners_in(tokens)


def _created(name: str) -> Policy:
    taken = CommitmentError(f"There is a policy called {name} already.", field="name")
    if Policy.objects.filter(name__iexact=name).exists():
        raise taken
    try:
        with transaction.atomic():
            return Policy.objects.create(name=name)
    except IntegrityError:  # somebody else made it in this very moment
        raise taken from None


def _check_may_edit(policy: Policy, latest: PolicyVersion, *, based_on: int) -> None:
    if policy.retired_at is not None:
        raise CommitmentError("This policy is retired. Make another.")
    if latest.number != based_on:
        who = f" by {latest.made_by}" if latest.made_by else ""
        raise Stale(
            f"This policy was edited{who} while you were at it: version {latest.number} is in"
            f" force, and you began from version {based_on}. Nothing of yours was saved. Look at"
            " what it says now, and edit that."
        )


def _numbers_of(policy: Policy) -> frozenset[int]:
    """Every number that any version of it has used."""
    numbers = Step.objects.filter(version__policy=policy).values_list("number", flat=True)
    return frozenset(numbers.distinct())


def _checked(steps: Sequence[ladder.Step], *, known: frozenset[int]) -> Ladder:
    wanted = ladder_checks.checked(tuple(steps))
    for place, step in enumerate(wanted, start=1):
        if step.number and step.number not in known:
            raise CommitmentError(
                f"Step {place}: this policy never had a step with the number {step.number}.",
                field="number",
            )
    _check_people(wanted)
    _check_programs(wanted)
    return wanted


def _check_people(steps: Ladder) -> None:
    """Whoever is named by name is here."""
    named = audiences.pks_of((token for step in steps for token in _tokens(step)), "person")
    here = set(User.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    for place, step in enumerate(steps, start=1):
        if gone := audiences.pks_of(_tokens(step), "person") - here:
            person = User.objects.filter(pk__in=gone).first()
            said = f"{person} is no longer active" if person else "that person does not exist"
            raise CommitmentError(f"Step {place}: {said}. Choose somebody else.", field="audience")


def _check_programs(steps: Ladder) -> None:
    """Whatever program is named listens."""
    listening = _listeners_in(token for step in steps for token in step.audience)
    for place, step in enumerate(steps, start=1):
        for token in step.audience:
            if audiences.read(token).what == "webhook" and token not in listening:
                raise CommitmentError(
                    f"Step {place}: {token} does not exist, or is switched off.", field="audience"
                )


def _listeners_in(tokens: Iterable[str]) -> dict[str, str]:
    """The names of the programs that these tokens mean and that listen."""
    meant = {token for token in tokens if audiences.read(token).what == "webhook"}
    found = messages.programs.listeners() if meant else {}
    return {token: name for token, name in found.items() if token in meant}


def _tokens(step: ladder.Step) -> tuple[str, ...]:
    return (*step.audience, step.hands_to) if step.hands_to else step.audience


def _numbered(steps: Ladder, *, after: int) -> Ladder:
    """With a number for each that has none: the next that was never used."""
    numbered = []
    for step in steps:
        if not step.number:
            after += 1
        numbered.append(replace(step, number=step.number or after))
    return tuple(numbered)


def _write(
    policy: Policy, steps: Ladder, *, number: int, by: User | None, now: datetime
) -> PolicyVersion:
    version = PolicyVersion.objects.create(policy=policy, number=number, made_at=now, made_by=by)
    version.write(steps)
    return version


def _ask_to_replan(version: PolicyVersion, *, by: User | None, now: datetime) -> None:
    """One at a time: who asks again means the newer version for all of them."""
    unfinished = Replan.objects.filter(version__policy=version.policy_id, finished_at=None)
    unfinished.update(next_at=None, finished_at=now)
    Replan.objects.create(version=version, asked_at=now, asked_by=by, next_at=now)


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
