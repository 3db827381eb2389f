"""The only door into notifications: put messages in, take them back, send again, ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from django.db import transaction
from django.db.models import Exists, Q

from notifications import forgetting, rendering, tasks, ways
from notifications.channels import answering, dsn, verp
from notifications.delivery import bouncing, crash, leases, places, pruning
from notifications.envelope import JSON, Audience, Bounce, Message
from notifications.models import (
    AGAIN,
    CLOCKED,
    Delivery,
    Endpoint,
    InboxItem,
    State,
    bulk,
    queued,
)

Unreadable = dsn.Unreadable
Closed: TypeAlias = forgetting.Closed
closed = forgetting.closed
forget, forget_mentions = forgetting.forget, forgetting.forget_mentions
# What is forgotten because it is old: of messages here, of promises in a room above.
Kind: TypeAlias = pruning.Kind
Gone: TypeAlias = pruning.Gone
kinds_forgotten, let_go, at_once = pruning.kinds, pruning.let_go, pruning.at_once

_NO_MORE: Final = "They asked for no more e-mails, or cannot be written to. Please call."


class StillUnderWay(Exception):
    """A message that has not ended is not for a person to see to."""


class Stale(Exception):
    """What this message says was true for a while: sent again, it would mislead."""


class Unwanted(Exception):
    """Whoever it went to cannot be written to any more, or does not want to be."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A delivery as others may see it: what it is and how far it got."""

    id: int
    key: str
    about: str
    event_id: int | None
    audience: Audience
    person_id: int | None
    channel: str
    address: str
    name: str
    template: str
    subject: str
    text: str
    state: str
    reason: str
    attempts: int
    not_before: datetime
    attempt_at: datetime | None
    settled_at: datetime | None
    bounced_at: datetime | None
    needs_a_person: bool
    instead: str


def enqueue(messages: Sequence[Message], *, now: datetime, hurry: bool = True) -> int:
    """Put messages into the outbox, in the caller's transaction and one statement.

    A message without a channel goes by every way its reader wants, each a delivery of its own whose
    key ends in the channel. A key that is there already is left as it is. What a customer will read
    is put into words here, so that what was previewed is what is sent; staff messages are worded
    when they are sent. Whoever enqueues batch after batch asks for hurry once, at the end.

    Answers how many are new.
    """
    if not messages:
        return 0
    taken = ways.of(messages)
    rows = [_row(message, its) for message, its in zip(messages, taken, strict=True)]
    new = bulk.insert(rows, now=now)
    crash.here("T1.pre")
    if hurry and any(way.not_before <= now for its in taken for way in its):
        transaction.on_commit(tasks.poke, robust=True)
    return new


def hurry() -> None:
    """Ask for a round of delivery now; the next tick would come anyway."""
    tasks.poke()


def withdraw(
    *,
    about: Sequence[str] = (),
    event_ids: Sequence[int] = (),
    person_id: int | None = None,
    audience: Audience | None = None,
    reason: str,
    now: datetime,
) -> int:
    """Take back what has not irreversibly gone out: all that fits every filter given.

    Answers how many were withdrawn. Without any filter it would be everything, which is refused.
    """
    fitting = Q()
    if about:
        fitting &= Q(about__in=about)
    if event_ids:
        fitting &= Q(event_id__in=event_ids)
    if person_id is not None:
        fitting &= Q(person_id=person_id)
    if audience is not None:
        fitting &= Q(audience=audience)
    if not fitting:
        raise ValueError("Say what to withdraw.")
    return Delivery.objects.filter(fitting).take_back(reason=reason, now=now)


def withdraw_pairs(pairs: Sequence[tuple[str, int]], *, reason: str, now: datetime) -> int:
    """Take back what is on its way about each of these subjects to the person beside it.

    As many statements for a thousand as for one. Answers how many were withdrawn.
    """
    if not pairs:
        return 0
    wanted = set(pairs)
    rows = Delivery.objects.filter(
        about__in={about for about, _ in pairs},
        person__in={person for _, person in pairs},
        audience="staff",
        state__in=[State.QUEUED, State.LEASED, State.UNCERTAIN, State.BUNDLED],
    )
    found = rows.values_list("pk", "about", "person_id")
    chosen = [pk for pk, about, person_id in found if (about, person_id) in wanted]
    return Delivery.objects.filter(pk__in=chosen).take_back(reason=reason, now=now)


