"""Retire, bring back, delete: how what promises are made with leaves the settings, and returns.

Kinds and teams go the same ways. Each is asked about on a page that names what it comes to; what is
in use can only be retired, which the verbs see to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, Kind, Team
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, sure

View: TypeAlias = Callable[..., HttpResponse]


class Verbs(Protocol):
    """What does it: the module in `commitments.house`."""

    def retire(self, pk: int, /, *, now: datetime) -> object: ...

    def bring_back(self, pk: int, /) -> object: ...

    def delete(self, pk: int, /) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """`name` stands in the names of its addresses, `page` is that of one, `section` that of all.

    `if_retired` says what that comes to, with so many promises open. `is_back` follows its name.
    """

    model: type[Kind] | type[Team]
    verbs: Verbs
    name: str
    page: str
    section: str
    if_retired: Callable[[int], str]
    if_back: str
    is_back: str
    if_deleted: str

    def views(self) -> tuple[View, View, View]:
        """Those that retire, bring back and delete."""
        return (
            frame.administrator(self._retire),
            frame.administrator(self._bring_back),
            frame.administrator(self._delete),
        )

    def ways_out(self, it: Kind | Team) -> list[tuple[str, str]]:
        """The buttons on its own page: deleted can be only what nothing was promised with."""
        turn = ("Bring it back", f"bring_{self.name}_back")
        ways = [turn if it.retired_at else ("Retire", f"retire_{self.name}")]
        if not Commitment.objects.filter(**{self.name: it}).exists():
            ways.append(("Delete", f"delete_{self.name}"))
        return [(said, reverse(f"web:{name}", args=[it.pk])) for said, name in ways]

    def _retire(self, request: StaffRequest, pk: int) -> HttpResponse:
        now, it = timezone.now(), get_object_or_404(self.model, pk=pk)
        count = Commitment.objects.live().filter(**{self.name: it}).count()
        question = sure.Question(
            title=f"Retire {it}?",
            consequence=f"{self.if_retired(count)} You can bring it back.",
            goes="Retire it",
            back=reverse(f"web:{self.page}", args=[pk]),
            section=self.section,
        )

        def act() -> Answer:
            return self._back(f"{self.verbs.retire(pk, now=now)} is retired.")

        return sure.ask(request, lambda: question, act, now=now)

    def _bring_back(self, request: StaffRequest, pk: int) -> HttpResponse:
        now, it = timezone.now(), get_object_or_404(self.model, pk=pk)
        question = sure.Question(
            title=f"Bring {it} back?",
            consequence=self.if_back,
            goes="Bring it back",
            back=reverse(f"web:{self.page}", args=[pk]),
            section=self.section,
        )

        def act() -> Answer:
            return self._back(f"{self.verbs.bring_back(pk)} {self.is_back}")

        return sure.ask(request, lambda: question, act, now=now)

    def _delete(self, request: StaffRequest, pk: int) -> HttpResponse:
        now, it = timezone.now(), self.model.objects.filter(pk=pk).first()
        if it is None:  # pressed twice
            return redirect(f"web:{self.section}")
        question = sure.Question(
            title=f"Delete {it}?",
            consequence=self.if_deleted,
            goes="Delete it",
            back=reverse(f"web:{self.page}", args=[pk]),
            section=self.section,
        )

        def act() -> Answer:
            self.verbs.delete(pk)
            return self._back(f"{it} is deleted.")

        return sure.ask(request, lambda: question, act, now=now)

    def _back(self, said: str) -> Answer:
        return Answer(location=reverse(f"web:{self.section}"), said=said)
