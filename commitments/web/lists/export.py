"""Promises as a file for a spreadsheet: those ticked, or all that are chosen, one in a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import lengths, rate_limits
from commitments.house import account_log, audits
from commitments.models import Commitment, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in

from . import all_promises, picking, spreadsheet
from .filters import ListFilters

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """What was ticked; else exactly what the list shows for this address, beyond its pages too.

    `as=xlsx` asks for a workbook.
    """
    now, data = timezone.now(), request.GET
    write = as_workbook if data.get("as") == "xlsx" else as_csv
    back = all_promises.address(all_promises.asked_of(data))
    if "selected" in data and "all" not in data:
        picked = picking.named(" ".join(data.getlist("pick")), user=request.user)
        if picked.problem:
            messages.warning(request, picked.problem)
            return redirect(back)
        named = Commitment.objects.filter(pk__in=[each.pk for each in picked.promises])
        seen = named.visible_to(request.user)
        return write(request, seen, called="selected-promises", back=back, now=now)
    filters = ListFilters(data, user=request.user)
    if filters.errors:
        return redirect(all_promises.address(data.urlencode()))
    chosen = all_promises.chosen_by(filters, user=request.user, now=now)
    if filters.errors:
        return redirect(back)
    return write(request, chosen, called="promises", back=back, now=now)


def _lines(user: User, promises: CommitmentQuerySet, *, now: datetime) -> spreadsheet.Lines:
    bare = audits.audited_by(user)
    return spreadsheet.lines(promises, zone=user.zone, bare=bare, now=now)


def as_csv(
    request: StaffRequest, promises: CommitmentQuerySet, *, called: str, back: str, now: datetime
) -> HttpResponse:
    """Sent while it is read, however many there are."""
    if too_often := refused(request, back=back, now=now):
        return too_often
    _note(request, called)
    lines = _lines(request.user, promises, now=now)
    content = spreadsheet.csv_of(lines)
    answer = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{called}-{now:%Y-%m-%d}.csv"'
    return cast("HttpResponse", answer)  # a view may answer in pieces, too


def as_workbook(
    request: StaffRequest, promises: CommitmentQuerySet, *, called: str, back: str, now: datetime
) -> HttpResponse:
    """Written to the disk first: its table of contents stands at its end. Of too many, nothing."""
    if too_often := refused(request, back=back, now=now):
        return too_often
    most = lengths.current().workbook_rows_at_most
    if promises.order_by().values("pk")[: most + 1].count() > most:
        messages.warning(
            request, f"A workbook holds {most:,} promises at most. Export these as CSV instead."
        )
        return redirect(back)
    _note(request, called)
    file = TemporaryFile()  # noqa: SIM115 - closed with the answer
    lines = _lines(request.user, promises, now=now)
    spreadsheet.workbook_of(lines, file=file)
    file.seek(0)
    name = f"{called}-{now:%Y-%m-%d}.xlsx"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=_WORKBOOK)
    return cast("HttpResponse", answer)


def _note(request: StaffRequest, called: str) -> None:
    account_log.note(f"{called} exported", by_id=request.user.pk)


def refused(request: StaffRequest, *, back: str, now: datetime) -> HttpResponse | None:
    """Each reads all that it holds: somebody is given only so many in an hour."""
    who, most = f"user:{request.user.pk}", lengths.current().exports_an_hour
    try:
        rate_limits.check("exports", who, most=most, per=rate_limits.HOUR, now=now)
    except rate_limits.TooOften as no:
        again_at = now + timedelta(seconds=no.wait)
        context = {"most": most, "again_at": again_at, "back": back}
        page = doors.page(request, "lists/too_often.html", context, now=now, status=429)
        page["Retry-After"] = str(no.wait)
        return page
    return None
