"""What the bell shows, in full: open it, put it off, or be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.errors import CommitmentError
from commitments.messages import reminders, thanks
from commitments.messages.reminders import Reminder
from commitments.messages.staff import Template
from commitments.models import Commitment, User
from commitments.rules import reference, saying
from commitments.rules.business_time import Hours
from commitments.web import doors, once, reads
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.states import State

from . import offers
from .later_form import LaterForm

_NEW = 100  # on the page; they are few, or somebody was away for long
_DUE_SOON = State("soon", "clock", "Due soon")
_OVERDUE = State("late", "clock-alert", "Overdue")
_STILL_OPEN = State("soon", "message-circle-warning", "Still open")
_UNHAPPY = State("soon", "frown", "Still unhappy")
_DISPUTED = State("soon", "message-circle-warning", "Not right, says the customer")
_REPLIED = State("wait", "message-square-text", "Customer replied")
_HELP = State("soon", "life-buoy", "A hand is wanted")
_UNDELIVERED = State("late", "mail-x", "Not delivered")
_HANDED = State("quiet", "arrow-right-left", "Handed over")
_OWN = State("wait", "alarm-clock", "You asked")
_NEWS = State("quiet", "bell", "News")
_THANKS = State("kept", "heart", "Thanks")
_KINDS = {
    Template.REMINDER: _DUE_SOON,
    Template.UPDATE_DUE: _DUE_SOON,
    Template.OVERDUE: _OVERDUE,
    Template.ESCALATION: _OVERDUE,
    Template.ASK_AGAIN: _OVERDUE,
    Template.CUSTOMER_STILL_OPEN: _STILL_OPEN,
    Template.REOPENED: _STILL_OPEN,
    Template.LOW_RATING: _UNHAPPY,
    Template.CUSTOMER_WROTE: _REPLIED,
    Template.CUSTOMER_DISPUTES: _DISPUTED,
    Template.DECIDE: _REPLIED,
    Template.HANDED_OVER: _HANDED,
    Template.HANDED_ON: _HANDED,
    Template.HELP_WANTED: _HELP,
    Template.UNDELIVERED: _UNDELIVERED,
    Template.UNREACHED: _UNDELIVERED,
    reminders.OWN: _OWN,
    thanks.TEMPLATE: _THANKS,
}
_OF_CLOSED = (_UNHAPPY, _THANKS)
_BY_NEED = (
    *(_OVERDUE, _DISPUTED, _UNDELIVERED, _STILL_OPEN, _UNHAPPY, _REPLIED),
    *(_DUE_SOON, _OWN, _HELP, _HANDED, _THANKS, _NEWS),
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A reminder, what it is, and the promise it is about as far as its reader may see it."""

    reminder: Reminder
    kind: State
    promise: Commitment | None = None
    asks_to_make_right: bool = False  # it is about a time that has passed, and the reader may act

    @property
    def is_over(self) -> bool:
        """It was about a promise that was still owed, which is closed by now."""
        was_closed = self.kind in _OF_CLOSED
        return self.promise is not None and not self.promise.is_live and not was_closed


@dataclass(frozen=True, kw_only=True)
class Group:
    """Reminders of one sort, the newest on top."""

    kind: State
    lines: list[Line]


@require_safe
@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """What asks for me, what I put off and until when, and what I have seen lately."""
    now, user = timezone.now(), request.user
    new = reminders.latest_unread(user, now=now, most=_NEW)
    later = reminders.put_off(user, now=now)
    seen = reminders.seen(user, now=now)
    promises = _promises(user, [*new, *later, *seen])
    lines = partial(_line, promises=promises, user=user, now=now)
    context = {
        "new": _groups([lines(each) for each in new]),
        "is_many": len(new) > 1,
        "later": [lines(each) for each in later],
        "seen": [lines(each) for each in seen],
        "offers": offers.of(user, now=now) if new or later else [],
    }
    return doors.page(request, "reminders.html", context, now=now)


@require_POST
@signed_in
def read(request: StaffRequest) -> HttpResponse:
    """I have seen all of them."""
    reminders.mark_seen(request.user, now=timezone.now())
    return redirect("web:reminders")


