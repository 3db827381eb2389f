"""Who may keep a promise instead of me: a colleague, or one of my teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commitments.errors import CommitmentError
from commitments.models import Team, User
from commitments.models.people import KEEPING
from commitments.understanding import kinds

_ME = "me"


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """A colleague, or a team of which nobody in particular is meant."""

    person: User | None = None
    team: Team | None = None

    def __str__(self) -> str:
        return str(self.person or self.team)


def of(user: User, *, teams: Sequence[Team]) -> list[User]:
    """Those who may act in one of these teams, by name."""
    people = User.objects.filter(
        is_active=True, memberships__team__in=teams, memberships__role__in=KEEPING
    )
    return list(people.exclude(pk=user.pk).distinct().order_by("name"))


def called(start: str, *, user: User, teams: Sequence[Team]) -> Keeper:
    """Whom a start of a name means; CommitmentError if that is nobody, or several.

    A name that is written in full is meant before one that only begins like it.
    """
    asked = start.casefold().split()
    if asked == [_ME]:
        return Keeper(person=user)
    keepers = [Keeper(person=person) for person in (user, *of(user, teams=teams))]
    keepers += [Keeper(team=team) for team in teams]
    fitting = [keeper for keeper in keepers if _fits(asked, keeper, in_full=True)]
    fitting = fitting or [keeper for keeper in keepers if _fits(asked, keeper, in_full=False)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        no = (
            f"Nobody in your teams, and no team of yours, is called “{start}”. Choose who keeps it."
        )
        raise CommitmentError(no, field="owner")
    names = kinds.either(str(keeper) for keeper in fitting)
    raise CommitmentError(f"“{start}” may be {names}. Choose who keeps it.", field="owner")


def _fits(asked: Sequence[str], keeper: Keeper, *, in_full: bool) -> bool:
    words = str(keeper).casefold().split()
    if in_full:
        return set(asked) <= set(words)
    return all(any(word.startswith(part) for word in words) for part in asked)
