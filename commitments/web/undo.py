"""Take back the last action, within half a minute, by its actor."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import lengths, services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, EventKind, User

from .doors import StaffRequest, signed_in

_SALT = "commitments.web.undo"


# Recorded after somebody's action, as a consequence of it.
_CONSEQUENCES = (EventKind.CHECK_IN_PLANNED, EventKind.STEP_PASSED_OVER)
_FINAL = (EventKind.ACKNOWLEDGED, EventKind.HELP_ASKED, EventKind.UNDONE)


def wait_in_words() -> str:
    """How long what goes to a customer waits for an undo: `30 seconds`."""
    return f"{lengths.current().undo.total_seconds():.0f} seconds"


def token_for(commitment: Commitment, *, user: User) -> str:
    """What takes back this person's latest action on the promise, signed; empty if nothing can."""
    actions = commitment.events.filter(actor=user).exclude(kind__in=_CONSEQUENCES)
    latest = actions.order_by("-sequence").first()
    if latest is None or latest.kind in _FINAL:
        return ""
    return signing.dumps(latest.pk, salt=_SALT)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: StaffRequest, token: str) -> HttpResponse:
    """Undo what the token names; a rule that says no is shown in its own words.

    Whoever signs in again on the way comes back by GET: that undoes nothing, and says so.
    """
    if request.method != "POST":
        messages.warning(request, f"Nothing was taken back. Undo works for {wait_in_words()} only.")
        return redirect("web:home")
    try:
        event_id = int(signing.loads(token, salt=_SALT))
    except signing.BadSignature as forged:
        raise Http404("No such action.") from forged
    seen = Commitment.objects.visible_to(request.user)
    event = Event.objects.filter(pk=event_id, commitment__in=seen).first()
    if event is None:
        raise Http404("No such action.")
    try:
        commitment = services.undo(event.pk, by=request.user, now=timezone.now())
    except CommitmentError as no:
        messages.warning(request, str(no))
        return redirect("web:promise", ref=event.commitment.reference)
    messages.success(request, "Taken back. Nothing was sent.")
    if not commitment.is_live:
        return redirect(reverse("web:mine"))
    return redirect("web:promise", ref=commitment.reference)
