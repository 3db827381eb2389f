"""What open promises stand under: their ladders and their teams' hours, each loaded once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from commitments import agenda
from commitments.models import Calendar, Commitment, PolicyVersion, Step
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.ladder import Ladder


def open_under(versions: Iterable[int]) -> CommitmentQuerySet:
    """The open and waiting promises under these versions."""
    return Commitment.objects.live().filter(policy_version__in=list(versions))


def versions_before(version: PolicyVersion) -> list[int]:
    """The earlier versions of its policy."""
    earlier = PolicyVersion.objects.filter(policy=version.policy_id, number__lt=version.number)
    return list(earlier.values_list("pk", flat=True))


class Grounds:
    """Of some promises, whose kinds and teams are read along with them. Four queries."""

    def __init__(self, commitments: Collection[Commitment]) -> None:
        self._ladders = Step.objects.ladders_of({each.policy_version_id for each in commitments})
        self._hours = Calendar.objects.hours_of({each.team.calendar_id for each in commitments})

    def ladder(self, commitment: Commitment) -> Ladder:
        return self._ladders[commitment.policy_version_id]

    def terms(self, commitment: Commitment, *, steps: Ladder | None = None) -> agenda.Terms:
        """The promise's terms, or what they would be with these steps."""
        return agenda.Terms.of(
            commitment,
            steps=self.ladder(commitment) if steps is None else steps,
            hours=self._hours[commitment.team.calendar_id],
        )
