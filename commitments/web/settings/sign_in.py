"""Settings, Signing in: which roles prove with a second step that it is them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from commitments.house import second_steps
from commitments.models import SecondStepDuty
from commitments.rules import saying
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame
from .frame import administrator
from .parts import Part, PartsForm


class RulesForm(PartsForm):
    marks_optional = False  # nobody is an answer
    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            title="Second step",
            names=("roles",),
            help="A code of an app on their telephone, or a passkey, beside the password. Everybody"
            " may set one up; whoever must is led there before anything else, and cannot leave it.",
        ),
    )

    roles = forms.MultipleChoiceField(
        label="Who must have one?",
        choices=SecondStepDuty.ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:  # Any: as Django has it
        bound = second_steps.bound()
        super().__init__(data, initial={"roles": sorted(bound)}, seen=second_steps.mark(bound))


@administrator
def edit(request: StaffRequest) -> HttpResponse:
    """One form, and how many it would lead to set one up."""
    now = timezone.now()
    form = RulesForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        answer = frame.saved(request, form, partial(_save, request, form), now=now)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "title": "Signing in",
        "lede": _said(second_steps.without().count()),
        "back": reverse("web:settings"),
    }
    status = 422 if form.errors else 200
    return frame.page(
        request, "sign_in.html", context, section="signing-in", now=now, status=status
    )


def _said(without: int) -> str:
    """How many it leads somewhere else."""
    if not without:
        return "By e-mail and password, and with a second step where you ask for one."
    who = saying.sentence_case(saying.say_count(without, "person", "people"))
    return f"{who} must set up a second step before anything else."


def _save(request: StaffRequest, form: RulesForm) -> Answer:
    said = form.cleaned_data
    second_steps.bind(said["roles"], by=request.user, seen_mark=said["seen"])
    return Answer(location=reverse("web:sign_in_rules"), said="Saved. It counts from now on.")
