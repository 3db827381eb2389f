"""What the reports say, for the schema: the dicts that `reports` puts together.

A share, an average and a length are null where there is too little to work them out of.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict


class _Period(TypedDict):
    since: date
    until: date
    as_of: datetime


class Wait(TypedDict):
    """How many are overdue for about as long."""

    code: str
    label: str
    told: int
    not_told: int


class Load(TypedDict):
    """What is open in a team, or with a person; `id` is null for what nobody owns."""

    id: int | None
    label: str
    overdue: int
    due_today: int
    later: int
    not_told: int
    open: int


class Overdue(TypedDict):
    as_of: datetime
    overdue: int
    told: int
    not_told: int
    customers_not_told: int
    due_soon: int
    due_soon_without_owner_on_shift: int
    disputed: int
    waits: list[Wait]
    open_by_team: list[Load]
    open_by_owner: list[Load]


class KeptRow(TypedDict):
    """How promises ended; `key` is null, a Monday, or an id."""

    key: int | str | None
    label: str
    on_time: int
    moved: int
    late: int
    broken: int
    overdue: int
    pending: int
    released: int
    void: int
    attempted: int
    n: int
    is_too_few: bool
    on_time_share: float | None
    kept_share: float | None


class Lasted(TypedDict):
    """Working minutes, of one kind of promise or of all."""

    kind: int | None
    label: str
    n: int
    median: int | None
    nine_in_ten: int | None


class Kept(_Period):
    all: KeptRow
    by: str
    groups: list[KeptRow]
    time_to_keep: list[Lasted]


class RatedRow(TypedDict):
    """What customers answered; `counts` of 1, 2, 3, 4 and 5."""

    key: int | str | None
    label: str
    asked: int
    counts: list[int]
    answers: int
    is_too_few: bool
    average: float | None
    share_4_5: float | None
    response: float | None


class Ratings(_Period):
    all: RatedRow
    by: str
    groups: list[RatedRow]


class Broke(TypedDict):
    """One cause, and whom it met; "" is what nobody gave a cause for."""

    cause: str
    label: str
    promises: int
    customers: int


class HandOffs(TypedDict):
    """How often broken promises had changed hands; 2 stands for two or more."""

    times: int
    label: str
    promises: int


class Causes(_Period):
    """`by_weekday_and_hour`: seven days from Monday, of 24 hours each."""

    causes: list[Broke]
    by_weekday_and_hour: list[list[int]]
    hand_offs: list[HandOffs]


class OnTheirHands(TypedDict):
    """What one person has open, and on each of `days` due; `id` is null for what nobody owns."""

    id: int | None
    name: str | None
    open: int
    overdue: int
    today: int
    due: list[int]
    capacity: int
    on_shift: list[bool]


class Workload(TypedDict):
    as_of: datetime
    days: list[date]
    people: list[OnTheirHands]


class Spread(TypedDict):
    """What was given for one kind and cause: amounts as text, in `currency`."""

    kind: int
    label: str
    cause: str
    currency: str
    count: int
    least: str
    low: str | None
    median: str
    high: str | None
    most: str
    is_too_few: bool


class Values(_Period):
    values: list[Spread]
