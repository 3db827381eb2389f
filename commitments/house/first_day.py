"""What a house still misses before its first day of promises, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commitments import policies
from commitments.models import Calendar, Holiday, Kind, Membership, Policy, Role, Team, User
from commitments.models.people import LEADING
from commitments.rules import saying


@dataclass(frozen=True, kw_only=True)
class State:
    """A section's state in a sentence; `misses` is what has to be done first, or nothing."""

    name: str
    said: str
    misses: str = ""
    advises: str = ""

    @property
    def is_ready(self) -> bool:
        return not self.misses and not self.advises


def look(now: datetime) -> Sequence[State]:
    """Every section, in the order in which a new house sets them up."""
    return (_hours(), _teams(), _people(), _kinds(), _escalation(now), _holidays(now))


def _hours() -> State:
    count = Calendar.objects.count()
    misses = "" if count else "Say when you are at work."
    return State(name="hours", said=_counted(count, "working week"), misses=misses)


def _teams() -> State:
    in_use = Team.objects.filter(retired_at=None)
    count = in_use.count()
    if not count:
        return State(name="teams", said="None yet.", misses="Add your first team.")
    asked = Membership.objects.filter(role__in=LEADING, user__is_active=True)
    reached = in_use.filter(pk__in=asked.values("team")) | in_use.filter(
        lead_fallback__is_active=True
    )
    left = in_use.exclude(pk__in=reached.values("pk")).order_by("name").first()
    misses = f"{left} has no lead, no fallback and no manager." if left else ""
    return State(name="teams", said=_counted(count, "team"), misses=misses)


def _people() -> State:
    active = User.objects.people().filter(is_active=True)
    acting = Membership.objects.of_people().filter(user__is_active=True, team__retired_at=None)
    has_keepers = acting.exclude(role=Role.AUDITOR).exists()
    misses = "" if has_keepers else "Give somebody a place in a team, or nobody can promise."
    return State(name="people", said=_counted(active.count(), "person", "people"), misses=misses)


def _kinds() -> State:
    count = Kind.objects.for_customers().count()
    misses = "" if count else "Add the usual kinds."
    return State(name="kinds", said=_counted(count, "kind"), misses=misses)


def _escalation(now: datetime) -> State:
    in_use = list(Policy.objects.in_use())
    if not in_use:
        return State(name="escalation", said="None yet.", misses="Without one nobody is reminded.")
    ladders = Policy.objects.in_use().ladders_in_force()
    unwise = policies.warnings_of({policy: ladders[policy.pk] for policy in in_use}, now)
    grave = sum(each.is_grave for several in unwise.values() for each in several)
    advises = f"{_counted(grave, 'grave warning')[:-1]}: look at them." if grave else ""
    return State(
        name="escalation", said=_counted(len(in_use), "policy", "policies"), advises=advises
    )


def _holidays(now: datetime) -> State:
    about = Holiday.objects.filter(on__gte=now.date() - timedelta(days=1))  # in any zone
    ahead = sum(day.on >= day.calendar.today(now) for day in about.select_related("calendar"))
    advises = "" if ahead else "None ahead: a promise may fall due when nobody is there."
    return State(name="holidays", said=f"{_counted(ahead, 'day')[:-1]} ahead.", advises=advises)


def _counted(count: int, one: str, many: str = "") -> str:
    return saying.sentence_case(f"{saying.say_count(count, one, many)}.")
