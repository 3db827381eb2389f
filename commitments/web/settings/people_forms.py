"""The forms of a person: invited, changed, and what becomes of their promises when they leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from commitments.house import people
from commitments.models import Membership, Role, Team, User
from commitments.models.people import KEEPING
from commitments.web import fields

from .parts import Part, PartsForm


class PersonForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(title="Who it is", names=("name", "email", "zone")),
        Part(
            title="What they may do",
            names=("is_administrator",),
            help="What somebody sees follows from their teams. Administrators see everything and"
            " change these settings.",
        ),
    )

    name = fields.Words(what="The name", limit=150, label="Name")
    email = fields.Words(
        what="The e-mail address", limit=254, label="E-mail", help_text="They sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    zone = fields.Words(
        what="The time zone", limit=64, label="Time zone",
        help_text="Times are shown to them in it: Europe/London, America/New_York.",
    )  # fmt: skip
    is_administrator = forms.BooleanField(label="Is an administrator", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        person: User | None = None,
        zone: str = "UTC",
    ) -> None:
        first = _as_typed(person) if person else {"zone": zone}
        super().__init__(data, initial=first, seen=people.mark(person) if person else "")


class InviteForm(PersonForm):
    parts: ClassVar[tuple[Part, ...]] = (
        *PersonForm.parts[:1],
        Part(
            title="What they may do",
            names=("team", "role", "is_administrator"),
            help="More teams can be given on each team's page.",
        ),
    )

    team = forms.ModelChoiceField(
        Team.objects.none(), label="Team", required=False, empty_label="None yet"
    )
    role = forms.ChoiceField(label="Role there", choices=Role.of_people(), initial=Role.AGENT)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        zone: str = "UTC",
    ) -> None:
        super().__init__(data, zone=zone)
        fields.offer_rows(self, "team", Team.objects.filter(retired_at=None).order_by("name"))


class LeavingForm(PartsForm):
    """Who takes over, a choice for each team in which something is owed."""

    note = fields.Words(
        what="The note", limit=500, label="Note for whoever takes over", required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        person: User,
        teams: Sequence[Team],
    ) -> None:
        super().__init__(data, seen=people.mark(person))
        takers = _takers(person, teams)
        self.names = {f"team-{team.pk}": team for team in teams}
        for name, team in self.names.items():
            self.fields[name] = forms.ChoiceField(
                label=f"Who takes over in {team}?",
                choices=[("", "Choose a colleague"), *((p.pk, str(p)) for p in takers[team.pk])],
            )

    def takers(self) -> dict[int, int]:
        """By team."""
        return {team.pk: int(self.cleaned_data[name]) for name, team in self.names.items()}


def _takers(person: User, teams: Iterable[Team]) -> dict[int, list[User]]:
    """Who of each team could: one query for all of them."""
    found: dict[int, list[User]] = {team.pk: [] for team in teams}
    acting = Membership.objects.filter(team__in=found, role__in=KEEPING, user__is_active=True)
    for member in acting.exclude(user=person).select_related("user").order_by("user__name", "pk"):
        found[member.team_id].append(member.user)
    return found


def _as_typed(person: User) -> dict[str, object]:
    return {
        "name": person.name,
        "email": person.email,
        "zone": person.zone,
        "is_administrator": person.is_superuser,
    }
