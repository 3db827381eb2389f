"""What does not exist, asked for like what is somebody else's: nobody is to tell the two apart.

Not by what is answered, nor by how much is asked of the database for it, which takes time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from django.core import signing

from commitments.messages import acting
from commitments.rules import reference
from commitments.web import undo
from tests.makers import NOON
from tests.safety.doors import Door
from tests.safety.walk import Company, Said, filled
from tests.safety.ways import Way

NOBODYS: Final = 30_000_000  # the id of nothing; as a reference of five characters, like all here
_REFERENCE: Final = re.compile(r"[0-9A-Z]{5}")
# Against forged requests, and against pressing twice: another each time.
_PROOF: Final = re.compile(r"\b(?:[0-9A-Za-z]{64}|[0-9a-f]{32})\b")

# Who may be told the two apart where, by what is asked of the database, and why that is right.
_SEEN: Final = (
    "Their page of the customer says already that there is one; only the deed is not theirs."
)
EXCUSED: Final[Mapping[str, str]] = {
    "auditor at GET web:merge_customer": _SEEN,
    "auditor at POST web:merge_customer": _SEEN,
}


def without(company: Company) -> Company:
    """The same house and people; only that nothing stands behind an id."""
    return replace(company, facts={name: _gone(name, it) for name, it in company.facts.items()})


def apart(company: Company, role: str, door: Door, way: Way, sent: Any, met: Said) -> Iterator[str]:
    """How what they met differs from what they would meet where nothing is, in words."""
    nowhere = without(company)
    here, there = (each.address(door, way, role) for each in (company, nowhere))
    instead = _sent(sent, way, company, nowhere)
    if (here, sent) == (there, instead):
        return
    none = nowhere.visit(role, door, there, instead)
    asked = _asked(company, here, sent) | _asked(nowhere, there, instead)
    if met.status != none.status:
        yield f"{met.status}, and {none.status} where nothing is"
    elif _words(met, asked) != _words(none, asked):
        yield "another answer than where nothing is"
    if met.queries != none.queries and f"{role} at {door}" not in EXCUSED:
        again = company.visit(role, door, here, sent)  # what a process asks once does not count
        if again.queries != none.queries:
            yield f"{again.queries} queries, and {none.queries} where nothing is"


def _gone(name: str, fact: Any) -> Any:
    if name == "ticket":
        ticket = acting.read(fact, now=NOON)
        assert ticket is not None
        return acting.write(replace(ticket, commitment_id=NOBODYS), now=NOON)
    if name == "undo":
        return signing.dumps(NOBODYS, salt=undo._SALT)
    if isinstance(fact, int) and name != "version":
        return NOBODYS
    return reference.write(NOBODYS) if _is_reference(fact) else fact


def _is_reference(fact: Any) -> bool:
    return isinstance(fact, str) and _REFERENCE.fullmatch(fact) is not None


def _sent(sent: Any, way: Way, company: Company, nowhere: Company) -> Any:
    """What names something by a fact names nothing; so does a promise that a form carries along."""
    said = {**way.said, **(way.then or {})}
    promises = {each for each in company.facts.values() if _is_reference(each)}

    def instead(name: str, value: Any) -> Any:
        if name in said:
            return filled(said[name], nowhere.facts)
        if isinstance(value, list):
            return [instead(name, each) for each in value]
        return reference.write(NOBODYS) if value in promises else value

    return {name: instead(name, value) for name, value in sent.items()}


def _asked(company: Company, address: str, sent: Any) -> set[str]:
    """What stands in an answer because it was asked for."""
    promises = {each for each in company.facts.values() if _is_reference(each)}
    values = {f'value="{each}"' for each in sent.values() if isinstance(each, str | int)}
    return promises | values | {address, address.partition("?")[0]}


def _words(said: Said, asked: set[str]) -> tuple[str, str]:
    """Without what they asked for themselves, and the proof that each form has."""

    def bare(text: str) -> str:
        for each in sorted(asked, key=len, reverse=True):
            text = text.replace(each, "…")
        return _PROOF.sub("…", text)

    return bare(said.location), bare(said.text)
