"""Settings, Escalation: policies in plain sentences, and their steps to be edited.

For administrators. What an edit would change is shown before it is saved, and what is saved is what
was shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import policies
from commitments.errors import CommitmentError
from commitments.messages import programs
from commitments.models import Kind, Policy, PolicyVersion, Replan
from commitments.rules import ladder_words, saying
from commitments.rules.ladder import Step

from . import escalation_form, once
from .doors import StaffRequest
from .once import Answer
from .settings import frame, sure
from .settings.frame import administrator

_SECTION = "escalation"


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Every policy in use, in sentences; as many queries for many as for one."""
    now = timezone.now()
    in_use = Policy.objects.in_use().select_related("urgent_variant")
    said = in_use.ladders_in_force()
    names = policies.names_in(step for steps in said.values() for step in steps)
    unwise = policies.warnings_of({policy: said[policy.pk] for policy in in_use}, now)
    kinds, replans = _kinds_by_policy(), _replans_by_policy()
    rows = [
        {
            "policy": policy,
            "sentences": ladder_words.summary(said[policy.pk], names),
            "kinds": kinds[policy.pk],
            "warnings": unwise[policy],
            "replan": replans.get(policy.pk),
        }
        for policy in in_use
    ]
    context = {"rows": rows, "retired": Policy.objects.exclude(retired_at=None).order_by("name")}
    return frame.page(request, "escalation.html", context, section=_SECTION, now=now)


@administrator
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """The steps of one policy, or of a new one."""
    now = timezone.now()
    policy = get_object_or_404(Policy, pk=pk, retired_at=None) if pk is not None else None
    button = request.POST.get("press", "") if request.method == "POST" else ""
    if button in {"settings", "rename"} and policy is not None:
        return _change(request, policy, button, now=now)
    if button in {"preview", "save"}:
        return _look_or_save(request, policy, is_save=button == "save", now=now)
    if button:
        rows = escalation_form.pressed(escalation_form.rows_in(request.POST), button)
        return _page(request, policy, escalation_form.unbound(rows), now=now)
    first = policy.latest().ladder() if policy is not None else ()
    rows = escalation_form.rows_of(first) or [{}]
    return _page(request, policy, escalation_form.unbound(rows), now=now)


