"""Whether both have written the same: rows that differ only in whose they are, and when."""

from __future__ import annotations

from django.db.models import Count, Model, QuerySet

from commitments.models import Commitment, Event
from commitments.models.event import hash_of
from commitments.rules import reference
from notifications.models import Delivery

_EVENT = ("kind", "step", "repetition", "revision", "audience", "visible", "actor", "text_digest")
_WAY = ("channel", "template", "audience", "sender", "language", "urgent", "state", "late")
_OF_ITS_OWN = frozenset({"reference", "url", "due", "customer_name"})
_SWEPT = ("next_action", "climbed", "last_step", "repetition", "breached_again", "event_count")


def check(swept: int) -> None:
    """After so many promises: two events and two deliveries of each, whoever wrote them."""
    assert _alike(Event.objects.order_by(), *_EVENT) == [swept] * 2
    assert _alike(Delivery.objects.order_by(), *_WAY) == [swept] * 2
    assert _alike(Commitment.objects.filter(event_count__gt=1), *_SWEPT) == [swept]
    assert all(hash_of(event) == event.hash for event in Event.objects.iterator())
    said = Delivery.objects.values_list("about", "context").iterator()
    forms = {_form(about, context) for about, context in said}
    assert len(forms) == 1, forms


def _alike(rows: QuerySet[Model], *names: str) -> list[int]:
    """How many rows there are of each form."""
    return [count for *_, count in rows.values_list(*names).annotate(Count("pk"))]


def _form(about: str, context: dict[str, object]) -> tuple[object, ...]:
    """What a message tells its template, but for what is said of this promise alone."""
    is_named = context["reference"] == reference.write(int(about.partition(":")[2]))
    constant = {name: said for name, said in context.items() if name not in _OF_ITS_OWN}
    return (is_named, *sorted(context), *sorted(map(str, constant.items())))
