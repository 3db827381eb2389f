"""A promise is logged from a form that has been understood: made once, and said."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.html import format_html

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages import customer as customer_messages
from commitments.models import Commitment, Suggestion, User
from commitments.rules import saying
from commitments.services import suggestions

from . import once, previews, recap, undo, verbs
from .customers import Newcomer
from .once import Answer
from .promise_form import PromiseForm
from .understood import Understood

# Where the form asks for what a rule refuses.
FIELDS = {
    "due_at": "when", "due_said": "when", "customer_id": "who", "owner_id": "owner",
    "team_id": "team", "kind_id": "kind", "case": "case", "conversation_id": "case",
}  # fmt: skip


def log(form: PromiseForm, understood: Understood, *, user: User, now: datetime) -> Answer:
    """Raises CommitmentError where a rule says no; a form that is sent twice is answered twice."""
    act = partial(_make, understood, form, user=user, now=now)
    return once.only_once(form, user=user, now=now, act=act)


def preview(
    form: PromiseForm, understood: Understood, *, user: User, now: datetime
) -> previews.Agreement | None:
    """What its customer would read, where they are to be sent a summary."""
    if not understood.summary:
        return None
    return previews.of_making(partial(_made, understood, form, user=user, now=now))


def _made(understood: Understood, form: PromiseForm, *, user: User, now: datetime) -> Commitment:
    customer = understood.customer
    if isinstance(customer, Newcomer):
        customer = services.customer_for(team=understood.team, **asdict(customer))
    draft = recap.in_one_talk(form.draft(understood, customer_id=customer.pk), by=user, now=now)
    suggested: int | None = form.cleaned_data["suggested"]
    if suggested is None:
        return services.make(draft, by=user, now=now)
    if not Suggestion.objects.visible_to(user).filter(pk=suggested).exists():
        raise CommitmentError("This draft is gone. Log the promise on a new page.")
    return suggestions.accept(suggested, draft, by=user, now=now)


def _make(understood: Understood, form: PromiseForm, *, user: User, now: datetime) -> Answer:
    commitment = _made(understood, form, user=user, now=now)
    return Answer(
        location=reverse("web:mine")
        if commitment.owner_id == user.pk
        else verbs.page_of(commitment),
        page=verbs.page_of(commitment),
        said=_said(commitment, summary=understood.summary, user=user, now=now),
        undo=undo.token_for(commitment, user=user),
        recap=recap.page_after(commitment, now=now),
        about=[commitment.customer_id],
    )


def note(answer: Answer) -> str:
    """What is said once it is logged, with a way to all promises of the conversation."""
    if not answer.recap:
        return answer.said
    link = format_html('<a href="{}">Read them all aloud, or send one mail</a>', answer.recap)
    return format_html("{} {}", answer.said, link)


def _said(commitment: Commitment, *, summary: bool, user: User, now: datetime) -> str:
    due = saying.say_time(commitment.due_at, zone=user.zone, now=now)
    logged = f"Logged for {commitment.customer.first_name}, {due}."
    if not summary:
        return logged
    obstacle = customer_messages.unreachable(
        commitment.customer, customer_messages.Template.AGREEMENT, now=now
    )
    if obstacle is not None:
        return f"{logged} {obstacle.reason}"
    return f"{logged} Summary goes out in {undo.wait_in_words()}."
