"""Public holidays, by the country and its parts."""

from __future__ import annotations

from datetime import date

import pytest

from commitments.errors import CommitmentError
from commitments.house import countries


def test_a_part_of_a_country_has_its_own_holidays():
    scotland = countries.days("GB", region="SCT", first_year=2026, years=1)
    england = countries.days("GB", region="ENG", first_year=2026, years=1)

    st_andrew = date(2026, 11, 30)
    assert st_andrew in {day.on for day in scotland}
    assert st_andrew not in {day.on for day in england}


def test_days_come_in_their_order_and_closed():
    found = countries.days("DE", region="", first_year=2026, years=2)

    assert [day.on for day in found] == sorted(day.on for day in found)
    assert {day.spans for day in found} == {()}
    assert {day.on.year for day in found} == {2026, 2027}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"country": "XX", "region": "", "years": 1}, "country"),
        ({"country": "GB", "region": "BY", "years": 1}, "region"),
        ({"country": "GB", "region": "", "years": 6}, "years"),
        ({"country": "GB", "region": "", "years": 0}, "years"),
    ],
)
def test_what_is_not_known_is_refused_at_its_field(asked: dict[str, object], field: str):
    with pytest.raises(CommitmentError) as refused:
        countries.days(first_year=2026, **asked)  # type: ignore[arg-type]

    assert refused.value.field == field
