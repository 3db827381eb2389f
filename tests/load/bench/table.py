"""Figures as lines of text."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    sys.stdout.write(text)


def head(title: str, *columns: str) -> None:
    say(f"\n{title:<58}" + "".join(f"{column:>12}" for column in columns) + "\n")


def line(name: str, *values: float | str) -> None:
    say(f"{name:<58}" + "".join(f"{_written(value):>12}" for value in values) + "\n")
    sys.stdout.flush()


def _written(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"
