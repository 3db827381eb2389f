"""What a mail to a customer can say about a promise: names and times in words, and boxes of them.

All of it in the language that is active, and in the customer's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from commitments import lengths, spoken
from commitments.models import Brand, Commitment, Event, EventKind
from commitments.rules.lifecycle import Status

from . import writing
from .texts import Template
from .writing import Block, Values

KEEP_BY: dict[str, str] = {
    Commitment.KeepBy.PHONE: _("by phone"),
    Commitment.KeepBy.EMAIL: _("by e-mail"),
    Commitment.KeepBy.POST: _("by post"),
}
_FACES = (
    ("1", _("Very unhappy")),
    ("2", _("Unhappy")),
    ("3", _("Neither")),
    ("4", _("Happy")),
    ("5", _("Very happy")),
)
_THEIRS = frozenset({"customer", "wording", "owner", "author"})
_SAYS_WHO = frozenset(
    {Template.AGREEMENT, Template.PROGRESS, Template.NEW_TIME, Template.SLIP, Template.SLIP_NOTE}
    | {Template.SLIP_REASON, Template.NEED, Template.NUDGE, Template.STILL_OPEN}
)
_SAYS_WHEN = frozenset({Template.AGREEMENT, Template.PROGRESS, Template.NEED, Template.STILL_OPEN})
_NEW_TIME = frozenset({Template.NEW_TIME, Template.SLIP})
_PASSED = frozenset({Template.SLIP_NOTE, Template.SLIP_REASON})


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Why we write about one promise, and what was said. `event` has its actor.

    `hear_by` is when they hear from us at the latest, as far as a note of the ladder's knows.
    """

    commitment: Commitment
    event: Event | None
    words: str
    old_due_at: datetime | None
    hear_by: datetime | None = None
    now: datetime


def of_promise(template: Template, on: Occasion, *, brand: Brand) -> Values:
    """What a mail about one promise can say."""
    commitment, now = on.commitment, on.now
    said = of_house(commitment, brand=brand, now=now) | {
        "wording": commitment.wording,
        "due": say(commitment.due_at, commitment, now=now),
        "old_due": say(on.old_due_at, commitment, now=now),
        "author": _author(on, brand=brand),
        "reference": commitment.reference,
        "informed": _informed(commitment),
        "late_words": _late_words(template, commitment, now=now),
        "hear_by": _hear_by(on),
    }
    boxes = {
        "facts": [_facts(template, on, brand=brand), *_amends(on, brand=brand)],
        "words": _what_they_wrote(template, on.words),
        "waiting_for": writing.said(commitment.waiting_for),
    }
    return Values(said=said, boxes=boxes, theirs=_THEIRS)


def of_conversation(commitments: Sequence[Commitment], *, brand: Brand, now: datetime) -> Values:
    """What a mail about several promises of one call can say."""
    count = len(commitments)
    said = of_house(commitments[-1], brand=brand, now=now) | {
        "how_many": ngettext("%(count)s promise", "%(count)s promises", count) % {"count": count}
    }
    boxes = {"promises": [_agreed(each, brand=brand, now=now) for each in commitments]}
    return Values(said=said, boxes=boxes, theirs=_THEIRS)


def of_check_in(
    commitments: Sequence[Commitment], *, url: str, brand: Brand, now: datetime
) -> Values:
    """What the one question can say, and its answers."""
    newest = commitments[-1]
    said = of_house(newest, brand=brand, now=now) | {
        "answer_within": answer_within(),
        "thanks": _thanks(commitments),
    }
    boxes = {
        "promises": [_kept(each, now=now) for each in commitments],
        "choices": _choices(url),
        "still_open": _still_open(url, owner=said["owner"]),
    }
    return Values(said=said, boxes=boxes, theirs=_THEIRS)


def of_house(commitment: Commitment, *, brand: Brand, now: datetime) -> dict[str, str]:
    """What every mail can say."""
    zone = zone_of(commitment)
    return {
        "customer": name_of(commitment),
        "company": brand.name,
        "contact": how_to_reach_us(brand),
        "owner": who_owes(commitment, brand),
        "promised_on": spoken.say_day(commitment.promised_at, zone=zone, now=now),
    }


