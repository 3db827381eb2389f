"""Ladders and hours, each read once for an audit, and when somebody last edited the latter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from commitments import agenda
from commitments.models import Calendar, Commitment, Kind, PolicyVersion, Relook, Team
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder


class Grounds:
    """What the climbs of an audit are measured by."""

    def __init__(self) -> None:
        self._ladders: dict[int, Ladder] = {}
        self._hours: dict[int, Hours] = {}
        self._edited: dict[tuple[str, str], datetime] | None = None

    def ladder(self, version_id: int) -> Ladder:
        if version_id not in self._ladders:
            version = PolicyVersion.objects.filter(pk=version_id).first()
            self._ladders[version_id] = version.ladder() if version is not None else ()
        return self._ladders[version_id]

    def terms(self, commitment: Commitment, *, version_id: int) -> agenda.Terms:
        return agenda.Terms.of(
            commitment, steps=self.ladder(version_id), hours=self.hours(commitment)
        )

    def hours(self, commitment: Commitment) -> Hours:
        calendar_id = commitment.team.calendar_id
        if calendar_id not in self._hours:
            self._hours[calendar_id] = Calendar.objects.get(pk=calendar_id).hours()
        return self._hours[calendar_id]

    def edited_since(self, commitment: Commitment, at: datetime) -> bool:
        """Whether hours, team or kind were edited after an instant: what was right then may not be
        what they say now, and nobody keeps what they said.
        """
        named: tuple[tuple[str, Any], ...] = (
            ("calendar", commitment.team.calendar_id),
            ("team", commitment.team_id),
            ("kind", commitment.kind_id),
        )
        edits = self._edits()
        return any(edits[key] >= at for what, pk in named if (key := (what, str(pk))) in edits)

    def _edits(self) -> dict[tuple[str, str], datetime]:
        if self._edited is None:
            types = ContentType.objects.get_for_models(Calendar, Team, Kind)
            entries = LogEntry.objects.filter(content_type__in=types.values())
            latest = entries.values_list("content_type__model", "object_id")
            self._edited = {
                (model, str(pk)): at for model, pk, at in latest.annotate(Max("action_time"))
            }
            # Our own pages write no such entry: whoever edits hours there has the clocks laid anew.
            relooks = Relook.objects.order_by().values_list("team_id").annotate(Max("asked_at"))
            for team_id, at in relooks:
                key = ("team", str(team_id))
                self._edited[key] = max(at, self._edited.get(key, at))
        return self._edited
