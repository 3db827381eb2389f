"""Who is meant: the customer by what the help desk calls them, the agent by their e-mail."""

from __future__ import annotations

from django.db.models import QuerySet

from commitments import services
from commitments.models import Customer, HelpDesk, Role, Team, User
from commitments.models.people import KEEPING
from commitments.rules import words

from .adapter import Person


def customer_of(person: Person, *, desk: HelpDesk) -> Customer:
    """By the help desk's own id, else by e-mail or phone among those the team knows, or new.

    Found by anything but that id, they are known by it from then on. Raises CommitmentError.
    """
    pk = words.clean(person.id, what="The customer's id", limit=120, required=False)
    named = Customer.objects.filter(external_source=desk.origin, external_id=pk)
    holder = named.select_related("merged_into").first() if pk else None
    if holder is not None and holder.standing.erased_at is None:
        return holder.standing
    named_so = {"external_source": desk.origin, "external_id": pk} if pk and not holder else {}
    customer = services.customer_for(
        team=desk.team, name=_name(person), email=person.email, phone=person.phone, **named_so
    )
    if named_so and not customer.external_id:
        customer.external_source, customer.external_id = desk.origin, pk
        customer.save(update_fields=["external_source", "external_id"])
    return customer


def agent(email: str, *, team: Team) -> User | None:
    """The one of the team's people who signs in with this address."""
    if not email.strip():
        return None
    return _people(team, *KEEPING).filter(email=email.strip().lower()).first()


def keeper(*, team: Team) -> User | None:
    """Who keeps what nobody of the team promised: its lead, or who is asked instead."""
    lead = _people(team, Role.LEAD).order_by("name", "pk").first()
    if lead is not None:
        return lead
    if team.lead_fallback_id is None:
        return None
    return _people(team, *KEEPING).filter(pk=team.lead_fallback_id).first()


def _people(team: Team, *roles: Role) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__team=team, memberships__role__in=roles)


def _name(person: Person) -> str:
    name = words.salvaged(person.name, limit=150)
    return name or person.email.partition("@")[0] or person.phone or f"Customer {person.id}".strip()