def name_of(commitment: Commitment) -> str:
    """What we call the customer."""
    customer = commitment.customer
    return customer.first_name if customer.name.strip() else gettext("there")


def zone_of(commitment: Commitment) -> str:
    """The customer's own zone, or else the team's."""
    return commitment.customer.zone or commitment.due_zone


def who_owes(commitment: Commitment, brand: Brand | None = None) -> str:
    """The name a customer reads: whoever owns the promise, or else the team."""
    shows_name = brand is None or brand.shows_name
    if commitment.owner and shows_name:
        return commitment.owner.first_name
    return commitment.team.name


def keep_by(commitment: Commitment) -> str:
    """`by phone`; nothing where it was not agreed."""
    how = KEEP_BY.get(commitment.keep_by, "")
    return gettext(how) if how else ""


def how_to_reach_us(brand: Brand | None = None) -> str:
    """What a sentence goes on with after "please"."""
    brand = brand or Brand.current()
    phone = gettext("call us on %(phone)s") % {"phone": brand.phone} if brand.phone else ""
    email = gettext("write to %(email)s") % {"email": brand.email} if brand.email else ""
    if phone and email:
        return gettext("%(call)s or %(write)s") % {"call": phone, "write": email}
    return phone or email or gettext("reply to our e-mail")


