"""What a customer would read if a form were sent now.

The verb is done, what it wrote is read, and all of it is taken back, in one transaction. So the
preview can never say something else than the message: there is no second code that could.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from commitments.errors import CommitmentError
from commitments.messages import fate
from commitments.messages.fate import Letter
from commitments.models import CheckIn, Commitment, Event, EventKind
from commitments.services.making_right import REMEDY

from .check_in_forms import CheckInForm
from .verb_forms import VerbForm


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The letters that would go out; or, where there is none, why: `nothing` is a sentence."""

    letters: tuple[Letter, ...] = ()
    nothing: str = ""


def of(form: VerbForm) -> Preview:
    """What this valid form would send to the customer. Nothing is kept."""
    before = form.commitment.event_count
    try:
        with transaction.atomic():
            found = _read(form.act(), form, before=before)
            transaction.set_rollback(True)
    except CommitmentError as no:
        return Preview(nothing=str(no))
    return found


@dataclass(frozen=True, kw_only=True)
class Agreement(Preview):
    """What was agreed, as its customer, called by their first name, would read it."""

    first: str = ""


def of_making(make: Callable[[], Commitment]) -> Agreement:
    """What a customer would be sent if this promise were made now. Nothing is kept."""
    try:
        with transaction.atomic():
            made = make()
            letters = fate.letters(made, set(made.events.values_list("pk", flat=True)))
            found = Agreement(letters=tuple(letters), first=made.customer.first_name)
            transaction.set_rollback(True)
    except CommitmentError:
        return Agreement()  # the rule says so beside its field once the form is sent
    return found


def _read(commitment: Commitment, form: VerbForm, *, before: int) -> Preview:
    events = list(commitment.events.filter(sequence__gt=before).select_related("text"))
    letters = fate.letters(commitment, {event.pk for event in events})
    letters += [letter for event in events for letter in _about_amends(event)]
    if isinstance(form, CheckInForm):
        letters = fate.letters_about([asked.about for asked in _asked(commitment, form)])
    if letters:
        return Preview(letters=tuple(letters))
    obstacles = [
        event.words
        for event in events
        if event.kind == EventKind.MESSAGE_NOT_SENT and event.audience.startswith("customer")
    ]
    return Preview(nothing=" ".join(obstacles) or form.silence())


def _about_amends(event: Event) -> list[Letter]:
    """A mail of its own about what was promised to make up for it."""
    made = Event.objects.filter(commitment=event.changes.get(REMEDY), kind=EventKind.MADE)
    found = made.select_related("commitment") if REMEDY in event.changes else made.none()
    return [letter for each in found for letter in fate.letters(each.commitment, {each.pk})]


def _asked(commitment: Commitment, form: VerbForm) -> QuerySet[CheckIn]:
    """The question that this form has sent."""
    return CheckIn.objects.filter(items__commitment=commitment, sent_at=form.now)
