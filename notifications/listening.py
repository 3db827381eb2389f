"""What administrators do about the programs that listen, through whatever door.

A secret is given to whoever asked for it, once, and lies sealed from then on. What a program missed
it can be sent again, each message under the id it had: a receiver that has it already can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from notifications import lengths, outbox, sealing, tasks
from notifications.channels import addresses, endpoints
from notifications.channels.webhook import webhook_id
from notifications.envelope import encodable, one_line
from notifications.models import (
    AGAIN,
    CLOCKED,
    HAPPENED,
    Attempt,
    Breaker,
    Delivery,
    Endpoint,
    State,
    bulk,
    queued,
)
from notifications.models.delivery import DeliveryQuerySet

LONGEST_NAME: Final = 120
LONGEST_OVERLAP: Final = timedelta(days=7)
REPEATED: Final = timedelta(days=7)
"""How long ago something may have happened to be sent again with all that came after it."""
MOST_REPEATED: Final = 1_000
"""How many go out again for one press."""

_LONGEST_URL = 2_000
_MISSED = (State.FAILED, State.EXPIRED, State.CANCELLED, State.SUPPRESSED, State.UNCERTAIN)
_BY_HAND = "Switched off by an administrator."
_IS_OFF = "It is switched off. Switch it on first."


class Refused(Exception):
    """A rule said no, in a sentence for the person; `field` is what it is about."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotNow(Refused):
    """It may be later: it is switched off, or the message is still on its way."""


class Gone(Exception):
    """There is no such program, or no such message to it."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A program, and how it is doing. Until `old_secret_until` the secret before signs as well."""

    id: int
    name: str
    url: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_because: str
    old_secret_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """One message to a program, and what became of it. `answer` is what it said at the last try.

    `webhook_id` is what the program knows it by; `next_at` is when it is tried again.
    """

    id: int
    webhook_id: str
    type: str
    reference: str
    at: datetime
    state: str
    reason: str
    attempts: int
    next_at: datetime | None
    settled_at: datetime | None
    code: int | None
    answer: str
    may_be_repeated: bool

    @property
    def has_ended(self) -> bool:
        return self.state not in CLOCKED


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """How many go out again; `goes_on_at` is the time of the first that had no place any more."""

    count: int
    goes_on_at: datetime | None


def every() -> list[Listener]:
    return [_listener(each) for each in Endpoint.objects.order_by("name")]


def one(pk: int) -> Listener:
    """Raises Gone."""
    found = Endpoint.objects.filter(pk=pk).first()
    if found is None:
        raise Gone
    return _listener(found)


def check(url: str, *, of: int | None = None) -> None:
    """Whether we would post there; asked anew only where it is not the address of that one.

    It looks up a name, which takes its time: not for a transaction that holds anything. Raises
    Refused, Gone.
    """
    if of is not None and one(of).url == url:
        return
    if len(url) > _LONGEST_URL or not url.isprintable():
        raise Refused("This is no address that webhooks can be posted to.", field="url")
    try:
        addresses.check(url, patience=lengths.current().connect)
    except (addresses.Refused, addresses.Unknown) as no:
        raise Refused(str(no), field="url") from no


def add(name: str, url: str, *, now: datetime) -> tuple[Listener, str]:
    """A new program at an address that was checked, and its secret. Raises Refused."""
    secret = endpoints.new_secret()
    endpoint = Endpoint(secret=sealing.seal(secret), made_at=now)
    _keep(endpoint, name=name, url=url)
    return _listener(endpoint), secret


def hold(pk: int) -> Listener:
    """Nobody else changes it until the caller's transaction ends. Raises Gone."""
    return _listener(_held(pk))


@transaction.atomic
def edit(pk: int, *, name: str, url: str) -> Listener:
    """Another name or address, checked before; what waits goes there. Raises Refused, Gone."""
    endpoint = _held(pk)
    _keep(endpoint, name=name, url=url)
    return _listener(endpoint)


