"""The form of a team, and a row for each of its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from commitments.house import teams
from commitments.models import Calendar, Role, Team, User
from commitments.web import fields

from .parts import Part, PartsForm

_MOST_ROWS = 200


class TeamForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(title="The team", names=("name", "calendar", "fallback")),
    )

    name = fields.Words(what="The name", limit=120, label="Name")
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label="Hours", empty_label="Choose hours",
        help_text="Working time is counted by them, and words such as tomorrow are read in their"
        " zone.",
    )  # fmt: skip
    fallback = forms.ModelChoiceField(
        User.objects.none(), label="Fallback", required=False, empty_label="Nobody",
        help_text="Is asked where a step of escalation finds nobody and there is no lead.",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        team: Team | None = None,
    ) -> None:
        first = _as_typed(team) if team else {}
        super().__init__(data, initial=first, seen=teams.mark(team) if team else "")
        fields.offer_rows(self, "calendar", Calendar.objects.order_by("name"))
        people = User.objects.people().filter(is_active=True)
        fields.offer_rows(self, "fallback", people.order_by("name", "pk"))

    def plan(self, places: Sequence[teams.Place]) -> teams.Plan:
        said = self.cleaned_data
        return teams.Plan(
            name=said["name"],
            calendar_id=said["calendar"].pk,
            fallback_id=said["fallback"].pk if said["fallback"] else None,
            places=places,
        )


class SeatForm(fields.SpokenForm):
    """Somebody's place in the team; without a person the row is left out."""

    user = forms.ModelChoiceField(
        User.objects.none(), label="Person", required=False, empty_label="Choose somebody"
    )
    role = forms.ChoiceField(label="Role", choices=Role.of_people(), initial=Role.AGENT)
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label="Own hours", required=False, empty_label="The team's"
    )
    daily_capacity = forms.IntegerField(
        label="A day", min_value=0, max_value=999, initial=12, required=False
    )


class SeatsBase(BaseFormSet):  # type: ignore[type-arg]  # generic in its stubs only
    """The rows share their choices: as many queries for many as for one."""

    def __init__(self, *args: Any, **options: Any) -> None:  # Any: as Django declares it
        super().__init__(*args, **options)
        self.people = User.objects.people().order_by("name", "pk")
        self._people = [("", "Choose somebody"), *((p.pk, _called(p)) for p in self.people)]
        calendars = Calendar.objects.order_by("name")
        self._calendars = [("", "The team's"), *((c.pk, str(c)) for c in calendars)]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        fields.offer_rows(form, "user", User.objects.people())
        fields.offer_rows(form, "calendar", Calendar.objects.all())
        form.fields["user"].widget.choices = self._people
        form.fields["calendar"].widget.choices = self._calendars
        form.fields["DELETE"].label = "Take out"

    def places(self) -> list[teams.Place]:
        """Of the rows that are filled and stay."""
        return [
            teams.Place(
                user_id=said["user"].pk,
                role=said["role"],
                calendar_id=said["calendar"].pk if said["calendar"] else None,
                daily_capacity=12 if said["daily_capacity"] is None else said["daily_capacity"],
            )
            for form in self.forms
            if (said := getattr(form, "cleaned_data", {})).get("user") and not said.get("DELETE")
        ]


def seats(data: QueryDict | None = None, *, team: Team | None = None, more: int = 1) -> SeatsBase:
    """The rows of a team, with so many empty ones at the end."""
    rows = formset_factory(
        SeatForm, formset=SeatsBase, extra=more, can_delete=True, max_num=_MOST_ROWS,
        absolute_max=_MOST_ROWS,
    )  # fmt: skip
    made = cast("type[SeatsBase]", rows)  # the stubs forget the base that is given
    if data is not None:
        return made(data, prefix="seat")
    first = [
        {
            "user": place.user_id,
            "role": place.role,
            "calendar": place.calendar_id,
            "daily_capacity": place.daily_capacity,
        }
        for place in (teams.places_of(team) if team else ())
    ]
    return made(initial=first, prefix="seat")


def with_one_more(data: QueryDict) -> QueryDict:
    """What was typed, and another empty row beneath it."""
    grown = data.copy()
    count = grown.get("seat-TOTAL_FORMS", "")
    rows = int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    grown["seat-TOTAL_FORMS"] = str(min(rows + 1, _MOST_ROWS))
    grown[f"seat-{rows}-role"] = Role.AGENT
    grown[f"seat-{rows}-daily_capacity"] = "12"
    return grown


def _called(person: User) -> str:
    return f"{person}" if person.is_active else f"{person} (switched off)"


def _as_typed(team: Team) -> dict[str, object]:
    return {"name": team.name, "calendar": team.calendar_id, "fallback": team.lead_fallback_id}
