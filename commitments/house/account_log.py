"""What concerns the security of accounts, as lines of the log: of ids only, never of names."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from commitments.models import Membership, Role

By: TypeAlias = int | str | None
MACHINE: Final = "machine"
"""By whom, where it was done by a command: who sat at the console we do not know."""

logger = logging.getLogger("followthrough.security")


def note(what: str, *, user_id: int | None = None, by_id: By = None) -> None:
    """`what` is a word or two of ours, such as “sign-in failed”, and ids such as “token=7”."""
    person = "" if user_id is None else f" user={user_id}"
    by = "" if by_id is None else f" by={by_id}"
    logger.info("%s%s%s", what, person, by)


@contextmanager
def places(*, by_id: By = None, **which: int) -> Iterator[None]:
    """A line for each role given, changed or taken in here, of the memberships that fit `which`."""
    before = _roles(which)
    yield
    after = _roles(which)
    for team_id, user_id in sorted(before.keys() - after.keys()):
        note(f"out of team={team_id}", user_id=user_id, by_id=by_id)
    for (team_id, user_id), role in after.items():
        if role != before.get((team_id, user_id)):
            note(f"now {role} in team={team_id}", user_id=user_id, by_id=by_id)


def _roles(which: dict[str, int]) -> dict[tuple[int, int], str]:
    found = Membership.objects.filter(**which).order_by("pk")
    return {
        (team_id, user_id): Role(role).value
        for team_id, user_id, role in found.values_list("team_id", "user_id", "role")
    }
