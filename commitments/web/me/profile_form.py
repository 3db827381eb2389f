"""Somebody's name, times and looks."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from commitments.errors import CommitmentError
from commitments.house.oneself import LANGUAGES, Wishes
from commitments.models import User
from commitments.rules import wall_clock
from commitments.web.fields import SpokenForm, Words

_ASIDE = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")  # old names


class Zone(forms.CharField):
    """A time zone by its name, or by what of it is unmistakable: "berlin"."""

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        text = " ".join(str(super().clean(value)).split()).replace(" ", "_")
        alike = [each for each in zones() if text.casefold() == each.rpartition("/")[2].casefold()]
        if len(alike) == 1:
            return alike[0]
        try:
            return wall_clock.zone_named(text).key
        except CommitmentError as no:
            raise ValidationError(str(no)) from no


class ProfileForm(SpokenForm):
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = Words(
        label="Name",
        what="The name",
        limit=150,
        help_text="Colleagues and customers read it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    zone = Zone(
        label="Time zone",
        max_length=64,
        help_text="A city, such as London.",
        error_messages={"max_length": "This is no time zone we know. Try a name like London."},
        widget=forms.TextInput(
            attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(
        label="Language",
        choices=LANGUAGES,
        help_text="The only one so far.",
    )
    theme = forms.ChoiceField(label="Colours", choices=User.Theme.choices, widget=forms.RadioSelect)
    keys_on = forms.BooleanField(
        label="Work with single keys, such as N for a new promise", required=False
    )

    @classmethod
    def as_set(cls, user: User, *, once: str) -> ProfileForm:
        """What is in force."""
        wishes = {name: getattr(user, name) for name in Wishes.__dataclass_fields__}
        return cls(initial=wishes | {"once": once})

    def wishes(self) -> Wishes:
        return Wishes(**{name: self.cleaned_data[name] for name in Wishes.__dataclass_fields__})


def zones() -> list[str]:
    """The places people may choose, by name."""
    return sorted(
        zone
        for zone in available_timezones()
        if zone == "UTC" or ("/" in zone and not zone.startswith(_ASIDE))
    )
