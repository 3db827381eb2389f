"""How the programs that listen for webhooks are doing: well, failing since, or switched off.

An endpoint that fails rests for as long as it has been away, five minutes at most. Then one message
is tried; what waits behind it rests longer, an hour at most. So a message that would only fail
spends no try, and a host that hangs, or is away for days, holds up nobody else. One that has failed
for as long as a webhook is tried is switched off, and so is one that says it is gone; the
administrators are written to.
"""

from __future__ import annotations

import logging
import secrets
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet

from notifications import lengths, sealing
from notifications.envelope import Message
from notifications.models import Breaker, Delivery, Endpoint, State, bulk, queued

logger = logging.getLogger(__name__)

CHANNEL = "webhook"
SWITCHED_OFF = "endpoint_off"
EMAIL = "email"


def by_address(addresses: set[str]) -> dict[str, Endpoint]:
    """The endpoints that deliveries name, by that name. One that was deleted is missing."""
    return {endpoint.address: endpoint for endpoint in _named(addresses)}


def hold(addresses: set[str]) -> None:
    """Be the only one who works on these endpoints, until the caller's transaction ends."""
    list(_named(addresses).select_for_update().order_by("pk").values_list("pk"))


def _named(addresses: set[str]) -> QuerySet[Endpoint]:
    numbers = {int(number) for each in addresses if (number := each.partition(":")[2]).isdigit()}
    return Endpoint.objects.filter(pk__in=numbers)


def resting(addresses: set[str], *, now: datetime) -> dict[str, datetime]:
    """Until when, for those that rest."""
    rests = Breaker.objects.filter(channel__in=addresses, until__gt=now)
    return {name: until for name, until in rests.values_list("channel", "until") if until}


def put_off(address: str, *, until: datetime) -> None:
    """What is due before then is due then. No try of it is spent."""
    waiting = Delivery.objects.filter(channel=CHANNEL, address=address, state=State.QUEUED)
    waiting.filter(attempt_at__lt=until).update(attempt_at=until)


def _keep_one_to_try(address: str, *, until: datetime, later: datetime) -> None:
    """One message is due when the rest is over; those behind it so much later.

    To move all of a backlog of days, every few minutes, would take longer than to send it.
    """
    waiting = Delivery.objects.filter(channel=CHANNEL, address=address, state=State.QUEUED)
    untried = waiting.filter(attempts=0, not_before__lte=until).first_in_line()
    first = list(untried.order_by("-urgent", "attempt_at", "id").values_list("pk", flat=True)[:1])
    waiting.filter(attempt_at__lt=until).exclude(pk__in=first).update(attempt_at=later)
    waiting.filter(pk__in=first).update(attempt_at=until)


def failed(endpoint: Endpoint, because: str, *, now: datetime) -> datetime:
    """It did not answer, or not as it should: let it rest. Answers until when."""
    figures = lengths.current()
    endpoint.failing_since = endpoint.failing_since or now
    Endpoint.objects.filter(pk=endpoint.pk, failing_since=None).update(failing_since=now)
    rest = max(now - endpoint.failing_since, figures.webhook_retries[0])
    until = now + min(rest, figures.endpoint_rest)
    later = now + min(rest, figures.backlog_rest)
    facts = {"opened_at": endpoint.failing_since, "until": until, "reason": because[:200]}
    Breaker.objects.update_or_create(channel=endpoint.address, defaults=facts)
    _keep_one_to_try(endpoint.address, until=until, later=max(until, later))
    return until


def answered(endpoint: Endpoint, *, now: datetime) -> None:
    """It took a message: whatever had to wait for it need not wait any longer."""
    if endpoint.failing_since is None:
        return
    endpoint.failing_since = None
    Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=None)
    Breaker.objects.filter(channel=endpoint.address).delete()
    waiting = Delivery.objects.filter(
        channel=CHANNEL, address=endpoint.address, state=State.QUEUED, not_before__lte=now
    )
    waiting.filter(attempt_at__gt=now).update(attempt_at=now)
    logger.warning("Endpoint %s answers again.", endpoint.pk)


