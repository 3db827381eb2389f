"""Who is meant by what somebody typed: a part of a name, an e-mail or a phone number."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from commitments.models import Customer, Team
from commitments.rules import words

MOST = 10


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody the team has not spoken with before."""

    name: str
    email: str = ""
    phone: str = ""


def matching(who: str, *, team: Team) -> list[Customer]:
    """Customers this team knows that fit; an e-mail must fit as a whole.

    At most ten, and an eleventh where there are more.
    """
    known = Customer.objects.known_to(team).filter(erased_at=None)
    return list(_narrowed(known, who).order_by("name", "pk")[: MOST + 1])


def known_by(team: Team, *, email: str, phone: str) -> Customer | None:
    """Whom this team knows by that e-mail, or else by that phone: `services.customer_for` takes
    them for the one who is meant. Raises CommitmentError for what is no e-mail address.
    """
    known = Customer.objects.known_to(team).order_by("pk")
    if email:
        return known.filter(email__iexact=words.one_address(email)).first()
    phone = words.clean(phone, what="The phone number", limit=40, required=False, field="phone")
    return known.filter(phone=phone).first() if phone else None


def newcomer(who: str) -> Newcomer:
    """The same words taken for somebody new: `Tom Okafor <tom@example.org>`, or a part of it."""
    name, email = parseaddr(who)
    if _is_email(email):
        return Newcomer(name=name.strip() or _name_in(email), email=email)
    if _is_phone(who):
        return Newcomer(name="", phone=who.strip())
    return Newcomer(name=who.strip())


def _narrowed(known: QuerySet[Customer], who: str) -> QuerySet[Customer]:
    guess = newcomer(who)
    if guess.email:
        return known.filter(email__iexact=guess.email)
    if guess.phone:
        return known.filter(phone__icontains=guess.phone)
    for word in who.split():
        known = known.filter(name__icontains=word)
    return known


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _is_phone(text: str) -> bool:
    digits = [letter for letter in text if letter.isdigit()]
    return len(digits) >= 4 and not any(letter.isalpha() for letter in text)


def _name_in(email: str) -> str:
    """`tom.okafor@…` is most likely called Tom Okafor; the agent sees it before it is saved."""
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()
