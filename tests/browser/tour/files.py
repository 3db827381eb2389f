"""Files of promises at each point of their way in, for the tour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile

from commitments import imports
from commitments.models import Import, User

_LONG: Final = timedelta(minutes=1)
_FILES: Final = {
    "taken": "open-tickets-2026.csv",
    "judging": "everything.csv",
    "judged": "promises of the old system.csv",
    "making": "north-and-south.csv",
    "finished": "may.csv",
    "refused": "headings only.csv",
}
_ROWS: Final = (
    ("Call back about the second bill", "Kit Marlow", "in 5 days", "ana@larkfield.example", "fair"),
    ("Send the lid of the kettle", "Ada Brook", "next friday", "", ""),
    ("Check the refund of 49.90", "Yusuf Demir", "once the moon is full", "", "cross"),
    ("Book an engineer", "Lin Weiss", "", "nobody@larkfield.example", ""),
    ("", "Sun-hee Park", "tomorrow", "", "calm"),
)


def added(ana: User, now: datetime) -> dict[str, Import]:
    """One at each point of its way in."""
    found = {
        f"file {state}": imports.take(
            ContentFile(_exported(now, unlike=state).encode()),
            name=name,
            team=ana.memberships.select_related("team").order_by("team__name")[0].team,
            by=ana,
            now=now,
        )
        for state, name in _FILES.items()
    }
    for state, held in found.items():
        if state == "file taken":
            continue
        asked = imports.Asked(
            columns=held.columns, usual_kind="followup", order=imports.Order(held.choices["order"])
        )
        imports.check(held.pk, asked, by=ana, now=now)
        if state != "file judging":
            imports.go_on(held.pk, now=now, within=_LONG)
    for state in ("file making", "file finished"):
        imports.begin(found[state].pk, by=ana, now=now)
    imports.go_on(found["file finished"].pk, now=now, within=_LONG)
    return found


def _exported(now: datetime, *, unlike: str) -> str:
    """As another system writes it, with what people get wrong."""
    at = f"{now - timedelta(days=2):%d/%m/%Y %H:%M}"
    rows = [
        f"{unlike}-{number};{subject};{who};{at};{due};{owner};{mood}"
        for number, (subject, who, due, owner, mood) in enumerate(_ROWS * 4)
    ]
    if unlike == "refused":
        rows = []
    return "\r\n".join(["Ticket;Subject;Requester;Created at;Due;Assignee;Mood", *rows])
