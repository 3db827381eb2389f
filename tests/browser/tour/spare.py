"""What the demonstration has no use for, and pages are about: added to it for the tour.

A question before something is deleted stands only where nobody uses it. A program that listens, and
mails in words of one's own, need somebody who wants them; an invented company has nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commitments.helpdesks import connecting, systems
from commitments.house import (
    calendar_feeds,
    hours,
    kinds,
    people,
    service_accounts,
    teams,
    tokens,
    wordings,
)
from commitments.messages import acting, programs
from commitments.messages.acting import Ticket
from commitments.messages.texts import Template, Text
from commitments.models import (
    Calendar,
    Commitment,
    Customer,
    EventKind,
    HelpDesk,
    Kind,
    MessageText,
    Policy,
    SavedView,
    Subscription,
    Suggestion,
    Team,
    User,
)
from commitments.services import suggestions
from config.demo import company
from notifications import outbox, sealing
from notifications.channels import endpoints
from notifications.models import Delivery, Endpoint, State

from . import files

_SATURDAYS: Final = (*((),) * 5, ((10 * 60, 14 * 60),), ())


def added(now: datetime) -> dict[str, object]:
    """The numbers by which pages are about them; once for each demonstration."""
    ana = User.objects.get(email="ana@larkfield.example")
    _own_words(now)
    _keys_of(ana, now)
    found = {
        "view": SavedView.objects.create(user=ana, name="Late refunds", query="state=overdue"),
        "endpoint": _endpoint(now),
        "help desk": _help_desk(now),
        **files.added(ana, now),
        "spare team": _team(),
        "spare kind": _kind(),
        "spare hours": _hours(),
        "invited": _invited(),
        "service": _service(now),
        "draft": _draft(ana, now, unread="32 May"),
        "clear draft": _draft(ana, now, due_at=company.calendar().hours().add_days(now, 2)),
    }
    return {"ticket": _ticket(ana, now), **{name: each.pk for name, each in found.items()}}


def _ticket(ana: User, now: datetime) -> str:
    """Of a link beneath a message to her, about something that is late."""
    late = Commitment.objects.overdue(now).order_by("pk")[0]
    return acting.write(
        Ticket(commitment_id=late.pk, deed="done", revision=late.revision, person_id=ana.pk),
        now=now,
    )


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


def _keys_of(ana: User, now: datetime) -> None:
    """One that is in use, one that is out of date, and a calendar of each sort."""
    usual = {"scope": "write", "lasts": timedelta(days=90)}
    desk, _ = tokens.issue(ana, name="Help desk macro", now=now - timedelta(days=20), **usual)
    desk.note_use(now=now - timedelta(hours=3))
    old = {"scope": "read", "lasts": timedelta(days=30)}
    tokens.issue(ana, name="Wallboard in the corridor", now=now - timedelta(days=40), **old)
    billing = ana.teams.get(name=company.BILLING)
    year = timedelta(days=365)
    for team in (None, billing.pk):
        calendar_feeds.issue(ana, team_id=team, lasts=year, now=now)


def _service(now: datetime) -> User:
    """With two tokens, of which one has been used; and another that is switched off."""
    every = list(Team.objects.values_list("pk", flat=True))
    desk = service_accounts.make(name="Ticket system", teams=every[:2])
    lasts = timedelta(days=365)
    first, _ = tokens.issue(desk, name="Tickets in", scope="write", lasts=lasts, now=now)
    first.note_use(now=now)
    tokens.issue(desk, name="Nightly export", scope="read", lasts=lasts, now=now)
    old = service_accounts.make(name="Old telephone system", teams=every[2:])
    service_accounts.switch(old, on=False)
    return desk


def _draft(
    ana: User, now: datetime, *, unread: str = "", due_at: datetime | None = None
) -> Suggestion:
    """What a blind copy of a mail of hers has become."""
    known = Customer.objects.filter(name="Tom Okafor").order_by("pk")[0]
    return suggestions.propose(
        suggestions.Proposal(
            team_id=Team.objects.get(name=company.BILLING).pk,
            source=suggestions.MAIL,
            key=unread or "clear",
            said_at=now,
            for_whom_id=ana.pk,
            customer_id=None if unread else known.pk,
            name="Rosa Diaz" if unread else known.name,
            email="rosa@customers.example" if unread else known.email,
            kind_id=Kind.objects.get(code="callback").pk,
            wording="Ring you about the meter reading",
            due_said=unread or "in 2 working days",
            due_at=due_at,
            said="Hello,\n\nI will ring you about the meter reading.\n\nBest wishes\nAna",
        ),
        now=now,
    )


def _endpoint(now: datetime) -> Endpoint:
    """It hears of what is made and late; with messages that wait for it, one that failed."""
    secret = sealing.seal(endpoints.new_secret())
    url = "https://desk.larkfield.example/followthrough"
    endpoint = Endpoint.objects.create(name="Help desk", url=url, secret=secret, made_at=now)
    Subscription.objects.create(
        endpoint_id=endpoint.pk, kinds=["made", "breached"], every_team=True
    )
    outbox.enqueue([endpoints.trial(endpoint, now=now)], now=now, hurry=False)
    late = Commitment.objects.overdue(now).order_by("pk")[:3]
    for promise in late:
        breach = promise.events.get(kind=EventKind.BREACHED, revision=promise.revision)
        outbox.enqueue(programs.happened([promise], [breach], now=now), now=now, hurry=False)
    told = Delivery.objects.filter(address=endpoint.address, template=programs.HAPPENED)
    refused = told.order_by("pk")[:1].values("pk")
    told.filter(pk__in=list(refused.values_list("pk", flat=True))).update(
        state=State.FAILED, attempt_at=None, settled_at=now, attempts=3, reason="404 no such hook"
    )
    return endpoint


def _help_desk(now: datetime) -> HelpDesk:
    """One that is given a secret of ours, where there is such a system."""
    known = systems.known()
    fitting = [name for name, system in known.items() if not system.makes_secret] or list(known)
    plan = connecting.Plan(
        name="Support tickets",
        system=fitting[0],
        address="https://tickets.larkfield.example",
        team_id=Team.objects.order_by("pk")[0].pk,
        kind_id=Kind.objects.for_customers().order_by("pk")[0].pk,
    )
    return connecting.make(plan, now=now)


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
