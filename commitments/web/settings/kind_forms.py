"""The form of a kind of promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from commitments.house import kinds
from commitments.models import Kind, Policy
from commitments.web import fields

from .parts import Part, PartsForm

_FIELDS = (
    "name", "code", "usual_wording", "usual_length", "usual_basis", "usual_hour", "needs_evidence",
    "check_in_after", "nudge_after", "summary_on", "has_value",
)  # fmt: skip


def _days(label: str, help_text: str, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=required, min_value=0 if required else 1, max_value=365,
        help_text=help_text,
    )  # fmt: skip


class KindForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            title="What it is",
            names=("name", "code", "usual_wording", "keywords"),
            help="How people call it, and by which words a promise of this kind is recognised.",
        ),
        Part(
            title="Usual deadline",
            names=("usual_length", "usual_basis", "usual_hour"),
            help="Taken where nobody says by when.",
        ),
        Part(
            title="What the customer hears",
            names=("summary_on", "inform_every", "nudge_after", "check_in_after"),
            help="Mails that go out by themselves, each shown on the promise.",
        ),
        Part(
            title="What follows",
            names=("policy", "needs_evidence", "has_value"),
            help="Who is reminded, and what is asked for.",
        ),
    )
    fields_of: ClassVar[Mapping[str, str]] = {"usual_length": "usual_length"}

    name = fields.Words(what="The name", limit=60, label="Name")
    code = fields.Words(
        what="The code", limit=30, label="Code",
        help_text="What is typed after # when a promise is logged: small letters, like home-visit.",
    )  # fmt: skip
    usual_wording = fields.Words(
        what="The usual wording", limit=200, label="Usual wording",
        help_text="Stands there where nobody writes other words: Refund the amount.",
    )  # fmt: skip
    keywords = fields.Words(
        what="The keywords", limit=1000, label="Keywords", required=False,
        help_text="Words by which it is guessed, divided by commas: refund, money back.",
    )  # fmt: skip
    usual_length = forms.IntegerField(label="How long", min_value=0, max_value=9000)
    usual_basis = forms.ChoiceField(label="Of what", choices=Kind.Basis.choices)
    usual_hour = forms.TimeField(
        label="At what hour", required=False,
        help_text="For a length in days. Empty: when the team closes.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Give a time of day, like 17:00."},
    )  # fmt: skip
    policy = forms.ModelChoiceField(
        Policy.objects.none(), label="Escalation", empty_label="Choose a policy",
        help_text="Who is reminded of it, and who is asked when it is late.",
    )  # fmt: skip
    needs_evidence = forms.BooleanField(
        label="Ask for evidence when it is done, such as a number or a link", required=False
    )
    has_value = forms.BooleanField(
        label="Ask what it is worth, as for a refund or a credit", required=False
    )
    summary_on = forms.BooleanField(
        label="Send the customer a summary of what was agreed", required=False
    )
    inform_every = _days(
        "Keep the customer informed every", "Working days. Empty: no updates are asked for.",
        required=False,
    )  # fmt: skip
    nudge_after = _days(
        "Nudge a customer we wait for after", "Working days; then a person decides."
    )
    check_in_after = _days("Ask how it went after", "Working days after it was done.")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        kind: Kind | None = None,
    ) -> None:
        super().__init__(data, initial=_as_typed(kind), seen=kinds.mark(kind) if kind else "")
        offered = Policy.objects.filter(retired_at=None)
        if kind is not None:
            offered |= Policy.objects.filter(pk=kind.policy_id)
        fields.offer_rows(self, "policy", offered.order_by("name"))
        live = {
            "hx-post": "", "hx-vals": '{"press":"preview"}', "hx-target": "#live",
            "hx-trigger": "change, input changed delay:400ms", "hx-sync": "closest form:replace",
        }  # fmt: skip
        for name in ("name", "usual_length", "usual_basis", "usual_hour"):
            self.fields[name].widget.attrs.update(live)

    def plan(self) -> kinds.Plan:
        said = self.cleaned_data
        return kinds.Plan(
            **{name: said[name] for name in _FIELDS},
            keywords=[each for each in re.split(r"[,;]", said["keywords"]) if each.strip()],
            policy_id=said["policy"].pk,
            inform_every=said["inform_every"],
        )


class DeadlineForm(fields.SpokenForm):
    """The part of it that the live line needs, whatever else is still missing."""

    name = fields.Words(what="The name", limit=60, required=False)
    usual_length = forms.IntegerField(min_value=0, max_value=9000)
    usual_basis = forms.ChoiceField(choices=Kind.Basis.choices)
    usual_hour = forms.TimeField(required=False)

    def plan(self) -> kinds.Plan:
        said = self.cleaned_data
        return kinds.Plan(
            name=said["name"] or "promise of this kind",
            code="",
            usual_wording="",
            usual_length=said["usual_length"],
            usual_basis=said["usual_basis"],
            usual_hour=said["usual_hour"],
            policy_id=0,
        )


def _as_typed(kind: Kind | None) -> dict[str, object]:
    if kind is None:
        return {"usual_length": 2, "usual_basis": Kind.Basis.WORKING_DAYS, "summary_on": True,
                "check_in_after": 3, "nudge_after": 2}  # fmt: skip
    return {name: getattr(kind, name) for name in _FIELDS} | {
        "keywords": ", ".join(kind.keywords),
        "policy": kind.policy_id,
        "inform_every": kind.inform_every,
    }
