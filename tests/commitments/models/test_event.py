"""The timeline: append only, chained, and whole after its words are erased."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from commitments import services, sweep
from commitments.models import Event, EventText
from commitments.models.event import digest_of, first_broken_link
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_database_refuses_to_change_an_event() -> None:
    made = a_commitment().events.get()

    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        Event.objects.filter(pk=made.pk).update(kind="moved")

    assert Event.objects.get(pk=made.pk).kind == "made"


def test_the_database_refuses_to_delete_an_event() -> None:
    made = a_commitment().events.get()

    with (
        pytest.raises(DatabaseError, match="append only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from commitments_event where id = %s", [made.pk])

    assert Event.objects.filter(pk=made.pk).exists()


def test_the_chain_holds_over_verbs_and_sweeps() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    services.update(kettle.pk, by=ana(), words="Soon", tell_customer=False, now=NOON + HOUR)
    sweep.run(NOON + 2 * HOUR)
    sweep.run(NOON + 2 * DAY)

    assert fresh(kettle).event_count == kettle.events.count() == 5
    assert first_broken_link(fresh(kettle)) is None


def test_a_hash_is_over_every_fact_as_one_list_of_canonical_json() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    services.update(kettle.pk, by=ana(), words='"Soon", said Åsa', tell_customer=False, now=NOON)
    sweep.run(NOON + 4 * HOUR)

    for event in kettle.events.all():
        facts = [
            *(event.commitment_id, event.sequence, event.kind),
            *(event.at.isoformat(), event.recorded_at.isoformat(), event.actor_id),
            *(event.revision, event.step, event.repetition, event.audience, event.changes),
            *(event.visible, event.undoes_id, event.text_digest, event.previous_hash),
        ]
        written = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert event.hash == hashlib.sha256(written.encode()).hexdigest()


def test_erasing_words_leaves_the_chain_whole() -> None:
    kettle = a_commitment()
    services.update(kettle.pk, by=ana(), words="He is upset", tell_customer=False, now=NOON)

    EventText.objects.all().delete()

    assert first_broken_link(fresh(kettle)) is None
    assert kettle.events.get(kind="updated").words == ""


def test_changed_words_break_the_chain_where_they_stand() -> None:
    kettle = a_commitment()
    services.update(kettle.pk, by=ana(), words="He is upset", tell_customer=False, now=NOON)

    EventText.objects.update(words="He is happy")

    assert first_broken_link(fresh(kettle)) == 2


def test_a_lost_head_is_noticed() -> None:
    kettle = a_commitment()
    behind = fresh(kettle)
    services.update(kettle.pk, by=ana(), words="Soon", tell_customer=False, now=NOON)

    assert first_broken_link(behind) == 2


def test_no_words_stand_where_they_could_not_be_erased() -> None:
    kettle = a_commitment(
        due_at=NOON + 5 * HOUR, due_said="before Edith's tea", team_note="He is upset"
    )
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    services.resume(kettle.pk, by=ana(), note="It came", now=NOON + HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent", evidence="Parcel 77", now=NOON + HOUR)

    facts = str(list(Event.objects.values_list("changes", flat=True)))

    for words in ("kettle", "Edith", "upset", "photo", "Parcel", "came"):
        assert words not in facts
    assert first_broken_link(fresh(kettle)) is None


def test_words_without_older_ones_are_digested_as_before_those_were_kept() -> None:
    text = EventText(salt="5a" * 16, words="It goes out tonight.")

    assert digest_of(text) == hashlib.sha256(f"{text.salt}{text.words}".encode()).hexdigest()
    assert digest_of(EventText(salt=text.salt, words=text.words, before={"wording": "Old"})) != (
        digest_of(text)
    )
