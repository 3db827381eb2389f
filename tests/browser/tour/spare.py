"""What the demonstration has no use for, and pages are about: added to it for the tour.

A question before something is deleted stands only where nobody uses it. A program that listens, and
mails in words of one's own, need somebody who wants them; an invented company has nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from commitments.house import hours, kinds, people, teams, wordings
from commitments.messages.texts import Template, Text
from commitments.models import Calendar, Kind, MessageText, Policy, SavedView, Team, User
from config.demo import company
from notifications import outbox, sealing
from notifications.channels import endpoints
from notifications.models import Endpoint

_SATURDAYS: Final = (*((),) * 5, ((10 * 60, 14 * 60),), ())


def added(now: datetime) -> dict[str, object]:
    """The numbers by which pages are about them; once for each demonstration."""
    ana = User.objects.get(email="ana@larkfield.example")
    _own_words(now)
    found = {
        "view": SavedView.objects.create(user=ana, name="Late refunds", query="state=overdue"),
        "endpoint": _endpoint(now),
        "spare team": _team(),
        "spare kind": _kind(),
        "spare hours": _hours(),
        "invited": _invited(),
    }
    return {name: each.pk for name, each in found.items()}


def _own_words(now: datetime) -> MessageText:
    standard = wordings.standard(Template.DONE, "en")
    text = Text.of(
        subject=standard.subject,
        heading=standard.heading,
        body=f"{standard.body}\n\nThank you for your patience with us.",
    )
    sam = User.objects.get(email="sam@larkfield.example")
    seen = wordings.mark(Template.DONE, "en")
    return wordings.save(Template.DONE, "en", text, by=sam, seen_mark=seen, now=now)


def _endpoint(now: datetime) -> Endpoint:
    """With a message that waits for it."""
    secret = sealing.seal(endpoints.new_secret())
    url = "https://desk.larkfield.example/followthrough"
    endpoint = Endpoint.objects.create(name="Help desk", url=url, secret=secret, made_at=now)
    outbox.enqueue([endpoints.trial(endpoint, now=now)], now=now, hurry=False)
    return endpoint


def _team() -> Team:
    ines = User.objects.get(email="ines@larkfield.example")
    week = company.calendar()
    return teams.make(teams.Plan(name="New homes", calendar_id=week.pk, fallback_id=ines.pk))


def _kind() -> Kind:
    usual = Policy.objects.in_use().order_by("pk")[0]
    plan = kinds.Plan(
        name="Survey",
        code="survey",
        usual_wording="Survey the roof",
        usual_length=10,
        usual_basis=Kind.Basis.WORKING_DAYS,
        policy_id=usual.pk,
    )
    return kinds.make(plan)


def _hours() -> Calendar:
    return hours.make(hours.Week(name="Saturdays", zone=company.ZONE, weekly=_SATURDAYS))


def _invited() -> User:
    """In no team, and not yet come in."""
    return people.invite(
        email="wei@larkfield.example",
        name="Wei Tan",
        zone=company.ZONE,
        team_id=None,
        role="agent",
        is_administrator=False,
    )
