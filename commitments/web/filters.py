"""The filters of lists and reports: a GET form, so that every selection has an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from commitments.models import Kind, Team, User
from commitments.models.commitment import CommitmentQuerySet

from . import doors, fields


class Filters(fields.SpokenForm):
    """By team, owner and kind. Asked for what there is not, it finds nothing and says why."""

    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="All teams")
    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Everyone")
    kind = forms.ModelChoiceField(Kind.objects.none(), required=False, empty_label="Every kind")

    narrowed_by: ClassVar[tuple[str, ...]] = ("team", "owner", "kind")

    def __init__(
        self,
        data: Mapping[str, Any],  # Any: as Django declares it
        *,
        user: User,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        self.teams = doors.teams_of(user)
        mine = Team.objects.filter(pk__in=[team.pk for team in self.teams])
        fields.offer_rows(self, "team", mine.only("name"))
        known = [(str(team.pk), team.name) for team in self.teams]  # not asked for again
        fields.offer(self, "team", [("", "All teams"), *known])
        here = Q(memberships__team__in=self.teams, memberships__role__in=doors.ACTING)
        people = User.objects.filter(here).distinct()
        fields.offer_rows(self, "owner", people.order_by("name").only("name", "email"))
        fields.offer_rows(self, "kind", Kind.objects.order_by("name").only("name"))
        self.is_valid()

    def narrow(self, among: CommitmentQuerySet) -> CommitmentQuerySet:
        """Those that fit every choice made; none where a choice does not exist."""
        if self.errors:
            return among.none()
        for name in self.narrowed_by:
            if chosen := self.cleaned_data.get(name):
                among = among.filter(**{name: chosen})
        return among

    def problems(self) -> list[str]:
        """What was asked for and does not exist, so that nobody takes a list for what it is not."""
        return [self._problem(name) for name in self.errors]

    def _problem(self, name: str) -> str:
        if name in ("team", "owner", "kind"):
            return f"There is no such {name} here, so nothing is listed."
        return " ".join(str(error) for error in self.errors[name])
