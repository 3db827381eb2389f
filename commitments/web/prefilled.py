"""The form of a promise, filled in by a link from elsewhere: `?customer=&case=&q=`.

    customer   an id that a help desk or another system gave them (`4711`, `crm:4711`), an e-mail, a
               phone number, or a part of a name
    case       the case's reference
    q          the promise, in the grammar of the quick line

Whoever made the link is not asked: what will not do is said on the page and left out. It is looked
up among those whom the reader's teams know alone, so that a link finds out nothing; whatever else
it says is put into fields as it came. Nothing is saved, and nothing read as a promise, before
somebody sends the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import QueryDict

from commitments.errors import CommitmentError
from commitments.models import Customer, HelpDesk, Team, User
from commitments.reading import quick_add
from commitments.rules import words

from . import customers, quick_line, surnames

_NAMES = ("customer", "case", "q")


@dataclass(kw_only=True)
class Filled:
    """Values by the names of the form's fields, and a sentence for each that was left out."""

    values: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(asked: QueryDict, *, user: User, teams: Sequence[Team]) -> Filled:
    filled = Filled()
    for name in _NAMES:
        if len(asked.getlist(name)) > 1:
            filled.notes.append(f"The link gives “{name}” more than once. The last one counts.")
    line = " ".join(asked.get("q", "").split())
    if line:
        _take_line(line, filled, user=user, teams=teams)
    who = _clean(asked.get("customer", ""), what="The customer", limit=200, filled=filled)
    case = _clean(asked.get("case", ""), what="The case", limit=120, filled=filled)
    if who:
        filled.values["who"] = _called(who, filled, teams=teams)
    if case:
        filled.values["case"] = case
    return filled


def _take_line(line: str, filled: Filled, *, user: User, teams: Sequence[Team]) -> None:
    """Its pieces into their fields; a line that contradicts itself is the wording as it stands."""
    values = {"wording": line}
    try:
        parsed = quick_add.parse(line)
        more = surnames.count(parsed.customer, parsed.beside, teams=teams)
        spelled = quick_line.spell_out(quick_add.parse(line, surnames=more), user=user, teams=teams)
    except CommitmentError as no:
        filled.notes.append(str(no))
    else:
        values = spelled.values
        filled.notes += [str(no) for no in spelled.refusals]
    values["wording"] = _clean(values["wording"], what="The promise", limit=500, filled=filled)
    filled.values |= {name: value for name, value in values.items() if value}


def _called(who: str, filled: Filled, *, teams: Sequence[Team]) -> str:
    """How the form finds the one whom an id of another system names; else what was said."""
    found = list(_named_elsewhere(who, teams=teams)[:2])
    if len(found) > 1:
        filled.notes.append(f"Several customers are called {who} elsewhere. Say who is meant.")
    if len(found) != 1:
        return who
    return found[0].email or found[0].phone or found[0].name


def _named_elsewhere(who: str, *, teams: Sequence[Team]) -> QuerySet[Customer]:
    """`4711` of a help desk of these teams, or `crm:4711` of the system that is named."""
    source, _, number = who.rpartition(":")
    if source:
        return customers.known_to(teams).filter(external_source=source, external_id=number)
    origins = [desk.origin for desk in HelpDesk.objects.filter(team__in=teams)]
    return customers.known_to(teams).filter(external_source__in=origins, external_id=who)


def _clean(text: str, *, what: str, limit: int, filled: Filled) -> str:
    try:
        return words.clean(text, what=what, limit=limit, required=False)
    except CommitmentError as no:
        filled.notes.append(str(no))
        return ""
