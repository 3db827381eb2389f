"""The promises that were ticked, by their references as the page sends them."""

from __future__ import annotations

from collections.abc import Iterable

from commitments.models import Commitment, User
from commitments.rules import reference

_MOST = 200  # at once: a person reads through what will happen


def of(references: Iterable[str], *, user: User) -> list[Commitment]:
    """Those that this person may see, due first on top; the others do not exist for them."""
    read = (reference.read(word) for word in references)
    pks = sorted({pk for pk in read if pk is not None})[:_MOST]
    seen = Commitment.objects.visible_to(user).filter(pk__in=pks).with_everything()
    return list(seen.order_by("due_at", "pk"))
