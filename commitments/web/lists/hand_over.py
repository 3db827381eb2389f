"""Hand over many promises at once: choose to whom, see what will happen, do it, take it back.

Each promise changes hands in a transaction of its own. One that was closed meanwhile, or that this
colleague cannot have, stays as it is and is named with the reason; the others go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, EventKind, User
from commitments.rules import saying
from commitments.web import backs, doors, fields, once, undo
from commitments.web.doors import StaffRequest, signed_in

from . import all_promises, picking, receivers
from .picking import Picked
from .receivers import Receiver

_LONGEST = 20_000  # of the references of many
_NAMED = 5  # of those that could not be handed over; the rest is counted
_BUSY = "Somebody else is at work on it. Try again in a moment."
_AGAIN = "This was sent already. The list shows how the promises stand now."


class HandOverManyForm(fields.SpokenForm):
    """To whom, and with which word. `shown` is what the preview showed, and for whom."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    picks = forms.CharField(max_length=_LONGEST, widget=forms.HiddenInput)
    asked = forms.CharField(max_length=3000, required=False, widget=forms.HiddenInput)
    back = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)
    shown = forms.CharField(max_length=_LONGEST, required=False, widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label="To whom?",
        error_messages={
            "required": "Choose a colleague or a team.",
            "invalid_choice": "Choose a colleague of these promises' teams, or one of your teams.",
        },
    )
    note = fields.lines(
        "What should they know?", what="The note", rows=2, required=False,
        help_text="Team only. It goes to both, and into the history of each promise.",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        picked: Picked,
        user: User,
        now: datetime,
        initial: Mapping[str, Any] | None = None,  # Any: likewise
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        found = receivers.of(picked.open, user=user, now=now)
        self.picked, self.user, self.now = picked, user, now
        self._receivers = {receiver.key: receiver for receiver in found}
        choices = [("", "Choose a colleague or a team")]
        choices += [(receiver.key, str(receiver)) for receiver in found]
        fields.offer(self, "to", choices)

    @property
    def receiver(self) -> Receiver:
        return self._receivers[self.cleaned_data["to"]]

    @property
    def fingerprint(self) -> str:
        return f"{self.cleaned_data['to']} {self.picked.references}"

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data["shown"] == self.fingerprint)

    def hand(self, promise: Commitment) -> Commitment:
        """One of them; raises CommitmentError where a rule says no."""
        what, _, pk = self.receiver.key.partition("-")
        by, note, now = self.user, self.cleaned_data["note"], self.now
        if what == "team":
            return services.hand_to_team(promise.pk, by=by, team_id=int(pk), note=note, now=now)
        return services.reassign(promise.pk, by=by, owner_id=int(pk), note=note, now=now)


@dataclass
class Done:
    """What became of each."""

    handed: list[Commitment] = field(default_factory=list)
    refused: list[tuple[Commitment, str]] = field(default_factory=list)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """From the list by GET; then the preview, and with it in hand the deed, by POST."""
    now, user = timezone.now(), request.user
    if not doors.teams_of(user, acting=True):
        raise PermissionDenied("This person changes no promises.")
    if request.method != "POST":
        return _ask(request, now=now)
    picked = picking.named(request.POST.get("picks", ""), user=user)
    if picked.problem:
        return _back(request, picked.problem, asked=_filters_of(request.POST.get("asked", "")))
    form = HandOverManyForm(request.POST, picked=picked, user=user, now=now)
    if not form.is_valid():
        return _page(request, form, now=now, status=422)
    if not form.is_confirmed:
        return _preview(request, form, now=now)
    return _hand_over(request, form, now=now)


def _ask(request: StaffRequest, *, now: datetime) -> HttpResponse:
    picked = picking.asked_for(request.GET, user=request.user, now=now)
    asked, back = all_promises.asked_of(request.GET), backs.known(request.GET.get("back", ""))
    if picked.problem:
        return _back(request, picked.problem, asked=asked, name=back)
    initial = {
        "once": once.new_key(),
        "picks": picked.references,
        "asked": asked,
        "to": request.GET.get("to", ""),
        "back": back,
    }
    form = HandOverManyForm(picked=picked, user=request.user, now=now, initial=initial)
    if initial["to"] and picked.open:
        return _preview_of(request, initial, form, now=now)
    return _page(request, form, now=now)


