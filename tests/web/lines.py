"""One desk on Thursday 21 May 2026, 2:10 pm in London, and the line that is typed there.

Monday 25 May is a holiday; Refund usually takes 2 working days and is due at 5:00 pm.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from commitments.models import Calendar, Commitment, Customer, Holiday
from commitments.rules import saying
from tests import makers
from tests.web import pages

AT = datetime(2026, 5, 21, 13, 10, tzinfo=UTC)
NEW, READ = "/promises/new/", "/promises/read/"
LONDON = ZoneInfo("Europe/London")
CUSTOMERS = ("Tom Okafor", "Maya Lindqvist", "Jo Park", "Priya Nair", "Rana Haddad", "Luis Ortega")


def a_desk() -> Client:
    """Ana's, who has spoken with six customers, with Tom Okafor about case 48213."""
    makers.a_team(zone="Europe/London")
    calendar = Calendar.objects.get(name=makers.starting.CALENDAR)
    Holiday.objects.create(calendar=calendar, on=date(2026, 5, 25), spans=[], name="Bank holiday")
    makers.a_commitment(now=AT, case="48213")
    for name in CUSTOMERS[1:]:
        email = f"{name.split(maxsplit=1)[0].lower()}@customers.example"
        makers.a_commitment(now=AT, customer=Customer.objects.create(name=name, email=email))
    return pages.signed_in(makers.ana())


def london(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of May 2026 on the clocks there."""
    return datetime(2026, 5, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the area under the line shows."""

    status: int
    text: str
    chips: dict[str, str]
    hidden: dict[str, str]
    buttons: dict[str, str]


def read(client: Client, line: str) -> Shown:
    """What is shown while the line is being typed."""
    return shown(client.post(READ, {"line": line}))


def shown(response: Any) -> Shown:  # Any: a test response
    content = response.content.decode()
    chips = re.findall(r'<(?:button|a) class="chip.*?</(?:button|a)>', content, flags=re.DOTALL)
    told = [_bare(chip).partition(": ") for chip in chips]
    buttons = re.findall(r'<button[^>]*name="(\w+)" value="([^"]*)"[^>]*>', content)
    return Shown(
        status=response.status_code,
        text=_bare(content),
        chips={label: words for label, _, words in told},
        hidden=pages.hidden(response),
        buttons={name: html.unescape(value) for name, value in buttons if name != "open"},
    )


def log(client: Client, line: str, **more: str) -> Any:  # Any: a test response
    """Enter is pressed in the line; `more` is what the page sends along."""
    return client.post(NEW, {"once": f"key-{line}"[:64], "line": line} | more)


def logged(client: Client, line: str) -> Commitment:
    """The line as it is saved after it was shown while it was typed."""
    before = Commitment.objects.count()
    saved = log(client, line, **read(client, line).hidden)
    assert saved.status_code == 302, pages.text(saved)
    assert Commitment.objects.count() == before + 1
    return newest()


def newest() -> Commitment:
    return Commitment.objects.with_everything().latest("pk")


def as_chips(promise: Commitment) -> dict[str, str]:
    """What the chips must have said if the promise is what they showed."""
    said = {
        "Customer": promise.customer.name,
        "Due": saying.say_time(promise.due_at, zone="Europe/London", now=AT),
        "Kind": promise.kind.name,
        "Wording": promise.wording,
    }
    case = promise.conversation.outside_reference
    owner = promise.owner
    return said | {
        label: words
        for label, words in (
            ("Kept by", promise.get_keep_by_display() if promise.keep_by else ""),
            ("Keeps it", "" if owner == makers.ana() else str(owner or "Nobody yet")),
            ("Priority", "Urgent" if promise.urgent else ""),
            ("Case", case),
            ("Team only", promise.team_note),
        )
        if words
    }


def without_asides(chips: dict[str, str]) -> dict[str, str]:
    """The chips without what qualifies them; summary and colleagues on offer are no field."""
    return {
        label: re.sub(r" \((guess|usual)\)$", "", words)
        for label, words in chips.items()
        if label != "Summary" and not label.startswith("Give it to ")
    }


def _bare(markup: str) -> str:
    bare = re.sub(r"<svg\b.*?</svg>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", bare)).split())
