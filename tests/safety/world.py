"""A company of two teams, and one of everything that an address can be about.

All of it is Billing care's: Ana's, its agent, whose lead is Dev and whose manager is Ines; Noor
audits it. Sid is an agent of Repairs and a stranger to it, Sam the administrator. The customer and
what was promised to her have names that are found nowhere else, so that a page tells them or not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.base import ContentFile

from commitments import checkins, imports, messages, services
from commitments.house import (
    calendar_feeds,
    tokens,
)
from commitments.messages import acting, programs
from commitments.messages.acting import Ticket
from commitments.models import (
    Absence,
    ApiToken,
    Attachment,
    CalendarFeed,
    CheckIn,
    Commitment,
    Customer,
    EventKind,
    Kind,
    Membership,
    Review,
    Role,
    SavedView,
    Schedule,
    Team,
    User,
)
from commitments.services import suggestions
from commitments.web import undo
from notifications import outbox
from notifications.models import Delivery, Endpoint, InboxItem, State
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, ines
from tests.safety import house

NAME, EMAIL, PHONE = "Zelda Quill", "zelda.quill@customers.example", "0755 555 0199"
NUMBER, CASE, WORDING = "CRM-90210", "CASE-73313", "Return the amber lantern"
CONTACT: Final = (EMAIL, PHONE, PHONE.replace(" ", ""), NUMBER)
MARKS: Final = (NAME, "Quill", *CONTACT, CASE, WORDING, "amber")
PNG: Final = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"
)
_DAYS: Final = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Outing\r\n"
    b"DTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
YEAR: Final = timedelta(days=365)
Facts = dict[str, Any]  # Any: a key, a reference or a token


def cast() -> dict[str, User]:
    """Who signs in, by role."""
    billing, repairs = a_team(), a_second_team()
    found = {
        "stranger": a_user("Sid Vale"),
        "agent": ana(),
        "lead": dev(),
        "manager": ines(),
        "auditor": a_user("Noor Haddad"),
        "administrator": a_user("Sam Reed", is_staff=True, is_superuser=True),
    }
    Membership.objects.create(user=found["stranger"], team=repairs, role=Role.AGENT)
    Membership.objects.create(user=found["auditor"], team=billing, role=Role.AUDITOR)
    return found


def an_outsider() -> User:
    """Who reads all that Repairs has, and nothing of Billing care."""
    found = a_user("Olive Gray")
    repairs = Team.objects.get(name="Repairs")
    Membership.objects.create(user=found, team=repairs, role=Role.AUDITOR)
    return found


def a_second_team() -> Team:
    """Repairs, in which nobody of Billing care is."""
    return Team.objects.create(name="Repairs", calendar=a_team().calendar)


def zelda() -> Customer:
    """A customer of Billing care, and of nobody else."""
    known = {"name": NAME, "email": EMAIL, "phone": PHONE}
    made = Customer.objects.filter(name=NAME).first()
    return made or Customer.objects.create(**known, external_source="crm", external_id=NUMBER)


def facts(who: dict[str, User]) -> Facts:
    """What stands in the addresses and the forms, by name."""
    promised = _promises()
    found = {
        **{name: each.reference for name, each in promised.items()},
        **_around(promised["open"], who),
        **_of_customers(promised),
        **_of_ana(promised, who),
        **house.of_the_settings(who),
        **_of_messages(promised["late"], who),
        "name": NAME,
        "a file of promises": ("promises.csv", f"Subject,Requester\n{WORDING},{NAME}".encode()),
        "a file of holidays": ("days.ics", _DAYS),
        "manager": who["manager"],
    }
    for keys in (ApiToken, CalendarFeed):
        keys.objects.update(last_used_at=NOON)
    return {name: getattr(each, "pk", each) for name, each in found.items()}


def _promises() -> dict[str, Commitment]:
    def of(wording: str, **fields: Any) -> Commitment:
        usual = {"customer": zelda(), "wording": wording, "now": NOON - 4 * HOUR}
        return a_commitment(**usual | {"case": CASE} | fields)

    found = {
        "open": of(WORDING, due_at=NOON + 6 * HOUR),
        "late": of(f"{WORDING} late", due_at=NOON - HOUR),
        "callback": of(f"{WORDING} by call", kind="callback"),
        "waiting": of(f"{WORDING} after a word"),
        "kept": of(f"{WORDING} kept"),
        "kept late": of(f"{WORDING} kept late", due_at=NOON - 2 * HOUR),
        "value": of(f"{WORDING} paid", kind="refund"),
        "disputed": of(f"{WORDING} disputed"),
        "released": of(f"{WORDING} not needed", case=f"{CASE}-2"),
    }
    earlier, by = NOON - HOUR, ana()
    services.wait(found["waiting"].pk, by=by, what="A photo of the lantern", now=earlier)
    services.fulfil(found["kept"].pk, by=by, how="Brought it", now=earlier)
    services.fulfil(
        found["kept late"].pk, by=by, how="Brought it", cause="took_longer", now=earlier
    )
    services.dispute(found["disputed"].pk, words="You said two.", now=earlier)
    services.need_no_more(found["released"].pk, words="I bought one.", now=earlier)
    return {name: Commitment.objects.get(pk=each.pk) for name, each in found.items()}


def _around(promise: Commitment, who: dict[str, User]) -> Facts:
    """What hangs on a promise of Ana's: words, files, links, drafts, a review."""
    bill = services.SentAlong(name="lantern.png", media_type="image/png", content=PNG)
    services.reply(promise.pk, words="See here", sent_along=bill, now=NOON - HOUR)
    updated = services.update(
        promise.pk, by=ana(), words="Found a shade", tell_customer=True, now=NOON
    )
    late = {"commitment_id": Commitment.objects.get(wording=f"{WORDING} late").pk, "revision": 1}
    ticket = Ticket(person_id=ana().pk, deed="acknowledge", **late)
    return {
        "conversation": promise.conversation,
        "customer": zelda(),
        **_entered_twice(),
        "attachment": Attachment.objects.get(event__commitment=promise),
        "ticket": acting.write(ticket, now=NOON),
        "undo": undo.token_for(updated, user=ana()),
        "draft": _draft(),
        "import": _a_file(),
        "review": _review(who),
        "version": promise.event_count,
    }


