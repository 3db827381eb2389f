"""Paste a conversation, see the promises in it, and log those that are meant."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages import customer as customer_messages
from commitments.models import Commitment, User
from commitments.once import KeyUsedDifferently
from commitments.rules import saying

from . import doors, once, undo, verbs
from .customers import Newcomer
from .doors import StaffRequest, signed_in
from .once import Answer
from .suggest_form import ConversationForm

# Where on a card, and where above the cards, a rule's sentence belongs.
_ON_A_CARD: Final = {
    "due_at": "when", "due_said": "when", "owner": "owner", "kind_id": "kind",
}  # fmt: skip
_SAVED_BEFORE: Final = (
    "Something was saved from this page already, and you have changed your choice since. "
    "Leave out what stands in My promises, then save again."
)
_ABOVE: Final = {"customer_id": "who", "team_id": "team", "conversation_id": "case"}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """The form, empty or with what was found; once that was shown, the accepted ones are saved."""
    now = timezone.now()
    form = _form(request, now=now)
    if not form.teams:
        raise PermissionDenied("This person makes no promises.")
    if request.method != "POST":
        return _page(request, form, now=now)
    if not form.is_valid() or form.faulty:
        return _page(request, form, now=now, status=422)
    if not form.is_confirmed:
        return _page(request, form, now=now)
    try:
        answer = once.only_once(
            form,
            user=request.user,
            now=now,
            act=partial(_make, form, user=request.user, now=now),
            beside=_accepted(form),
        )
    except KeyUsedDifferently:
        form.write({"once": once.new_key()})
        form.refuse(CommitmentError(_SAVED_BEFORE), places={})
        return _page(request, form, now=now, status=422)
    except CommitmentError as no:
        _refuse(form, no)
        return _page(request, form, now=now, status=422)
    for said, token in zip(answer.said.split("\n"), answer.undo.split("\n"), strict=True):
        messages.success(request, said, extra_tags=token)
    return redirect(answer.location)


def _accepted(form: ConversationForm) -> str:
    """What the cards say that are to be saved."""
    return repr([(card.said.key, card.cleaned_data) for card in form.kept])


def _form(request: StaffRequest, *, now: datetime) -> ConversationForm:
    """A phone system or help desk opens it with `?customer=&case=`."""
    if request.method == "POST":
        return ConversationForm(_taken(request.POST), user=request.user, now=now)
    asked = request.GET
    initial = {
        "once": once.new_key(),
        "who": asked.get("customer", "")[:200],
        "case": asked.get("case", "")[:120],
    }
    form = ConversationForm(user=request.user, now=now, initial=initial)
    form.open_at("text")
    return form


def _taken(data: QueryDict) -> QueryDict:
    """The form as sent; where a card's button offered another time, with that one noted on it."""
    if "take" not in data:
        return data
    chosen = data.copy()
    key, _, offer = str(data["take"])[:400].partition("|")
    at, _, words = offer.partition("|")
    for name, value in (("taken", at), ("taken_for", words), ("keep", "yes")):
        chosen[f"{key}-{name}"] = value
    return chosen


def _page(
    request: StaffRequest, form: ConversationForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    context = {"form": form, "has_keys": request.user.keys_on}
    return doors.page(request, "suggest.html", context, now=now, status=status)


def _make(form: ConversationForm, *, user: User, now: datetime) -> Answer:
    customer = form.customer_meant
    if customer is None or form.team_meant is None:
        raise CommitmentError("Read the conversation again, then save.")
    if isinstance(customer, Newcomer):
        customer = services.customer_for(team=form.team_meant, **asdict(customer))
    made = services.make_together(form.drafts(customer.pk), by=user, now=now)
    is_mine = any(each.owner_id == user.pk for each in made)
    return Answer(
        location=reverse("web:mine") if is_mine else verbs.page_of(made[0]),
        said="\n".join(_said(each, user=user, now=now) for each in made) + form.left_out_said,
        undo="\n".join(undo.token_for(each, user=user) for each in made),
        about=[each.customer_id for each in made],
    )


def _said(commitment: Commitment, *, user: User, now: datetime) -> str:
    due = saying.say_time(commitment.due_at, zone=user.zone, now=now)
    name, wording = commitment.customer.first_name, commitment.wording.rstrip(".")
    logged = f"Logged for {name}, {due}: {wording}."
    if not commitment.kind.summary_on:
        return logged
    obstacle = customer_messages.unreachable(
        commitment.customer, customer_messages.Template.AGREEMENT, now=now
    )
    if obstacle is not None:
        return f"{logged} {obstacle.reason}"
    return f"{logged} Summary goes out in {undo.wait_in_words()}."


def _refuse(form: ConversationForm, no: CommitmentError) -> None:
    """A rule said no: put its sentence on the card, or beside the field, that it is about."""
    if isinstance(no, services.NotTogether) and no.field not in _ABOVE:
        place = _ON_A_CARD.get(no.field or "", "wording")
        form.kept[no.position].add_error(place, str(no))
    else:
        form.refuse(no, places=_ABOVE)
