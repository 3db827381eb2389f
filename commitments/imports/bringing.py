"""The two readings of a file: judge all of it, then make what is good. Both go batch by batch.

A batch is judged without a lock. Making it is one transaction, in which it is asked again who and
what is known by then: two imports of a team take turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from django.db import OperationalError, transaction

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Kind, Team, User
from commitments.rules import saying, wall_clock

from .columns import Places
from .dates import Order
from .people import Known
from .rows import ORIGIN, Promise, Standard, judge
from .seen import Seen
from .table import Row, Table

# Another import of the same team waits for as long as a batch takes, and whoever speaks with a
# customer who is new there.
BATCH: Final = 200
_TRIES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Choices:
    """`zone` is where times without an offset are meant, and phrases are read; empty: the team's.

    `usual_kind` is the short name of the kind of rows that name none. Where `adds_customers` or
    `adds_agents` is off, a row that names one whom nobody knows is bad; with `strangers_alike` an
    agent of another team is told apart from nobody.
    """

    zone: str = ""
    usual_kind: str = ""
    order: Order = Order.YEAR
    adds_customers: bool = True
    adds_agents: bool = True
    strangers_alike: bool = False


@dataclass(kw_only=True)
class Survey:
    """What a file holds, counted in rows; `agents` and `customers` are those to be added."""

    good: int = 0
    bad: int = 0
    repeated: int = 0
    already_there: int = 0
    without_time: int = 0
    not_understood: int = 0
    agents: int = 0
    customers: int = 0

    def add(self, other: Survey) -> None:
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)


class What(StrEnum):
    """What there is to say of a row."""

    BAD = "bad"
    REPEATED = "repeated"
    GUESSED = "guessed"  # its deadline is the usual one, because its own could not be taken


@dataclass(frozen=True, kw_only=True)
class Remark:
    """`earlier` is the line that is repeated."""

    line: int
    what: What
    says: str
    earlier: int = 0


@dataclass(kw_only=True)
class Found:
    """What came of a batch."""

    survey: Survey = field(default_factory=Survey)
    remarks: list[Remark] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.survey.bad += 1
        self.remarks.append(Remark(line=line, what=What.BAD, says=reason))


@dataclass(frozen=True)
class _Bad:
    line: int
    reason: str


Batch = Sequence[Promise | _Bad]


class Bringing:
    """One file on its way in, by what its columns mean."""

    def __init__(
        self,
        table: Table,
        places: Places,
        *,
        team: Team,
        choices: Choices,
        by: User | None,
        at: datetime,
    ) -> None:
        """`at` is the present for what rows say. Raises UnknownZone."""
        self._table = table
        self._places = places
        self.team = team
        self._choices = choices
        self._by = by
        kinds = list(Kind.objects.for_customers())
        by_code = {kind.code: kind for kind in kinds}
        self._standard = Standard(
            team=team,
            hours=team.calendar.hours(),
            zone=wall_clock.zone_named(choices.zone or team.calendar.zone).key,
            kinds={kind.name.casefold(): kind for kind in kinds} | by_code,
            usual_kind=by_code.get(choices.usual_kind),
            order=choices.order,
            takes_days=table.is_workbook or choices.order is not Order.YEAR,
            now=at,
        )

    def batches(self, *, after: int = 0) -> Iterator[Batch]:
        """The rows below this line, judged. Raises WrongFile."""
        judged = self._judged(after)
        while batch := list(islice(judged, BATCH)):
            yield batch

    def look(self, batch: Batch, seen: Seen) -> Found:
        """What would come of it; writes nothing."""
        found = Found()
        known = Known(self.team, _promises(batch))
        for judged in batch:
            self._look_at(judged, known, seen, found)
        return found

    @transaction.atomic
    def make(self, batch: Batch, *, now: datetime) -> Found:
        """Make what is good and not there yet. Raises CommitmentError where none may be made."""
        found = Found()
        # Two imports at once take turns, batch by batch, so that neither makes what the other did.
        Team.objects.select_for_update(no_key=True).get(pk=self.team.pk)
        known = Known(self.team, _promises(batch))
        wanted = [each for each in batch if self._is_to_be_made(each, known, found)]
        promises = _promises(wanted)
        found.survey.customers = known.add_customers(promises)
        drafts = [self._draft(promise, known, found) for promise in promises]
        answers = services.make_many(drafts, by=self._by, now=now)
        for promise, answer in zip(promises, answers, strict=True):
            if answer.refusal is not None:
                found.refuse(promise.line, str(answer.refusal))
            else:
                found.survey.good += 1
        return found

    def make_patiently(self, batch: Batch, *, now: datetime) -> Found:
        """A batch for which we waited too long has written nothing, and is begun again."""
        for _ in range(_TRIES - 1):
            try:
                return self.make(batch, now=now)
            except OperationalError:
                continue
        return self.make(batch, now=now)

    def _judged(self, after: int) -> Iterator[Promise | _Bad]:
        for row in self._table.rows(self._places):
            if row.line > after:
                yield self._judge(row)

    def _judge(self, row: Row) -> Promise | _Bad:
        try:
            return judge(row, self._standard)
        except CommitmentError as error:
            return _Bad(row.line, str(error))

    def _look_at(self, judged: Promise | _Bad, known: Known, seen: Seen, found: Found) -> None:
        trouble = judged.reason if isinstance(judged, _Bad) else self._trouble(judged, known)
        if isinstance(judged, _Bad) or trouble:
            found.refuse(judged.line, trouble)
            return
        earlier = seen.earlier(f"row {judged.key}", line=judged.line)
        if earlier is not None:
            found.survey.repeated += 1
            found.remarks.append(
                Remark(
                    line=judged.line,
                    what=What.REPEATED,
                    says=f"It says the same as line {earlier}.",
                    earlier=earlier,
                )
            )
        elif known.is_there(judged):
            found.survey.already_there += 1
        else:
            found.survey.good += 1
            self._count_deadline(judged, found)
            self._count_people(judged, known, seen, found.survey)

    def _is_to_be_made(self, judged: Promise | _Bad, known: Known, found: Found) -> bool:
        trouble = judged.reason if isinstance(judged, _Bad) else self._trouble(judged, known)
        if isinstance(judged, _Bad) or trouble:
            found.refuse(judged.line, trouble)
            return False
        if known.is_there(judged):
            found.survey.already_there += 1
            return False
        known.made.add(judged.key)
        return True

    def _count_deadline(self, promise: Promise, found: Found) -> None:
        if not promise.is_usual:
            return
        if not promise.due_said:
            found.survey.without_time += 1
            return
        found.survey.not_understood += 1
        due = saying.say_time(promise.due_at, zone=self._standard.zone, now=promise.promised_at)
        why = "had passed already" if promise.has_passed else "is not understood"
        says = f"“{promise.due_said}” {why}; {promise.kind.name} as usual, due {due}."
        found.remarks.append(Remark(line=promise.line, what=What.GUESSED, says=says))

    def _count_people(self, promise: Promise, known: Known, seen: Seen, survey: Survey) -> None:
        if promise.agent and self._agent(promise, known) is None:
            survey.agents += seen.earlier(f"agent {promise.agent}", line=promise.line) is None
        if known.customer(promise) is None:
            key = f"customer {promise.customer_key}"
            survey.customers += seen.earlier(key, line=promise.line) is None

    def _trouble(self, promise: Promise, known: Known) -> str:
        """Why the people of a row will not do; empty where they will."""
        try:
            agent = self._agent(promise, known)
            is_there = known.is_there(promise)
        except CommitmentError as error:
            return str(error)
        if promise.agent and agent is None and not self._choices.adds_agents:
            return f"Nobody here has the address {promise.agent}."
        is_known = known.customer(promise) is not None or is_there
        if not is_known and not self._choices.adds_customers:
            return f"{self.team.name} does not know {promise.customer}."
        return ""

    def _agent(self, promise: Promise, known: Known) -> User | None:
        return known.agent(promise, strangers_alike=self._choices.strangers_alike)

    def _draft(self, promise: Promise, known: Known, found: Found) -> services.Draft:
        owner = self._agent(promise, known)
        if owner is None and promise.agent:
            owner = known.add_agent(promise, zone=self._standard.zone)
            found.survey.agents += 1
        return services.Draft(
            customer_id=known.customers[promise.customer_key].pk,
            team_id=self.team.pk,
            kind_id=promise.kind.pk,
            owner_id=owner.pk if owner else None,
            wording=promise.wording,
            team_note=promise.team_note,
            urgent=promise.urgent,
            promised_at=promise.promised_at,
            due_at=promise.due_at,
            due_said=promise.due_said,
            due_steps=promise.due_steps,
            case=promise.conversation,
            case_url=promise.case_url,
            channel=promise.channel,
            summary=False,
            tell_owner=False,
            origin=ORIGIN,
            origin_key=promise.key,
        )


def _promises(batch: Batch) -> list[Promise]:
    return [judged for judged in batch if isinstance(judged, Promise)]
