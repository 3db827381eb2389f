"""What the columns of a file mean: guessed from their names, and changed by whoever knows better.

A guess is only made where a name says it; what is guessed is shown before anything is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from .wrong import WrongFile

# Where each thing stands: the position of a column, from 0.
Places: TypeAlias = Mapping[str, int]

MOST: Final = 1000
_SHOWN: Final = 5  # of the columns that should not be there


@dataclass(frozen=True)
class Column:
    """One thing that a row can say. `names` are those that people give it, as `_folded`."""

    code: str
    label: str
    help: str
    names: tuple[str, ...] = ()
    is_needed: bool = False


ALL: Final = (
    Column(
        "wording",
        "The promise",
        "What was promised, in a line.",
        ("promise", "what", "subject", "title", "summary", "description", "task", "promesa"),
        is_needed=True,
    ),
    Column(
        "customer",
        "Customer",
        "Their name.",
        ("customername", "client", "clientname", "contact", "contactname", "requester", "cliente"),
        is_needed=True,
    ),
    Column(
        "customer_email",
        "Customer's e-mail",
        "By which a customer is known.",
        (
            "email",
            "emailaddress",
            "mail",
            "clientemail",
            "contactemail",
            "requesteremail",
            "correo",
        ),
    ),
    Column(
        "customer_phone",
        "Customer's phone",
        "By which a customer without e-mail is known.",
        ("phone", "phonenumber", "telephone", "mobile", "telefono"),
    ),
    Column(
        "promised_at",
        "Promised",
        "When it was promised; the time of this import where a row says nothing.",
        ("promised", "promisedon", "created", "createdat", "createdon", "date", "opened", "fecha"),
    ),
    Column(
        "due",
        "Due",
        "A time or words such as “tomorrow”, counted from when it was promised; as usual for its"
        " kind where a row says nothing.",
        ("dueat", "dueon", "duedate", "deadline", "bywhen", "until", "vencimiento"),
    ),
    Column("kind", "Kind", "By its name or its short name.", ("type", "category", "tipo")),
    Column(
        "agent",
        "Owner",
        "Who keeps it: an e-mail address, or a name that one person of the team has.",
        ("owner", "owneremail", "assignee", "assignedto", "agentemail", "responsible", "agente"),
    ),
    Column(
        "conversation",
        "Case",
        "The number of the ticket or conversation; promises of one case belong together.",
        ("case", "casenumber", "ticket", "ticketid", "ticketnumber", "casereference", "caso"),
    ),
    Column("case_url", "Link to the case", "", ("caselink", "link", "url", "ticketurl", "caseurl")),
    Column("channel", "Channel", "phone, chat, email and so on.", ("via", "source", "canal")),
    Column("urgent", "Urgent", "yes or no.", ("isurgent", "urgente")),
    Column("team_note", "Note for the team", "", ("note", "notes", "comment", "nota")),
    Column("team", "Team", "A row of another team is refused.", ("teamname", "equipo")),
    Column(
        "external_id",
        "Number elsewhere",
        "What it is called where it comes from; the same number is brought in once.",
        ("id", "externalid", "number", "key", "uuid"),
    ),
    Column(
        "reference",
        "Reference",
        "Of a promise that is here already: such a row makes nothing.",
        ("ref", "followthroughreference"),
    ),
)
NEEDED: Final = tuple(column.code for column in ALL if column.is_needed)
_LETTERS: Final = re.compile(r"[\W_]+")


def _folded(name: str) -> str:
    """`Due date:` and `due_date` are one name, with or without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _LETTERS.sub("", "".join(each for each in plain if not unicodedata.combining(each)))


_MEANS: Final = {
    **{name: column.code for column in ALL for name in column.names},
    **{_folded(column.label): column.code for column in ALL},
    **{_folded(column.code): column.code for column in ALL},
}


def is_known(name: str) -> bool:
    return _folded(name) in _MEANS


def guess(header: Sequence[str]) -> dict[str, int]:
    """Where each thing stands, by the names of the columns: the first of those that say the same.

    A name of ours wins over one that merely means the same.
    """
    found: dict[str, int] = {}
    own = {_folded(column.code): column.code for column in ALL}
    for means in (own, _MEANS):
        for place, name in enumerate(header):
            code = means.get(_folded(name))
            if code is not None and place not in found.values():
                found.setdefault(code, place)
    return found


def check(mapping: Places, header: Sequence[str]) -> None:
    """Raises WrongFile where what every promise needs has no column, or a column does not exist."""
    missing = [column.label for column in ALL if column.is_needed and column.code not in mapping]
    if missing:
        raise WrongFile(f"Choose a column for: {', '.join(missing)}.")
    if any(not 0 <= place < len(header) for place in mapping.values()):
        raise WrongFile("The file has no such column.")
    if len(set(mapping.values())) < len(mapping):
        twice = next(place for place in mapping.values() if list(mapping.values()).count(place) > 1)
        raise WrongFile(f"The column {quoted([header[twice]])} is chosen twice.")


def left_over(header: Sequence[str], mapping: Places) -> list[str]:
    """The columns that are not read."""
    read = set(mapping.values())
    return [name for place, name in enumerate(header) if place not in read]


def quoted(names: Iterable[str]) -> str:
    """`“a”, “b” and 3 more`."""
    every = list(names)
    shown = ", ".join(f"“{name[:40]}”" for name in every[:_SHOWN])
    left = len(every) - _SHOWN
    return f"{shown} and {left} more" if left > 0 else shown