@administrator
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Asked about on a page of its own."""
    now, policy = timezone.now(), get_object_or_404(Policy, pk=pk)
    question = sure.Question(
        title=f"Retire {policy}?",
        consequence="No kind and no promise can be given it any more. Open promises under it climb"
        " on as they are. You can bring it back.",
        goes="Retire it",
        back=reverse("web:policy", args=[pk]),
        section=_SECTION,
    )

    def act() -> Answer:
        policies.retire(pk, now=now)
        said = f"{policy} is retired. Open promises under it climb on."
        return Answer(location=reverse("web:escalation"), said=said)

    return sure.ask(request, lambda: question, act, now=now)


@administrator
def bring_back(request: StaffRequest, pk: int) -> HttpResponse:
    """A policy that was retired, asked for by the button in the list."""
    get_object_or_404(Policy, pk=pk)
    if request.method == "POST":
        messages.success(request, f"{policies.bring_back(pk)} can be chosen again.")
    return redirect("web:escalation")


def _look_or_save(
    request: StaffRequest, policy: Policy | None, *, is_save: bool, now: datetime
) -> HttpResponse:
    rows = escalation_form.bound(request.POST)
    if not all(row.is_valid() for row in rows):
        return _page(request, policy, rows, now=now, problem="Some steps are not complete.")
    try:
        steps = escalation_form.steps_in(rows)
        was_shown = request.POST.get("seen") == escalation_form.seen(steps)
        if is_save and was_shown:
            return _save(request, policy, steps, now=now)
        shown = _preview(request, policy, steps, now=now)
        shown["is_changed"] = is_save
        return _page(request, policy, rows, now=now, preview=shown)
    except CommitmentError as no:
        return _page(request, policy, rows, now=now, problem=str(no))


def _save(
    request: StaffRequest, policy: Policy | None, steps: Sequence[Step], *, now: datetime
) -> HttpResponse:
    whole = escalation_form.WholeForm(request.POST)
    if not whole.is_valid():
        raise CommitmentError("Parts of this page are missing. Open it again.")
    if policy is None:
        act = partial(_make, request, whole, steps, now=now)
    else:
        act = partial(_edit, request, policy, whole, steps, now=now)
    answer = once.only_once(whole, user=request.user, now=now, act=act)
    messages.success(request, answer.said)
    return redirect(answer.location)


def _make(
    request: StaffRequest,
    whole: escalation_form.WholeForm,
    steps: Sequence[Step],
    *,
    now: datetime,
) -> Answer:
    made = policies.make(whole.cleaned_data["name"], steps=steps, by=request.user, now=now)
    said = f"{made} is ready to be used. Choose it for a kind of promise."
    return Answer(location=reverse("web:escalation"), said=said)


def _edit(
    request: StaffRequest,
    policy: Policy,
    whole: escalation_form.WholeForm,
    steps: Sequence[Step],
    *,
    now: datetime,
) -> Answer:
    everybody = whole.cleaned_data["replan_open"]
    version = policies.edit(
        policy.pk,
        steps=steps,
        based_on=whole.cleaned_data["based_on"] or 0,
        by=request.user,
        now=now,
        replan_open=everybody,
    )
    whom = "Open promises follow within minutes." if everybody else "Open promises keep theirs."
    said = f"{policy}: version {version.number} is in force. {whom}"
    return Answer(location=reverse("web:escalation"), said=said)


def _change(request: StaffRequest, policy: Policy, button: str, *, now: datetime) -> HttpResponse:
    """What concerns the policy as a whole."""
    try:
        if button == "rename":
            policy = policies.rename(policy.pk, request.POST.get("called", ""))
            messages.success(request, f"It is called {policy} now.")
            return redirect("web:policy", pk=policy.pk)
        chosen = request.POST.get("urgent_variant", "")
        policies.set_urgent_variant(policy.pk, variant_id=_number(chosen) if chosen else None)
        messages.success(request, f"Saved for new promises under {policy}.")
        return redirect("web:policy", pk=policy.pk)
    except CommitmentError as no:
        rows = escalation_form.rows_of(policy.latest().ladder())
        return _page(request, policy, escalation_form.unbound(rows), now=now, problem=str(no))


def _preview(
    request: StaffRequest, policy: Policy | None, steps: Sequence[Step], *, now: datetime
) -> dict[str, object]:
    """What these steps say, what is unwise about them, and what they would change."""
    ladder = policies.as_numbered(policy, steps)
    change = policies.what_would_change(policy, steps, now) if policy is not None else None
    zone = request.user.zone
    return {
        "sentences": ladder_words.summary(ladder, policies.names_in(ladder)),
        "warnings": policies.warnings(policy, now, steps=ladder),
        "change": change,
        "count": saying.say_count(change.total, "open promise") if change else "",
        "lines": [each.sentence(zone=zone, now=now) for each in change.differences]
        if change
        else [],
        "seen": escalation_form.seen(steps),
    }


def _page(
    request: StaffRequest,
    policy: Policy | None,
    rows: Sequence[escalation_form.StepForm],
    *,
    now: datetime,
    problem: str = "",
    preview: dict[str, object] | None = None,
) -> HttpResponse:
    latest = policy.latest() if policy is not None else None
    based_on = request.POST.get("based_on") or (latest.number if latest else 0)
    others = Policy.objects.in_use()
    context = {
        "policy": policy,
        "latest": latest,
        "name": request.POST.get("name", ""),
        "called": request.POST.get("called", policy.name if policy else ""),
        "based_on": based_on,
        "once": request.POST.get("once") or once.new_key(),
        "rows": rows,
        "problem": problem,
        "preview": preview,
        "others": [other for other in others if other != policy],
        "versions": _versions(policy),
        "programs": sorted(programs.listeners().items()),
    }
    status = 422 if problem else 200
    return frame.page(request, "policy.html", context, section=_SECTION, now=now, status=status)


def _versions(policy: Policy | None) -> list[PolicyVersion]:
    found = PolicyVersion.objects.filter(policy=policy).select_related("made_by")
    return list(found.order_by("-number")[:10]) if policy is not None else []


def _kinds_by_policy() -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for policy_id, name in Kind.objects.in_use().values_list("policy", "name"):
        found[policy_id].append(name)
    return found


def _replans_by_policy() -> dict[int, Replan]:
    """Those that are under way; at most one of a policy."""
    under_way = Replan.objects.filter(finished_at=None).select_related("version")
    return {replan.version.policy_id: replan for replan in under_way}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
