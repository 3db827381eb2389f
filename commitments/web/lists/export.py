"""Promises as a table for a spreadsheet, one row each: those ticked, or all that are chosen.

Rows are written while they are read, so that a million take no more memory than ten.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment
from commitments.models.commitment import CommitmentQuerySet
from commitments.web import states
from commitments.web.doors import StaffRequest, signed_in

from . import all_promises, picking
from .filters import ListFilters

_AT_A_TIME = 1000
_COLUMNS = (
    *("Reference", "Promise", "Customer", "E-mail", "Phone", "Case", "Kind", "Team", "Owner"),
    *("State", "Urgent", "Promised", "First due", "Due", "Customer told", "Closed"),
)
# A spreadsheet takes what begins like this for a formula, and runs it; the last four are the same
# signs as East Asian keyboards write them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@require_safe
@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """What was ticked; else exactly what the list shows for this address, beyond its pages too."""
    now, data = timezone.now(), request.GET
    if "selected" in data and "all" not in data:
        picked = picking.named(" ".join(data.getlist("pick")), user=request.user)
        if picked.problem:
            messages.warning(request, picked.problem)
            return redirect(all_promises.address(all_promises.asked_of(data)))
        named = Commitment.objects.filter(pk__in=[each.pk for each in picked.promises])
        return _file(request, named.visible_to(request.user), called="selected-", now=now)
    filters = ListFilters(data, user=request.user)
    if filters.errors:
        return redirect(all_promises.address(data.urlencode()))
    chosen = all_promises.chosen_by(filters, user=request.user, now=now)
    return _file(request, chosen, called="", now=now)


def _file(
    request: StaffRequest, chosen: CommitmentQuerySet, *, called: str, now: datetime
) -> HttpResponse:
    promises = chosen.with_everything().defer("due_steps").order_by("due_at", "pk")
    rows = _rows(promises.iterator(chunk_size=_AT_A_TIME), zone=request.user.zone, now=now)
    answer = StreamingHttpResponse(lines(rows), content_type="text/csv; charset=utf-8")
    name = f"{called}promises-{now:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)  # a view may answer in pieces, too


class _Written:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[list[str]]) -> Iterator[str]:
    """Begun with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Written())
    yield "\ufeff" + str(writer.writerow(_COLUMNS))
    for row in rows:
        yield str(writer.writerow([harmless(cell) for cell in row]))


def _rows(promises: Iterable[Commitment], *, zone: str, now: datetime) -> Iterator[list[str]]:
    place = ZoneInfo(zone)
    for promise in promises:
        customer = promise.customer
        yield [
            promise.reference,
            promise.wording,
            customer.name,
            customer.email,
            customer.phone,
            promise.conversation.outside_reference,
            promise.kind.name,
            promise.team.name,
            str(promise.owner or ""),
            states.of(promise, now=now, soon=states.is_soon(promise, now=now)).words,
            "yes" if promise.urgent else "no",
            _at(promise.promised_at, place),
            _at(promise.first_due_at, place),
            _at(promise.due_at, place),
            _at(promise.told_at, place),
            _at(promise.closed_at, place),
        ]


def harmless(cell: str) -> str:
    """Text that would be a formula is led by an apostrophe, which a spreadsheet does not show."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _at(at: datetime | None, place: ZoneInfo) -> str:
    """`2026-05-22T10:00:00+01:00`, on the reader's clock."""
    return at.astimezone(place).isoformat(timespec="seconds") if at else ""
