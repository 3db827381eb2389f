"""One promise: keep it, or be honest about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from commitments import agenda, messages
from commitments.messages import fate
from commitments.models import Commitment, Customer, User
from commitments.rules import causes, contacts, reference, saying
from commitments.rules.lifecycle import Status
from commitments.understanding import kinds, steps_ahead, why

from . import (
    actions,
    attention,
    doors,
    earlier,
    handed_on,
    heard,
    one_promise,
    states,
    thanked,
    timeline,
    undo,
    verbs,
)
from .doors import StaffRequest, signed_in

_FAR = 10**9


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The due time in words: a headline, and what it asks of the reader."""

    headline: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What happens if it stays open: a moment and a sentence."""

    at: datetime | None  # None: with the next round
    sentence: str


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """The page; for a script that has just acted on the promise, what takes its place."""
    now = timezone.now()
    try:
        commitment = doors.promise_for(request.user, ref, among=one_promise.with_all_around(now))
    except Http404:
        gone = handed_on.gone_from(request.user, ref)
        return doors.page(request, "handed_on.html", {"gone": gone}, now=now)
    roster = messages.Roster([commitment], away=one_promise.unfold(commitment), now=now)
    acts = doors.may_act(request.user, commitment)
    context = {
        "acts": acts,
        "heard": _heard(commitment, user=request.user, now=now, acts=acts),
        "doubted": getattr(commitment, "in_doubt", False),  # annotated by `one_promise`
        **_how_it_stands(commitment, user=request.user, now=now),
        **_what_can_be_done(commitment, request, now=now, acts=acts),
        **_what_has_happened(commitment, request, roster, now=now, acts=acts),
        **_what_is_around(commitment, user=request.user, now=now),
        "page_url": verbs.page_of(commitment),
    }
    template = "promise_here.html" if request.htmx else "promise.html"
    response = doors.page(request, template, context, now=now)
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "#promise", "outerHTML"
    return response


def _how_it_stands(commitment: Commitment, *, user: User, now: datetime) -> dict[str, object]:
    state = states.of(commitment, now=now, soon=states.is_soon(commitment, now=now))
    return {
        "commitment": commitment,
        "state": state,
        "panel": panel_of(commitment, state, user=user, now=now),
        "why": why.of_promise(commitment, now=now),
        "why_note": why.note_on(commitment, zone=user.zone, now=now),
    }


def _what_can_be_done(
    commitment: Commitment, request: StaffRequest, *, now: datetime, acts: bool
) -> dict[str, object]:
    if not acts:
        return {}
    return {
        "primary": actions.primary_of(commitment, now=now),
        "actions": actions.next_of(commitment, now=now),
        "more": [each for each in actions.more_of(commitment) if each.verb in verbs.FORMS],
        "update_form": _update_form(commitment, request, now=now),
        "update_url": reverse("web:verb", args=[commitment.reference, "update"]),
        "undo_wait": undo.wait_in_words(),
    }


def _what_has_happened(
    commitment: Commitment,
    request: StaffRequest,
    roster: messages.Roster,
    *,
    now: datetime,
    acts: bool,
) -> dict[str, object]:
    before = request.GET.get("before", "")
    place = min(int(before), _FAR) if before.isascii() and before.isdecimal() else None
    fates = fate.of(commitment)
    history = timeline.history_of(commitment, before=place, people=roster.people())
    if not acts:
        history, fates = _unreached(history, fates, commitment.customer)
    return {
        "history": thanked.woven_in(history, commitment, reader=request.user),
        "ahead": ahead_of(commitment, roster=roster, now=now),
        "fates": fates,
        "waiting_messages": attention.waiting_for(request.user, commitment, fates),
    }


def _heard(commitment: Commitment, *, user: User, now: datetime, acts: bool) -> heard.Heard | None:
    """What waits for an answer; for an auditor without how the customer asks to be reached."""
    said = heard.of(commitment, zone=user.zone, now=now)
    if said is None or acts:
        return said
    return replace(said, words=contacts.left_out(said.words, phone=commitment.customer.phone))


def _unreached(
    history: timeline.History, fates: list[fate.Fate], customer: Customer
) -> tuple[timeline.History, list[fate.Fate]]:
    """The same for an auditor: a mail server that refuses a mail quotes whom it was for, and
    customers write where they can be called.
    """
    bare = partial(contacts.left_out, phone=customer.phone)
    lines = [replace(each, words=bare(each.words), note=bare(each.note)) for each in history.lines]
    told = [replace(each, to=bare(each.to), reason=bare(each.reason)) for each in fates]
    return replace(history, lines=lines), told


def _what_is_around(commitment: Commitment, *, user: User, now: datetime) -> dict[str, object]:
    path = messages.status_path(commitment.conversation, now=now)
    follows = commitment.follows_id
    return {
        "earlier": earlier.promises_to(
            commitment.customer_id, seen_by=user, apart_from=commitment.pk, now=now
        ),
        "usual_length": kinds.usual_length(commitment.kind),
        "cause_said": causes.said(commitment.cause),
        "follows": reference.write(follows) if follows else "",
        "decided_in": _review_of(commitment, user=user),
        "customer_path": path,
        "customer_link": f"{settings.PUBLIC_URL}{path}",
        "what_they_see": what_they_see(commitment, now=now),
    }


def _review_of(commitment: Commitment, *, user: User) -> int | None:
    """The review that decided this, for those who may read it."""
    decided_in: int | None = getattr(commitment, "decided_in", None)  # annotated by `one_promise`
    return decided_in if doors.reads_reviews_of(user, commitment.team_id) else None


def what_they_see(commitment: Commitment, *, now: datetime) -> str:
    """What the customer's own page says about it, in a sentence."""
    first = commitment.customer.first_name
    if commitment.hidden_at is not None:
        return f"Nothing of it: it was taken off {first}'s page."
    if not commitment.is_live:
        return "A page of its own that says how it ended, and nothing of the team's notes."
    if commitment.is_waiting:
        return f"A page of its own that asks {first} for the one thing we need."
    if commitment.is_overdue(now):
        return "A page of its own that shows the time as passed, with your last update."
    return "A page of its own, with the time, the updates and nothing of the team's notes."


