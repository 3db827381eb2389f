"""What is unwise about a policy, in plain sentences. Pure: everything is in the view it is given.

Refused is what could not be meant; warned of is what would surprise: steps that nobody gets, that
reach nobody at work, that never come, or that come together with the one ahead. A warning is grave
where somebody would wrongly rely on the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commitments.rules import audiences, ladder, ladder_words, saying
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder, Step

_A_MOMENT = timedelta(minutes=1)
_OWNERS = ("agent", "lead", "manager")
_NOT_LOOKED_AT = frozenset({"deputy", "customer", "webhook"})  # nobody to be at work
_FEW = 3


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of a team; `hours` are their own or the team's."""

    pk: int
    name: str
    hours: Hours


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A promise of one kind as it is usually made."""

    kind: str
    since: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who is there to be told, each by role; and the promises that this team makes."""

    name: str
    hours: Hours
    people: Mapping[str, Sequence[Person]] = field(default_factory=dict)
    fallback: Person | None = None
    samples: Sequence[Sample] = ()

    def stand_ins(self) -> Sequence[Person]:
        """Whoever is asked where an audience is empty; () where that is administrators only."""
        fallback = [self.fallback] if self.fallback else []
        return self.people.get("lead") or fallback or self.people.get("manager") or ()

    def members(self) -> dict[int, Person]:
        return {person.pk: person for people in self.people.values() for person in people}


@dataclass(frozen=True, kw_only=True)
class View:
    """A ladder with all that it meets. `named` are the active people it names, by id; `programs`
    the tokens of those that listen.
    """

    ladder: Ladder
    teams: Sequence[Team]
    has_kinds: bool = True
    named: Mapping[int, str] = field(default_factory=dict)
    programs: Sequence[str] = ()
    never_open: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Warning:  # noqa: A001 - read as linting.Warning
    sentence: str
    is_grave: bool = False


def warnings(view: View) -> list[Warning]:
    """The grave ones first."""
    found = [
        *_of_the_house(view),
        *_of_the_teams(view),
        *(warning for place, step in _places(view) for warning in _of_a_step(view, place, step)),
    ]
    return sorted(found, key=lambda warning: not warning.is_grave)


def _places(view: View) -> Iterator[tuple[int, Step]]:
    return enumerate(view.ladder, start=1)


def _of_the_house(view: View) -> Iterator[Warning]:
    if not view.has_kinds:
        yield Warning(sentence="No kind of promise uses this policy.")
    asked = {token for step in view.ladder if not step.is_before_due for token in step.audience}
    if not asked & {"manager", "role:manager"}:
        yield Warning(
            sentence="No step after the due time asks the manager: nobody above the team lead"
            " hears of it."
        )


def _of_the_teams(view: View) -> Iterator[Warning]:
    for name in view.never_open:
        yield Warning(
            sentence=f"{name} has no opening hours: no working time passes there.", is_grave=True
        )
    for team in view.teams:
        if not team.stand_ins():
            yield Warning(
                sentence=f"{team.name} has no lead, no fallback and no manager: where a step finds"
                " nobody, only administrators are asked.",
                is_grave=True,
            )


def _of_a_step(view: View, place: int, step: Step) -> Iterator[Warning]:
    yield from _named(view, place, step)
    for team in view.teams:
        yield from _empty(team, place, step)
        yield from _off_duty(team, view.ladder, place, step)
    yield from _never_reached(view, place, step)
    if step.repeat_every and not step.repeat_cap:
        yield Warning(sentence=f"Step {place} is to be said again, but at most 0 times.")
    if set(step.audience) - {"customer"} == {"deputy"}:
        yield Warning(
            sentence=f"Step {place} is for the deputy, and for no other colleague: while the owner"
            " is here nobody stands in, and whoever is asked in their place hears of it."
        )
    if "customer" in step.audience:
        yield from _to_the_customer(place, step)


def _to_the_customer(place: int, step: Step) -> Iterator[Warning]:
    """They are written to once, and only when the promise is late."""
    if step.is_before_due:
        yield Warning(
            sentence=f"Step {place} tells the customer before the due time: the ladder writes to"
            " them only once it has passed, so it never tells them.",
            is_grave=True,
        )
        return
    if not step.words:
        yield Warning(
            sentence=f"Step {place} tells the customer without words of yours: they read that it"
            " is late, and not why."
        )
    if step.repeat_every and step.is_for_customer_alone:
        yield Warning(
            sentence=f"Step {place} is to be said again to the customer alone: customers are"
            " written to once, so it is not."
        )


def _named(view: View, place: int, step: Step) -> Iterator[Warning]:
    """People meant by name: here at all, and of the teams of the promises? Programs, too."""
    if set(_of_kind(step, "webhook")) - set(view.programs):
        yield Warning(
            sentence=f"Step {place} tells a program that is switched off or gone.", is_grave=True
        )
    for pk in sorted(audiences.pks_of(_tokens(step), "person")):
        name = view.named.get(pk)
        if name is None:
            yield Warning(
                sentence=f"Step {place} names somebody who is no longer active.", is_grave=True
            )
            continue
        elsewhere = [team.name for team in view.teams if pk not in team.members()]
        if elsewhere:
            yield Warning(
                sentence=f"Step {place} names {name}, who is not of {_few(elsewhere)} and is not"
                " told of promises there."
            )


