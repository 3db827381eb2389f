"""Which customer an operator means."""

from __future__ import annotations

from django.core.management.base import CommandError

from commitments.models import Customer


def customer(asked: str) -> Customer:
    """By id, e-mail or external id. Raises CommandError where that is nobody, or several."""
    everybody = Customer.objects.exclude(external_source=Customer.OUR_TEAM)
    if asked.isdecimal() and asked.isascii() and len(asked) < 19:
        rows = everybody.filter(pk=int(asked))
    elif "@" in asked:
        rows = everybody.filter(email__iexact=asked)
    else:
        rows = everybody.exclude(external_id="").filter(external_id=asked)
    # One who was merged is the one who stayed.
    entries = rows.select_related("merged_into").order_by("pk")
    found = list(dict.fromkeys(each.standing for each in entries))
    if not found:
        raise CommandError("There is no such customer. Give an id, an e-mail or an external id.")
    if len(found) > 1:
        ids = ", ".join(str(each.pk) for each in found)
        raise CommandError(f"Several customers are meant: {ids}. Give the id of one.")
    return found[0]
