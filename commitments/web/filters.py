"""The filters of lists and reports: a GET form, so that every selection has an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias, cast

from django import forms
from django.db.models import Q, QuerySet, Value

from commitments.models import Kind, Team, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.people import KEEPING

from . import doors, fields

_OWNER: Final = "owner"
_KIND: Final = "kind"
_Rows: TypeAlias = QuerySet[Any, tuple[Any, ...]]  # Any: of any model


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody or something that can be chosen."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


class Filters(fields.SpokenForm):
    """By team, owner and kind. Asked for what there is not, it finds nothing and says why.

    All that can be chosen is read by one query, and what was chosen is found among it.
    """

    team = forms.TypedChoiceField(required=False, empty_value=None)
    owner = forms.TypedChoiceField(required=False, empty_value=None)
    kind = forms.TypedChoiceField(required=False, empty_value=None)

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
        people, kinds = _offered(self.teams)
        self._offer("team", self.teams, nothing="All teams")
        self._offer("owner", people, nothing="Everyone")
        self._offer("kind", kinds, nothing="Every kind")
        self.is_valid()

    def _offer(self, name: str, rows: Iterable[Team | Named], *, nothing: str) -> None:
        known = {str(row.pk): row for row in rows}
        fields.offer(self, name, [("", nothing), *((pk, str(row)) for pk, row in known.items())])
        cast("forms.TypedChoiceField", self.fields[name]).coerce = known.__getitem__

    def narrow(self, among: CommitmentQuerySet) -> CommitmentQuerySet:
        """Those that fit every choice made; none where a choice does not exist."""
        if self.errors:
            return among.none()
        for name in self.narrowed_by:
            if chosen := self.cleaned_data.get(name):
                among = among.filter(**{name: chosen.pk})
        return among

    def problems(self) -> list[str]:
        """What was asked for and does not exist, so that nobody takes a list for what it is not."""
        return [self._problem(name) for name in self.errors]

    def _problem(self, name: str) -> str:
        if name in ("team", "owner", "kind"):
            return f"There is no such {name} here, so nothing is listed."
        return " ".join(str(error) for error in self.errors[name])


def _offered(teams: Iterable[Team]) -> tuple[list[Named], list[Named]]:
    """Who can own a promise of these teams, and all kinds there are, by their names."""
    here = Q(memberships__team__in=teams, memberships__role__in=KEEPING)
    members, every_kind = User.objects.filter(here).order_by(), Kind.objects.order_by()
    people: _Rows = members.values_list(Value(_OWNER), "pk", "name", "email")
    kinds: _Rows = every_kind.values_list(Value(_KIND), "pk", "name", Value(""))
    found = people.union(kinds).order_by("name")  # each person once
    rows = [(what, Named(pk=pk, name=name or email)) for what, pk, name, email in found]
    return (
        [row for what, row in rows if what == _OWNER],
        [row for what, row in rows if what == _KIND],
    )
