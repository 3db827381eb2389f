"""The form of who we are to customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from commitments import spoken
from commitments.errors import CommitmentError
from commitments.house import brand as house_brand
from commitments.house.brand import Logo, Plan
from commitments.models import Brand
from commitments.web import fields

from .parts import Part, PartsForm

_PLAIN = ("name", "phone", "email", "address", "shows_name", "shows_steps")


class BrandForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            title="Who we are",
            names=("name", "logo", "drops_logo"),
            help="Stands on top of every customer's page; the name in every mail, too.",
        ),
        Part(
            title="How to reach us",
            names=("phone", "email", "address"),
            help="Said wherever a customer may want to talk to somebody.",
        ),
        Part(
            title="What their page shows",
            names=("shows_name", "shows_steps"),
            help="The promise, its time and what you write to them are always there.",
        ),
    )

    name = fields.Words(what="The name", limit=80, label="Name")
    logo = forms.FileField(
        label="Logo", required=False,
        help_text="A small PNG, JPEG or WebP, up to 30 KB. Mails carry no picture.",
        widget=forms.FileInput(attrs={"accept": house_brand.ACCEPT}),
    )  # fmt: skip
    drops_logo = forms.BooleanField(label="Show no logo any more", required=False)
    phone = fields.Words(what="The phone number", limit=40, label="Phone", required=False)
    email = fields.Address(label="E-mail", required=False)
    address = fields.Words(
        what="The address", limit=200, label="Postal address", required=False,
        help_text="In one line, at the foot of every mail.",
    )  # fmt: skip
    shows_name = forms.BooleanField(
        label="The first name of whoever sees to the promise", required=False,
        help_text="Without it, their page and mails name the team.",
    )  # fmt: skip
    shows_steps = forms.BooleanField(
        label="The four steps: agreed, working on it, done, check-in", required=False
    )
    seen_in = forms.ChoiceField(
        label="Show it in", choices=spoken.languages,
        help_text="Press Preview. Each customer reads it in their own language.",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        files: Any = None,  # Any: likewise
        brand: Brand,
    ) -> None:
        first = {name: getattr(brand, name) for name in _PLAIN}
        super().__init__(data, files=files, initial=first, seen=house_brand.mark(brand))
        self.picture: Logo | None = None
        if not brand.has_logo:
            del self.fields["drops_logo"]

    def clean_logo(self) -> object:
        """Its content decides what it is, whatever it is called."""
        sent = self.cleaned_data["logo"]
        if not sent:
            return sent
        content = sent.read(house_brand.LARGEST_LOGO + 1)
        try:
            self.picture = Logo.read(sent.name or "This file", content)
        except CommitmentError as no:
            raise forms.ValidationError(str(no)) from no
        return sent

    def picture_mark(self) -> str:
        """Which picture was sent, to tell one submit from another."""
        return self.picture.mark if self.is_valid() and self.picture else ""

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(
            **{name: said[name] for name in _PLAIN},
            logo=self.picture,
            drops_logo=said.get("drops_logo", False),
        )

    @property
    def language(self) -> str:
        """In which the page's preview is shown."""
        typed = self.cleaned_data if self.is_bound else {}
        return str(typed.get("seen_in") or spoken.ENGLISH)

    def as_typed(self, brand: Brand) -> Brand:
        """The brand as the page's preview shows it. Nothing is saved."""
        typed = self.cleaned_data if self.is_bound else {}
        for name in _PLAIN:
            if name in typed:
                setattr(brand, name, typed[name])
        return brand