def _preview_of(
    request: StaffRequest, initial: Mapping[str, str], form: HandOverManyForm, *, now: datetime
) -> HttpResponse:
    """To whom was chosen in the list already: what will happen is shown at once."""
    chosen = HandOverManyForm(
        {**initial, "shown": ""}, picked=form.picked, user=request.user, now=now
    )
    if not chosen.is_valid():
        return _page(request, form, now=now)
    chosen.data = {**initial, "shown": chosen.fingerprint}
    return _page(request, chosen, now=now, preview=sentences(chosen))


def _preview(request: StaffRequest, form: HandOverManyForm, *, now: datetime) -> HttpResponse:
    shown = request.POST.copy()
    shown["shown"] = form.fingerprint
    form.data = shown
    return _page(request, form, now=now, preview=sentences(form))


def sentences(form: HandOverManyForm) -> list[str]:
    """What will happen, who is told, and what it comes to for the receiver."""
    receiver, going = form.receiver, form.picked.open
    count = saying.sentence_case(saying.say_count(len(going), "promise goes", "promises go"))
    owners = {each.owner for each in going if each.owner and each.owner != form.user}
    others = sorted(str(owner) for owner in owners if receiver.key != f"person-{owner.pk}")
    lead = " Its lead is told" if receiver.capacity is None else f" {receiver.name} is told"
    had = f", and so {'is' if len(others) == 1 else 'are'} {names_of(others)}" if others else ""
    return [
        f"{count} to {receiver.name}, {receiver.shift}.",
        receiver.after(len(going)),
        f"The promised times stay.{lead} at once, in one message{had}. No customer is told.",
    ]


def names_of(names: Sequence[str]) -> str:
    """`Ana, Ben and Cleo`; of many, the first three and how many more."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _hand_over(request: StaffRequest, form: HandOverManyForm, *, now: datetime) -> HttpResponse:
    """The key is used up first, and apart: each promise has a transaction of its own."""
    is_first = False

    def first() -> once.Answer:
        nonlocal is_first
        is_first = True
        return once.Answer(location=_leads_to(form), said=_AGAIN)

    answer = once.only_once(form, user=request.user, now=now, act=first)
    if not is_first:
        messages.success(request, answer.said)
        return redirect(answer.location)
    _say(request, form, _hand_each(form))
    return redirect(answer.location)


def _hand_each(form: HandOverManyForm) -> Done:
    done = Done()
    for promise in form.picked.promises:
        try:
            done.handed.append(form.hand(promise))
        except CommitmentError as no:
            done.refused.append((promise, str(no)))
        except OperationalError:
            done.refused.append((promise, _BUSY))
    return done


def _say(request: StaffRequest, form: HandOverManyForm, done: Done) -> None:
    if done.handed:
        count = saying.sentence_case(saying.say_count(len(done.handed), "promise"))
        token = _undo_token(done.handed, user=request.user, now=form.now)
        messages.success(request, f"{count} handed to {form.receiver.name}.", extra_tags=token)
    for promise, reason in done.refused[:_NAMED]:
        messages.warning(request, f"Not handed over: {promise.wording[:80]}. {reason}")
    if (more := len(done.refused) - _NAMED) > 0:
        others = saying.say_count(more, "other")
        messages.warning(request, f"Nor could {others} be handed over, for like reasons.")


def _undo_token(handed: Sequence[Commitment], *, user: User, now: datetime) -> str:
    events = Event.objects.filter(
        commitment__in=[promise.pk for promise in handed],
        kind=EventKind.REASSIGNED,
        actor=user,
        recorded_at=now,
    )
    return undo.token_for_all(list(events.values_list("pk", flat=True)))


def _leads_to(form: HandOverManyForm) -> str:
    """Back to the page that it was begun on, by its name, or to the list as it was filtered."""
    asked = _filters_of(str(form["asked"].value() or ""))
    return backs.page(str(form["back"].value() or "")) or all_promises.address(asked)


def _filters_of(asked: str) -> str:
    return all_promises.asked_of(QueryDict(asked[:3000]))


def _back(request: StaffRequest, problem: str, *, asked: str, name: str = "") -> HttpResponse:
    messages.warning(request, problem)
    return redirect(backs.page(name) or all_promises.address(asked))


def _page(
    request: StaffRequest,
    form: HandOverManyForm,
    *,
    now: datetime,
    preview: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": list(all_promises.rows_of(form.picked.promises, now=now)),
        "picked": form.picked,
        "preview": preview,
        "count": saying.sentence_case(form.picked.count),
        "going": len(form.picked.open),
        "back_url": _leads_to(form),
    }
    return doors.page(request, "lists/hand_over.html", context, now=now, status=status)
