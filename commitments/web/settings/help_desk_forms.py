"""The forms of a help desk: where it is, and what it signs with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from commitments.helpdesks import connecting, systems
from commitments.models import HelpDesk, Kind, Team
from commitments.web import fields

from .parts import Part, PartsForm

_LONGEST_PASTE = 4000


class HelpDeskForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(title="Where it is", names=("name", "system", "address")),
        Part(
            title="Whose promises",
            names=("team", "kind"),
            help="Agents are known by their e-mail among the people of this team. What anybody else"
            " promises there is kept by its lead.",
        ),
    )

    name = fields.Words(what="The name", limit=60, label="Name")
    system = forms.ChoiceField(label="System")
    address = fields.Link(
        label="Address", max_length=200, assume_scheme="https",
        help_text="Where its pages begin, like https://help.example.org. Promises link to it.",
    )  # fmt: skip
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label="Choose a team")
    kind = forms.ModelChoiceField(
        Kind.objects.none(), label="Usual kind", empty_label="Choose a kind",
        help_text="Taken where the words of a promise say no other.",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        desk: HelpDesk | None = None,
    ) -> None:
        first = _as_is(desk) if desk else {}
        super().__init__(data, initial=first, seen=connecting.mark(desk) if desk else "")
        offered = {name: system.name for name, system in systems.known().items()}
        if desk is not None:  # its file may be gone
            offered.setdefault(desk.system, desk.system)
        fields.offer(self, "system", [("", "Choose a system"), *offered.items()])
        fields.offer_rows(self, "team", Team.objects.filter(retired_at=None).order_by("name"))
        fields.offer_rows(self, "kind", Kind.objects.for_customers().order_by("name"))

    def plan(self) -> connecting.Plan:
        said = self.cleaned_data
        return connecting.Plan(
            name=said["name"],
            system=said["system"],
            address=said["address"],
            team_id=said["team"].pk,
            kind_id=said["kind"].pk,
        )


class SecretForm(PartsForm):
    """What a help desk made itself. What was entered before is never shown."""

    secrets = fields.Words(
        what="The secret", limit=_LONGEST_PASTE, lines=True, label="Secret",
        help_text="One in each line where it has several, or while one replaces the other.",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:  # Any: as Django declares it
        super().__init__(data)
        self.auto_id = "secret_%s"  # it stands on a page with another form

    def given(self) -> list[str]:
        return str(self.cleaned_data["secrets"]).splitlines()


def _as_is(desk: HelpDesk) -> dict[str, object]:
    return {
        "name": desk.name,
        "system": desk.system,
        "address": desk.address,
        "team": desk.team_id,
        "kind": desk.kind_id,
    }
