"""Settings, Escalation: a policy rehearsed. What would happen to an example promise, and who would
read what, without anything being sent or kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.models import Kind, Membership, Policy, Team
from commitments.policies import rehearsals
from commitments.rules import ladder_words
from commitments.web import fields
from commitments.web.doors import StaffRequest

from . import frame
from .frame import administrator
from .parts import Part, PartsForm

_LONGEST = 60


class RehearsalForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(title="An example promise", names=("team", "kind", "urgent", "days")),
    )

    team = forms.ModelChoiceField(Team.objects.none(), label="Made by", empty_label=None)
    kind = forms.ModelChoiceField(Kind.objects.none(), label="Of the kind", empty_label=None)
    urgent = forms.BooleanField(label="It is urgent", required=False)
    days = forms.IntegerField(
        label="Followed for so many days", min_value=1, max_value=_LONGEST, initial=14
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        policy: Policy,
    ) -> None:
        kinds = Kind.objects.in_use()
        first = kinds.filter(policy=policy).first()
        super().__init__(data, initial={"kind": first.pk} if first else None)
        people = Membership.objects.of_people().filter(user__is_active=True).values("team")
        teams = Team.objects.filter(retired_at=None, pk__in=people)
        fields.offer_rows(self, "team", teams.select_related("calendar").order_by("name"))
        fields.offer_rows(self, "kind", kinds)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What happens at one instant: on the promise, or a message to somebody."""

    at: datetime
    title: str
    words: str = ""
    to: str = ""
    channels: str = ""
    is_for_customer: bool = False


@administrator
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """The example first; pressed, what would come of it."""
    now = timezone.now()
    policy = get_object_or_404(Policy, pk=pk)
    form = RehearsalForm(request.POST if request.method == "POST" else None, policy=policy)
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = rehearsals.rehearse(_plan(policy, form, now=now))
        except CommitmentError as no:
            form.add_error(None, str(no))
    context = {
        "form": form,
        "policy": policy,
        "title": f"Rehearse {policy}",
        "lede": "Nothing is sent and nothing is kept: a promise that does not exist, and a clock"
        " that is moved by hand.",
        "over": "Escalation",
        "back": reverse("web:policy", args=[pk]) if not policy.retired_at else "",
        "sentences": ladder_words.summary(policy.latest().ladder()),
        "found": found,
        "lines": _lines(found) if found else (),
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "rehearsal.html", context, section="escalation", now=now, status=status
    )


def _plan(policy: Policy, form: RehearsalForm, *, now: datetime) -> rehearsals.Plan:
    said = form.cleaned_data
    return rehearsals.Plan(
        policy=policy,
        team=said["team"],
        kind=said["kind"],
        start=now,
        end=now + timedelta(days=said["days"]),
        urgent=said["urgent"],
    )


def _lines(found: rehearsals.Rehearsal) -> list[Line]:
    """Both in one order; what happens stands above what is said of it."""
    happened = [Line(at=each.at, title=each.title, words=each.words) for each in found.happened]
    said = [
        Line(
            at=each.at,
            title=each.subject,
            words=each.text.strip(),
            to=each.to,
            channels=", ".join(each.channels),
            is_for_customer=each.audience == "customer",
        )
        for each in found.said
    ]
    return sorted([*happened, *said], key=lambda line: line.at)
