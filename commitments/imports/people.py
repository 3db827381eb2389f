"""Who the rows of a batch speak of: looked up together, added where they are not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from commitments.errors import CommitmentError
from commitments.models import Commitment, Conversation, Customer, Membership, Role, Team, User
from commitments.models.people import KEEPING
from commitments.services import meeting

from .rows import ORIGIN, Promise


class Known:
    """The team's people and customers, as far as one batch of rows needs them; a few queries.

    `made` are the keys of what is there, `customers` those who are known, by `customer_key`.
    """

    def __init__(self, team: Team, promises: Sequence[Promise]) -> None:
        self._team = team
        keys = [promise.key for promise in promises]
        made = Commitment.objects.filter(origin=ORIGIN, origin_key__in=keys)
        self.made = set(made.values_list("origin_key", flat=True))
        referred = {each.reference for each in promises if each.reference is not None}
        named = Commitment.objects.filter(team=team, pk__in=referred)
        self._referred = set(named.values_list("pk", flat=True)) if referred else set()
        agents = {promise.agent for promise in promises if "@" in promise.agent}
        self._users = {user.email: user for user in User.objects.people().filter(email__in=agents)}
        members = Membership.objects.filter(team=team, user__email__in=agents)
        self._roles = dict(members.values_list("user__email", "role"))
        is_named = any(promise.agent and "@" not in promise.agent for promise in promises)
        self._named = self._by_name() if is_named else {}
        self.customers = self._known_customers(promises)

    def is_there(self, promise: Promise) -> bool:
        """Whether it has been brought in already, or says itself which promise it is.

        Raises CommitmentError for a reference that is none of this team's.
        """
        if promise.reference is not None and promise.reference not in self._referred:
            raise CommitmentError(f"{self._team.name} has no promise with this reference.")
        return promise.reference is not None or promise.key in self.made

    def agent(self, promise: Promise, *, strangers_alike: bool) -> User | None:
        """Who owes it; None where nobody of that address is known, or none is named.

        Raises CommitmentError where it is somebody who cannot owe a promise of this team; with
        `strangers_alike`, also where nobody has the address, in the same words.
        """
        if not promise.agent:
            return None
        if "@" not in promise.agent:
            return self._one_named(promise.agent)
        user = self._users.get(promise.agent)
        trouble = self._trouble(user) if user else ""
        if strangers_alike and (trouble or user is None):
            raise CommitmentError(
                f"Nobody who can own promises of {self._team.name} has the address {promise.agent}."
            )
        if trouble:
            raise CommitmentError(trouble)
        return user

    def customer(self, promise: Promise) -> Customer | None:
        return self.customers.get(promise.customer_key)

    def add_agent(self, promise: Promise, *, zone: str) -> User:
        """Somebody new of that address, an agent who cannot sign in until given a password."""
        name = re.sub(r"[._+-]+", " ", promise.agent.partition("@")[0]).title()
        user = User.objects.create_user(promise.agent, None, name=name[:150], zone=zone)
        Membership.objects.create(user=user, team=self._team, role=Role.AGENT)
        self._users[user.email], self._roles[user.email] = user, Role.AGENT
        return user

    def add_customers(self, promises: Iterable[Promise]) -> int:
        """Those of these promises whom nobody knows yet, in one statement; answers how many."""
        new: dict[str, Customer] = {}
        for promise in promises:
            if promise.customer_key not in self.customers:
                new[promise.customer_key] = Customer(
                    name=promise.customer,
                    email=promise.customer_email,
                    phone=promise.customer_phone,
                )
        Customer.objects.bulk_create(new.values())
        self.customers |= new
        return len(new)

    def _trouble(self, user: User) -> str:
        if not user.is_active:
            return f"{user.email} has left and can own no promise."
        role = self._roles.get(user.email)
        if role is None or role == Role.AUDITOR:
            where = f"is not in {self._team.name}" if role is None else "only looks on as auditor"
            return f"{user.email} {where}. Make them an agent of the team first."
        return ""

    def _by_name(self) -> dict[str, list[User]]:
        rows = User.objects.people().filter(
            is_active=True, memberships__team=self._team, memberships__role__in=KEEPING
        )
        named: dict[str, list[User]] = {}
        for user in rows:
            named.setdefault(user.name.casefold(), []).append(user)
        return named

    def _one_named(self, name: str) -> User:
        found = self._named.get(name.casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise CommitmentError(f"Several people are called {name[:60]}. Give an e-mail address.")
        raise CommitmentError(
            f"agent “{name[:60]}”: Give one e-mail address, or the name of somebody of"
            f" {self._team.name}."
        )

    def _known_customers(self, promises: Sequence[Promise]) -> dict[str, Customer]:
        """By address; or by phone; or, where a row gives neither, by name in one conversation."""
        known = meeting.entries_known_to(self._team).people().reverse()  # the first one wins
        emails = {promise.customer_email.lower() for promise in promises} - {""}
        phones = {each.customer_phone for each in promises if not each.customer_email} - {""}
        found: dict[str, Customer] = {}
        if emails:
            rows = known.annotate(folded=Lower("email")).filter(folded__in=emails)
            found |= {entry.email.lower(): entry.standing for entry in rows}
        if phones:
            found |= {entry.phone: entry.standing for entry in known.filter(phone__in=phones)}
        return found | self._known_by_name(promises)

    def _known_by_name(self, promises: Sequence[Promise]) -> dict[str, Customer]:
        nameless = [each for each in promises if not (each.customer_email or each.customer_phone)]
        cases = {promise.conversation for promise in nameless} - {""}
        if not cases:
            return {}
        talks = Conversation.objects.filter(team=self._team, outside_reference__in=cases)
        spoke: dict[int, list[str]] = {}
        for pk, case in talks.values_list("customer", "outside_reference"):
            spoke.setdefault(pk, []).append(case)
        known = meeting.entries_known_to(self._team).people().reverse()
        entries = known.filter(
            Q(pk__in=spoke) | Q(merged_into__in=spoke),
            email="",
            name__in={promise.customer for promise in nameless},
        )
        return {
            f"{entry.name}\n{case}": entry.standing
            for entry in entries
            for case in spoke[entry.standing.pk]
        }


def team_named(name: str) -> Team:
    """The team to bring promises in for. Raises CommitmentError naming those there are."""
    found = Team.objects.select_related("calendar").filter(name__iexact=name.strip()).first()
    if found is not None:
        return found
    names = ", ".join(Team.objects.order_by("name").values_list("name", flat=True))
    raise CommitmentError(f"There is no team “{name}”. There is: {names or 'none yet'}.")