def _of_kind(step: Step, what: str) -> list[str]:
    return [token for token in step.audience if audiences.read(token).what == what]


def _empty(team: Team, place: int, step: Step) -> Iterator[Warning]:
    """Audiences that have nobody in this team."""
    for token in _tokens(step):
        audience = audiences.read(token)
        role = audience.role or audience.what
        if role not in audiences.ROLES or team.people.get(role):
            continue
        instead = team.stand_ins()
        then = f"{_few([each.name for each in instead])} instead" if instead else "nobody"
        yield Warning(
            sentence=f"Step {place} is for {audiences.say(token, {})}, and {team.name} has none:"
            f" it reaches {then}.",
            is_grave=not instead,
        )


def _off_duty(team: Team, steps: Ladder, place: int, step: Step) -> Iterator[Warning]:
    """Nobody whom the step is for works when it usually comes."""
    people = list(_reached(team, step))
    if not people:
        return
    missed: dict[str, datetime] = {}
    for sample in team.samples:
        at = _laid(steps, sample, team)[place - 1][1]
        if not any(_works(person, at) for person in people):
            missed[sample.kind] = at
    if missed:
        first = next(iter(missed.values()))
        said = saying.say_time(first, zone=team.hours.zone, now=first)
        yield Warning(
            sentence=f"Step {place} reaches nobody at work in {team.name}, for"
            f" {_few(list(missed))}: it comes {said}, for example."
        )


def _reached(team: Team, step: Step) -> Iterator[Person]:
    """Those whom a step may reach in a team; the owner may be anybody who can own."""
    members = team.members()
    for token in step.audience:
        audience = audiences.read(token)
        if audience.what in _NOT_LOOKED_AT:
            continue
        if audience.what == "person":
            yield from [members[audience.pk]] if audience.pk in members else []
        elif token == "owner":  # noqa: S105 - an audience
            yield from (each for role in _OWNERS for each in team.people.get(role, ()))
        else:
            yield from team.people.get(audience.role or audience.what) or team.stand_ins()


def _works(person: Person, at: datetime) -> bool:
    """Or worked until that very moment: what comes at closing time is still seen."""
    return person.hours.is_open(at) or person.hours.is_open(at - _A_MOMENT)


def _never_reached(view: View, place: int, step: Step) -> Iterator[Warning]:
    ahead = view.ladder[: place - 1]
    if step.is_before_due and any(not other.is_before_due for other in ahead):
        yield Warning(
            sentence=f"Step {place} is a reminder before the due time, behind a step that comes"
            " after it: it is never sent.",
            is_grave=True,
        )
        return
    samples = [(team, sample) for team in view.teams for sample in team.samples]
    if step.is_before_due:
        yield from _always_passed(samples, place, step)
    yield from _pulled_later(samples, view.ladder, place, step)


def _always_passed(
    samples: Sequence[tuple[Team, Sample]], place: int, step: Step
) -> Iterator[Warning]:
    """A reminder whose moment lies before the promise is made."""
    passed = [
        sample.kind
        for team, sample in samples
        if _instant(step, sample, team) <= sample.since
    ]  # fmt: skip
    if not passed:
        return
    if len(passed) == len(samples):
        yield Warning(
            sentence=f"Step {place} is never sent: {ladder_words.moment(step)}, no kind of promise"
            " has been made yet.",
            is_grave=True,
        )
        return
    kinds = list(dict.fromkeys(passed))
    yield Warning(
        sentence=f"Step {place} is not sent for {_few(kinds)}, usually made later than"
        f" {ladder_words.moment(step)}."
    )


def _pulled_later(
    samples: Sequence[tuple[Team, Sample]], steps: Ladder, place: int, step: Step
) -> Iterator[Warning]:
    """A step never comes before the one ahead of it, whatever its own offset says."""
    pulled = [
        sample.kind
        for team, sample in samples
        if _laid(steps, sample, team)[place - 1][1] > _instant(step, sample, team)
    ]
    if pulled:
        always = len(pulled) == len(samples)
        whose = "" if always else f" for {_few(list(dict.fromkeys(pulled)))}"
        yield Warning(
            sentence=f"Step {place} ({ladder_words.moment(step)}) waits{whose} for the step ahead"
            f" of it, which comes later: both come together. Is step {place} meant to stand"
            " further up?"
        )


def _laid(steps: Ladder, sample: Sample, team: Team) -> list[tuple[Step, datetime]]:
    return list(ladder.laid(steps, since=sample.since, due_at=sample.due_at, hours=team.hours))


def _instant(step: Step, sample: Sample, team: Team) -> datetime:
    return ladder.instant(step, since=sample.since, due_at=sample.due_at, hours=team.hours)


def _tokens(step: Step) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*step.audience, step.hands_to) if step.hands_to else step.audience))


def _few(names: Iterable[str]) -> str:
    """`Refund, Repair, Visit and 4 more`."""
    several = list(dict.fromkeys(names))
    if len(several) > _FEW:
        return f"{', '.join(several[:_FEW])} and {len(several) - _FEW} more"
    *first, last = several
    return f"{', '.join(first)} and {last}" if first else last
