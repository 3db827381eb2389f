"""Who is meant by what somebody typed: a part of a name, an e-mail or a phone number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from commitments.models import Conversation, Customer, Team
from commitments.reports import search
from commitments.rules import words
from commitments.services import meeting

MOST = 10
_MOST_NAMES = 100
_MOST_READ = 200  # of the newest, where a name was misspelt
_MOST_SORTED = 200  # of those who fit; of more, any are as good
_LONGEST_WORD = 40
_LATELY = 2000  # conversations
_FEWEST_DIGITS = 3
_BEGINS = """commitments_customer_words(
    "commitments_customer"."name", "commitments_customer"."email", "commitments_customer"."phone"
) @@ %s::tsquery"""


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody the team has not spoken with before."""

    name: str
    email: str = ""
    phone: str = ""


def matching(who: str, *, teams: Iterable[Team]) -> list[Customer]:
    """Customers these teams know that fit; a whole e-mail must fit as a whole.

    At most ten, and an eleventh where there are more. Where one of several has just that name, or
    alone has it as a word ("jo" of Jo Park and Joan Reed), the others are not meant.
    """
    few = _narrowed(known_to(teams), who)[:_MOST_SORTED]
    fitting = sorted(few, key=lambda customer: (customer.name, customer.pk))[: MOST + 1]
    if len(fitting) > MOST:
        return fitting
    for called in (_is_called, _bears):
        meant = [customer for customer in fitting if called(customer, who)]
        if len(meant) == 1:
            return meant
    return fitting


def near(who: str, *, teams: Sequence[Team]) -> tuple[list[Customer], str]:
    """Those who fit the beginning of a name that nobody has, and the word that is wrong."""
    guess, parts = newcomer(who), who.split()
    if guess.email or guess.phone:
        return [], ""
    for count in range(len(parts) - 1, 0, -1):
        found = matching(" ".join(parts[:count]), teams=teams)
        if found:
            return found, parts[count]
    return [], ""


def names_with(part: str, *, teams: Iterable[Team]) -> list[str]:
    """Names, in small letters, of which this is a part; at most a hundred."""
    known = _looked_up(known_to(teams), search.words_of(part))
    found = known.filter(name__icontains=part).order_by("name", "pk")
    return [name.casefold() for name in found.values_list("name", flat=True)[:_MOST_NAMES]]


def alike(who: str, *, teams: Iterable[Team]) -> list[str]:
    """Up to three names of which a word is almost the one that was typed: tmo, Tom Okafor."""
    names = known_to(teams).order_by("-pk").values_list("name", flat=True)[:_MOST_READ]
    worded = {word: name for name in names for word in name.casefold().split()}
    close = get_close_matches(who.casefold()[:_LONGEST_WORD], worded, n=3, cutoff=0.6)
    return list(dict.fromkeys(worded[word] for word in close))


def beginning(start: str, *, teams: Sequence[Team], most: int) -> list[Customer]:
    """For somebody who is still typing: of those spoken with lately whoever has a word like it, an
    address or a number; after them, of all others, those whose name begins like it.
    """
    lately = Conversation.objects.filter(team__in=teams).order_by("-pk")
    # Named one by one: a database that is to find out who they are reads all customers instead.
    spoken_with = set(lately.values_list("customer", flat=True)[:_LATELY])
    recent = Customer.objects.people().filter(
        Q(name__istartswith=start) | Q(name__icontains=f" {start}") | _address_with(start),
        pk__in=spoken_with,
    )
    found = list(recent.order_by("name", "pk")[:most])
    named = (
        Customer.objects.people()
        .annotate(folded=Lower("name"))
        .filter(
            Exists(Conversation.objects.filter(customer=OuterRef("pk"), team__in=teams)),
            folded__startswith=start.lower(),
        )
    )
    left = most - len(found)
    others = named.exclude(pk__in=[one.pk for one in found]).order_by("folded", "pk")[:left]
    return [*found, *others] if left else found


def of_case(case: str, *, teams: Iterable[Team]) -> list[Customer]:
    """Those whom these teams spoke with about this case; at most ten, and an eleventh."""
    known = known_to(teams, outside_reference=case)
    return list(known.order_by("name", "pk")[: MOST + 1])


def known_by(team: Team, *, email: str, phone: str) -> Customer | None:
    """Whom this team knows by that e-mail, or else by that phone: `services.customer_for` takes
    them for the one who is meant. Raises CommitmentError for what is no e-mail address.
    """
    if email:
        return meeting.known_by(team, Q(), email=words.one_address(email))
    phone = words.clean(phone, what="The phone number", limit=40, required=False, field="phone")
    return meeting.known_by(team, Q(phone=phone)) if phone else None


def newcomer(who: str) -> Newcomer:
    """The same words taken for somebody new: `Tom Okafor <tom@example.org>`, or a part of it."""
    name, email = parseaddr(who)
    if _is_email(email):
        return Newcomer(name=name.strip() or _name_in(email), email=email)
    if _is_phone(who):
        return Newcomer(name="", phone=who.strip())
    return Newcomer(name=who.strip())


def known_to(teams: Iterable[Team], **about: str) -> QuerySet[Customer]:
    """Those whom these teams have spoken with; in a conversation of which so much is known."""
    talks = Conversation.objects.filter(customer=OuterRef("pk"), team__in=teams, **about)
    return Customer.objects.people().filter(Exists(talks))


def _narrowed(known: QuerySet[Customer], who: str) -> QuerySet[Customer]:
    guess = newcomer(who)
    if guess.email:
        return _with_address(known, guess.email)
    if guess.phone:
        digits = "".join(re.findall(r"[0-9]", guess.phone))
        return _looked_up(known, [digits]).filter(_phone_with(guess.phone))
    named = Q()
    for word in who.split():
        named &= Q(name__iregex=rf"(?<!\w){re.escape(word)}")
    return _looked_up(known, search.words_of(who)).filter(named | _email_with(who))


def _with_address(known: QuerySet[Customer], email: str) -> QuerySet[Customer]:
    return known.annotate(folded=Lower("email")).filter(folded=email.lower())


def _looked_up(known: QuerySet[Customer], parts: Sequence[str]) -> QuerySet[Customer]:
    """Of those, whoever has a word that begins like each: PostgreSQL has an index of them."""
    if connection.vendor != "postgresql" or not parts or not all(parts):
        return known
    asked = [search.beginning_with(parts)]
    return known.filter(RawSQL(_BEGINS, asked, output_field=BooleanField()))  # noqa: S611  # nosec B611


def _phone_with(phone: str) -> Q:
    """Those digits in that order, whatever stands between them."""
    digits = re.findall(r"[0-9]", phone)
    return Q(phone__regex="[^0-9]*".join(digits)) if digits else Q(phone__icontains=phone)


def _address_with(start: str) -> Q:
    digits = re.findall(r"[0-9]", start)
    return _phone_with(start) if len(digits) >= _FEWEST_DIGITS else _email_with(start)


def _email_with(part: str) -> Q:
    """An address of which a word begins like that: "tom" is no part of "customers.example"."""
    if len(part.split()) > 1:
        return Q(pk__in=())
    starts = Q(email__istartswith=part)
    for before in "@._-+":
        starts |= Q(email__icontains=f"{before}{part}")
    return starts


def _is_called(customer: Customer, who: str) -> bool:
    return customer.name.casefold().split() == who.casefold().split()


def _bears(customer: Customer, who: str) -> bool:
    return set(who.casefold().split()) <= set(customer.name.casefold().split())


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
