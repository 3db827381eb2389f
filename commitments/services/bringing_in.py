"""Many promises are made at once, as they are brought in from elsewhere.

Each comes out as `make` would make it, with its event and its clock; but what they share is read
once, and what is written goes in a few statements however many there are. One that cannot be made
leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from commitments import agenda
from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    Conversation,
    Kind,
    PolicyVersion,
    Step,
    Team,
    User,
    ground,
    subscription,
)
from commitments.models.people import KEEPING
from commitments.rules import lifecycle, words

from . import laying, making
from .making import Draft
from .meeting import standing
from .work import Work, role_of


@dataclass(frozen=True)
class Made:
    """What came of a draft: the promise, or why there is none."""

    commitment: Commitment | None = None
    refusal: CommitmentError | None = None


@transaction.atomic
def make_many(drafts: Sequence[Draft], *, by: User | None, now: datetime) -> list[Made]:
    """Record promises of one team, answering for each in turn; no person is told of any.

    Each draft gives its `promised_at`. A conversation's agent is who owes what was promised in it.
    Raises CommitmentError where none of them may be made.
    """
    if not drafts:
        return []
    grounds = _Grounds(drafts, by=by, now=now)
    planned: list[laying.New] = []
    answers: list[Made] = []
    for draft in drafts:
        try:
            new = grounds.plan(draft)
        except CommitmentError as no:
            answers.append(Made(refusal=no))
        else:
            planned.append(new)
            answers.append(Made(commitment=new.commitment))
    if planned:
        for new, pk in zip(planned, ground.next_ids(len(planned)), strict=True):
            new.commitment.id = pk
        laying.write(planned, now=now)
    return answers


@dataclass
class _Grounds:
    """What the drafts of a team stand on, read together; as many queries for one as for many."""

    drafts: Sequence[Draft]
    by: User | None
    now: datetime
    _terms: dict[tuple[int, int], agenda.Terms] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (team_id,) = {draft.team_id for draft in self.drafts}
        teams = Team.objects.select_related("calendar").annotate(some_listen=subscription.some())
        self._team = teams.get(pk=team_id)
        if self.by is not None:
            lifecycle.check_may_act(role_of(self.by, self._team))
        making.check_makes_promises(self._team, self.drafts[0])
        self._hours = self._team.calendar.hours()
        kinds = Kind.objects.select_related("policy__urgent_variant")
        self._kinds = kinds.in_bulk({draft.kind_id for draft in self.drafts})
        self._versions = _latest_of(self._kinds.values())
        self._ladders = Step.objects.ladders_of([each.pk for each in self._versions.values()])
        self._customers = standing({draft.customer_id for draft in self.drafts})
        self._owners = self._members(
            {each.owner_id for each in self.drafts if each.owner_id is not None}
        )
        self._conversations = self._known_conversations()

    def plan(self, draft: Draft) -> laying.New:
        """All of a promise that can be worked out; nothing is read or written."""
        making.check_times(draft, zone=self._team.calendar.zone, now=self.now)
        owner = self._owner(draft)
        kind = self._kinds[draft.kind_id]
        conversation, case = self._conversation(draft, owner)
        commitment = making.laid_down(
            draft,
            conversation=conversation,
            owner=owner,
            team=self._team,
            kind=kind,
            version=self._version(kind, urgent=draft.urgent),
            now=self.now,
        )
        terms = self._terms_of(commitment)
        new = laying.laid(Work(commitment, by=self.by, now=self.now, terms=terms))
        if case:  # only now: one that is refused begins no conversation
            self._conversations[conversation.customer_id, case] = conversation
        return new

    def _members(self, wanted: Iterable[int]) -> dict[int, User]:
        rows = User.objects.filter(
            pk__in=wanted,
            is_active=True,
            memberships__team=self._team,
            memberships__role__in=KEEPING,
        )
        return {user.pk: user for user in rows}

    def _owner(self, draft: Draft) -> User | None:
        if draft.owner_id is None:
            return None
        if draft.owner_id not in self._owners:
            raise CommitmentError(f"Choose somebody of {self._team.name}.", field="owner")
        return self._owners[draft.owner_id]

    def _version(self, kind: Kind, *, urgent: bool) -> PolicyVersion:
        variant = kind.policy.urgent_variant if urgent else None
        return self._versions[(variant or kind.policy).pk]

    def _terms_of(self, commitment: Commitment) -> agenda.Terms:
        """One for all of a kind under the same steps: what was laid once is not laid again."""
        key = (commitment.kind_id, commitment.policy_version_id)
        if key not in self._terms:
            self._terms[key] = agenda.Terms.of(
                commitment,
                steps=self._ladders[commitment.policy_version_id],
                hours=self._hours,
            )
        return self._terms[key]

    def _known_conversations(self) -> dict[tuple[int, str], Conversation]:
        """The latest of each customer about a case."""
        cases = {draft.case.strip() for draft in self.drafts} - {""}
        rows = Conversation.objects.filter(team=self._team, outside_reference__in=cases)
        rows = rows.filter(customer__in=self._customers).select_related("customer")
        return {(row.customer_id, row.outside_reference): row for row in rows.order_by("at", "-pk")}

    def _conversation(self, draft: Draft, owner: User | None) -> tuple[Conversation, str]:
        case = words.clean(draft.case, what="The case", limit=120, required=False)
        known = self._conversations.get((draft.customer_id, case)) if case else None
        if known is not None:
            return known, case
        new = Conversation(
            team=self._team,
            customer=self._customers[draft.customer_id],
            agent=owner if owner or self.by is None or self.by.is_service else self.by,
            channel=draft.channel,
            outside_reference=case,
            outside_url=draft.case_url,
            at=draft.promised_at or self.now,
            difficult=draft.difficult,
        )
        return new, case


def _latest_of(kinds: Iterable[Kind]) -> dict[int, PolicyVersion]:
    """The version in force of each kind's policy, and of its urgent variant; by policy."""
    named = [(kind.policy_id, kind.policy.urgent_variant_id) for kind in kinds]
    policies = {policy for each in named for policy in each if policy is not None}
    rows = PolicyVersion.objects.filter(policy__in=policies).order_by("number")
    return {row.policy_id: row for row in rows}
