"""Rows in their thousands, read with what they refer to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Membership, row
from tests.makers import a_commitment, a_team, a_user, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_many_rows_share_is_made_once() -> None:
    a_commitment()
    members = Membership.objects.select_related("user", "team__lead_fallback").order_by("pk")

    with CaptureQueriesContext(connection) as queries:
        read = row.read(members.filter(user__in=[ana(), dev(), ines()]))
        teams = {id(member.team) for member in read}

    assert [member.user.name for member in read] == [each.name for each in (ana(), dev(), ines())]
    assert [member.team.lead_fallback for member in read] == [None] * 3
    assert (len(teams), len(queries)) == (1, 4)  # three of them who ana, dev and ines are


def test_it_reads_what_django_reads() -> None:
    a_commitment()
    promises = Commitment.objects.select_related("customer", "owner").defer("wording")
    asked = promises.with_last_breach()

    (read,), (usual,) = row.read(asked), asked

    assert read.__dict__.keys() == usual.__dict__.keys()
    assert [read.customer.name, read.owner, read.also_done, read.last_breach_at] == [
        *(usual.customer.name, usual.owner, usual.also_done, usual.last_breach_at)
    ]
    assert (read.wording, read.changes()) == (usual.wording, {})


def test_a_row_that_refers_to_nothing_has_nothing() -> None:
    team = a_team()
    team.lead_fallback = a_user("Otto Stranger")
    team.save()
    kettle = a_commitment()
    Commitment.objects.filter(pk=kettle.pk).update(owner=None)

    (read,) = row.read(Commitment.objects.select_related("owner", "team__lead_fallback"))

    assert (read.owner, read.team.lead_fallback) == (None, team.lead_fallback)


def test_where_nothing_can_be_found_nothing_is_read() -> None:
    assert row.read(Commitment.objects.filter(pk__in=[])) == []