def restore(
    *, about: Sequence[str], withdrawn_at: datetime, except_event: int, now: datetime
) -> int:
    """Queue again what was withdrawn at that instant, but for what followed from that event.

    For a withdrawal that has itself been taken back. Answers how many were restored.
    """
    withdrawn = Delivery.objects.filter(about__in=about, settled_at=withdrawn_at)
    restored = withdrawn.exclude(event_id=except_event).queue_again(now=now)
    if restored:
        transaction.on_commit(tasks.poke, robust=True)
    return restored


def resend(delivery_id: int, *, now: datetime) -> str:
    """Send again, because a person said so, what has ended one way or another.

    A new delivery in the same words, under the same key and `:again-n`, which is answered. Raises
    StillUnderWay for one that has not ended; Stale, with what to do instead, for one whose words
    are overtaken; and Unwanted for a customer who asked for no more meanwhile.
    """
    with transaction.atomic():
        first = Delivery.objects.select_for_update().get(pk=delivery_id)
        if first.state in CLOCKED:
            raise StillUnderWay("This message is still on its way.")
        if words := instead(first):
            raise Stale(words)
        if first.audience == "customer" and not _may_still_go(first, now=now):
            raise Unwanted(_NO_MORE)
        begin = f"{queued.reason_of(first)}{AGAIN}"
        which = Delivery.objects.filter(key__startswith=begin).count() + 1
        key = f"{begin}{which}"
        bulk.insert([queued.again(first, str(which), now=now)], now=now)
        if first.is_bundle:
            Delivery.objects.get(key=key).take_over(first)
        needed_somebody = first.needs_a_person
        Delivery.objects.filter(pk=first.pk).update(attempt_at=None, attended_at=now)
        if needed_somebody:
            pruning.catch_up(first.pk)
        transaction.on_commit(tasks.poke, robust=True)
    return key


def _may_still_go(row: Delivery, *, now: datetime) -> bool:
    return places.recipients([row], now=now).get(row.key) is not None


def about_in(addresses: str) -> str | None:
    """What the address that an answer came to names, such as `commitment:7`, and proves."""
    return answering.about_in(addresses)


def instead(row: Delivery) -> str:
    """What to do rather than send this again; nothing where that does no harm."""
    return leases.subject().instead(row.as_delivered()) if row.state == State.EXPIRED else ""


def bounced(
    delivery_id: int | None = None,
    *,
    provider_id: str = "",
    kind: Bounce,
    reason: str,
    at: datetime,
    now: datetime,
) -> bool:
    """What was accepted came back, or was complained of, as it was heard `at`.

    By our own number of the message, or by a provider's. Answers whether it was news: one that is
    not known, was never accepted or has bounced already changes nothing.
    """
    row = _named(delivery_id, provider_id)
    return row is not None and bouncing.record(row, kind=kind, reason=reason, at=at, now=now)


def is_return_path(addresses: str) -> bool:
    """Whether one of these is where a message of ours comes back to, and proves it."""
    return verp.delivery_in(addresses) is not None


def returned(mail: bytes, *, recipient: str = "", now: datetime) -> str:
    """A mail that a mail server sends back: what became of it, in a sentence.

    Raises Unreadable for what reports on no message of ours, or cannot prove it.
    """
    report = dsn.read(mail, recipient=recipient)
    about, kind = report.delivery_id, report.kind
    if kind is None:
        return f"Noted: delivery {about} is delayed."
    is_news = bounced(about, kind=kind, reason=report.reason, at=now, now=now)
    return f"Delivery {about}, {kind.value}: {'recorded' if is_news else 'changes nothing'}."