def answer_within() -> str:
    """How soon somebody answers who says that something is still open."""
    return spoken.say_working_hours(lengths.current().still_open_within // timedelta(hours=1))


def how_it_ended(commitment: Commitment) -> str:
    """The words with which somebody told the customer that it is done."""
    told = commitment.events.shown_to_customer().filter(kind=EventKind.FULFILLED)
    newest = told.newest_first().first()
    return newest.words if newest else ""


def say(at: datetime | None, commitment: Commitment, *, now: datetime) -> str:
    """In the customer's time, which is named where it is not the team's."""
    if at is None:
        return ""
    zone = zone_of(commitment)
    said = spoken.say_time(at, zone=zone, now=now)
    return said if zone == commitment.due_zone else f"{said} ({spoken.say_zone(zone)})"


def _was_late(commitment: Commitment) -> bool:
    """Whether a promised time passed with nothing done: only then do we say that we are sorry."""
    return commitment.breached_at is not None


def _author(on: Occasion, *, brand: Brand) -> str:
    actor = on.event.actor if on.event else None
    if actor and brand.shows_name:
        return actor.first_name
    return who_owes(on.commitment, brand)


def _informed(commitment: Commitment) -> str:
    """Only where the kind promises it."""
    days = commitment.kind.inform_every
    if not days:
        return ""
    often = spoken.say_working_days(days)
    return gettext(
        "We keep you informed: you hear from us every %(often)s at the latest, even if there is no"
        " news yet."
    ) % {"often": often}


def _hear_by(on: Occasion) -> str:
    """A time on the clock; without one we name none, rather than a day that may not come."""
    if on.hear_by is None:
        return gettext("as soon as there is news")
    return gettext("by %(time)s") % {"time": say(on.hear_by, on.commitment, now=on.now)}


def _late_words(template: Template, commitment: Commitment, *, now: datetime) -> str:
    if template is Template.PROGRESS and commitment.is_overdue(now):
        return gettext("The time we gave you has passed, and we have not forgotten it.")
    if template is Template.DONE and _was_late(commitment):
        first = say(commitment.first_due_at, commitment, now=now)
        return gettext(
            "We had promised it by %(time)s. It came later than that, and we are sorry."
        ) % {"time": first}
    return ""


def _thanks(commitments: Sequence[Commitment]) -> str:
    if any(_was_late(each) for each in commitments):
        return gettext(
            "We know this took longer than we first said. Thank you for staying with it."
        )
    return gettext("Thank you for staying with us.")


def _what_they_wrote(template: Template, words: str) -> list[Block]:
    """A colleague's words explain themselves; the customer's own are named as theirs."""
    if template is Template.STILL_OPEN and words:
        return [writing.words([(gettext("You wrote:"), False)]), *writing.said(words)]
    return writing.said(words)


def _facts(template: Template, on: Occasion, *, brand: Brand) -> Block:
    """What was promised, and of the rest what this mail is about."""
    rows = [_promised(on.commitment), *_times(template, on)]
    if template in _SAYS_WHO and (on.commitment.is_live or template is not Template.PROGRESS):
        rows.append(_who(on.commitment, brand=brand))
    return writing.facts(rows)


def _times(template: Template, on: Occasion) -> list[Block]:
    """Those that count here: a time that has passed is no "by", and neither is one that was kept.

    News may come late, or after the end: an answer to what the customer wrote then.
    """
    commitment, now = on.commitment, on.now
    due = say(commitment.due_at, commitment, now=now)
    if template in _NEW_TIME:
        was = say(on.old_due_at, commitment, now=now)
        struck = writing.row(gettext("The time we gave you"), was, struck=True)
        return [struck, writing.row(gettext("New time"), due)]
    is_news = template is Template.PROGRESS
    if template in _PASSED or (is_news and commitment.is_overdue(now)):
        return [writing.row(gettext("The time we gave you"), due)]
    if template is Template.DONE or (is_news and commitment.status == Status.FULFILLED):
        return [writing.row(gettext("Done"), say(commitment.closed_at, commitment, now=now))]
    if template in _SAYS_WHEN and (commitment.is_live or not is_news):
        return [writing.row(gettext("By"), due)]
    return []


def _amends(on: Occasion, *, brand: Brand) -> list[Block]:
    """What we promise to make up for it, where the same deed promised that too."""
    made = on.event.changes.get("remedy") if on.event else None
    if made is None:
        return []
    remedy = Commitment.objects.with_everything().get(pk=made)
    due = say(remedy.due_at, remedy, now=on.now)
    rows = [
        writing.row(gettext("What we will do"), remedy.wording, theirs=True),
        writing.row(gettext("By"), due),
        _who(remedy, brand=brand),
    ]
    heading = gettext("To make up for it, we promise you this too")
    return [{"is": "heading", "text": heading}, writing.facts(rows)]


def _agreed(commitment: Commitment, *, brand: Brand, now: datetime) -> Block:
    """One promise of several: what we will do, by when, and who sees to it."""
    due = say(commitment.due_at, commitment, now=now)
    by = writing.row(gettext("By"), due)
    return writing.facts([_promised(commitment), by, _who(commitment, brand=brand)])


def _kept(commitment: Commitment, *, now: datetime) -> Block:
    """One promise a check-in asks about: what was promised, and what happened."""
    due = say(commitment.due_at, commitment, now=now)
    done = say(commitment.closed_at, commitment, now=now)
    happened = writing.row(gettext("What happened"), how_it_ended(commitment), theirs=True)
    rows = [_promised(commitment), writing.row(gettext("By"), due), happened]
    return writing.facts([*rows, writing.row(gettext("Done"), done)])


def _promised(commitment: Commitment) -> Block:
    return writing.row(gettext("What we promised"), commitment.wording, theirs=True)


def _who(commitment: Commitment, *, brand: Brand) -> Block:
    how = keep_by(commitment)
    named = who_owes(commitment, brand)
    value = f"{named}, {how}" if how else named
    return writing.row(gettext("Who sees to it"), value, theirs=True)


def _choices(url: str) -> list[Block]:
    faces = [
        {"number": number, "label": gettext(label), "url": f"{url}?r={number}"}
        for number, label in _FACES
    ]
    note = gettext(
        "Your choice opens a short page where you can change it or add a word. It counts once you"
        " press send there."
    )
    asked = gettext("How do you feel about how this was handled?")
    return [{"is": "heading", "text": asked}, {"is": "faces", "faces": faces, "note": note}]


def _still_open(url: str, *, owner: str) -> list[Block]:
    said = gettext("If so, tell us: %(owner)s gets back to you within %(time)s.") % {
        "owner": owner,
        "time": answer_within(),
    }
    label = gettext("Something is still open")
    return [
        {"is": "heading", "text": gettext("Is anything still unresolved?"), "rule": True},
        writing.words([(said, False)]),
        {"is": "button", "url": f"{url}?open=yes", "label": label, "calm": True},
    ]
