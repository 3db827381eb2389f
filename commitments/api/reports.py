"""The reports for programs: the same functions, choices and refusals as the pages have.

    GET /api/v1/reports/overdue/?team=1&owner=7&kind=3
    GET /api/v1/reports/kept/?since=2026-05-01&until=2026-05-31&by=week

A team, person or kind that does not exist, and one that the caller may not see, are the same 404.
An agent has figures of their own only. Shares and averages are null where there is too little to
work them out of, as the pages say it: `is_too_few`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, cast, get_args

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.reports import (
    NotFound,
    Scope,
    breaks,
    fresh,
    kept,
    lasting,
    live,
    ratings,
    values,
    workload,
)

from . import fields, parameters, queries, report_shapes, schema
from .doors import Door
from .parameters import A_DAY, AN_ID, Parameter

_LIVE_CHOICES = {
    "team": AN_ID.about("About one team."),
    "owner": AN_ID.about("About one person."),
    "kind": AN_ID.about("About one kind of promise."),
}
_CHOICES = _LIVE_CHOICES | {
    "since": A_DAY.about("The first day on which they were first due."),
    "until": A_DAY.about("The last such day."),
}
_USUAL = ("low", "high")


def _by(known: tuple[str, ...], usual: str) -> dict[str, Parameter]:
    return {"by": parameters.one_of(*known, usual=usual).about("What the groups are.")}


class Report(Door):
    """One report. What it is about, and of when it is, stands before its figures."""

    http_method_names = ["get", "head"]
    parameters = _CHOICES
    answer: Any  # the shape of its answer, one of `report_shapes`

    @schema.gives(200, "answer", refuses=(404,))
    def get(self, request: Request) -> Response:
        queries.refuse_strangers(request.query_params, known=self.parameters)
        queries.refuse_empty(request.query_params)
        now = timezone.now()
        scope = self._scope(request.query_params.dict(), now=now)
        return Response(self.about(scope, now=now) | self.figures(scope, now=now))

    def about(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return {
            "since": scope.period.since.isoformat(),
            "until": scope.period.until.isoformat(),
            "as_of": _instant(fresh.fresh_as_of(scope, now)),
        }

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        raise NotImplementedError

    def _scope(self, asked: Mapping[str, str], *, now: datetime) -> Scope:
        try:
            return Scope.of(self.user, asked, now)
        except NotFound:
            raise exceptions.NotFound("There is no such team, person or kind.") from None

    def grouped_by(self, known: tuple[str, ...], usual: str) -> str:
        by = self.request.query_params.get("by", usual)
        if by not in known:
            raise exceptions.ValidationError({"by": [f"Choose one of: {', '.join(known)}."]})
        return by


class Overdue(Report):
    """What is late now, whenever it was promised, and what is about to be."""

    answer = report_shapes.Overdue
    parameters = _LIVE_CHOICES

    def about(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return {"as_of": _instant(now)}

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        look = live.Look.at(scope, now=now)
        overdue = look.overdue()
        return {
            **asdict(overdue),
            "told": overdue.told,
            "waits": [asdict(wait) for wait in look.waits()],
            "open_by_team": [_load(load) for load in look.open_by("team")],
            "open_by_owner": [_load(load) for load in look.open_by("owner")],
        }


class Kept(Report):
    """How promises ended that were first due in the period, and how long it took."""

    answer = report_shapes.Kept
    parameters = _CHOICES | _by(get_args(kept.By), "week")

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        by = self.grouped_by(get_args(kept.By), "week")
        (whole,) = kept.kept(scope)
        groups = () if by == "all" else kept.kept(scope, cast("kept.By", by))
        return {
            "all": _kept(whole),
            "by": by,
            "groups": [_kept(group) for group in groups],
            "time_to_keep": [_lasted(each) for each in lasting.time_to_keep(scope)],
        }


class Ratings(Report):
    """What customers answered about promises that were first due in the period."""

    answer = report_shapes.Ratings
    parameters = _CHOICES | _by(get_args(ratings.By), "happened")

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        by = self.grouped_by(get_args(ratings.By), "happened")
        (whole,) = ratings.ratings(scope)
        groups = () if by == "all" else ratings.ratings(scope, cast("ratings.By", by))
        return {
            "all": _rated(whole),
            "by": by,
            "groups": [_rated(group) for group in groups],
        }


class Causes(Report):
    """Why promises broke that were first due in the period."""

    answer = report_shapes.Causes

    def about(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return super().about(scope, now=now) | {"as_of": _instant(now)}  # counted as they are

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return {
            "causes": [asdict(cause) for cause in breaks.causes(scope)],
            "by_weekday_and_hour": breaks.heat(scope),
            "hand_offs": [asdict(each) for each in breaks.hand_offs(scope)],
        }


class Workload(Report):
    """Who has how much open and ahead now, and how much fits into their days."""

    answer = report_shapes.Workload
    parameters = _LIVE_CHOICES

    def about(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return {"as_of": _instant(now)}

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        look = workload.look(scope, now)
        shown = [each for each in look.people() if each.open or each.person]  # as on the page
        return {
            "days": [day.isoformat() for day in look.days],
            "people": [_on_their_hands(each) for each in shown],
        }


class Values(Report):
    """What was given for refunds, credits and the like. Of too few nothing is usual."""

    answer = report_shapes.Values

    def about(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return super().about(scope, now=now) | {"as_of": _instant(now)}  # counted as they are

    def figures(self, scope: Scope, *, now: datetime) -> dict[str, Any]:
        return {"values": [_spread(each) for each in values.spread(scope)]}


def _on_their_hands(each: workload.Workload) -> dict[str, Any]:
    return {
        "id": each.person.pk if each.person else None,
        "name": str(each.person) if each.person else None,
        "open": each.open,
        "overdue": each.overdue,
        "today": each.today,
        "due": each.due,
        "capacity": each.capacity,
        "on_shift": each.on_shift,
    }


def _spread(each: values.Spread) -> dict[str, Any]:
    """Amounts as text, as exact as they are kept."""
    amounts = {name: f"{getattr(each, name):.2f}" for name in ("least", "median", "most")}
    usual = {name: None if each.is_too_few else f"{getattr(each, name):.2f}" for name in _USUAL}
    return asdict(each) | amounts | usual | {"is_too_few": each.is_too_few}


def _load(load: live.Load) -> dict[str, Any]:
    said = asdict(load) | {"open": load.open}
    return {"id": said.pop("pk")} | said


def _kept(row: kept.Kept) -> dict[str, Any]:
    said = asdict(row) | {"key": _key(row.key), "n": row.n, "is_too_few": row.is_too_few}
    shares = {"on_time_share": row.on_time_share, "kept_share": row.kept_share}
    return said | _where_enough(shares, row)


def _rated(row: ratings.Rated) -> dict[str, Any]:
    said = asdict(row) | {"answers": row.answers, "is_too_few": row.is_too_few}
    felt = {"average": row.average, "share_4_5": row.share_4_5}
    return said | _where_enough(felt, row) | {"response": row.response}


def _where_enough(
    shares: dict[str, float | None], row: kept.Kept | ratings.Rated
) -> dict[str, float | None]:
    return dict.fromkeys(shares) if row.is_too_few else shares


def _lasted(row: lasting.Lasted) -> dict[str, Any]:
    return asdict(row) | {"median": _minutes(row.median), "nine_in_ten": _minutes(row.nine_in_ten)}


def _minutes(length: timedelta | None) -> int | None:
    """Working minutes."""
    return None if length is None else int(length.total_seconds()) // 60


def _key(key: kept.Key) -> int | str | None:
    return key.isoformat() if isinstance(key, date) else key


def _instant(at: datetime) -> str:
    return fields.Instant().to_representation(at)
