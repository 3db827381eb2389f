"""A promise that went from somebody to another team, which they may not look into.

They were told so, with its address. What they find there is who has it now, and nothing since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from commitments.models import Event, EventKind, User
from commitments.rules import reference


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What they knew of it, and where it went. `by` is empty where a step of a ladder did it."""

    wording: str
    team: str
    by: str
    at: datetime


def gone_from(user: User, ref: str) -> Gone:
    """The last time it was taken from this person; whoever never had it gets the same 404."""
    pk = reference.read(ref)
    taken = Event.objects.filter(
        commitment=pk, kind=EventKind.REASSIGNED, changes__owner_id__0=user.pk
    )
    event = (
        taken.not_taken_back()
        .select_related("commitment__team", "actor")
        .order_by("-sequence")
        .first()
    )
    if pk is None or event is None:
        raise Http404("No such promise.")
    actor = event.actor
    by = "You" if actor == user else actor.name if actor else ""
    promise = event.commitment
    return Gone(wording=promise.wording, team=promise.team.name, by=by, at=event.at)
