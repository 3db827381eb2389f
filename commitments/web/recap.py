"""Several promises of one conversation: a card to read aloud, and one mail for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages import customer as customer_messages
from commitments.messages import fate
from commitments.messages import recap as mails
from commitments.models import Commitment, Conversation, User
from commitments.rules import saying
from commitments.services import Draft

from . import doors, fields, once, undo
from .doors import StaffRequest, signed_in
from .once import Answer
from .previews import Preview

_SHORT = timedelta(minutes=15)  # one call, with its promises logged one after another


class RecapForm(fields.SpokenForm):
    """Nothing is asked; the key keeps a double press from sending two."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One promise as it is read to the customer."""

    wording: str
    due: str
    owner: str
    reference: str


def in_one_talk(draft: Draft, *, by: User, now: datetime) -> Draft:
    """Whoever logs again for the same customer within minutes is still in the same conversation.

    Not where another case is named, nor where they spoke another way.
    """
    if draft.conversation_id is not None:
        return draft
    talks = Conversation.objects.filter(
        team=draft.team_id,
        customer=draft.customer_id,
        agent=by,
        channel=draft.channel,
        outside_reference=draft.case,
        at__gte=now - _SHORT,
    )
    latest = talks.order_by("-at", "-pk").first()
    return replace(draft, conversation_id=latest.pk) if latest else draft


def page_after(commitment: Commitment, *, now: datetime) -> str:
    """The page of all promises of this conversation; empty where this one stands alone."""
    others = Commitment.objects.live().filter(
        conversation=commitment.conversation_id, promised_at__gte=now - _SHORT
    )
    if not others.exclude(pk=commitment.pk).exists():
        return ""
    return reverse("web:recap", args=[commitment.conversation_id])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """The card; POST sends the one mail, or with `preview` shows it."""
    now = timezone.now()
    seen = Conversation.objects.visible_to(request.user).select_related("customer", "team")
    conversation = seen.filter(pk=pk).first()
    if conversation is None:
        raise Http404("No such conversation.")
    if request.method != "POST":
        form = RecapForm(initial={"once": once.new_key()})
        return _page(request, conversation, form, now=now)
    form = RecapForm(request.POST)
    if "preview" in request.POST:
        preview = _preview(conversation, by=request.user, now=now)
        return _page(request, conversation, form, preview=preview, now=now)
    return _send(request, conversation, form, now=now)


def _send(
    request: StaffRequest, conversation: Conversation, form: RecapForm, *, now: datetime
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, conversation, form, now=now, status=422)

    def act() -> Answer:
        services.recap(conversation.pk, by=request.user, now=now)
        first = conversation.customer.first_name
        said = f"One mail about all of it goes to {first} in {undo.wait_in_words()}."
        page = reverse("web:recap", args=[conversation.pk])
        return Answer(location=page, said=said, about=[conversation.customer_id])

    try:
        answer = once.only_once(form, user=request.user, now=now, act=act)
    except CommitmentError as no:
        form.add_error(None, str(no))
        return _page(request, conversation, form, now=now, status=422)
    messages.success(request, answer.said)
    return redirect(answer.location)


def _preview(conversation: Conversation, *, by: User, now: datetime) -> Preview:
    """The mail as it would be written; it is taken back before anything of it can go out."""
    try:
        with transaction.atomic():
            services.recap(conversation.pk, by=by, now=now)
            letters = fate.letters_about([mails.about(conversation.pk)])
            transaction.set_rollback(True)
    except CommitmentError as no:
        return Preview(nothing=str(no))
    return Preview(letters=tuple(letters[-1:]))


def _page(
    request: StaffRequest,
    conversation: Conversation,
    form: RecapForm,
    *,
    preview: Preview | None = None,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    promises = list(conversation.commitments.live().with_everything().order_by("pk"))
    going = [mail for mail in mails.written(conversation.pk) if not mail.is_taken_back]
    covered = bool(promises) and any(
        {each.pk for each in promises} <= mail.covered for mail in going
    )
    obstacle = customer_messages.unreachable(
        conversation.customer, customer_messages.Template.RECAP, now=now
    )
    context = {
        "conversation": conversation,
        "customer": conversation.customer,
        "spoken": [_spoken(each, now=now) for each in promises],
        "form": form,
        "preview": preview,
        "is_covered": covered,
        "obstacle": obstacle.reason if obstacle else "",
        "may_send": len(promises) > 1 and not covered and obstacle is None,
        "acts": bool(promises) and doors.may_act(request.user, promises[0]),
        "undo_wait": undo.wait_in_words(),
    }
    return doors.page(request, "recap.html", context, now=now, status=status)


def _spoken(commitment: Commitment, *, now: datetime) -> Spoken:
    """In the customer's own time, as they will look at their clock."""
    zone = customer_messages.zone_of(commitment)
    return Spoken(
        wording=commitment.wording,
        due=saying.say_time(commitment.due_at, zone=zone, now=now, audience="customer"),
        owner=customer_messages.who_owes(commitment),
        reference=commitment.reference,
    )
