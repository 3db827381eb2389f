"""The two readings of a file: judge all of it, then make what is good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import OperationalError, transaction

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Kind, Team
from commitments.rules import saying, wall_clock

from . import table
from .people import Known
from .rows import ORIGIN, BadRow, Promise, Standard, judge
from .seen import Seen
from .table import WrongFile

# Small, because another import of the same team waits for as long as a batch takes.
_BATCH = 25
_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Choices:
    """`zone` is where times without an offset are meant, and phrases are read; empty: the team's.

    Where `create_unknown` is off, a row that names an agent or a customer nobody knows is bad.
    """

    zone: str = ""
    create_unknown: bool = True


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


@dataclass(frozen=True)
class _Bad:
    line: int
    reason: str


class Bringing:
    """One file on its way in. `say` is told each row that is bad, repeated or not understood."""

    def __init__(
        self, path: Path, *, team: Team, choices: Choices, say: Callable[[str], None], now: datetime
    ) -> None:
        """Raises UnknownZone."""
        self._path = path
        self._team = team
        self._choices = choices
        self._say = say
        self._now = now
        self._standard = Standard(
            team=team,
            hours=team.calendar.hours(),
            zone=wall_clock.zone_named(choices.zone or team.calendar.zone).key,
            kinds={kind.code: kind for kind in Kind.objects.for_customers()},
            now=now,
        )

    def survey(self) -> Survey:
        """Judge every row and write nothing. Raises WrongFile."""
        survey = Survey()
        with Seen() as seen:
            for batch in self._batches():
                known = Known(self._team, _promises(batch))
                for judged in batch:
                    self._count(judged, known, seen, survey)
        if survey == Survey():
            raise WrongFile("Line 1 is all there is: no row follows the header.")
        return survey

    def bring_in(self) -> int:
        """Make what is good and not there yet; answers how many were made.

        Each batch is a transaction of its own, so what is made stays made whatever comes after.
        Raises CommitmentError naming the line, where something became bad since it was judged.
        """
        return sum(self._bring_in_patiently(_promises(batch)) for batch in self._batches())

    def _bring_in_patiently(self, promises: Sequence[Promise]) -> int:
        """A batch for which we waited too long has written nothing, and is begun again."""
        for _ in range(_TRIES - 1):
            try:
                return self._bring_in(promises)
            except OperationalError:
                continue
        return self._bring_in(promises)

    @transaction.atomic
    def _bring_in(self, promises: Sequence[Promise]) -> int:
        # Two imports at once take turns, batch by batch, so that neither makes what the other did.
        Team.objects.select_for_update(no_key=True).get(pk=self._team.pk)
        known = Known(self._team, promises)
        made = 0
        for promise in promises:
            if promise.key in known.made or self._trouble(promise, known):
                continue
            try:
                self._make(promise, known)
            except CommitmentError as error:
                raise BadRow(f"Line {promise.line}: {error}") from error
            known.made.add(promise.key)
            made += 1
        return made

    def _batches(self) -> Iterator[list[Promise | _Bad]]:
        judged = self._judged()
        while batch := list(islice(judged, _BATCH)):
            yield batch

    def _judged(self) -> Iterator[Promise | _Bad]:
        for row in table.rows(self._path):
            try:
                yield judge(row, self._standard)
            except CommitmentError as error:
                yield _Bad(row.line, str(error))

    def _count(self, judged: Promise | _Bad, known: Known, seen: Seen, survey: Survey) -> None:
        trouble = judged.reason if isinstance(judged, _Bad) else self._trouble(judged, known)
        if isinstance(judged, _Bad) or trouble:
            survey.bad += 1
            self._say(f"Line {judged.line} is bad: {trouble}")
            return
        earlier = seen.earlier(f"row {judged.key}", line=judged.line)
        if earlier is not None:
            survey.repeated += 1
            self._say(f"Line {judged.line} repeats line {earlier}.")
        elif judged.key in known.made:
            survey.already_there += 1
        else:
            survey.good += 1
            self._count_deadline(judged, survey)
            self._count_people(judged, known, seen, survey)

    def _count_deadline(self, promise: Promise, survey: Survey) -> None:
        if not promise.is_usual:
            return
        if not promise.due_said:
            survey.without_time += 1
            return
        survey.not_understood += 1
        due = saying.say_time(promise.due_at, zone=self._standard.zone, now=promise.promised_at)
        why = "had passed already" if promise.has_passed else "is not understood"
        self._say(
            f"Line {promise.line}: “{promise.due_said}” {why}; "
            f"{promise.kind.name} as usual, due {due}."
        )

    def _count_people(self, promise: Promise, known: Known, seen: Seen, survey: Survey) -> None:
        if promise.agent and known.agent(promise) is None:
            survey.agents += seen.earlier(f"agent {promise.agent}", line=promise.line) is None
        if known.customer(promise) is None:
            key = f"customer {promise.customer_key}"
            survey.customers += seen.earlier(key, line=promise.line) is None

    def _trouble(self, promise: Promise, known: Known) -> str:
        """Why the people of a row will not do; empty where they will."""
        try:
            agent = known.agent(promise)
        except CommitmentError as error:
            return str(error)
        if self._choices.create_unknown:
            return ""
        if promise.agent and agent is None:
            return f"Nobody here has the address {promise.agent}."
        if known.customer(promise) is None and promise.key not in known.made:
            return f"{self._team.name} does not know {promise.customer}."
        return ""

    def _make(self, promise: Promise, known: Known) -> None:
        owner = known.agent(promise)
        if owner is None and promise.agent:
            owner = known.add_agent(promise, zone=self._standard.zone)
        customer = known.customer(promise) or known.add_customer(promise)
        draft = services.Draft(
            customer_id=customer.pk,
            team_id=self._team.pk,
            kind_id=promise.kind.pk,
            owner_id=owner.pk if owner else None,
            wording=promise.wording,
            promised_at=promise.promised_at,
            due_at=promise.due_at,
            due_said=promise.due_said,
            due_steps=promise.due_steps,
            case=promise.conversation,
            channel=promise.channel,
            summary=False,
            tell_owner=False,
            origin=ORIGIN,
            origin_key=promise.key,
        )
        services.make(draft, by=None, now=self._now)


def _promises(batch: Sequence[Promise | _Bad]) -> list[Promise]:
    return [judged for judged in batch if isinstance(judged, Promise)]
