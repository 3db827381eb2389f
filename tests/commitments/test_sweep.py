"""What is due is done: reminders, the breach, the climb."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import Absence, Commitment, Event, Kind, User
from commitments.models.event import first_broken_link
from commitments.rules.ladder import Basis
from notifications.models import Delivery
from tests.commitments.ladders import climb_by, rung
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    ana,
    dev,
    events_of,
    fresh,
    stand_under,
    tom,
)

_OF_A_TRANSACTION = {"BEGIN", "SAVEPOINT", "RELEASE"}

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def sent() -> list[tuple[str, str]]:
    """Who is to hear what by e-mail: template and address, in the order of the events."""
    rows = Delivery.objects.filter(channel="email").order_by("event_id", "address")
    return [(row.template, row.address) for row in rows]


def test_a_kept_promise_is_never_reminded() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)

    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)
    sweep.run(NOON + 9 * HOUR)

    assert events_of(kettle) == ["made", "fulfilled", "check_in_planned"]


def test_a_promise_climbs_its_ladder() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    for hours in range(12 * 24):
        sweep.run(NOON + hours * HOUR)

    assert events_of(kettle) == ["made", "step_taken", "breached", *["step_taken"] * 3]
    assert sent() == [
        ("reminder", "ana@larkfield.example"),
        ("overdue", "ana@larkfield.example"),
        ("escalation", "dev@larkfield.example"),
        ("escalation", "ines@larkfield.example"),
        ("slip_note", "tom@customers.example"),
    ]
    assert fresh(kettle).next_action_at is None
    assert fresh(kettle).breached_at == NOON + 3 * HOUR


def test_after_an_outage_the_climb_takes_one_step_at_a_time() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    sweep.run(NOON + 9 * DAY)

    assert events_of(kettle) == ["made", "passed_over", "breached", "step_taken"]
    assert fresh(kettle).next_action_at == NOON + 9 * DAY + HOUR


def test_reminders_missed_together_come_as_one() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR, summary=False)
    ladder = [(Basis.ELAPSED, -3 * 3600, ["owner"]), (Basis.ELAPSED, -3600, ["owner"])]
    stand_under(kettle, ladder)

    sweep.run(NOON + 5 * HOUR + 30 * MINUTE)

    assert events_of(kettle) == ["made", "coalesced", "step_taken"]
    assert sent() == [("reminder", "ana@larkfield.example")]


def test_a_reminder_missed_until_after_due_dies_with_the_breach() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    sweep.run(NOON + 3 * HOUR + MINUTE)

    assert events_of(kettle) == ["made", "passed_over", "breached", "step_taken"]
    assert sent() == [("overdue", "ana@larkfield.example")]


def test_the_breach_is_dated_at_the_due_time() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)

    sweep.run(NOON + 8 * HOUR)

    breach = kettle.events.get(kind="breached")
    assert (breach.at, breach.recorded_at) == (NOON + 3 * HOUR, NOON + 8 * HOUR)


def test_nothing_is_done_twice_at_one_instant() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)

    sweep.run(NOON + 4 * HOUR)
    again = sweep.run(NOON + 4 * HOUR)

    assert again == sweep.Round()
    assert events_of(kettle).count("breached") == 1


def test_reminders_and_escalation_can_be_paused_apart() -> None:
    ahead = a_commitment(due_at=NOON + 6 * HOUR, case="ahead")
    behind = a_commitment(due_at=NOON + 1 * HOUR, case="behind")
    at = NOON + 5 * HOUR

    sweep.run(at, past_due=False)
    only_reminded = (events_of(ahead), events_of(behind))
    sweep.run(at, past_due=True)

    assert only_reminded == (["made", "step_taken"], ["made", "passed_over"])
    assert events_of(behind) == ["made", "passed_over", "breached", "step_taken"]


def test_a_deputy_hears_when_the_owner_is_away() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    Absence.objects.create(user=ana(), deputy=dev(), starts_at=NOON, ends_at=NOON + DAY)

    sweep.run(NOON + 3 * HOUR)

    assert ("overdue", "dev@larkfield.example") in sent()
    assert ("overdue", "ana@larkfield.example") not in sent()
    assert events_of(kettle)[-1] == "step_taken"


def test_an_acknowledged_climb_pauses_then_asks_again() -> None:
    kettle = a_commitment(due_at=NOON - 3 * HOUR, now=NOON - 4 * HOUR, summary=False)
    sweep.run(NOON - 3 * HOUR)

    services.acknowledge(kettle.pk, by=ana(), now=NOON - 2 * HOUR)
    for minutes in range(0, 180, 10):
        sweep.run(NOON - 2 * HOUR + minutes * MINUTE)

    assert events_of(kettle)[-2:] == ["acknowledged", "asked_again"]
    assert kettle.events.get(kind="asked_again").at == NOON
    assert fresh(kettle).acknowledged_until is None


def test_where_who_acknowledged_has_left_the_owner_is_asked() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    sweep.run(NOON + 3 * HOUR)
    Delivery.objects.all().delete()
    services.acknowledge(kettle.pk, by=dev(), now=NOON + 3 * HOUR)
    User.objects.filter(pk=dev().pk).update(is_active=False)

    sweep.run(NOON + 5 * HOUR)

    assert events_of(kettle)[-1] == "asked_again"
    assert sent() == [("overdue", "ana@larkfield.example")]


def test_a_customer_without_an_address_is_a_line_on_the_timeline() -> None:
    tom(email="")
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    for hours in range(12 * 24):
        sweep.run(NOON + hours * HOUR)

    last = kettle.events.order_by("sequence").last()
    assert last is not None
    assert (last.kind, last.audience) == ("message_not_sent", "customer:unreachable")
    assert "slip_note" not in [template for template, _ in sent()]


def test_a_customer_who_was_told_gets_no_automatic_note() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    Commitment.objects.filter(pk=kettle.pk).update(told_at=NOON + 4 * HOUR)

    for hours in range(12 * 24):
        sweep.run(NOON + hours * HOUR)

    assert "slip_note" not in [template for template, _ in sent()]
    assert ("escalation", "ines@larkfield.example") in sent()


def test_a_customer_who_does_not_answer_is_nudged_once_and_then_a_person_decides() -> None:
    kettle = a_commitment(due_at=NOON + 20 * DAY, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)

    for hours in range(14 * 24):
        sweep.run(NOON + hours * HOUR)

    assert events_of(kettle) == ["made", "waited", "nudged", "decision_asked"]
    assert sent() == [
        ("need", "tom@customers.example"),
        ("nudge", "tom@customers.example"),
        ("decide", "ana@larkfield.example"),
    ]


def test_a_missed_update_is_an_event_and_asks_its_owner() -> None:
    a_team()
    Kind.objects.filter(code="repair").update(inform_every=1)
    kettle = a_commitment(due_at=NOON + 7 * DAY, kind="repair", summary=False)

    sweep.run(NOON + DAY)

    assert events_of(kettle) == ["made", "update_missed"]
    assert sent() == [("update_due", "ana@larkfield.example")]
    assert fresh(kettle).update_due_at == datetime(2026, 5, 25, 12, tzinfo=UTC)


def test_a_row_that_raises_is_set_aside_and_the_others_go_on() -> None:
    broken = a_commitment(due_at=NOON + 3 * HOUR, case="broken")
    sound = a_commitment(due_at=NOON + 3 * HOUR, case="sound")
    stand_under(broken, [(Basis.ELAPSED, 0, ["astrologer"])])

    done = sweep.run(NOON + 3 * HOUR)

    assert done == sweep.Round(done=1, put_off=1)
    assert events_of(sound)[-1] == "step_taken"
    assert events_of(broken) == ["made"]
    assert fresh(broken).next_action_at == NOON + 3 * HOUR + 15 * MINUTE


def test_the_number_of_queries_does_not_depend_on_how_many_are_due() -> None:
    counts = []
    for batch in (2, 40):
        for number in range(batch):
            a_commitment(due_at=NOON + 3 * HOUR, case=f"{batch}-{number}", summary=False)
        with CaptureQueriesContext(connection) as queries:
            sweep.run(NOON + 3 * HOUR)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 20


def test_nor_does_it_where_the_customers_are_written_to() -> None:
    counts = []
    for batch in (2, 10):
        for number in range(batch):
            kettle = a_commitment(case=f"{batch}-{number}", summary=False)
            stand_under(kettle, [(Basis.ELAPSED, 1, ["customer"])])
        with CaptureQueriesContext(connection) as queries:
            sweep.run(NOON + 7 * HOUR)
        counts.append(len(queries))

    assert Delivery.objects.filter(template="slip_note").count() == 12
    assert counts[0] == counts[1]


def test_nor_does_it_where_promises_change_hands() -> None:
    counts = []
    for batch in (2, 10):
        for number in range(batch):
            kettle = a_commitment(case=f"{batch}-{number}", summary=False)
            climb_by(kettle, rung(1, 0, hands_to="lead"))
        with CaptureQueriesContext(connection) as queries:
            sweep.run(NOON + 7 * HOUR)
        counts.append(len(queries))

    assert Commitment.objects.filter(owner=dev()).count() == 12
    assert counts[0] == counts[1]


def test_what_is_written_in_one_statement_lies_in_the_order_of_promises_and_their_histories() -> (
    None
):
    kettle, other = (a_commitment(case=case, summary=False) for case in ("first", "second"))
    climb_by(kettle, rung(1, 0))
    climb_by(other, rung(1, -1), rung(2, 0, "lead"))

    sweep.run(NOON + 7 * HOUR)

    written = Event.objects.exclude(kind="made").order_by("pk")
    assert [(row.commitment, row.kind, row.step) for row in written] == [
        (kettle, "breached", None),
        (kettle, "step_taken", 1),
        (other, "passed_over", 1),
        (other, "breached", None),
        (other, "step_taken", 2),
    ]
    assert [first_broken_link(fresh(each)) for each in (kettle, other)] == [None, None]


@pytest.mark.parametrize(
    ("audience", "round_", "each"),
    # Where customers are written to: our name and our words, and in each batch who they are.
    [(["owner"], 7, 5), (["owner", "customer"], 9, 6)],
)
def test_a_round_takes_seven_statements_and_a_few_for_each_batch(
    audience: list[str], round_: int, each: int
) -> None:
    counts = []
    for batches in (1, 2, 5):
        made = [a_commitment(case=f"{batches}-{number}") for number in range(4 * batches)]
        version = stand_under(made[0], [(Basis.ELAPSED, 0, audience)])
        Commitment.objects.filter(pk__in=[one.pk for one in made]).update(
            policy_version=version, climbed=0, next_action="step", next_action_at=NOON
        )
        with CaptureQueriesContext(connection) as queries:
            done = sweep.run(NOON + 7 * HOUR, batch=4)
        assert done == sweep.Round(done=4 * batches)
        first_words = [query["sql"].split()[0] for query in queries]
        counts.append(sum(word not in _OF_A_TRANSACTION for word in first_words))

    assert counts == [round_ + each * 1, round_ + each * 2, round_ + each * 5]


@pytest.mark.postgresql
def test_what_a_round_takes_is_not_sorted() -> None:
    a_commitment(due_at=NOON + 3 * HOUR)
    with CaptureQueriesContext(connection) as queries:
        sweep.run(NOON + 3 * HOUR, past_due=True)
    (claim,) = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]

    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
        cursor.execute(
            "set local enable_sort = off"
        )  # of one row it is no matter; if it can, it will
        cursor.execute(f"explain {claim}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "commitment_due" in plan
    assert "Sort" not in plan


def test_an_idle_round_asks_one_question() -> None:
    a_commitment(due_at=NOON + 6 * HOUR)

    with CaptureQueriesContext(connection) as queries:
        sweep.run(NOON)

    assert len(queries) == 1
