"""The filters of lists and reports: a GET form, so that every selection has an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q

from commitments.models import Kind, Team, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.reports import SOON
from commitments.rules import reference
from commitments.rules.lifecycle import LIVE

from . import doors, fields

STATES = [
    ("", "Any state"),
    ("live", "Open or waiting"),
    ("overdue", "Overdue"),
    ("not_told", "Overdue, not told"),
    ("told", "Overdue, told"),
    ("soon", "Due in the next 4 hours"),
    ("waiting", "Waiting on the customer"),
    ("closed", "Closed"),
]


class Filters(fields.SpokenForm):
    """By team, owner and kind. Asked for what there is not, it finds nothing and says why."""

    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="All teams")
    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Everyone")
    kind = forms.ModelChoiceField(Kind.objects.none(), required=False, empty_label="Every kind")

    def __init__(
        self,
        data: Mapping[str, Any],  # Any: as Django declares it
        *,
        user: User,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        teams = doors.teams_of(user)
        fields.offer_rows(self, "team", Team.objects.filter(pk__in=[team.pk for team in teams]))
        here = Q(memberships__team__in=teams, memberships__role__in=doors.ACTING)
        people = User.objects.filter(here).distinct()
        fields.offer_rows(self, "owner", people.order_by("name"))
        fields.offer_rows(self, "kind", Kind.objects.order_by("name"))
        self.is_valid()

    def narrow(self, among: CommitmentQuerySet) -> CommitmentQuerySet:
        """Those that fit every choice made; none where a choice does not exist."""
        if self.errors:
            return among.none()
        for name in ("team", "owner", "kind"):
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


class ListFilters(Filters):
    """With words to look for and a state."""

    q = fields.Words(
        label="Customer, case or wording", what="What you look for", limit=200, required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    state = forms.ChoiceField(choices=STATES, required=False)
    field_order = ["q", "state", "team", "owner", "kind"]

    def choose(self, among: CommitmentQuerySet, *, now: datetime) -> CommitmentQuerySet:
        among = self.narrow(among)
        if text := self.cleaned_data.get("q", ""):
            among = among.filter(_looked_for(text))
        choose = _CHOSEN.get(self.cleaned_data.get("state", ""))
        return choose(among, now) if choose else among


_CHOSEN: dict[str, Callable[[CommitmentQuerySet, datetime], CommitmentQuerySet]] = {
    "live": lambda among, _: among.live(),
    "overdue": lambda among, now: among.overdue(now),
    "not_told": lambda among, now: among.not_told(now),
    "told": lambda among, now: among.told(now),
    "soon": lambda among, now: among.due_between(now, now + SOON),
    "waiting": lambda among, _: among.waiting(),
    "closed": lambda among, _: among.exclude(status__in=LIVE),
}


def _looked_for(text: str) -> Q:
    """A reference finds its promise; other words are looked for in customer, case and wording."""
    found = (
        Q(wording__icontains=text)
        | Q(customer__name__icontains=text)
        | Q(customer__email__iexact=text)
        | Q(conversation__outside_reference__iexact=text)
    )
    pk = reference.read(text)
    return found | Q(pk=pk) if pk is not None else found
