"""Take back the last action, within half a minute, by its actor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from commitments import lengths, services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, User
from commitments.rules import saying
from commitments.services import undoing

from .doors import StaffRequest, signed_in

_SALT = "commitments.web.undo"


def wait_in_words() -> str:
    """How long what goes to a customer waits for an undo: `30 seconds`."""
    return f"{lengths.current().undo.total_seconds():.0f} seconds"


def token_for(commitment: Commitment, *, user: User) -> str:
    """What takes back this person's latest action on the promise, signed; empty if nothing can."""
    actions = commitment.events.filter(actor=user).exclude(kind__in=undoing.FOLLOWS_BY_ITSELF)
    latest = actions.order_by("-sequence").first()
    if latest is None or latest.kind in undoing.CANNOT_BE_UNDONE:
        return ""
    return signing.dumps(latest.pk, salt=_SALT)


def token_for_all(event_ids: Sequence[int]) -> str:
    """What takes back all of these at once, signed."""
    return signing.dumps(list(event_ids), salt=_SALT, compress=True) if event_ids else ""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def undo(request: StaffRequest, token: str) -> HttpResponse:
    """Undo what the token names; a rule that says no is shown in its own words.

    Whoever signs in again on the way comes back by GET: that undoes nothing, and says so.
    """
    if request.method != "POST":
        messages.warning(request, f"Nothing was taken back. Undo works for {wait_in_words()} only.")
        return redirect("web:home")
    try:
        named = signing.loads(token, salt=_SALT)
    except signing.BadSignature as forged:
        raise Http404("No such action.") from forged
    is_many = isinstance(named, list)
    return _in_place(
        request, _undo_all(request, named) if is_many else _undo_one(request, int(named))
    )


def _undo_one(request: StaffRequest, event_id: int) -> HttpResponse:
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


def _undo_all(request: StaffRequest, event_ids: Sequence[int]) -> HttpResponse:
    """Each by itself: what something has happened to since stays as it is, and is counted."""
    seen = Commitment.objects.visible_to(request.user)
    theirs = Event.objects.filter(pk__in=event_ids, commitment__in=seen).order_by("pk")
    undone, refused = 0, Counter[str]()
    for pk in list(theirs.values_list("pk", flat=True)):
        try:
            services.undo(pk, by=request.user, now=timezone.now())
        except CommitmentError as no:
            refused[str(no)] += 1
        else:
            undone += 1
    if undone:
        count = saying.sentence_case(saying.say_count(undone, "promise"))
        messages.success(request, f"Taken back. {count} as before.")
    for reason, number in refused.items():
        stayed = saying.sentence_case(saying.say_count(number, "promise stays", "promises stay"))
        messages.warning(request, f"{stayed} as handed over. {reason}")
    return redirect("web:promises")


def _in_place(request: StaffRequest, plain: HttpResponse) -> HttpResponse:
    """Said on My promises itself, which is renewed; any other page is left for the plain answer."""
    if not request.htmx:
        return plain
    page = request.htmx.current_url_abs_path or ""
    if not page.startswith(reverse("web:mine")):
        return HttpResponse(headers={"HX-Redirect": plain["Location"]})
    response = render(request, "messages.html")
    response["HX-Trigger"] = "promises-changed"
    return response
