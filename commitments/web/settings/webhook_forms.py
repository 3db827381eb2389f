"""The forms of a program that listens: what it is and hears, its secret, what it is sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from django import forms

from commitments.house import webhooks
from commitments.house.webhooks import Webhook
from commitments.models import EventKind, Team
from commitments.models.subscription import EVERYTHING
from commitments.web import fields

from .parts import Part, PartsForm

_SAID: Final[Mapping[str, str]] = {
    EventKind.MADE: "Made",
    EventKind.UPDATED: "An update was written",
    EventKind.MOVED: "Moved to another time",
    EventKind.WAITED: "Waits for the customer",
    EventKind.RESUMED: "Goes on after waiting",
    EventKind.REASSIGNED: "Changed hands",
    EventKind.ACKNOWLEDGED: "Somebody has it in hand",
    EventKind.HELP_ASKED: "Help was asked for",
    EventKind.CALL_TRIED: "A call was tried",
    EventKind.FULFILLED: "Done",
    EventKind.RELEASED: "No longer wanted",
    EventKind.ABANDONED: "Cannot be kept",
    EventKind.VOIDED: "Was logged by mistake",
    EventKind.REOPENED: "Open again",
    EventKind.UNDONE: "What was done last is taken back",
    EventKind.BREACHED: "The promised time passed",
    EventKind.STEP_TAKEN: "A step of escalation was taken",
    EventKind.ASKED_AGAIN: "Somebody was asked again",
    EventKind.UPDATE_MISSED: "The customer was to hear from us",
    EventKind.NUDGED: "The customer was reminded",
    EventKind.DECISION_ASKED: "A decision is asked for",
    EventKind.CUSTOMER_WROTE: "Wrote to us",
    EventKind.OTHER_TIME_ASKED: "Asked for another time",
    EventKind.CONFIRMED: "Says that it is right",
    EventKind.DISPUTED: "Says that something is off",
    EventKind.CUSTOMER_ANSWERED: "Was answered",
    EventKind.CHECK_IN_ANSWERED: "Answered the check-in",
    EventKind.MAILS_STOPPED: "Wants no more mails",
    EventKind.MESSAGE_SENT: "A message was sent",
    EventKind.MESSAGE_NOT_SENT: "A message did not get through",
    EventKind.MESSAGE_BOUNCED: "A message came back",
}
_OVERLAPS: Final = (
    ("24", "For a day"),
    ("1", "For an hour"),
    ("168", "For a week"),
    ("0", "Not at all: it is no secret any more"),
)


def _asked(title: str) -> forms.MultipleChoiceField:
    kinds = webhooks.KINDS[title]
    return forms.MultipleChoiceField(
        label=title, required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, _SAID[kind]) for kind in kinds],
    )  # fmt: skip


class WebhookForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(title="The program", names=("name", "url")),
        Part(
            title="What it is told",
            names=("everything", "of_promise", "of_time", "of_customer", "of_messages"),
            help="Tick nothing for a program that only steps of escalation call.",
        ),
        Part(
            title="Of which teams",
            names=("teams",),
            help="Tick none for all of them, also those that are added later.",
        ),
    )
    fields_of: ClassVar[Mapping[str, str]] = {"kinds": "everything"}

    name = forms.CharField(
        label="Name", max_length=10_000, help_text="Such as Help desk. It is said in escalation.",
        error_messages={"required": "Give it a name."},
    )  # fmt: skip
    url = forms.CharField(
        label="Address", max_length=10_000,
        help_text="Begins with https://. Webhooks are posted there, signed.",
        error_messages={"required": "Give the address at which it listens."},
    )  # fmt: skip
    everything = forms.BooleanField(
        label="All that happens, and what later versions add", required=False
    )
    of_promise = _asked("The promise")
    of_time = _asked("Its time")
    of_customer = _asked("The customer")
    of_messages = _asked("Messages")
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label="Only these teams", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        webhook: Webhook | None = None,
    ) -> None:
        self.webhook = webhook
        super().__init__(
            data, initial=_first(webhook), seen=webhook.mark if webhook is not None else ""
        )
        fields.offer_rows(self, "teams", Team.objects.order_by("name"))

    def plan(self) -> webhooks.Plan:
        said = self.cleaned_data
        kinds = {EVERYTHING} if said["everything"] else {*_ticked(said), *self._unseen()}
        teams = [team.pk for team in said["teams"]]
        of_none = self.webhook is not None and self.webhook.hears_of_no_team
        return webhooks.Plan(
            name=said["name"],
            url=said["url"],
            kinds=kinds,
            teams=teams if teams or of_none else None,
        )

    def _unseen(self) -> set[str]:
        """What it asked for through the API, and no box here stands for."""
        asked = self.webhook.kinds if self.webhook is not None else ()
        return {kind for kind in asked if kind not in _SAID and kind != EVERYTHING}


_GROUPS: Final = ("of_promise", "of_time", "of_customer", "of_messages")


def _ticked(said: Mapping[str, Sequence[str]]) -> set[str]:
    return {kind for name in _GROUPS for kind in said[name]}


def _first(webhook: Webhook | None) -> dict[str, object]:
    if webhook is None:
        return {}
    kinds = list(webhook.kinds)
    return {
        "name": webhook.listener.name,
        "url": webhook.listener.url,
        "everything": EVERYTHING in kinds,
        "teams": [team.pk for team in webhook.teams],
        **dict.fromkeys(_GROUPS, kinds),
    }


class RenewForm(PartsForm):
    hours = forms.ChoiceField(label="The secret before signs as well", choices=_OVERLAPS)

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["hours"]))


class AgainForm(PartsForm):
    """One message, by its number in the outbox."""

    message = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class SinceForm(PartsForm):
    since = forms.DateTimeField(
        label="Since",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": "Give a day and a time.", "required": "Give a time."},
    )
    arrived_too = forms.BooleanField(label="Also what arrived", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        zone: str,
        now: datetime,
    ) -> None:
        self.zone = zone
        yesterday = (now - timedelta(days=1)).astimezone(ZoneInfo(zone))
        super().__init__(data, initial={"since": yesterday.replace(tzinfo=None)})

    @property
    def at(self) -> datetime:
        """As the clock of whoever asks shows it."""
        typed: datetime = self.cleaned_data["since"]
        return typed.replace(tzinfo=ZoneInfo(self.zone))