def has_failed_long_enough(endpoint: Endpoint, *, now: datetime) -> bool:
    """Whether it has taken nothing for as long as the shortest whole schedule takes."""
    figures = lengths.current()
    schedule = sum(figures.webhook_retries, start=now - now)
    since = endpoint.failing_since
    return since is not None and now - since >= schedule * (1 - figures.spread)


@transaction.atomic
def switch_off(endpoint: Endpoint, because: str, *, now: datetime) -> None:
    """Send it nothing more. What still waits for it is taken back; administrators are told."""
    endpoint.disabled_at, endpoint.disabled_because = now, because
    chosen = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    if not chosen.update(disabled_at=now, disabled_because=because):
        return
    Breaker.objects.filter(channel=endpoint.address).delete()
    cancel_all(endpoint.address, because=because, now=now)
    logger.critical("Endpoint %s is switched off.", endpoint.pk)
    bulk.insert(_notices(endpoint, because, now=now), now=now)


def switch_on(endpoint: Endpoint) -> None:
    """Begin anew with what is enqueued from now on."""
    endpoint.disabled_at, endpoint.disabled_because, endpoint.failing_since = None, "", None
    endpoint.save(update_fields=["disabled_at", "disabled_because", "failing_since"])


def cancel_all(address: str, *, because: str, now: datetime) -> int:
    """Take back what waits for an endpoint that is gone or switched off."""
    rows = Delivery.objects.filter(channel=CHANNEL, address=address)
    return rows.cancel(reason=because, now=now)


def _notices(endpoint: Endpoint, because: str, *, now: datetime) -> list[bulk.Queued]:
    """A mail to each administrator."""
    administrators = get_user_model().objects.filter(is_superuser=True, is_active=True)
    notices = [_notice(endpoint, because, to=person, now=now) for person in administrators]
    return [queued.row(each, [_by_mail(each)]) for each in notices]


def _by_mail(notice: Message) -> bulk.Way:
    at = notice.not_before
    life = lengths.life(notice.template, notice.audience)
    return bulk.Way(notice.key, EMAIL, notice.address, at, at + life)


def _notice(
    endpoint: Endpoint,
    because: str,
    *,
    to: Any,  # Any: the house's own model of a user, whose name is not ours to import
    now: datetime,
) -> Message:
    return Message(
        key=f"{endpoint.address}:off:{now.isoformat()}:{to.pk}:{EMAIL}",
        about=endpoint.address,
        audience="staff",
        person_id=to.pk,
        channel=EMAIL,
        address=to.email,
        name=to.name,
        template=SWITCHED_OFF,
        context={
            "endpoint": endpoint.name,
            "because": because,
            "company": settings.COMPANY_NAME,
            "url": f"{settings.PUBLIC_URL}/settings/webhooks/{endpoint.pk}/",
        },
        not_before=now,
        language=to.language,
    )


def new_secret() -> str:
    """A secret as the standard writes them; whoever makes one shows it once and seals it."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def renew_secret(endpoint: Endpoint, *, overlap: timedelta | None = None, now: datetime) -> str:
    """Give it another secret. For so long, usually a day, the one before it signs as well."""
    fresh = new_secret()
    usual = lengths.current().secret_overlap
    endpoint.previous_secret = endpoint.secret
    endpoint.previous_until = now + (usual if overlap is None else overlap)
    endpoint.secret = sealing.seal(fresh)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    return fresh


def rest_by_hand(endpoint: Endpoint, because: str, *, now: datetime) -> None:
    """Switch it off because somebody wants it so: nobody needs to be told."""
    with transaction.atomic():
        Endpoint.objects.filter(pk=endpoint.pk).update(
            disabled_at=now, disabled_because=because, failing_since=None
        )
        Breaker.objects.filter(channel=endpoint.address).delete()
        cancel_all(endpoint.address, because=because, now=now)


def trial(endpoint: Endpoint, *, now: datetime) -> Message:
    """A message by which its receiver can be tried out."""
    return Message(
        key=f"{endpoint.address}:test:{now.isoformat()}",
        about=endpoint.address,
        audience="staff",
        channel=CHANNEL,
        address=endpoint.address,
        name=endpoint.name,
        template="webhook_test",
        context={"type": "test", "words": "If you can read this, webhooks reach you."},
        not_before=now,
    )
