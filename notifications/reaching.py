"""What people do about the ways on which they are reached.

One way outside the inbox always stays open, so that what is overdue or asks for somebody finds
them. An address for chat or SMS is used once its owner has typed in the code that was sent to it;
until then the address before it goes on being used.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications import lengths, outbox, sealing
from notifications.channels import contacts
from notifications.envelope import Message
from notifications.models import ContactPoint, Delivery
from notifications.models.contact import PROVED, VERIFY_ADDRESS

EMAIL = "email"
SMS = "sms"
NOTHING = "nothing"
WORDS = {EMAIL: "E-mail", "chat": "Chat", "sms": "Text message"}
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN_DIGITS = re.compile(r"[\s().\u00a0/-]+")
_TURNED_OFF = "You turned it off."
_A_DAY = timedelta(days=1)


class Refused(Exception):
    """A rule said no, in a sentence for the person; `field` is what it is about."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whose ways these are, as messages need to know them."""

    pk: int
    email: str
    name: str
    first_name: str
    language: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What goes by one way, and when it may disturb."""

    wants: str
    quiet_from: time | None = None
    quiet_to: time | None = None
    zone: str = "UTC"
    waits_for_work: bool = False


@transaction.atomic
def wish(reader: Reader, channel: str, wishes: Wishes, *, now: datetime) -> None:
    """Say what goes by a way that is open to this person. Raises Refused and changes nothing."""
    _check(wishes)
    points = _held(reader)
    point = proved(points, channel)
    if point is None and channel == EMAIL:
        point = ContactPoint(user_id=reader.pk, channel=EMAIL, verified_at=now)
    if point is None:
        raise Refused(f"There is no proved address for {WORDS[channel].lower()} yet.")
    if wishes.wants == NOTHING:
        _keep_one_way(points, without=channel)
        point.disabled_at, point.disabled_because = now, _TURNED_OFF
    else:
        point.wants = wishes.wants
        point.disabled_at, point.disabled_because = None, ""
    point.quiet_from, point.quiet_to = wishes.quiet_from, wishes.quiet_to
    point.zone, point.waits_for_work = wishes.zone, wishes.waits_for_work
    point.save()


@transaction.atomic
def give_address(reader: Reader, channel: str, address: str, *, now: datetime) -> None:
    """Send a code to a new address for chat or SMS, in the place of one that waits for its code."""
    points = _held(reader)
    used = proved(points, channel)
    is_same = used is not None and _opened(used) == address
    if used is not None and is_same and used.is_usable:
        raise Refused("You are reached there already.", field="address")
    _check_codes(reader, channel, now=now)
    for waiting in _waiting(points, channel):
        waiting.delete()
    if used is not None and is_same:
        used.delete()  # it was closed; the same address is proved anew
    _send_code(reader, channel, address, now=now)


def prove(reader: Reader, channel: str, code: str, *, now: datetime) -> None:
    """Type in the code: the address is used from now on, with the wishes of the one before it.

    Raises Refused; a wrong code is counted.
    """
    no = _prove(reader, channel, code, now=now)
    if no:
        raise Refused(no, field="code")


@transaction.atomic
def give_up(reader: Reader, channel: str) -> None:
    """Be reached no more at an address for chat or SMS; one that only waits is forgotten first."""
    points = _held(reader)
    leaving = _waiting(points, channel)
    if not leaving:
        _keep_one_way(points, without=channel)
        leaving = [point for point in points if point.channel == channel]
    for point in leaving:
        point.delete()


def ways(reader: Reader) -> Sequence[ContactPoint]:
    """Every contact point of this person, oldest first; one query."""
    return list(ContactPoint.objects.filter(user=reader.pk).order_by("pk"))


@transaction.atomic
def _prove(reader: Reader, channel: str, code: str, *, now: datetime) -> str:
    """What is wrong with the code, or nothing."""
    figures = lengths.current()
    points = _held(reader)
    waiting = _waiting(points, channel)
    if not waiting:
        return "No address is waiting for a code. Enter the address again."
    point = waiting[-1]
    if point.code_sent_at is None or now >= point.code_sent_at + figures.code_valid:
        return "This code has run out. Enter the address again to get a new one."
    if point.code_tries >= figures.code_tries:
        return "That was wrong too often. Enter the address again to get a new code."
    if not constant_time_compare(_digest(point, code), point.code_digest):
        point.code_tries += 1
        point.save(update_fields=["code_tries"])
        return "That is not the code we sent. Look at the newest message and type it again."
    _take_over(point, proved(points, channel))
    point.verified_at, point.code_digest = now, ""
    point.save()
    return ""


def _take_over(point: ContactPoint, before: ContactPoint | None) -> None:
    """The new address has the wishes of the one whose place it takes."""
    if before is None:
        return
    point.wants, point.zone = before.wants, before.zone
    point.quiet_from, point.quiet_to = before.quiet_from, before.quiet_to
    point.waits_for_work = before.waits_for_work
    before.delete()


def _check_codes(reader: Reader, channel: str, *, now: datetime) -> None:
    """Whoever asks for codes writes to strangers at our cost: not in a row, and so many a day.

    Counted by the messages: an address that waits can be forgotten, what was sent cannot.
    """
    figures = lengths.current()
    codes = Delivery.objects.filter(about=_about(reader), template=VERIFY_ADDRESS)
    today = codes.filter(enqueued_at__gt=now - _A_DAY)
    if today.filter(channel=channel, enqueued_at__gt=now - figures.code_again).exists():
        raise Refused(
            "A code went out a moment ago. Wait a minute before you ask for another.",
            field="address",
        )
    if today.count() >= figures.codes_a_day:
        raise Refused(
            "So many codes went out for you today that this has to wait until tomorrow.",
            field="address",
        )


def _send_code(reader: Reader, channel: str, address: str, *, now: datetime) -> None:
    """The address lies sealed from here on: it may hold a password."""
    code = f"{secrets.randbelow(10**6):06}"
    point = ContactPoint.objects.create(
        user_id=reader.pk,
        channel=channel,
        address=sealing.seal(address),
        zone=reader.zone,
        code_sent_at=now,
    )
    point.code_digest = _digest(point, code)
    point.save(update_fields=["code_digest"])
    outbox.enqueue([_code_to(reader, point, code, now=now)], now=now)


def _about(reader: Reader) -> str:
    return f"user:{reader.pk}"


def _opened(point: ContactPoint) -> str:
    """The address itself; nothing where the key it was sealed with is gone."""
    try:
        return sealing.unseal(point.address)
    except sealing.CannotOpen:
        return ""


def _held(reader: Reader) -> list[ContactPoint]:
    """Everything this person has said so far, held: two pages open at once close no two ways."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=reader.pk)
    return list(ContactPoint.objects.filter(user=reader.pk).order_by("pk"))