def arrived(
    delivery_id: int | None = None, *, provider_id: str = "", at: datetime, now: datetime
) -> bool:
    """A message is in its reader's mailbox since `at`, as its provider says: there is no doubt now.

    By our own number of it, or by the provider's. Answers whether it was news: only what may have
    arrived is settled by it.
    """
    row = _named(delivery_id, provider_id)
    return row is not None and bouncing.arrived(row, provider_id=provider_id, at=min(at, now))


def _named(delivery_id: int | None, provider_id: str) -> Delivery | None:
    if delivery_id is None and not provider_id:
        return None
    named = Q(pk=delivery_id) if delivery_id is not None else Q(provider_id=provider_id)
    return Delivery.objects.filter(named).order_by("id").first()


def attend(delivery_id: int, *, by_id: int, note: str = "", now: datetime) -> None:
    """A person has seen to this message: it needs no attention, and no further send of ours.

    A note goes to where the history of what it is about is kept. Raises StillUnderWay, and notes
    nothing, where it is sent once more at this moment, or somebody else has seen to it.
    """
    with transaction.atomic():
        row = Delivery.objects.get(pk=delivery_id)
        if note:
            leases.subject().attended(row.as_delivered(), note, by_id=by_id, at=now)
        if not Delivery.objects.filter(pk=delivery_id).attend(by_id=by_id, now=now):
            raise StillUnderWay("This message is no longer one that waits for a person.")
        pruning.catch_up(delivery_id)


def wake(about: Sequence[str], *, now: datetime) -> int:
    """What its readers put off about these subjects is shown now, as new. Answers how many."""
    return InboxItem.objects.put_off(now).filter(about__in=about).update(show_at=now, read_at=None)


def count_needing_attention(theirs: Q, *, most: int) -> int:
    """How many messages wait for a person, of those that fit; `most` where they are more."""
    return Delivery.objects.needing_attention().filter(theirs)[:most].count()


def some_need_attention() -> Exists:
    """Within a query of others': whether any message waits for a person."""
    return Exists(Delivery.objects.needing_attention())


def deliveries_about(about: Sequence[str]) -> list[Standing]:
    """Every delivery about these subjects, oldest first."""
    rows = Delivery.objects.about(about).select_related("bundle")
    heavy = ("html", "context", "bundle__text", "bundle__html", "bundle__context")
    return [_standing(row) for row in rows.defer(*heavy)]


def listeners() -> dict[int, str]:
    """The names of the endpoints that are not switched off, by their ids."""
    listening = Endpoint.objects.filter(disabled_at=None)
    return dict(listening.values_list("pk", "name"))


def in_words(template: str, context: Mapping[str, JSON], *, language: str) -> rendering.Words:
    """What a mail would say. Nothing is kept."""
    return rendering.words(template, context, channel="email", language=language)


def _row(message: Message, taken: Sequence[bulk.Way]) -> bulk.Queued:
    if message.audience == "customer":
        taken = [each._replace(words=_words(message, each.channel)) for each in taken]
    return queued.row(message, taken)


def _words(message: Message, channel: str) -> bulk.Words:
    """What a customer will read; what goes to colleagues is in no words yet."""
    said = rendering.words(
        message.template, message.context, channel=channel, language=message.language
    )
    return bulk.Words(said.subject, said.text, said.html)


def _standing(row: Delivery) -> Standing:
    fate = row.fate
    return Standing(
        id=row.pk,
        key=row.key,
        about=row.about,
        event_id=row.event_id,
        audience=row.audience_name,
        person_id=row.person_id,
        channel=row.channel,
        address=row.address,
        name=row.name,
        template=row.template,
        subject=row.subject,
        text=row.text,
        state=fate.state,
        reason=fate.reason,
        attempts=fate.attempts,
        not_before=row.not_before,
        attempt_at=fate.attempt_at,
        settled_at=fate.settled_at,
        bounced_at=row.bounced_at,
        needs_a_person=row.needs_a_person,
        instead=instead(row),
    )
