"""The public holidays of a country, or of a part of it, by the `holidays` package."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cache
from typing import Final

import holidays
from holidays.registry import COUNTRIES

from commitments.errors import CommitmentError

from .hours import Day

MOST_YEARS: Final = 5
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def countries() -> list[tuple[str, str]]:
    """Codes with names, by name."""
    named = {names[1]: _WORDS.sub(" ", names[0]) for names in COUNTRIES.values()}
    return sorted(named.items(), key=lambda each: each[1])


@cache
def regions(country: str) -> list[tuple[str, str]]:
    """The parts of a country that have holidays of their own, with their names where known."""
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return []
    aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
    names = {code: name for name, code in aliases.items() if len(name) > len(code)}
    found = [(code, names.get(code, code)) for code in known[country]]
    return sorted(found, key=lambda each: each[1])


def days(country: str, *, region: str, first_year: int, years: int) -> list[Day]:
    """The holidays of so many years, closed all day. Raises CommitmentError."""
    if country not in dict(countries()):
        raise CommitmentError("Choose a country.", field="country")
    if region and region not in dict(regions(country)):
        raise CommitmentError("Choose a region of that country.", field="region")
    if not 1 <= years <= MOST_YEARS:
        raise CommitmentError(f"Give 1 to {MOST_YEARS} years.", field="years")
    found = holidays.country_holidays(
        country,
        subdiv=region or None,
        years=range(first_year, first_year + years),
        language=_language(country),
    )
    by_day: dict[date, list[str]] = defaultdict(list)
    for on, name in found.items():
        by_day[on].append(name)
    return [Day(on=on, name="; ".join(by_day[on])[:120]) for on in sorted(by_day)]


def _language(country: str) -> str | None:
    """English where it is known; else the country's own."""
    known = holidays.country_holidays(country).supported_languages
    return next((each for each in ("en_GB", "en_US") if each in known), None)
