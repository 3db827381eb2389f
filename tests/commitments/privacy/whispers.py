"""A customer about whom everything is written everywhere, in words that stand nowhere else."""

from __future__ import annotations

from typing import Any

import psycopg2
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from commitments import checkins, services, sweep
from commitments.models import CheckIn, Customer, Subscription
from commitments.models.subscription import EVERYTHING
from notifications import delivery
from notifications.models import Suppression
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, ines
from tests.notifications.endpoints import an_endpoint

NAME, MAIL, PHONE = "Quentin Zaphrod", "quentin@zaphrod.example", "0755 123 98765"
WORD = "xylophonist"  # in every text that somebody wrote about them
LATER = NOON + 60 * DAY


def a_customer_with_a_story() -> Customer:
    """Promised, asked, moved, called, missed, made right, kept late, rated, thanked; all ended."""
    them = Customer.objects.create(
        name=NAME, email=MAIL, phone=PHONE, external_source="crm", external_id=f"{WORD}-1"
    )
    desk = an_endpoint("https://desk.example/hook", disabled_at=NOON)  # is told later, if at all
    Subscription.objects.create(endpoint=desk, kinds=[EVERYTHING], every_team=True)
    late = a_commitment(
        customer=them,
        wording=f"Send the {WORD} part", team_note=f"A {WORD} note", due_said=f"by {WORD}",
        case=f"{WORD}-48213", case_url=f"https://desk.example/{WORD}", due_at=NOON + 3 * HOUR,
        kind="callback", summary=True,
    )  # fmt: skip
    pk = late.pk
    services.wait(pk, by=ana(), what=f"a photo of the {WORD}", now=NOON + MINUTE)
    photo = services.SentAlong(name=f"{WORD}.png", media_type="image/png", content=b"photo")
    services.reply(pk, words=f"Here is the {WORD}", sent_along=photo, now=NOON + 2 * MINUTE)
    services.update(
        pk, by=ana(), words=f"Your {WORD} is packed", tell_customer=True, now=NOON + 3 * MINUTE
    )
    services.attempt(
        pk, by=ana(), came_of_it="no_answer", note=f"Only the {WORD} picked up", now=NOON + HOUR
    )
    services.reassign(pk, by=ana(), owner_id=dev().pk, note=f"Knows {WORD}s", now=NOON + HOUR)
    services.help(pk, by=dev(), reason=f"No {WORD} here", now=NOON + 2 * HOUR)
    for hours in (3, 4, 5, 6, 24, 25):
        sweep.run(NOON + hours * HOUR)
        delivery.run(NOON + hours * HOUR + MINUTE)
    services.fulfil(
        pk, by=dev(), how=f"The {WORD} left", evidence=f"{WORD}-99", cause="slipped",
        now=NOON + 26 * HOUR,
    )  # fmt: skip
    services.thank(
        pk, by=ines(), owner_id=dev().pk, note=f"What a {WORD}!", shared=True, now=NOON + 27 * HOUR
    )
    for days in range(2, 12):
        checkins.run(NOON + days * DAY)
        delivery.run(NOON + days * DAY + HOUR)
    asked = CheckIn.objects.filter(customer=them, state="sent").first()
    if asked is not None:
        reply = checkins.Reply(
            done="yes", still_open=False, rating=5, browser_key="phone", words=f"A fine {WORD}"
        )
        checkins.answer(asked.pk, reply, now=NOON + 12 * DAY)
    Suppression.objects.get_or_create(
        channel="email", address=MAIL, defaults={"since": NOON, "cause": f"bounced: {MAIL}"}
    )
    LogEntry.objects.create(
        user=ines(), action_flag=CHANGE, object_id=them.pk, object_repr=NAME,
        content_type=ContentType.objects.get_for_model(Customer),
    )  # fmt: skip
    return Customer.objects.get(pk=them.pk)


def found(*words: str) -> dict[str, int]:
    """Every column of every table in which one of these words stands, and in how many rows."""
    hits: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                said = _as_text(column)
                fits = " OR ".join(f"{said} LIKE %s" for _ in words)
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE {fits}',
                    [f"%{word}%" for word in words],
                )
                if count := cursor.fetchone()[0]:
                    hits[f"{table}.{column.name}"] = count
    return hits


def _as_text(column: Any) -> str:  # Any: the backend's own
    name = connection.ops.quote_name(column.name)
    if connection.vendor == "postgresql" and column.type_code == psycopg2.BINARY:
        return f"encode({name}, 'escape')"
    return f"CAST({name} AS TEXT)"
