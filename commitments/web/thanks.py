"""Thanks to read again: what colleagues thanked one for, one's own to them, and the teams'.

Newest first, and never a number beside a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Thanks, User

from . import doors
from .doors import StaffRequest, signed_in

_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Said:
    """One of them, and the promise it was for as far as its reader may see that."""

    thanks: Thanks
    promise: Commitment | None


_TO_ME = "to-me"
_CHOSEN: Final[Mapping[str, Callable[[User], Q]]] = {
    _TO_ME: lambda user: Q(receiver=user),
    "from-me": lambda user: Q(giver=user),
    "team": lambda _: Q(shared=True),
}


@require_safe
@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """`?of=to-me`, `from-me` or `team`; as many queries for a page of them as for one."""
    now, user = timezone.now(), request.user
    chosen = request.GET.get("of", "")
    chosen = chosen if chosen in _CHOSEN else _TO_ME
    found = Thanks.objects.visible_to(user).filter(_CHOSEN[chosen](user))
    newest = found.select_related("giver", "receiver").order_by("-at", "-pk")
    page = Paginator(newest, _PAGE).get_page(request.GET.get("page"))
    seen = Commitment.objects.visible_to(user).select_related("customer")
    promises = seen.in_bulk({each.commitment_id for each in page})
    context = {
        "said": [Said(thanks=each, promise=promises.get(each.commitment_id)) for each in page],
        "page": page,
        "chosen": chosen,
        "section": "thanks",
    }
    return doors.page(request, "me/thanks.html", context, now=now)
