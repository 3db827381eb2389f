"""The customer's page about one conversation: what we promised, by when, and is it still true?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Conversation
from commitments.rules.lifecycle import Status

from . import doors, panels


@doors.customer_page
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    conversation, link = doors.conversation_behind(token, now=now)
    commitments = _shown(conversation)
    if not commitments:
        raise doors.DeadLink
    customer, team_zone = conversation.customer, commitments[0].due_zone
    context = {
        **doors.times(customer, team_zone=team_zone, link=link, now=now),
        "customer": customer.first_name,
        "panels": panels.of(commitments, now=now),
    }
    return doors.page(request, "status.html", context)


def _shown(conversation: Conversation) -> list[Commitment]:
    """Its promises in the order they were made; none that was a mistake or is hidden."""
    commitments = conversation.commitments.filter(hidden_at=None).exclude(status=Status.VOID)
    return list(commitments.with_everything().order_by("promised_at", "pk"))
