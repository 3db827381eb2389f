"""Who we are to customers: on their pages, and in whose name they are written to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from commitments.errors import CommitmentError
from commitments.models import Brand
from commitments.rules import file_types, words
from commitments.rules.file_types import JPEG, PNG, WEBP

from . import seen

LARGEST_LOGO: Final = 30 * 1024  # a customer's page weighs 50 KB with all that belongs to it
ACCEPT: Final = "image/png,image/jpeg,image/webp"
_TYPES: Final = {PNG: "png", JPEG: "jpg", WEBP: "webp"}
_WHAT: Final = "who we are"


@dataclass(frozen=True, kw_only=True)
class Logo:
    """A picture, its type told from its content; `mark` is another for any other picture."""

    content: bytes
    type: str

    @property
    def mark(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @classmethod
    def read(cls, name: str, content: bytes) -> Logo:
        """Raises CommitmentError with what to do about it."""
        if len(content) > LARGEST_LOGO:
            raise CommitmentError(
                f"{name[:60]} is larger than {LARGEST_LOGO // 1024} KB. Give a smaller one.",
                field="logo",
            )
        try:
            _, found = file_types.checked("logo", content)
        except CommitmentError:
            found = None
        if found not in _TYPES:
            raise CommitmentError(
                f"{name[:60]} is no picture that we can show. Give a PNG, JPEG or WebP.",
                field="logo",
            )
        return cls(content=content, type=_TYPES[found])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How it is to be. Without a `logo` the one there is stays, or goes."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    shows_name: bool = True
    shows_steps: bool = True
    logo: Logo | None = None
    drops_logo: bool = False


def mark(brand: Brand) -> str:
    """Of all that can be edited."""
    return seen.mark(
        brand.name, brand.phone, brand.email, brand.address, brand.shows_name, brand.shows_steps,
        brand.logo_mark,
    )  # fmt: skip


@transaction.atomic
def edit(plan: Plan, *, seen_mark: str) -> Brand:
    """Let us be so from now on. Raises Changed or CommitmentError, and changes nothing then."""
    saved = Brand.objects.select_for_update().filter(pk=1).first()
    brand = saved or Brand.from_environment()
    seen.check(mark(brand), seen=seen_mark, what=_WHAT)
    brand.name = words.clean(plan.name, what="The name", limit=80, field="name")
    brand.phone = words.clean(
        plan.phone, what="The phone number", limit=40, required=False, field="phone"
    )
    brand.email = words.one_address(plan.email) if plan.email.strip() else ""
    brand.address = words.clean(
        plan.address, what="The address", limit=200, required=False, field="address"
    )
    brand.shows_name, brand.shows_steps = plan.shows_name, plan.shows_steps
    _hang(brand, plan)
    try:
        with transaction.atomic():
            brand.save(force_insert=saved is None)
    except IntegrityError:  # somebody was faster by a hair
        raise seen.Changed(_WHAT) from None
    return brand


def _hang(brand: Brand, plan: Plan) -> None:
    if plan.logo is not None:
        brand.logo, brand.logo_type = plan.logo.content, plan.logo.type
        brand.logo_mark = plan.logo.mark
    elif plan.drops_logo:
        brand.logo, brand.logo_type, brand.logo_mark = None, "", ""
