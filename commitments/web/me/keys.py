"""Every key, where it works and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.web.doors import StaffRequest, signed_in


@dataclass(frozen=True, kw_only=True)
class Key:
    """Caps that are pressed one after the other; `or_else` instead of them."""

    caps: tuple[str, ...]
    does: str
    or_else: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Where:
    name: str
    keys: tuple[Key, ...]


PLACES: Final = (
    Where(
        name="Everywhere",
        keys=(
            Key(caps=("N",), does="Log a promise"),
            Key(caps=("/",), does="Search"),
            Key(caps=("?",), does="This list"),
            Key(caps=("G", "M"), does="Go to my promises"),
            Key(caps=("G", "T"), does="Go to the team"),
            Key(caps=("G", "R"), does="Go to the reports"),
        ),
    ),
    Where(
        name="In lists",
        keys=(
            Key(caps=("J",), or_else=("↓",), does="Next"),
            Key(caps=("K",), or_else=("↑",), does="Previous"),
            Key(caps=("Enter",), does="Open"),
            Key(caps=("X",), does="Select"),
            Key(caps=("Z",), does="Undo"),
            Key(caps=("E",), does="Export what is listed"),
        ),
    ),
    Where(
        name="On a promise, or its row in a list",
        keys=(
            Key(caps=("D",), does="Done"),
            Key(caps=("U",), does="Write an update"),
            Key(caps=("M",), does="Move the time"),
            Key(caps=("W",), does="Wait for the customer"),
            Key(caps=("H",), does="Hand over"),
            Key(caps=("S",), does="Remind me"),
        ),
    ),
    Where(
        name="While writing",
        keys=(
            Key(caps=("Ctrl", "Enter"), does="Send, or log and open"),
            Key(caps=("↑",), does="In an empty line: the last one again"),
            Key(caps=("Tab",), or_else=("Enter",), does="Take a suggestion"),
            Key(caps=("Esc",), does="Close, or leave the field"),
        ),
    ),
)


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """The list of all keys."""
    context = {"places": PLACES, "section": "keys"}
    return render(request, "commitments/web/me/keys.html", context)
