"""Each of the twelve invariants, and the one about bundles, broken by hand and seen in print."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from commitments import checkins, services, sweep
from commitments.models import Commitment, Schedule
from config import walk
from config.audit import tables
from notifications import delivery
from notifications.models import Breaker, Delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def sql(statement: str, *values: object) -> None:
    """Past every model, as a hand in the database would do it."""
    adapted = [
        connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        for value in values
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, adapted)
        assert cursor.rowcount != 0, "nothing was broken"


def printed(at: datetime = NOON) -> list[str]:
    """The lines of the command at an instant."""
    Schedule.objects.update(next_at=None)  # housekeeping is not what these tests are about
    said = io.StringIO()
    with time_machine.travel(at, tick=False):
        try:
            call_command("audit_delivery", all=True, stdout=said)
        except CommandError:
            pass
        else:
            assert said.getvalue() == "Nothing breaks a rule.\n"
            return []
    return said.getvalue().splitlines()


def numbers(lines: list[str]) -> set[str]:
    return {line.split()[0] for line in lines}


def a_sent_mail() -> Delivery:
    """The summary of a promise, delivered, and nothing broken."""
    a_commitment(due_at=NOON + 6 * HOUR)
    delivery.run(NOON + MINUTE)
    assert printed(NOON + MINUTE) == []
    return Delivery.objects.get(template="agreement")


def a_taken_step() -> Commitment:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    sweep.run(NOON + HOUR)
    delivery.run(NOON + HOUR)
    assert printed(NOON + HOUR) == []
    return Commitment.objects.get(pk=kettle.pk)


def test_i1_a_promise_that_nobody_worked_on() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    assert printed(NOON + HOUR + 3 * MINUTE) == []

    lines = printed(NOON + HOUR + 4 * MINUTE)

    assert lines == [f"I1 commitment {kettle.pk}: has been due for more than three minutes."]


def test_i1_a_message_that_nobody_sent() -> None:
    a_commitment()

    assert numbers(printed(NOON + 5 * MINUTE)) == {"I1"}


def test_i1_a_re_plan_that_stands_still() -> None:
    kettle = a_commitment(summary=False)

    sql(
        "insert into commitments_replan (version_id, asked_at, done_upto, changed, next_at)"
        " values (%s, %s, 0, 0, %s)",
        *(kettle.policy_version_id, NOON, NOON - 4 * MINUTE),
    )

    assert numbers(printed()) == {"I1"}


@pytest.mark.postgresql
def test_i2_a_key_with_two_rows() -> None:
    mail = a_sent_mail()
    named = connection.introspection.get_constraints(
        connection.cursor(), Delivery._meta.db_table
    ).items()
    (unique,) = [name for name, facts in named if facts["columns"] == ["key"] and facts["unique"]]
    columns = ", ".join(f'"{field.column}"' for field in Delivery._meta.fields[1:])

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    sql(f"alter table notifications_delivery drop constraint {unique}")
    sql(
        f"insert into notifications_delivery ({columns})"
        f" select {columns} from notifications_delivery where id = %s",
        mail.pk,
    )

    assert "I2" in numbers(printed(NOON + MINUTE))


def test_i3_a_row_that_was_accepted_twice() -> None:
    mail = a_sent_mail()

    sql("update notifications_delivery set token = 2 where id = %s", mail.pk)
    sql(
        "insert into notifications_attempt (delivery_id, token, started_at, ended_at, ending,"
        " answer) values (%s, 2, %s, %s, 'accepted', '')",
        *(mail.pk, NOON, NOON),
    )

    assert numbers(printed(NOON + MINUTE)) == {"I3"}
    sql("update notifications_delivery set possible_repeat = %s where id = %s", True, mail.pk)
    assert printed(NOON + MINUTE) == []


def test_i4_sent_without_an_attempt() -> None:
    mail = a_sent_mail()

    sql("delete from notifications_attempt where delivery_id = %s", mail.pk)

    assert numbers(printed(NOON + MINUTE)) == {"I4"}


def test_i5_a_nag_after_the_end() -> None:
    kettle = a_taken_step()
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON + HOUR + MINUTE)
    assert printed(NOON + HOUR + MINUTE) == []

    sql("update commitments_commitment set closed_at = %s where id = %s", NOON, kettle.pk)

    assert numbers(printed(NOON + HOUR + MINUTE)) == {"I5"}


def test_i6_a_token_that_went_back() -> None:
    mail = a_sent_mail()

    sql("update notifications_delivery set token = 0, state = 'failed' where id = %s", mail.pk)

    assert numbers(printed(NOON + MINUTE)) == {"I6"}


def test_i7_a_step_that_told_nobody() -> None:
    kettle = a_taken_step()

    sql("delete from notifications_attempt where id > %s", 0)
    sql("delete from notifications_inboxitem where id > %s", 0)
    sql("delete from notifications_delivery where about = %s", kettle.about)

    assert printed(NOON + HOUR) == [
        f"I7 commitment {kettle.pk}: took step 1 without a message or a reason."
    ]


def test_i8_an_open_promise_that_nothing_will_happen_to() -> None:
    kettle = a_taken_step()

    sql(
        "update commitments_commitment set next_action = '', next_action_at = null where id = %s",
        kettle.pk,
    )

    assert numbers(printed(NOON + HOUR)) == {"I8"}


def test_i8_a_closed_promise_that_something_will_happen_to() -> None:
    kettle = a_commitment(summary=False)
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)

    sql(
        "update commitments_commitment set next_action = 'step', next_action_at = %s where id = %s",
        *(NOON + DAY, kettle.pk),
    )

    assert "I8" in numbers(printed())


def test_i9_a_step_that_was_climbed_past_without_a_word() -> None:
    kettle = a_taken_step()

    sql("update commitments_commitment set climbed = 2 where id = %s", kettle.pk)

    lines = printed(NOON + HOUR)
    assert numbers(lines) == {"I9"}
    assert f"I9 commitment {kettle.pk}: climbed past step 2 without a word." in lines


def test_i9_a_clock_that_skips_what_the_ladder_says() -> None:
    kettle = a_taken_step()

    sql(
        "update commitments_commitment set next_action_at = %s where id = %s",
        *(NOON + DAY, kettle.pk),
    )

    (line,) = printed(NOON + HOUR)
    assert line == (
        f"I9 commitment {kettle.pk}: has its clock at breach on 2026-05-22 12:00:00,"
        " and its ladder says breach on 2026-05-21 15:00:00."
    )


def test_i10_a_lease_that_nobody_took_up() -> None:
    mail = a_sent_mail()
    sql(
        "update notifications_delivery set state = 'leased', phase = 'claimed', settled_at = null,"
        " attempt_at = %s where id = %s",
        *(NOON + MINUTE, mail.pk),
    )

    assert printed(NOON + 2 * MINUTE) == []
    assert numbers(printed(NOON + 2 * MINUTE + MINUTE / 2)) == {"I10"}


@pytest.mark.parametrize("who", ["email", "endpoint:7"])
def test_i10_does_not_hold_for_who_rests_unless_it_may_have_arrived(who: str) -> None:
    mail = a_sent_mail()
    Delivery.objects.filter(pk=mail.pk).update(address="endpoint:7")
    sql(
        "update notifications_delivery set state = 'leased', phase = 'claimed', settled_at = null,"
        " attempt_at = %s where id = %s",
        *(NOON + MINUTE, mail.pk),
    )
    Breaker.objects.create(channel=who, opened_at=NOON, until=NOON + HOUR)

    assert printed(NOON + 3 * MINUTE) == []
    sql("update notifications_delivery set phase = 'final' where id = %s", mail.pk)
    assert numbers(printed(NOON + 3 * MINUTE)) == {"I10"}


def test_i11_asks_once_for_many_messages_to_one_reader(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mail = a_sent_mail()
    wrong = {"state": "failed", "audience": "staff", "person_id": ana().pk, "template": "reminder"}
    Delivery.objects.filter(pk=mail.pk).update(**wrong)
    for key in ("2", "3"):
        Delivery.objects.create(**{**_columns(mail), **wrong, "key": key})

    with django_assert_num_queries(2):
        found = list(tables.untold_troubles(NOON + HOUR, is_restored=False))

    assert len(found) == 3


def _columns(row: Delivery) -> dict[str, object]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.fields
        if not field.primary_key
    }


@pytest.mark.parametrize("state", ["failed", "uncertain", "expired"])
def test_i11_a_trouble_that_nobody_was_told(state: str) -> None:
    mail = a_sent_mail()
    sql("update notifications_delivery set state = %s where id = %s", state, mail.pk)

    assert printed(NOON + 15 * MINUTE) == []
    assert numbers(printed(NOON + 17 * MINUTE)) == {"I11"}
    sql("update notifications_delivery set attended_at = %s where id = %s", NOON, mail.pk)
    assert printed(NOON + 17 * MINUTE) == []


def test_i11_of_a_question_its_promises_owners_were_told() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR, summary=False)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)
    delivery.run(NOON + MINUTE)
    checkins.run(NOON + 5 * DAY)

    for minutes in range(20):
        delivery.run(NOON + 6 * DAY + minutes * MINUTE)

    assert Delivery.objects.get(template="check_in").state == "expired"
    assert printed(NOON + 6 * DAY + 20 * MINUTE) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "waiting"),
        ("due_at", NOON + 5 * HOUR),
        ("owner_id", None),
        ("revision", 7),
        ("head_hash", "0" * 64),
        ("event_count", 9),
    ],
)
def test_i12_a_promise_unlike_its_history(column: str, value: object) -> None:
    kettle = a_taken_step()
    broken = dev().pk if column == "owner_id" else value

    also = ", waiting_since = due_at" if column == "status" else ""
    sql(f"update commitments_commitment set {column} = %s{also} where id = %s", broken, kettle.pk)

    assert numbers(printed(NOON + HOUR)) == {"I12"}


def test_b_a_message_inside_no_bundle() -> None:
    kettle = a_taken_step()

    sql(
        "update notifications_delivery set state = 'bundled' where about = %s and channel = %s",
        *(kettle.about, "email"),
    )

    assert numbers(printed(NOON + HOUR)) == {"B"}


def test_b_a_message_inside_a_bundle_of_somebody_else() -> None:
    kettle = a_taken_step()
    mails = Delivery.objects.filter(about=kettle.about, channel="email")
    sql("update notifications_delivery set template = 'bundle' where channel = %s", "inbox")
    bundle = Delivery.objects.get(channel="inbox")

    sql(
        "update notifications_delivery set state = 'bundled', bundle_id = %s where id = %s",
        *(bundle.pk, mails.get().pk),
    )

    lines = printed(NOON + HOUR)
    assert numbers(lines) == {"B"}
    assert [line.rpartition(": ")[2] for line in lines] == [
        "went out inside a bundle that is not its reader's.",
        "a bundle that went out with fewer than two messages.",
    ]


def test_a_whole_life_breaks_nothing() -> None:
    a_commitment(due_at=NOON + 3 * HOUR)
    walk.walk(NOON, NOON + 14 * DAY)

    assert printed(NOON + 14 * DAY) == []
