"""Goes on with files that are on their way in, batch by batch, for as long as a round lasts.

A batch is one transaction: what came of it, the line up to which the file is done and the counts
are written together. Whatever dies leaves a file that is done up to a line, and a row that is due;
of two that go on with one file, the second finds that the line has moved, and lets go.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import OperationalError, transaction

from commitments import lengths
from commitments.errors import CommitmentError
from commitments.models import Import, ImportRemark

from . import keeping
from .bringing import Batch, Bringing, Found
from .seen import Seen
from .wrong import WrongFile

logger = logging.getLogger(__name__)

_LONGEST: Final = 500
State = Import.State


def run(now: datetime) -> int:
    """Go on with every file that is due; answers how many batches were done."""
    ends = time.monotonic() + lengths.current().round.total_seconds()
    done = 0
    for pk in list(Import.objects.due(now).order_by("next_at").values_list("pk", flat=True)):
        try:
            done += _go_on(pk, now=now, ends=ends)
        except OperationalError:
            logger.warning("Import %s waits: the database did not answer.", pk, exc_info=True)
        except Exception:
            # One file that cannot be read must not cost everybody else theirs.
            logger.exception("Import %s raised and is put off.", pk)
            put_off = now + lengths.current().put_off
            Import.objects.due(now).filter(pk=pk).update(next_at=put_off)
    return done


def go_on(pk: int, *, now: datetime, within: timedelta) -> int:
    """Go on with one file for so long; answers how many batches were done."""
    return _go_on(pk, now=now, ends=time.monotonic() + within.total_seconds())


def _go_on(pk: int, *, now: datetime, ends: float) -> int:
    """A file that will not do is refused, in the words of why."""
    held = Import.objects.select_related("team__calendar", "by").get(pk=pk)
    try:
        return _read_on(held, now=now, ends=ends)
    except CommitmentError as no:
        _refuse(held, str(no), now=now)
        return 1


def _read_on(held: Import, *, now: datetime, ends: float) -> int:
    _check_is_here(held)
    bringing = Bringing(
        keeping.table_of(held),
        held.columns,
        team=held.team,
        choices=keeping.choices_of(held.choices),
        by=held.by,
        at=held.at,
    )
    if held.state == State.JUDGING:
        _begin_again_where_forgotten(held)
    is_judged = held.state == State.JUDGING
    done = 0
    with Seen(held.seen_path) if is_judged else nullcontext() as seen:
        work = partial(bringing.look, seen=seen) if seen else partial(bringing.make, now=now)
        for batch in bringing.batches(after=held.done_upto):
            if time.monotonic() >= ends or not _take(held, batch, work, seen, now=now):
                return done
            done += 1
    _finish(held, now=now)
    return done + 1


def _take(
    held: Import,
    batch: Batch,
    work: Callable[[Batch], Found],
    seen: Seen | None,
    *,
    now: datetime,
) -> bool:
    """One batch; False where somebody else goes on with the file, or it was stopped."""
    with transaction.atomic():
        if not _is_still_ours(held, now=now):
            return False
        found = work(batch)
        _write_down(held, batch, found, now=now)
        if seen is not None:
            seen.keep()  # first: a row that is looked at again is none that it repeats
    return True


def _is_still_ours(held: Import, *, now: datetime) -> bool:
    row = Import.objects.filter(
        pk=held.pk, state=held.state, done_upto=held.done_upto, next_at__lte=now
    )
    return row.select_for_update(skip_locked=True, no_key=True).exists()


def _write_down(held: Import, batch: Batch, found: Found, *, now: datetime) -> None:
    """What came of a batch, and how far the file is done."""
    survey = found.survey
    # Its clock says how long nobody has gone on with it, not how long it takes.
    held.done_upto, held.next_at = batch[-1].line, now
    held.done += len(batch)
    held.bad += survey.bad
    held.repeated += survey.repeated
    held.already_there += survey.already_there
    held.without_time += survey.without_time
    held.not_understood += survey.not_understood
    held.customers += survey.customers
    if held.state == State.JUDGING:
        held.rows += len(batch)
        held.good += survey.good
    else:
        held.made += survey.good
    most = lengths.current().import_rows_at_most
    if held.rows > most:
        raise WrongFile(f"The file has more than {most:,} rows. Divide it, and bring in the parts.")
    held.save()
    ImportRemark.objects.bulk_create(
        ImportRemark(of=held, line=each.line, what=each.what.value, says=each.says[:_LONGEST])
        for each in found.remarks
    )


def _finish(held: Import, *, now: datetime) -> None:
    if not held.done:
        raise WrongFile("Nothing stands below the names of the columns: no row follows them.")
    ends_as = State.JUDGED if held.state == State.JUDGING else State.FINISHED
    with transaction.atomic():
        if not _is_still_ours(held, now=now):
            return
        held.finished_at = now if held.state == State.MAKING else None
        held.state, held.next_at = ends_as, None
        held.save()
    if held.state == State.JUDGED:
        held.seen_path.unlink(missing_ok=True)
    logger.info("Import %s: %s rows %s.", held.pk, held.done, held.state)


def _refuse(held: Import, why: str, *, now: datetime) -> None:
    """What was made before stays, and is counted."""
    due = Import.objects.filter(pk=held.pk, next_at__lte=now)
    due.update(state=State.REFUSED, says=why[:_LONGEST], next_at=None, finished_at=now)


def _check_is_here(held: Import) -> None:
    if not held.by.is_active:
        raise CommitmentError("Who uploaded it has left meanwhile.")


def _begin_again_where_forgotten(held: Import) -> None:
    """What has been seen of a file is kept beside it; without that no row could be told apart."""
    if not held.done_upto or held.seen_path.exists():
        return
    with transaction.atomic():
        keeping.set_back(held)
        held.save()
