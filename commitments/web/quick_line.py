"""The line on My promises: one field, spelled out into the fields of the full form.

Preview and save spell a line out with this code and read it with the full form, so that what is
shown is what is kept. A name that is nobody's, or may be several people's, is asked for beside the
field of the full form that it would have filled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django import forms
from django.http import QueryDict
from django.urls import reverse

from commitments.errors import CommitmentError
from commitments.models import Customer, Kind, Team, User
from commitments.reading import quick_add
from commitments.reading.quick_add import Line
from commitments.understanding import kinds

from . import colleagues, doors, fields, reads, surnames
from .colleagues import Keeper
from .promise_form import TEAM_KEEPS_IT, PromiseForm

T = TypeVar("T")

_EMPTY = "What did you promise? Write it in one line, such as “@tom call back fri 10am”."
# What a line's form carries besides the line; everything else on it was not put there by us.
_CARRIED = (
    "once", "shown", "read_at", "take", "taken", "taken_for", "anyway", "customer",
    "why_sooner", "give_to",
)  # fmt: skip

_READ_AS_TYPED = {
    "role": "combobox",
    "aria-expanded": "false",
    "aria-controls": "hints",
    "aria-autocomplete": "list",
    "hx-trigger": "input changed delay:200ms, again",
    "hx-target": "#reading",
    "hx-swap": "innerHTML",
    "hx-sync": "this:replace",
}


class QuickForm(fields.SpokenForm):
    """The one field. It is read by `PromiseForm`, which `spelled_out` makes of it."""

    line = fields.Words(
        label="What did you promise?",
        what="The line",
        limit=quick_add.LONGEST,
        help_text="In any order; the page shows how, with examples.",
        error_messages={"required": _EMPTY},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "true", "autocapitalize": "off"}
        ),
    )
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    # The customer whose page it stands on, who is meant where the line names nobody.
    promised_to = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        now: datetime,
        key: str = "",
        customer: Customer | None = None,
    ) -> None:
        initial = {"once": key, "promised_to": str(customer.pk) if customer else ""}
        super().__init__(data, initial=initial, label_suffix="")
        self.user, self.now = user, now
        self.teams = doors.makes_promises_in(user)
        self.parsed = Line()
        self._prepare_line()

    def _prepare_line(self) -> None:
        """Read while it is being typed, with what its words could go on as in a list under it."""
        attrs = self.fields["line"].widget.attrs
        attrs.update(_READ_AS_TYPED, **{"hx-post": reverse("web:read")})
        if self.user.keys_on:
            attrs["aria-keyshortcuts"] = "N"

    def clean(self) -> None:
        text = self.cleaned_data.get("line", "")
        try:
            line = quick_add.parse(text)
            more = surnames.count(line.customer, line.beside, teams=self.teams)
            self.parsed = quick_add.parse(text, surnames=more)
        except CommitmentError as no:
            self.add_error("line", str(no))

    def spelled_out(self) -> PromiseForm:
        """The full form, filled in from the line; asks for what the line could not say."""
        line, spelled = self.parsed, spell_out(self.parsed, user=self.user, teams=self.teams)
        data = QueryDict(mutable=True)
        data.update({name: self.data[name] for name in _CARRIED if name in self.data})
        data.update(spelled.values)
        data.update({} if line.customer else self._whose_page())
        if line.hand_to:
            data.pop("give_to", None)  # the line names another
        return PromiseForm(
            reads.taken(data), user=self.user, now=self.now, refusals=spelled.refusals, line=line
        )

    def _whose_page(self) -> dict[str, str]:
        """The customer on whose page the line was written, as the full form asks it."""
        pk = self.cleaned_data["promised_to"]
        seen = Customer.objects.visible_to(self.user).filter(erased_at=None)
        customer = seen.known_as(int(pk)).first() if pk.isdecimal() and pk.isascii() else None
        return {"who": customer.name, "customer": str(customer.pk)} if customer else {}


@dataclass(frozen=True, kw_only=True)
class Spelled:
    """The fields of the full form that a line fills, and what it could not say clearly."""

    values: dict[str, str]
    refusals: list[CommitmentError]


def spell_out(line: Line, *, user: User, teams: Sequence[Team]) -> Spelled:
    refusals = list[CommitmentError]()
    called = partial(colleagues.called, user=user, teams=teams)
    kind = _looked_up(_kind, line.kind, refusals)
    keeper = _looked_up(called, line.hand_to, refusals)
    values = _values(line, kind=kind, owner=_owner(keeper, user))
    values["team"] = str(keeper.team.pk) if keeper and keeper.team else ""
    return Spelled(values=values, refusals=refusals)


def _owner(keeper: Keeper | None, user: User) -> str:
    """Who keeps it, as the full form asks it; "" is oneself."""
    if keeper is None or keeper.person == user:
        return ""
    return str(keeper.person.pk) if keeper.person else TEAM_KEEPS_IT


def _kind(start: str) -> Kind:
    return kinds.called(start, list(Kind.objects.for_customers()))


def _looked_up(
    look_up: Callable[[str], T], start: str, refusals: list[CommitmentError]
) -> T | None:
    if not start:
        return None
    try:
        return look_up(start)
    except CommitmentError as no:
        refusals.append(no)
        return None


def _values(line: Line, *, kind: Kind | None, owner: str) -> dict[str, str]:
    """The fields of the full form; what the line does not say is left to them."""
    values = {
        "who": line.customer,
        "wording": line.wording,
        "when": line.when,
        "kind": str(kind.pk) if kind else "",
        "owner": owner,
        "keep_by": line.keep_by,
        "case": line.case,
        "summary": "no" if line.no_mail else "",
        "team_note": line.note,
    }
    return values | ({"urgent": "on"} if line.is_urgent else {})
