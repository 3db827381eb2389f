"""All history there is, as it is kept by days and as it is counted from the promises."""

from __future__ import annotations

from datetime import datetime

from commitments.models import User
from commitments.reports import Scope, kept, lasting, ratings


def everything(now: datetime) -> Scope:
    admin = User.objects.filter(is_superuser=True).first()
    who = admin or User.objects.create_superuser("root@larkfield.example", "x", name="Root")
    return Scope.of(who, {"since": "2026-01-01", "until": "2027-12-31"}, now)


def rolled_up(scope: Scope) -> list[object]:
    groups = ("all", "week", "team", "kind", "owner")
    rated = ("all", "happened", "team", "kind", "owner")
    return [
        *(kept.kept(scope, by) for by in groups),
        *(ratings.ratings(scope, by) for by in rated),
        lasting.time_to_keep(scope),
    ]


def from_facts(scope: Scope) -> list[object]:
    groups = ("all", "week", "team", "kind", "owner")
    rated = ("all", "happened", "team", "kind", "owner")
    return [
        *(kept.kept_from_facts(scope, by) for by in groups),
        *(ratings.ratings_from_facts(scope, by) for by in rated),
        lasting.time_to_keep_from_facts(scope),
    ]
