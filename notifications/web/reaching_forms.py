"""The forms on the page about how somebody is reached. A form asks; `reaching` decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms

from notifications import reaching
from notifications.channels import contacts
from notifications.models import ContactPoint
from notifications.reaching import Wishes

_CHOICES = [
    (ContactPoint.Wants.EVERYTHING, "Everything, reminders too"),
    (ContactPoint.Wants.ESCALATIONS, "Only what is overdue or asks for me"),
    (reaching.NOTHING, "Nothing"),
]
_A_TIME = "Give a time of day, like 22:00."
_CHANGED = "This form was changed on its way. Reload the page and send it again."


def a_time(label: str, *, required: bool = False, help_text: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _A_TIME, "required": _A_TIME},
    )


class WishesForm(forms.Form):
    """What goes by one way, and when it may disturb."""

    wants = forms.ChoiceField(
        label="What goes here?",
        choices=_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what goes here.", "invalid_choice": _CHANGED},
    )
    quiet_from = a_time("Quiet from")
    quiet_to = a_time("Quiet until")
    zone = forms.CharField(
        label="In the time of",
        max_length=64,
        help_text="A place like Europe/Berlin.",
        error_messages={
            "required": "Quiet hours need a time zone, like Europe/Berlin.",
            "max_length": "This is not a time zone we know. Use a name like Europe/Berlin.",
        },
    )
    waits_for_work = forms.BooleanField(
        label="Wait for my next working minute",
        required=False,
        help_text="Outside my working hours nothing comes this way.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        channel: str,
        point: ContactPoint | None,
        zone: str,
    ) -> None:
        super().__init__(
            data,
            initial=_initial(point, zone),
            prefix=channel,
            label_suffix="",
            use_required_attribute=False,
        )

    def wishes(self) -> Wishes:
        return Wishes(**self.cleaned_data)


class AddressForm(forms.Form):
    """A new address for chat or SMS."""

    address = forms.CharField(
        label="New address",
        max_length=500,
        error_messages={
            "required": "Enter an address.",
            "max_length": "This address is too long. Check it for a typing error.",
            "null_characters_not_allowed": "This address holds a character nobody can see.",
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        channel: str,
    ) -> None:
        super().__init__(
            data, prefix=f"{channel}-new", label_suffix="", use_required_attribute=False
        )
        field = self.fields["address"]
        if channel == reaching.SMS:
            field.label, field.help_text = (
                "Mobile number",
                "With the country, like +44 7700 900123.",
            )
            field.widget.attrs = {"autocomplete": "tel"}
        else:
            begins = ", ".join(f"{scheme}://" for scheme in contacts.schemes(channel))
            field.help_text = (
                f"The address your chat gives to programs. It begins with one of: {begins}"
            )


class CodeForm(forms.Form):
    """The code that was sent to an address."""

    code = forms.CharField(
        label="The code we sent",
        max_length=20,
        error_messages={
            "required": "Type in the code.",
            "max_length": "The code has six digits.",
            "null_characters_not_allowed": "The code has six digits.",
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        channel: str,
    ) -> None:
        super().__init__(
            data, prefix=f"{channel}-code", label_suffix="", use_required_attribute=False
        )
        self.fields["code"].widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
        }

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class DigestForm(forms.Form):
    """The morning digest: on or off, and when."""

    is_on = forms.BooleanField(label="Send me a digest on my working days", required=False)
    at = a_time("At", required=True)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        at: time | None,
    ) -> None:
        initial = {"is_on": at is not None, "at": at or time(8)}
        super().__init__(
            data, initial=initial, prefix="digest", label_suffix="", use_required_attribute=False
        )


def _initial(point: ContactPoint | None, zone: str) -> dict[str, object]:
    if point is None:
        return {"wants": ContactPoint.Wants.EVERYTHING, "zone": zone}
    return {
        "wants": point.wants if point.is_usable else reaching.NOTHING,
        "quiet_from": point.quiet_from,
        "quiet_to": point.quiet_to,
        "zone": point.zone,
        "waits_for_work": point.waits_for_work,
    }
