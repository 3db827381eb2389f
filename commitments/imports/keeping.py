"""What somebody does with a file: upload it, say what its columns mean, begin, stop, forget it.

Nothing is read of it here beyond its first rows. What takes long is left to `rounds`, which goes on
wherever the row of the file says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet

from commitments import lengths
from commitments.errors import CommitmentError
from commitments.models import Import, ImportRemark, Team, User
from commitments.models.importing import store
from commitments.rules import file_types

from . import columns, dates
from .bringing import Choices
from .columns import Places
from .dates import Order
from .table import Table, opened
from .wrong import WrongFile

_LOOKED_AT: Final = 200  # rows, for the order of their dates
_MEGABYTE: Final = 1024 * 1024
_ANY_KIND: Final = "followup"
_COUNTS: Final = (
    *("rows", "done", "good", "bad", "repeated", "already_there", "without_time"),
    *("not_understood", "customers", "done_upto", "made"),
)

State = Import.State


class TooLarge(WrongFile):
    """A file of that size is not even looked at."""


class NotNow(CommitmentError):
    """The file is at another point already."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How somebody wants a file to be read."""

    columns: dict[str, int]
    sheet: str = ""
    usual_kind: str = ""
    order: Order = Order.YEAR
    zone: str = ""

    def choices(self) -> dict[str, str]:
        return {"usual_kind": self.usual_kind, "order": self.order.value, "zone": self.zone}


def choices_of(choices: Mapping[str, Any]) -> Choices:  # Any: JSON
    """As they are kept with a file. Who is to work here is decided elsewhere: nobody is added."""
    return Choices(
        zone=choices.get("zone", ""),
        usual_kind=choices.get("usual_kind", ""),
        order=Order(choices.get("order", Order.YEAR)),
        adds_agents=False,
        strangers_alike=True,
    )


def take(content: File[Any], *, name: str, team: Team, by: User, now: datetime) -> Import:
    """Keep a file, and guess what its columns mean. Raises WrongFile, and keeps nothing then."""
    size = content.size
    if size > lengths.current().import_bytes_at_most:
        most = lengths.current().import_bytes_at_most // _MEGABYTE
        raise TooLarge(f"The file is larger than {most} MB. Divide it, and bring in the parts.")
    taken = Import(
        by=by,
        team=team,
        at=now,
        name=file_types.shown_name(name),
        size=size,
        forget_at=now + lengths.current().import_kept,
    )
    taken.keep(content)
    try:
        table = opened(taken.path)
        asked = guessed(table)
        taken.sheet, taken.columns, taken.choices = table.sheet, asked.columns, asked.choices()
        with transaction.atomic():
            taken.save(force_insert=True)
    except BaseException:
        taken.forget_file()
        raise
    return taken


def guessed(table: Table) -> Asked:
    """What its columns mean, by their names; and how its dates are written, by the first rows.

    Where no column names a kind, everything is a follow-up until somebody says otherwise.
    """
    found = columns.guess(table.header)
    return Asked(
        columns=found,
        sheet=table.sheet,
        usual_kind="" if "kind" in found else _ANY_KIND,
        order=_order(table, found),
    )


@transaction.atomic
def check(pk: int, asked: Asked, *, by: User, now: datetime) -> Import:
    """Have every row judged. Raises WrongFile where the columns will not do, NotNow."""
    held = _held(pk, by=by, states=(State.TAKEN, State.JUDGED, State.REFUSED))
    columns.check(asked.columns, table_of(held, sheet=asked.sheet).header)
    held.sheet, held.columns, held.choices = asked.sheet, asked.columns, asked.choices()
    held.seen_path.unlink(missing_ok=True)
    return _set_going(held, State.JUDGING, now=now)


@transaction.atomic
def begin(pk: int, *, by: User, now: datetime) -> Import:
    """Have what is good made. Raises NotNow."""
    held = _held(pk, by=by, states=(State.JUDGED,))
    if not held.good:
        raise NotNow("There is nothing to bring in.")
    return _set_going(held, State.MAKING, now=now, keeping=("rows",))


@transaction.atomic
def stop(pk: int, *, by: User) -> Import:
    """Leave it where it is; what was made stays. Begun again, each row is still made once."""
    held = _held(pk, by=by, states=(State.JUDGING, State.MAKING))
    held.state, held.next_at = State.TAKEN, None
    held.save()
    return held


@transaction.atomic
def forget(pk: int, *, by: User) -> None:
    """The file and all that was said of it; not what was made of it. Raises NotNow."""
    idle = (State.TAKEN, State.JUDGED, State.FINISHED, State.REFUSED)
    held = _held(pk, by=by, states=idle)
    transaction.on_commit(Import(stored=held.stored).forget_file)
    held.delete()


def table_of(held: Import, *, sheet: str | None = None) -> Table:
    """Its file as it was read, or another of its sheets. Raises WrongFile."""
    if not held.stored or not held.path.exists():
        raise WrongFile("The file is gone: files are kept for some days only. Upload it again.")
    return opened(held.path, sheet=held.sheet if sheet is None else sheet)


def set_back(held: Import, *, keeping: tuple[str, ...] = ()) -> None:
    """To the beginning of the file, with nothing said of any row yet; the caller saves it."""
    for name in _COUNTS:
        if name not in keeping:
            setattr(held, name, 0)
    held.says, held.finished_at = "", None
    ImportRemark.objects.filter(of=held).delete()


def prune(now: datetime) -> int:
    """Let go of files that were kept long enough, and of those that no row knows.

    Answers how many files.
    """
    gone = 0
    for each in _old(now):
        ImportRemark.objects.filter(of=each).delete()
        Import.objects.filter(pk=each.pk).update(stored="")
        each.forget_file()
        gone += 1
    return gone + _prune_strays(before=now - lengths.current().stray_file_kept)


def count_old(now: datetime) -> int:
    """How many files would go."""
    before = now - lengths.current().stray_file_kept
    return _old(now).count() + sum(1 for _ in _strays(before=before))


def _old(now: datetime) -> QuerySet[Import]:
    return Import.objects.filter(forget_at__lte=now, next_at=None).exclude(stored="")


def _prune_strays(*, before: datetime) -> int:
    gone = 0
    for name in list(_strays(before=before)):
        store().delete(name)
        gone += 1
    return gone


def _strays(*, before: datetime) -> Iterator[str]:
    """What a process that died while it took a file has left behind."""
    folder = store()
    try:
        _, names = folder.listdir("")
    except FileNotFoundError:  # nobody has brought anything yet
        return
    known = set(Import.objects.exclude(stored="").values_list("stored", flat=True))
    for name in names:
        is_ours = name.removesuffix("seen") in known
        if not is_ours and folder.get_modified_time(name) < before:
            yield name


def _order(table: Table, places: Places) -> Order:
    at = [places[code] for code in ("promised_at", "due") if code in places]
    rows = table.samples(_LOOKED_AT)
    return dates.guess(row[place] for row in rows for place in at if place < len(row))


def _held(pk: int, *, by: User, states: tuple[str, ...]) -> Import:
    """Raises Import.DoesNotExist where it is none of theirs, NotNow where it is not at this."""
    held = Import.objects.select_for_update().filter(by=by).get(pk=pk)
    held.team = Team.objects.select_related("calendar").get(pk=held.team_id)
    if held.state not in states:
        raise NotNow(f"{held.name} is at another point: {held.get_state_display().lower()}.")
    return held


def _set_going(held: Import, state: str, *, now: datetime, keeping: tuple[str, ...] = ()) -> Import:
    set_back(held, keeping=keeping)
    held.state, held.next_at = state, now
    held.save()
    return held
