"""A customer reads everything that we hold about them, and nothing about others."""

from __future__ import annotations

import hashlib
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.html import escape

from commitments.models import Attachment, Customer
from commitments.privacy import exporting
from tests.api.counting import queries_of
from tests.commitments.privacy import columns
from tests.commitments.privacy.whispers import (
    LATER,
    MAIL,
    NAME,
    PHONE,
    WORD,
    a_customer_with_a_story,
)
from tests.makers import a_commitment, tom
from tests.safety import planted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

HOSTILE = "\"><svg/onload=planted(1)>'"


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


def test_every_personal_column_is_in_it_or_excused_on_the_page_about_privacy(store: Path):
    """A new column is neither, until somebody decides. See docs/privacy.md."""
    them = a_customer_with_a_story()
    columns.plant(them)

    said = json.dumps(exporting.everything_about(them, now=LATER))

    missing = {each for each, whisper in columns.WHISPERS.items() if whisper not in said}
    assert missing == columns.LEFT_OUT


def test_what_says_only_an_address_of_theirs_is_in_it_too(store: Path):
    """Entered twice, they have two; and messages went to one that they have no more."""
    them = a_customer_with_a_story()
    columns.plant(them)
    them.refresh_from_db()
    other = Customer.objects.get(merged_into=them)

    record = exporting.everything_about(them, now=LATER)

    closed = {each["address"] for each in record["closed_addresses"]}
    assert closed == {them.email, other.email, them.phone, columns.NO_MORE_THEIRS}
    drafts = [each["email"] for each in record["suggestions"]]
    assert drafts[1:] == [columns.shouted(each.email) for each in (them, other)]
    read = [each["content"].partition("\n")[0] for each in record["unread_mails"]]
    assert read == [f"From: {columns.shouted(each.email)}" for each in (them, other)]


def test_a_file_that_they_sent_is_listed_with_what_it_must_come_to(store: Path):
    them = a_customer_with_a_story()
    sent = Attachment.objects.get()

    (file,) = exporting.everything_about(them, now=LATER)["files"]
    (store / sent.stored).unlink()
    (gone,) = exporting.everything_about(them, now=LATER)["files"]

    assert (file["name"], file["type"], file["size"]) == (f"{WORD}.png", "image/png", 5)
    assert file["sha256"] == hashlib.sha256(b"photo").hexdigest()
    assert file["saved_from"].endswith(f"/promises/{file['promise']}/files/{sent.pk}/")
    assert gone == file | {"sha256": None}


def test_hostile_words_in_any_column_are_words_on_the_page(store: Path):
    them = a_customer_with_a_story()
    usual = planted.Skeleton(exporting.page(exporting.everything_about(them, now=LATER)))
    columns.plant(them, said=f"{HOSTILE} {' '.join(planted.PAYLOADS)}")
    them.refresh_from_db()

    page = exporting.page(exporting.everything_about(them, now=LATER))

    found = planted.Skeleton(page)
    assert (found.parts - usual.parts, found.wrong) == (set(), [])
    assert planted.WORKED_OUT not in page
    words = escape(HOSTILE)[:6]  # as much as there is room for in the shortest
    said = {at for at, each in columns.WHISPERS.items() if re.search(rf"{each}\d?{words}", page)}
    assert said == columns.WHISPERS.keys() - columns.LEFT_OUT - {("Suppression", "address")}


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
