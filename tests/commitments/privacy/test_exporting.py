"""A customer reads everything that we hold about them, and nothing about others."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Customer
from commitments.privacy import exporting
from tests.api.counting import queries_of
from tests.commitments.privacy.whispers import (
    LATER,
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
)
from tests.makers import a_commitment, tom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_every_word_about_them_is_in_it(store: Path):
    them = a_customer_with_a_story()
    a_commitment(wording="Somebody else's")

    record = exporting.everything_about(them, now=LATER)

    assert (record["customer"]["name"], record["customer"]["email"]) == (NAME, MAIL)
    assert record["customer"]["phone"] == PHONE
    (promise,) = record["promises"]
    assert WORD in promise["wording"] + promise["team_note"] + promise["due_said"]
    said = [each["words"] for each in record["history"]]
    assert f"Here is the {WORD}" in said
    assert f"Your {WORD} is packed" in said
    assert f"{WORD}.png" in [each["file"] for each in record["history"]]
    assert record["calls"][0]["note"] == f"Only the {WORD} picked up"
    assert record["check_ins"][0]["words"] == f"A fine {WORD}"
    assert record["conversations"][0]["case"] == f"{WORD}-48213"
    assert any(WORD in each["text"] for each in record["messages"])
    assert {each["to"] for each in record["messages"]} == {MAIL}
    assert "Somebody else" not in json.dumps(record)


def test_both_files_are_written_and_nothing_over_them(store: Path, tmp_path: Path):
    them = a_customer_with_a_story()
    Customer.objects.filter(pk=them.pk).update(name="<b>Quentin</b>")
    said = StringIO()

    call_command("export_customer", str(them.pk), "--to", str(tmp_path), stdout=said)

    record = json.loads((tmp_path / f"customer-{them.pk}.json").read_text("utf-8"))
    page = (tmp_path / f"customer-{them.pk}.html").read_text("utf-8")
    assert record["promises"][0]["wording"] in page
    assert "What we hold about &lt;b&gt;Quentin&lt;/b&gt;" in page
    assert "<script" not in page
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_customer", f"{WORD}-1", "--to", str(tmp_path), stdout=said)


def test_more_promises_ask_no_more_of_the_database():
    a_commitment()
    few = queries_of(lambda: exporting.everything_about(tom(), now=LATER))
    for _ in range(5):
        a_commitment()

    assert len(queries_of(lambda: exporting.everything_about(tom(), now=LATER))) == len(few)
