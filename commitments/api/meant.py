"""Which team and which kind a program means. What lies outside the caller's teams is not there."""

from __future__ import annotations

from django.db.models import QuerySet

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Kind, Membership, Role, Team, User
from commitments.models.ground import Ground
from commitments.models.people import KEEPING

ACTING = (*KEEPING, Role.SERVICE)


def team(asked: int | None, *, user: User) -> Team:
    """The team asked for, or the only one in which the caller may do something.

    Raises CommitmentError about the field `team`.
    """
    teams = Team.objects.select_related("calendar").order_by("pk")
    if not user.is_superuser:
        mine = Membership.objects.filter(user=user)
        acting = mine if asked is not None else mine.filter(role__in=ACTING)
        teams = teams.filter(pk__in=acting.values("team"))
    found = list(teams.filter(pk=asked) if asked is not None else teams[:2])
    if len(found) == 1:
        return found[0]
    raise _no_team(asked)


def ground(asked: int | None, *, code: str, urgent: bool, user: User) -> Ground:
    """What a promise of this kind stands on in the team that `team` answers; one query.

    Raises CommitmentError about the field `team`. Whether there is such a kind, `kind_on` says.
    """
    found = services.ground_of_caller(user, team_id=asked, code=code, urgent=urgent)
    if len(found) == 1 and (user.is_superuser or found[0].role is not None):
        return found[0]
    raise _no_team(asked)


def kind_on(ground: Ground, code: str) -> Kind:
    """The kind that was read. Raises CommitmentError where there is none with this code."""
    return ground.kind or kind(code)


def acts_in(user: User, team: Team) -> bool:
    """Whether this person could keep a promise of that team."""
    return Membership.objects.filter(user=user, team=team, role__in=KEEPING).exists()


def kind(code: str) -> Kind:
    """The kind with this code, of those that may be promised. Raises CommitmentError."""
    return among(kinds(), code)


def kinds() -> list[Kind]:
    """Those that may be promised, with what is needed to lay their ladders."""
    return list(Kind.objects.for_customers().select_related("policy__urgent_variant"))


def among(found: list[Kind], code: str) -> Kind:
    by_code = {each.code: each for each in found}
    if code not in by_code:
        raise CommitmentError(f"Choose one of: {', '.join(sorted(by_code))}.", field="kind")
    return by_code[code]


def colleagues(user: User, team: Team) -> QuerySet[User]:
    """Who besides the caller could keep a promise of that team, by name."""
    keeping = Membership.objects.filter(team=team, role__in=KEEPING).values("user")
    return User.objects.filter(is_active=True, pk__in=keeping).exclude(pk=user.pk).order_by("name")


def teams_of(user: User) -> QuerySet[Membership, int]:
    """The ids of the teams in which this person does something."""
    places = Membership.objects.filter(user=user, role__in=ACTING)
    return places.values_list("team", flat=True)


def _no_team(asked: int | None) -> CommitmentError:
    if asked is not None:
        return CommitmentError("You are in no team with this id.", field="team")
    return CommitmentError("Say which team makes this promise: give its id.", field="team")
