"""Whom the rows of a file speak of: customers whom the team knows, by whatever they were called."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.imports import COLUMNS
from commitments.models import Commitment, Customer
from tests.commitments.imports.files import a_file, a_row, csv_of, written
from tests.commitments.management.test_import_commitments import bring_in
from tests.makers import NOON, a_draft, a_team, ana, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    "said",
    [
        {"customer_email": "Thomas@WORK.example"},
        {"customer_email": "", "customer_phone": "0100"},
        {"customer_email": "", "customer": "T. Okafor", "conversation": "old"},
    ],
)
def test_whoever_was_merged_is_known_by_what_they_were_called_before(
    said: dict[str, str], tmp_path: Path
) -> None:
    services.make(a_draft(), by=ana(), now=NOON)
    before = {"email": "thomas@work.example", "phone": "0100"}
    for name, details in (("Thomas Okafor", before), ("T. Okafor", {})):
        gone = Customer.objects.create(name=name, **details)
        services.make(a_draft(customer=gone, case="old"), by=ana(), now=NOON)
        services.merge(gone.pk, into_id=tom().pk, by=ana(), now=NOON)

    text = csv_of(a_row(**said), columns=(*COLUMNS, "customer_phone"))
    bring_in(written(tmp_path, text.encode()), unknown="refuse")

    assert Commitment.objects.latest("pk").customer == tom()
    assert Customer.objects.count() == 3


def test_whoever_another_team_merged_is_new_to_this_one(tmp_path: Path) -> None:
    a_team()
    gone = Customer.objects.create(name="Thomas Okafor", email="thomas@work.example")
    kept = Customer.objects.create(name="Thomas", email="t@home.example", merged_into=None)
    for each in (gone, kept):
        draft = a_draft(team=a_team("Zoo care"), customer=each)
        services.make(draft, by=ana(), now=NOON)
    services.merge(gone.pk, into_id=kept.pk, by=ana(), now=NOON)

    bring_in(a_file(tmp_path, a_row(customer_email="thomas@work.example")))

    assert Commitment.objects.latest("pk").customer not in (gone, kept)


def test_many_customers_are_looked_up_as_fast_as_few(tmp_path: Path) -> None:
    a_team()
    asked: list[int] = []
    for many in (1, 12):
        rows = [
            a_row(
                customer_email=f"c{number}@customers.example" if number % 3 else "",
                customer_phone="" if number % 3 == 1 else f"0100 {number}",
                conversation=f"case-{number}",
            )
            for number in range(many * 3)
        ]
        nameless = [each | {"customer_phone": "", "wording": "Call"} for each in rows[::3]]
        text = csv_of(*rows, *nameless, columns=(*COLUMNS, "customer_phone"))
        with CaptureQueriesContext(connection) as queries:
            bring_in(written(tmp_path, text.encode()), dry_run=True)
        asked.append(len(queries))

    assert asked[0] == asked[1]