def _entered_twice() -> Facts:
    """Zelda again, as somebody else wrote her down; she stopped the mails, and was of two minds."""
    twin = Customer.objects.create(name=f"{NAME} again", email=EMAIL)
    kept = a_commitment(customer=twin, wording=f"{WORDING} again", case=CASE, now=NOON - HOUR)
    services.fulfil(kept.pk, by=ana(), how="Brought it", now=NOON)
    checkins.send_by_hand(kept.pk, by=ana(), now=NOON)
    asked = CheckIn.objects.get(customer=twin, sent_at=NOON)
    answers = [
        checkins.answer(
            asked.pk,
            checkins.Reply(
                done=done, still_open=False, rating=rating, words="", browser_key=str(rating)
            ),
            now=NOON,
        ).answer
        for done, rating in (("yes", 5), ("no", 1))
    ]
    services.stop_mails(kept.conversation, now=NOON)
    settled = _kept_for("junior", now=NOON - HOUR)
    return {
        "settled": settled.reference,
        "other customer": twin,
        "doubted": kept.reference,
        "check-in": asked,
        "answer": answers[0],
    }


def _kept_for(called: str, *, now: datetime) -> Commitment:
    """A promise to one of her family, to whom nothing else is open."""
    one = Customer.objects.create(name=f"{NAME} {called}", email=f"{called}.{EMAIL}")
    made = a_commitment(customer=one, wording=WORDING, now=now - HOUR, due_at=now + DAY)
    services.fulfil(made.pk, by=ana(), how="Brought it", now=now)
    return made


def _draft() -> Any:
    return suggestions.propose(
        suggestions.Proposal(
            team_id=a_team().pk,
            source=suggestions.MAIL,
            key="clear",
            said_at=NOON,
            for_whom_id=ana().pk,
            customer_id=zelda().pk,
            name=NAME,
            email=EMAIL,
            kind_id=Kind.objects.get(code="callback").pk,
            wording=WORDING,
            due_said="in 2 working days",
            due_at=NOON + 4 * DAY,
            said="I will ring you about the amber lantern.",
        ),
        now=NOON,
    )