@transaction.atomic
def remove(pk: int, *, now: datetime) -> None:
    """Forget it, and take back what waits for it. Raises Gone."""
    endpoint = _held(pk)
    endpoints.cancel_all(endpoint.address, because="This endpoint was deleted.", now=now)
    Breaker.objects.filter(channel=endpoint.address).delete()
    endpoint.delete()


@transaction.atomic
def renew(pk: int, *, overlap: timedelta, now: datetime) -> tuple[Listener, str]:
    """Give it another secret; for so long the one before signs as well. Raises Refused, Gone."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        days = LONGEST_OVERLAP.days
        raise Refused(f"The old secret may sign for {days} days at most.", field="overlap_hours")
    endpoint = _held(pk)
    secret = endpoints.renew_secret(endpoint, overlap=overlap, now=now)
    return _listener(endpoint), secret


@transaction.atomic
def try_out(pk: int, *, now: datetime) -> Told:
    """Send it a test at once, even while it rests. Raises Refused, Gone."""
    endpoint = _held_on(pk)
    Breaker.objects.filter(channel=endpoint.address).delete()
    trial = endpoints.trial(endpoint, now=now)
    outbox.enqueue([trial], now=now)
    return _told(_read(_rows(endpoint)).get(key=trial.key))


@transaction.atomic
def switch_off(pk: int, *, now: datetime) -> Listener:
    """Send it nothing, and take back what waits. Raises Gone."""
    endpoint = _held(pk)
    if endpoint.disabled_at is None:
        endpoints.rest_by_hand(endpoint, _BY_HAND, now=now)
        endpoint.refresh_from_db()
    return _listener(endpoint)


@transaction.atomic
def switch_on(pk: int) -> Listener:
    """Begin anew with what happens from now on. Raises Gone."""
    endpoint = _held(pk)
    endpoints.switch_on(endpoint)
    return _listener(endpoint)


def latest() -> dict[int, Told]:
    """The last message to each program, by its id; two queries."""
    address = Concat(Value("endpoint:"), Cast(OuterRef("pk"), TextField()))
    theirs = Delivery.objects.filter(channel=endpoints.CHANNEL, address=address)
    last = theirs.order_by("-enqueued_at", "-id").values("pk")[:1]
    newest = Endpoint.objects.annotate(last=Subquery(last)).exclude(last=None)
    pks = dict(newest.values_list("last", "pk"))
    return {pks[row.pk]: _told(row) for row in _read(Delivery.objects.filter(pk__in=pks))}


def told(pk: int, *, most: int, before: int | None = None) -> list[Told]:
    """What it was told, newest first; `before` is the id of the last one seen. Raises Gone."""
    rows = Delivery.objects.filter(channel=endpoints.CHANNEL, address=f"endpoint:{pk}")
    if before is not None:
        at = one_told(pk, before).at
        earlier = Q(enqueued_at__lt=at) | Q(enqueued_at=at, id__lt=before)
        rows = rows.filter(earlier, enqueued_at__lte=at)
    return [_told(row) for row in _read(rows)[:most]]


def one_told(pk: int, delivery_id: int) -> Told:
    """Raises Gone."""
    rows = Delivery.objects.filter(channel=endpoints.CHANNEL, address=f"endpoint:{pk}")
    row = _read(rows).filter(pk=delivery_id).first()
    if row is None:
        raise Gone
    return _told(row)


def sealed(secret: str) -> str:
    """As it may be kept."""
    return sealing.seal(secret)


def opened(kept: str) -> str:
    """The secret that was sealed, or nothing where its key is gone."""
    try:
        return sealing.unseal(kept)
    except sealing.CannotOpen:
        return ""


def repeat(pk: int, delivery_id: int, *, now: datetime) -> Told:
    """Send one message again, under the id it had. Raises Refused, Gone."""
    with transaction.atomic():
        endpoint = _held_on(pk)
        row = _rows(endpoint).filter(pk=delivery_id).first()
        if row is None:
            raise Gone
        if not row.context:
            raise Refused("What it said is forgotten by now.")
        try:
            key = outbox.resend(row.pk, now=now)
        except outbox.StillUnderWay as no:
            raise NotNow(str(no)) from no
        return _told(_rows(endpoint).get(key=key))


@transaction.atomic
def repeat_since(pk: int, since: datetime, *, also_arrived: bool, now: datetime) -> Repeated:
    """Send again what happened since then and did not arrive, or all of it; so many at most.

    What has been sent again before counts as seen to. Raises Refused, Gone.
    """
    if not now - REPEATED <= since <= now:
        raise Refused(f"Choose a time within the last {REPEATED.days} days.", field="since")
    endpoint = _held_on(pk)
    wanted = Q(state__in=_MISSED, attended_at=None)
    if also_arrived:
        wanted |= Q(state=State.SENT) & ~Q(key__contains=AGAIN)
    since_then = _rows(endpoint).filter(wanted, template=HAPPENED, enqueued_at__gte=since)
    rows = list(since_then.order_by("enqueued_at", "id")[: MOST_REPEATED + 1])
    taken = rows[:MOST_REPEATED]
    if taken:
        stamp = f"{now.timestamp():.0f}"
        again = [queued.again(row, f"{row.id}-{stamp}", now=now) for row in taken]
        bulk.insert(again, now=now)
        Delivery.objects.filter(pk__in=[row.pk for row in taken]).update(attended_at=now)
        transaction.on_commit(tasks.poke, robust=True)
    left = rows[MOST_REPEATED:]
    return Repeated(count=len(taken), goes_on_at=left[0].enqueued_at if left else None)


def _keep(endpoint: Endpoint, *, name: str, url: str) -> None:
    """Raises Refused and changes nothing."""
    name = one_line(encodable(name.replace("\0", "")))
    if not name:
        raise Refused("Give it a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Keep the name to {LONGEST_NAME} characters.", field="name")
    taken = Refused(f"There is one called {name} already.", field="name")
    if Endpoint.objects.exclude(pk=endpoint.pk).filter(name__iexact=name).exists():
        raise taken
    endpoint.name, endpoint.url = name, url
    try:
        with transaction.atomic():
            endpoint.save(update_fields=["name", "url"] if endpoint.pk else None)
    except IntegrityError:
        raise taken from None  # somebody took the name in this very moment


def _held(pk: int) -> Endpoint:
    found = Endpoint.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Gone
    return found


def _held_on(pk: int) -> Endpoint:
    endpoint = _held(pk)
    if endpoint.disabled_at is not None:
        raise NotNow(_IS_OFF)
    return endpoint


def _rows(endpoint: Endpoint) -> DeliveryQuerySet:
    return Delivery.objects.filter(channel=endpoints.CHANNEL, address=endpoint.address)


def _read(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    """With what was answered at the last try, the newest first."""
    last = Attempt.objects.filter(delivery=OuterRef("pk"), token=OuterRef("token"))
    answered = rows.defer("text", "html").annotate(
        last_code=Subquery(last.values("code")), last_answer=Subquery(last.values("answer"))
    )
    return answered.order_by("-enqueued_at", "-id")


def _listener(endpoint: Endpoint) -> Listener:
    return Listener(
        id=endpoint.pk,
        name=endpoint.name,
        url=endpoint.url,
        made_at=endpoint.made_at,
        failing_since=endpoint.failing_since,
        disabled_at=endpoint.disabled_at,
        disabled_because=endpoint.disabled_because,
        old_secret_until=endpoint.previous_until if endpoint.previous_secret else None,
    )


def _told(row: Delivery) -> Told:
    return Told(
        id=row.pk,
        webhook_id=webhook_id(row.key),
        type=str(row.context.get("type", row.template)),
        reference=str(row.context.get("reference", "")),
        at=row.enqueued_at,
        state=row.state,
        reason=row.reason,
        attempts=row.attempts,
        next_at=row.attempt_at,
        settled_at=row.settled_at,
        may_be_repeated=bool(row.context) and row.template != "webhook_test",
        code=vars(row).get("last_code"),
        answer=vars(row).get("last_answer") or "",
    )
