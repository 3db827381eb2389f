"""A history that was rewritten no longer fits, whoever did it and wherever."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from commitments import services
from commitments.evidence import verifying
from commitments.models import Commitment
from tests.api.counting import queries_of
from tests.makers import MINUTE, NOON, a_commitment, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    """Four events: made, updated, done, and the check-in that is planned then."""
    made = a_commitment(due_said="by six")
    said = {"words": "It is on its way.", "tell_customer": False}
    services.update(made.pk, by=ana(), now=NOON + MINUTE, **said)  # type: ignore[arg-type]  # of unlike kinds
    services.fulfil(made.pk, by=ana(), how="Sent.", now=NOON + 2 * MINUTE)
    return made


def test_what_nobody_touched_fits(kettle: Commitment):
    a_commitment()

    assert verified() == f"2 promises, {kettle_events() + 1} events: every one fits.\n"


def kettle_events() -> int:
    return Commitment.objects.order_by("pk").values_list("event_count", flat=True)[0]


@pytest.mark.parametrize(
    ("sql", "broken_at"),
    [
        ("UPDATE commitments_event SET actor_id = NULL WHERE sequence = 2", 2),
        ("UPDATE commitments_event SET kind = 'voided' WHERE sequence = 3", 3),
        ("UPDATE commitments_event SET visible = NOT visible WHERE sequence = 1", 1),
        ("UPDATE commitments_event SET hash = previous_hash WHERE sequence = 2", 2),
        ("UPDATE commitments_event SET changes = '{\"a\": 1}' WHERE sequence = 2", 2),
        ("DELETE FROM commitments_event WHERE sequence = 4", 3),
        ("UPDATE commitments_event SET sequence = 9 WHERE sequence = 1", 2),
        ("UPDATE commitments_eventtext SET words = 'by seven'", 1),
        ("UPDATE commitments_commitment SET event_count = 2", 4),
        ("UPDATE commitments_commitment SET head_hash = ''", 4),
    ],
)
def test_a_line_that_was_rewritten_is_named(kettle: Commitment, sql: str, broken_at: int):
    past_the_triggers(sql)

    (verdict,) = verifying.verify(Commitment.objects.all())

    assert verdict.broken_at == broken_at


def test_the_command_names_each_and_ends_with_one(kettle: Commitment):
    a_commitment()
    past_the_triggers("UPDATE commitments_event SET kind = 'voided' WHERE sequence = 3")
    said = StringIO()

    with pytest.raises(CommandError, match="The history of 1 of 2 promises was changed"):
        call_command("verify_history", stderr=said)

    assert f"{kettle.reference}: event 3 does not fit." in said.getvalue()
    other = Commitment.objects.exclude(pk=kettle.pk).get()
    assert verified(other.reference) == "1 promises, 1 events: every one fits.\n"
    with pytest.raises(CommandError, match="There is no promise"):
        call_command("verify_history", "nothing")


def test_erased_words_leave_the_chain_whole(kettle: Commitment):
    kettle.events.get(sequence=1).text.delete()

    assert "every one fits" in verified()


def test_an_event_that_is_written_meanwhile_is_no_alarm(
    kettle: Commitment, monkeypatch: pytest.MonkeyPatch
):
    """Between the heads and their events somebody logs one more."""
    read = verifying._events_of

    def written_meanwhile(heads: list[Commitment]) -> object:
        services.reopen(kettle.pk, by=ana(), reason="Not yet", now=NOON + 3 * MINUTE)
        return read(heads)

    monkeypatch.setattr(verifying, "_events_of", written_meanwhile)

    (verdict,) = verifying.verify(Commitment.objects.all())

    assert verdict.broken_at is None


def test_many_are_read_by_the_batch(kettle: Commitment, monkeypatch: pytest.MonkeyPatch):
    def walk() -> None:
        list(verifying.verify(Commitment.objects.all()))

    few = queries_of(walk)
    for _ in range(6):
        a_commitment()
    assert len(queries_of(walk)) == len(few) == 3  # heads, events, and that there are no more
    monkeypatch.setattr(verifying, "_BATCH", 3)
    assert len(list(verifying.verify(Commitment.objects.all()))) == 7


def verified(*args: str) -> str:
    said = StringIO()
    call_command("verify_history", *args, stdout=said)
    return said.getvalue()


def past_the_triggers(sql: str) -> None:
    """As somebody with all rights on the database would."""
    _switched(lambda cursor: cursor.execute(sql))


def _switched(act: Callable[..., object]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL session_replication_role = replica")
            act(cursor)
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        act(cursor)
        for _, again in triggers:
            cursor.execute(again)