def _a_file() -> Any:
    """Brought in by Ana, and not read yet."""
    head = "Ticket;Subject;Requester;Created at;Due;Assignee"
    row = f"1;{WORDING};{NAME};20/05/2026 10:00;in 5 days;ana@larkfield.example"
    held = imports.take(
        ContentFile(f"{head}\r\n{row}\r\n;;;;;".encode()),
        name="amber.csv",
        team=a_team(),
        by=ana(),
        now=NOON,
    )
    asked = imports.Asked(
        columns=held.columns, usual_kind="followup", order=imports.Order(held.choices["order"])
    )
    imports.check(held.pk, asked, by=ana(), now=NOON)
    imports.go_on(held.pk, now=NOON, within=timedelta(minutes=1))
    return held


def _review(who: dict[str, User]) -> Review:
    kept_late = Commitment.objects.get(wording=f"{WORDING} kept late")
    said = services.Findings(title="The amber week", happened="It lay for a day.", why="No alarm.")
    return services.begin_review(
        a_team().pk, said, promises=[kept_late.pk], by=who["lead"], now=NOON - HOUR
    )


def _of_customers(promised: dict[str, Commitment]) -> Facts:
    """The tokens of her links, and a check-in that she was sent and answered."""
    asked_at = NOON - 8 * DAY
    kept = _kept_for("senior", now=asked_at)
    checkins.send_by_hand(kept.pk, by=ana(), now=asked_at)
    sent = CheckIn.objects.get(items__commitment=kept)

    def status(name: str) -> str:
        return _token(messages.status_path(promised[name].conversation, now=NOON))

    return {
        "her link of the customer": status("open"),
        "her other link of the customer": status("released"),
        "senior": kept.customer_id,
        "her check-in of the customer": _token(messages.check_in_path(sent, now=asked_at)),
    }


def _of_ana(promised: dict[str, Commitment], who: dict[str, User]) -> Facts:
    """What is hers alone, and a calendar of everybody's."""
    by, week = ana(), {"starts_at": NOON + 7 * DAY, "ends_at": NOON + 9 * DAY}
    view = SavedView.objects.create(user=by, name="The amber ones", query="state=overdue")
    token, _ = tokens.issue(by, name="amber", scope="read", lasts=YEAR, now=NOON)
    feed, _ = calendar_feeds.issue(by, team_id=None, lasts=YEAR, now=NOON)
    found = {
        "view": view,
        "token": token,
        "feed": feed,
        "absence": Absence.objects.create(user=by, deputy=who["lead"], **week),
        "reminder": InboxItem.objects.create(
            user=by, title=WORDING, about=promised["open"].about, created_at=NOON
        ),
        "schedule": Schedule.objects.create(
            what=Schedule.What.REPORT, whose=by, zone="UTC", local_time=NOON.time(),
            every_days=7, next_at=NOON + DAY, asks="kept?",
        ),
    }  # fmt: skip
    for role, person in who.items():
        team = person.memberships.order_by("pk").first()
        _, secret = calendar_feeds.issue(
            person, team_id=team and team.team_id, lasts=YEAR, now=NOON
        )
        found[f"calendar of the {role}"] = secret
    return found


def _of_messages(late: Commitment, who: dict[str, User]) -> Facts:
    """One that came to nothing, and one that a program was told."""
    failed = Delivery.objects.filter(about=late.about, channel="email").order_by("pk")[0]
    Delivery.objects.filter(pk=failed.pk).update(
        state=State.FAILED, attempt_at=None, settled_at=NOON, reason=f"550 5.1.1 <{EMAIL}> unknown"
    )
    made = late.events.get(kind=EventKind.MADE)
    outbox.enqueue(programs.happened([late], [made], now=NOON), now=NOON, hurry=False)
    desk = Endpoint.objects.get(name="Desk")
    told = Delivery.objects.filter(template=programs.HAPPENED, address=desk.address).order_by("pk")[
        0
    ]
    Delivery.objects.filter(pk=told.pk).update(
        state=State.FAILED, attempt_at=None, settled_at=NOON, reason="404 no such hook"
    )
    return {"failed mail": failed, "told": told}


def a_token(user: User, scope: str) -> str:
    """The secret of a program of somebody's."""
    token, secret = tokens.issue(user, name=scope, scope=scope, lasts=YEAR, now=NOON)
    token.note_use(now=NOON)
    return secret


def _token(path: str) -> str:
    return path.split("/")[2]
