"""Who the rows of a batch speak of: looked up together, added where they are not known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models.functions import Lower

from commitments.errors import CommitmentError
from commitments.models import Commitment, Customer, Membership, Role, Team, User

from .rows import ORIGIN, Promise


class Known:
    """The team's people and customers, as far as one batch of rows needs them; four queries."""

    def __init__(self, team: Team, promises: Sequence[Promise]) -> None:
        self._team = team
        keys = [promise.key for promise in promises]
        made = Commitment.objects.filter(origin=ORIGIN, origin_key__in=keys)
        self.made = set(made.values_list("origin_key", flat=True))
        agents = {promise.agent for promise in promises} - {""}
        self._users = {user.email: user for user in User.objects.filter(email__in=agents)}
        members = Membership.objects.filter(team=team, user__email__in=agents)
        self._roles = dict(members.values_list("user__email", "role"))
        self._customers = self._known_customers(promises)

    def agent(self, promise: Promise) -> User | None:
        """Who owes it; None where nobody of that address is known, or none is named.

        Raises CommitmentError where it is somebody who cannot owe a promise of this team.
        """
        user = self._users.get(promise.agent)
        if user is None:
            return None
        if not user.is_active:
            raise CommitmentError(f"{user.email} has left and can own no promise.")
        role = self._roles.get(user.email)
        if role is None or role == Role.AUDITOR:
            where = f"is not in {self._team.name}" if role is None else "only looks on as auditor"
            raise CommitmentError(f"{user.email} {where}. Make them an agent of the team first.")
        return user

    def customer(self, promise: Promise) -> Customer | None:
        return self._customers.get(promise.customer_key)

    def add_agent(self, promise: Promise, *, zone: str) -> User:
        """Somebody new of that address, an agent who cannot sign in until given a password."""
        name = re.sub(r"[._+-]+", " ", promise.agent.partition("@")[0]).title()
        user = User.objects.create_user(promise.agent, None, name=name[:150], zone=zone)
        Membership.objects.create(user=user, team=self._team, role=Role.AGENT)
        self._users[user.email], self._roles[user.email] = user, Role.AGENT
        return user

    def add_customer(self, promise: Promise) -> Customer:
        customer = Customer.objects.create(name=promise.customer, email=promise.customer_email)
        self._customers[promise.customer_key] = customer
        return customer

    def _known_customers(self, promises: Sequence[Promise]) -> dict[str, Customer]:
        """By address; or, where a row gives none, by their name in the same conversation."""
        known = Customer.objects.known_to(self._team).order_by("-pk")  # the oldest wins
        emails = {promise.customer_email.lower() for promise in promises} - {""}
        found = {
            customer.email.lower(): customer
            for customer in known.annotate(folded=Lower("email")).filter(folded__in=emails)
        }
        nameless = [promise for promise in promises if not promise.customer_email]
        for promise in nameless:
            without = known.filter(
                email="",
                name=promise.customer,
                conversations__outside_reference=promise.conversation,
                conversations__team=self._team,
            ).last()  # that is, the oldest
            if promise.conversation and without is not None:
                found[promise.customer_key] = without
        return found


def team_named(name: str) -> Team:
    """The team to bring promises in for. Raises CommitmentError naming those there are."""
    found = Team.objects.select_related("calendar").filter(name__iexact=name.strip()).first()
    if found is not None:
        return found
    names = ", ".join(Team.objects.order_by("name").values_list("name", flat=True))
    raise CommitmentError(f"There is no team “{name}”. There is: {names or 'none yet'}.")
