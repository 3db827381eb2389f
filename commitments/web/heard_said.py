"""What customers said on their own page, as lines of a promise's history."""

from __future__ import annotations

from typing import Final

from django.utils.dateparse import parse_datetime

from commitments.models import Commitment, Event, EventKind

from .lines import Cast, Line

# Said by customers themselves: they know it, and it is not for the team only.
THEIRS: Final = frozenset(
    {
        EventKind.CUSTOMER_WROTE,
        EventKind.OTHER_TIME_ASKED,
        EventKind.CONFIRMED,
        EventKind.DISPUTED,
        EventKind.MAILS_STOPPED,
        EventKind.CHECK_IN_ANSWERED,
    }
)


def other_time(event: Event, commitment: Commitment, cast: Cast) -> Line:
    wanted = event.changes.get("wanted_at")
    return Line(
        title=f"The time does not suit {cast.first}",
        icon="calendar-clock",
        tone="soon",
        at=event.at,
        wanted_at=parse_datetime(wanted) if isinstance(wanted, str) else None,
    )


def wrote(event: Event, commitment: Commitment, cast: Cast) -> Line:
    sent_along = getattr(event, "attachment", None)
    return Line(
        title=f"{cast.first} wrote to us",
        icon="message-circle",
        tone="soon",
        at=event.at,
        attachment=sent_along,
    )


def released(event: Event, commitment: Commitment, cast: Cast) -> Line:
    if event.actor_id is None:
        title = f"Closed by {cast.first}: no longer wanted"
        return Line(title=title, icon="ban", at=event.at)
    return Line(title="Closed: no longer wanted", icon="ban", at=event.at)


def answered(event: Event, commitment: Commitment, cast: Cast) -> Line:
    who = event.actor.first_name if event.actor else "Somebody"
    on_the_phone = event.changes.get("told") == "phone"
    how = " on the phone" if on_the_phone else ""
    return Line(
        title=f"{who} answered {cast.first}{how}",
        icon="phone" if on_the_phone else "message-square-text",
        tone="kept",
        at=event.at,
    )


def renewed(event: Event, commitment: Commitment, cast: Cast) -> Line:
    who = event.actor.first_name if event.actor else "Somebody"
    if "hidden_at" in event.changes:
        was_hidden = event.changes["hidden_at"][0] is not None
        did = "put this back on" if was_hidden else "took this off"
        return Line(title=f"{who} {did} {cast.first}'s page", icon="link", at=event.at)
    what = f"all pages of {cast.first}" if event.changes.get("all_pages") else "the page"
    return Line(
        title=f"{who} gave {what} a new link",
        icon="link",
        at=event.at,
        note="The old one opens nothing any more.",
    )
