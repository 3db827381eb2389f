"""What is asked before a token, a calendar feed or a service is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

from django import forms

from commitments.house import service_accounts
from commitments.house.service_accounts import Service
from commitments.house.tokens import Scope
from commitments.models import Team
from commitments.web import fields
from commitments.web.settings.parts import PartsForm

_LENGTHS: Final = (("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("365", "A year"))
_OWN: Final = "own"
_MAY: Final = {
    Scope.READ: "Read what its owner may see",
    Scope.WRITE: "Read, and log, move and close promises",
    Scope.ADMIN: "All of that, and what administrators may, in every team",
}


class _LastingForm(PartsForm):
    @property
    def length(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["lasts"]))


class TokenForm(_LastingForm):
    name = fields.Words(
        what="The name", limit=80, label="What is it for?",
        help_text="So that you know later what stops when you revoke it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label="What may it do?", widget=forms.RadioSelect, initial=Scope.WRITE.value
    )
    lasts = forms.ChoiceField(label="How long does it work?", choices=_LENGTHS, initial="90")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        administers: bool,
    ) -> None:
        super().__init__(data)
        offered = [scope for scope in Scope if administers or scope != Scope.ADMIN]
        fields.offer(self, "scope", [(scope.value, _MAY[scope]) for scope in offered])


class FeedForm(_LastingForm):
    of = forms.ChoiceField(label="Which promises?")
    lasts = forms.ChoiceField(label="How long does it work?", choices=_LENGTHS, initial="365")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        teams: Sequence[Team],
    ) -> None:
        super().__init__(data)
        of_teams = [(str(team.pk), f"All of {team}") for team in teams]
        fields.offer(self, "of", [(_OWN, "My own"), *of_teams])

    @property
    def team_id(self) -> int | None:
        of: str = self.cleaned_data["of"]
        return None if of == _OWN else int(of)


class ServiceForm(PartsForm):
    fields_of: ClassVar[Mapping[str, str]] = {}

    name = fields.Words(
        what="The name", limit=150, label="Name", help_text="Timelines say what it did under it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label="In which teams does it act?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the teams in which it acts."},
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        service: Service | None = None,
    ) -> None:
        first: dict[str, Any] = {}  # Any: each field has its own kind of value
        if service:
            first = {"name": service.user.name, "teams": service.teams}
        seen = service_accounts.mark(service.user) if service else ""
        super().__init__(data, initial=first, seen=seen)
        fields.offer_rows(self, "teams", Team.objects.order_by("name"))

    @property
    def team_ids(self) -> list[int]:
        return [team.pk for team in self.cleaned_data["teams"]]