def whole_address(channel: str, text: str) -> str:
    """What somebody typed, as a message can go to it. Raises Refused.

    A mobile number becomes an address through the service that the setting SMS_URL names.
    """
    url = text.strip()
    if channel == SMS and "://" not in url:
        url = _by_number(_BETWEEN_DIGITS.sub("", url))
    try:
        contacts.check(channel, url)
    except contacts.Refused as no:
        raise Refused(str(no), field="address") from no
    return url


def _by_number(number: str) -> str:
    if not settings.SMS_URL:
        raise Refused(
            "Text messages are not set up here. An administrator can do it with SMS_URL.",
            field="address",
        )
    if not _NUMBER.fullmatch(number):
        raise Refused("Give the number with its country, like +44 7700 900123.", field="address")
    return str(settings.SMS_URL).replace("{number}", number)


def proved(points: Sequence[ContactPoint], channel: str) -> ContactPoint | None:
    """The point of this channel that is used, or was until it was closed."""
    theirs = [point for point in points if point.channel == channel]
    return next((point for point in theirs if channel == EMAIL or point.is_proved), None)


def _waiting(points: Sequence[ContactPoint], channel: str) -> list[ContactPoint]:
    return [
        point
        for point in points
        if point.channel == channel and channel in PROVED and not point.is_proved
    ]


def _keep_one_way(points: Sequence[ContactPoint], *, without: str) -> None:
    """Without any points e-mail is open, so only a point can close it."""
    others = [point for name in (EMAIL, *PROVED) if (point := proved(points, name))]
    open_ways = {point.channel for point in others if point.is_usable}
    if not any(point.channel == EMAIL for point in others):
        open_ways.add(EMAIL)
    if not open_ways - {without}:
        raise Refused(
            f"{WORDS[without]} is the only way left on which what is overdue can reach you. "
            "Open another way first.",
            field="wants",
        )


def _check(wishes: Wishes) -> None:
    if (wishes.quiet_from is None) != (wishes.quiet_to is None):
        missing = "quiet_to" if wishes.quiet_to is None else "quiet_from"
        raise Refused("Quiet hours need a beginning and an end, or neither.", field=missing)
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_to:
        raise Refused(
            "Quiet hours that end when they begin would never end. Give two different times.",
            field="quiet_to",
        )
    if not is_zone(wishes.zone):
        raise Refused(
            "This is not a time zone we know. Use a name like Europe/Berlin.", field="zone"
        )


def is_zone(name: str) -> bool:
    """Whether this names a zone by which a clock can be read."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


def _digest(point: ContactPoint, code: str) -> str:
    said = f"{point.pk}:{point.address}:{code}"
    return salted_hmac("notifications.reaching", said, algorithm="sha256").hexdigest()


def _code_to(reader: Reader, point: ContactPoint, code: str, *, now: datetime) -> Message:
    """It dies in the outbox as it does on the page."""
    return Message(
        key=f"verify:{point.pk}",
        about=_about(reader),
        audience="staff",
        person_id=reader.pk,
        channel=point.channel,
        address=point.address,
        name=reader.name,
        template=VERIFY_ADDRESS,
        context={
            "code": code,
            "person": reader.first_name,
            "company": settings.COMPANY_NAME,
            "url": f"{settings.PUBLIC_URL}/me/messages/",
        },
        urgent=True,
        not_before=now,
        expires_at=now + lengths.current().code_valid,
        sender=settings.COMPANY_NAME,
        language=reader.language,
    )
