"""Files that somebody has uploaded, at each point of their way in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from commitments import imports
from commitments.models import Import, User
from tests.makers import NOON, a_team, ana

from .files import a_row, csv_of

LONG = timedelta(minutes=10)


def rows(count: int, **changed: str) -> list[dict[str, str]]:
    """Promises of Ana's team, each of a customer of its own."""
    return [
        a_row(
            **{"conversation": f"case-{n}", "customer_email": f"c{n}@customers.example"} | changed
        )
        for n in range(count)
    ]


def an_upload(
    *lines: dict[str, str],
    data: bytes | None = None,
    by: User | None = None,
    name: str = "promises.csv",
    now: datetime = NOON,
) -> Import:
    """Uploaded, and not looked at yet."""
    team = a_team()
    content = ContentFile(csv_of(*lines).encode() if data is None else data)
    return imports.take(content, name=name, team=team, by=by or ana(), now=now)


def asked_of(upload: Import) -> imports.Asked:
    """As it was guessed."""
    choices = upload.choices | {"order": imports.Order(upload.choices["order"])}
    return imports.Asked(columns=upload.columns, sheet=upload.sheet, **choices)


def checked(upload: Import, *, now: datetime = NOON) -> Import:
    """With every row judged."""
    imports.check(upload.pk, asked_of(upload), by=upload.by, now=now)
    imports.go_on(upload.pk, now=now, within=LONG)
    return fresh(upload)


def brought_in(upload: Import, *, now: datetime = NOON) -> Import:
    """With all that is good made."""
    imports.begin(checked(upload).pk, by=upload.by, now=now)
    imports.go_on(upload.pk, now=now, within=LONG)
    return fresh(upload)


def fresh(upload: Import) -> Import:
    return Import.objects.get(pk=upload.pk)