@require_POST
@signed_in
def seen(request: StaffRequest, pk: int) -> HttpResponse:
    """I have seen this one. Pressed twice, it stays seen."""
    _mine(request.user, pk)
    reminders.mark_seen(request.user, pk=pk, now=timezone.now())
    return redirect("web:reminders")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def later(request: StaffRequest, pk: int) -> HttpResponse:
    """Put it off: with one press to a time that is offered, or to one in words."""
    now, user = timezone.now(), request.user
    reminder = _mine(user, pk)
    if request.method != "POST":
        return _page(request, reminder, _form(user, now=now), now=now)
    if "to" in request.POST:
        return _to_offered(request, reminder, str(request.POST["to"]), now=now)
    form = _form(user, data=reads.taken(request.POST), now=now)
    if not form.is_valid():
        return _page(request, reminder, form, now=now, status=422)
    if not form.is_confirmed or form.due is None:
        return _page(request, reminder, form, now=now)
    return _put_off(request, reminder, form.due.at, now=now)


def _to_offered(
    request: StaffRequest, reminder: Reminder, name: str, *, now: datetime
) -> HttpResponse:
    """Of a page that was left open, "later today" is later than now."""
    offered = {offer.name: offer for offer in offers.of(request.user, now=now)}
    if name not in offered:
        notes.warning(request, "That time is not offered any more. Choose another.")
        return redirect("web:reminders")
    return _put_off(request, reminder, offered[name].at, now=now)


def _put_off(
    request: StaffRequest, reminder: Reminder, at: datetime, *, now: datetime
) -> HttpResponse:
    try:
        reminders.show_later(request.user, reminder.pk, at=at, now=now)
    except CommitmentError as no:
        notes.warning(request, str(no))
        return redirect("web:reminders")
    until = saying.say_time_inside(at, zone=request.user.zone, now=now)
    notes.success(request, f"Put off until {until}, or until the customer writes.")
    return redirect("web:reminders")


def _form(user: User, *, data: object = None, now: datetime) -> LaterForm:
    hours = offers.hours_of(user) or Hours.round_the_clock(user.zone)
    initial = {"once": once.new_key()}
    return LaterForm(data, user=user, hours=hours, now=now, initial=initial)  # type: ignore[arg-type]  # a QueryDict


def _mine(user: User, pk: int) -> Reminder:
    """Anybody else's does not exist."""
    found = reminders.find(user, pk)
    if found is None:
        raise Http404("No such reminder.")
    return found


def _promises(user: User, found: Iterable[Reminder]) -> dict[str, Commitment]:
    """The promises they are about that this person may see, by reference."""
    pks = {pk for each in found if (pk := reference.read(each.reference)) is not None}
    seen = Commitment.objects.visible_to(user).filter(pk__in=pks)
    return {each.reference: each for each in seen.select_related("customer")}


def _line(
    reminder: Reminder, *, promises: dict[str, Commitment], user: User, now: datetime
) -> Line:
    kind = _KINDS.get(reminder.template, _NEWS)
    promise = promises.get(reminder.reference)
    is_late = kind is _OVERDUE and promise is not None and promise.is_overdue(now)
    return Line(
        reminder=reminder,
        kind=kind,
        promise=promise,
        asks_to_make_right=is_late and promise is not None and doors.may_act(user, promise),
    )


def _groups(lines: list[Line]) -> list[Group]:
    """By what they are, what needs somebody most on top."""
    sorts = {kind: [line for line in lines if line.kind == kind] for kind in _BY_NEED}
    return [Group(kind=kind, lines=found) for kind, found in sorts.items() if found]


def _page(
    request: StaffRequest, reminder: Reminder, form: LaterForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    promise = _promises(request.user, [reminder]).get(reminder.reference)
    context = {
        "form": form,
        "reminder": reminder,
        "promise": promise,
        "offers": offers.of(request.user, now=now),
    }
    return doors.page(request, "reminder_later.html", context, now=now, status=status)