def panel_of(commitment: Commitment, state: states.State, *, user: User, now: datetime) -> Panel:
    """How it stands, in words."""
    first = commitment.customer.first_name
    due = saying.say_time_inside(commitment.due_at, zone=user.zone, now=now)
    ago = saying.say_ago(commitment.due_at, now=now)
    if commitment.closed_at is not None:
        ended = saying.say_time_inside(commitment.closed_at, zone=user.zone, now=now)
        return Panel(headline=f"{state.words}, {ended}", text=f"It was due {due}.")
    if commitment.waiting_since is not None:
        since = saying.say_time_inside(commitment.waiting_since, zone=user.zone, now=now)
        headline = f"Waiting on {first} since {since}"
        return Panel(headline=headline, text=f"We asked: {commitment.waiting_for}")
    headline = f"Due {due}, {ago}"
    if not commitment.is_overdue(now):
        return Panel(headline=headline, text=_as_promised(commitment, user=user, now=now))
    return Panel(headline=headline, text=_silence(commitment, user=user, now=now))


def _as_promised(commitment: Commitment, *, user: User, now: datetime) -> str:
    if not commitment.was_moved:
        return f"{commitment.customer.first_name} counts on this time."
    first = saying.say_time_inside(commitment.first_due_at, zone=user.zone, now=now)
    return f"First promised for {first}."


def _silence(commitment: Commitment, *, user: User, now: datetime) -> str:
    if not commitment.kind.for_customers:
        return "No customer waits for word of it. Do it, or set a new time."
    first, told_at = commitment.customer.first_name, commitment.told_at
    if told_at is None:
        heard = f"{first} has not heard from us about it."
    else:
        said = saying.say_time_inside(told_at, zone=user.zone, now=now)
        if not commitment.is_not_told(now):
            return f"{first} was told {said}. Keep the next time, or tell them again."
        heard = f"{first} has not heard from us since {said}."
    return f"{heard} A short, honest note helps more than a late answer."


def ahead_of(
    commitment: Commitment, *, roster: messages.Roster | None = None, now: datetime
) -> list[Ahead]:
    """The steps still to come, in plain sentences with the names of those who are meant."""
    if commitment.status != Status.OPEN:
        return []
    standing, terms = agenda.Standing.of(commitment), agenda.Terms.load(commitment)
    roster = roster or messages.Roster([commitment], now=now)
    programs = steps_ahead.listeners(terms.ladder)
    found = []
    if (again := agenda.said_again(standing, terms)) is not None and again.step is not None:
        meant = steps_ahead.meant(again.step, commitment, roster, programs)
        found.append(Ahead(at=_ahead(again.at, now), sentence=f"{meant}, once more"))
    for step, at in agenda.upcoming(standing, terms):
        sentence = steps_ahead.sentence(step, commitment, roster, programs)
        is_pointless = step.is_before_due and commitment.is_overdue(now)
        if sentence and not is_pointless:
            found.append(Ahead(at=_ahead(at, now), sentence=sentence))
    return found


def _ahead(at: datetime, now: datetime) -> datetime | None:
    return at if at > now else None


def _update_form(commitment: Commitment, request: StaffRequest, *, now: datetime) -> object | None:
    """The box on the page itself; it posts to the update page."""
    if not commitment.is_live:
        return None
    form = verbs.new_form("update", commitment, request, now=now)
    form.auto_id = f"{verbs.UPDATE_BOX}-%s"
    if request.user.keys_on:
        form.fields["words"].widget.attrs["aria-keyshortcuts"] = "U"
    return form
