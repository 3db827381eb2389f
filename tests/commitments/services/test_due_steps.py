"""Why a promise is due when it is, kept through all that happens to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Model

from commitments import services
from commitments.models import Commitment, Kind
from commitments.models.event import EventText, first_broken_link
from commitments.rules import saying, steps
from commitments.rules.business_time import Hours
from commitments.rules.steps import What
from commitments.services import Told
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_team, ana, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def hours() -> Hours:
    return a_team().calendar.hours()


def in_four_hours_of_work() -> steps.Chain:
    return hours().walk(NOON, 4 * HOUR)


def said(commitment: Commitment) -> list[str]:
    return [steps.say(step, zone="UTC", now=NOON) for step in fresh(commitment).due_chain]


FOUR_HOURS = [
    "From Thu 21 May, 12:00 noon",
    "Thu 21 May, 12:00 noon to 4:00 pm: 4 h",
]


def test_a_promise_keeps_why_it_is_due() -> None:
    chain = in_four_hours_of_work()

    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=chain)

    assert fresh(kettle).due_chain == chain
    assert said(kettle) == FOUR_HOURS


def test_a_time_that_was_given_is_kept_as_given() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)

    assert said(kettle) == [
        "From Thu 21 May, 12:00 noon",
        "Set for Thu 21 May at 6:00 pm, UTC",
    ]


def test_steps_that_lead_elsewhere_are_dropped_and_the_promise_is_made() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR, due_steps=in_four_hours_of_work())

    assert said(kettle)[1:] == ["Set for Thu 21 May at 6:00 pm, UTC"]


def test_a_new_time_brings_its_own_steps() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)

    services.move(
        kettle.pk,
        by=ana(),
        due_at=NOON + 4 * HOUR,
        due_steps=in_four_hours_of_work(),
        reason="Sooner",
        told=Told.NO,
        now=NOON,
    )

    assert said(kettle) == FOUR_HOURS


def test_a_new_time_without_steps_starts_when_it_was_given() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())

    services.move(
        kettle.pk, by=ana(), due_at=NOON + DAY, reason="Later", told=Told.NO, now=NOON + HOUR
    )

    assert said(kettle) == ["From Thu 21 May, 1:00 pm", "Set for Fri 22 May at 12:00 noon, UTC"]


def test_the_customers_time_is_the_last_reason() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON + HOUR)

    services.resume(kettle.pk, by=ana(), now=NOON + 3 * HOUR + 15 * MINUTE)

    assert said(kettle) == [
        *FOUR_HOURS,
        "Waited for the customer, 2 h 15 min: moves to Fri 22 May, 9:45 am",
    ]
    assert fresh(kettle).due_chain[-1].ends_at == fresh(kettle).due_at


def test_two_waits_are_two_reasons() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    for start in (NOON + HOUR, NOON + 3 * HOUR):
        services.wait(kettle.pk, by=ana(), what="A photo", now=start)
        services.resume(kettle.pk, by=ana(), now=start + 30 * MINUTE)

    assert said(kettle)[2:] == [
        "Waited for the customer, 30 min: moves to Thu 21 May, 4:30 pm",
        "Waited for the customer, 30 min: moves to Thu 21 May, 5:00 pm",
    ]


def test_a_wait_over_closed_time_only_counts_as_the_wall_shows_it() -> None:
    evening = NOON + 6 * HOUR
    kettle = a_commitment(due_at=evening)
    services.wait(kettle.pk, by=ana(), what="A photo", now=evening - 20 * MINUTE)

    services.resume(kettle.pk, by=ana(), now=evening + HOUR)

    assert said(kettle)[-1] == ("Waited for the customer, 1 h 20 min: moves to Thu 21 May, 7:20 pm")


def test_a_wait_for_nothing_is_no_reason() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON + HOUR)

    services.resume(kettle.pk, by=ana(), now=NOON + HOUR)

    assert said(kettle) == FOUR_HOURS


def test_undoing_a_move_brings_back_the_old_reason() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    services.move(kettle.pk, by=ana(), due_at=NOON + DAY, reason="Later", told=Told.NO, now=NOON)

    moved = kettle.events.get(kind="moved")
    services.undo(moved.pk, by=ana(), now=NOON + timedelta(seconds=20))

    assert said(kettle) == FOUR_HOURS
    assert first_broken_link(fresh(kettle)) is None


def test_undoing_a_resume_takes_the_customers_time_out_again() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)
    services.resume(kettle.pk, by=ana(), now=NOON + HOUR)

    resumed = kettle.events.get(kind="resumed")
    services.undo(resumed.pk, by=ana(), now=NOON + HOUR + timedelta(seconds=20))

    assert said(kettle) == FOUR_HOURS


def test_a_promise_opened_again_late_is_due_by_its_kinds_steps() -> None:
    kettle = a_commitment(due_at=NOON + HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)

    services.reopen(kettle.pk, by=ana(), reason="It is not", now=NOON + 2 * HOUR)

    usual = kettle.kind.usual_steps(NOON + 2 * HOUR, hours=hours())
    assert fresh(kettle).due_chain == usual
    assert fresh(kettle).due_at == usual[-1].ends_at


def test_a_promise_opened_again_in_time_keeps_its_reason() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)

    services.reopen(kettle.pk, by=ana(), reason="It is not", now=NOON + HOUR)

    assert said(kettle) == FOUR_HOURS


def test_a_promise_opened_again_may_bring_its_own_steps() -> None:
    kettle = a_commitment(due_at=NOON + HOUR)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)

    services.reopen(
        kettle.pk,
        by=ana(),
        reason="It is not",
        due_at=NOON + 4 * HOUR,
        due_steps=in_four_hours_of_work(),
        now=NOON,
    )

    assert said(kettle) == FOUR_HOURS


def test_a_promise_opened_again_for_another_time_drops_the_old_words() -> None:
    kettle = a_commitment(due_at=NOON + HOUR, due_said="in 1 hour")
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)

    services.reopen(kettle.pk, by=ana(), reason="It is not", now=NOON + 2 * HOUR)

    assert fresh(kettle).due_said == ""


def test_undoing_a_reopening_brings_the_old_words_back() -> None:
    kettle = a_commitment(due_at=NOON + HOUR, due_said="in 1 hour")
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)
    services.reopen(kettle.pk, by=ana(), reason="It is not", now=NOON + 2 * HOUR)

    reopened = kettle.events.get(kind="reopened")
    services.undo(reopened.pk, by=ana(), now=NOON + 2 * HOUR + timedelta(seconds=20))

    assert fresh(kettle).due_said == "in 1 hour"


def test_a_promise_from_before_steps_were_kept_has_none_and_goes_on_without() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR)
    Commitment.objects.filter(pk=kettle.pk).update(due_steps=[])
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)

    services.resume(kettle.pk, by=ana(), now=NOON + HOUR)

    assert fresh(kettle).due_at == NOON + 5 * HOUR
    assert fresh(kettle).due_chain == ()


@pytest.mark.parametrize("kept", [[{"what": "guessed"}], "steps", {"what": 1}, None])
def test_what_was_kept_wrongly_explains_nothing(kept: object) -> None:
    kettle = a_commitment()
    kettle.due_steps = kept

    assert kettle.due_chain == ()


def test_events_do_not_carry_the_steps() -> None:
    kettle = a_commitment(due_at=NOON + 4 * HOUR, due_steps=in_four_hours_of_work())
    services.move(kettle.pk, by=ana(), due_at=NOON + DAY, reason="Later", told=Told.NO, now=NOON)

    assert [event.changes.get("due_steps") for event in kettle.events.all()] == [None, None]


def test_every_kind_says_how_its_usual_time_comes_about() -> None:
    start = NOON + timedelta(seconds=12)
    a_team()

    chains = [kind.usual_steps(start, hours=hours()) for kind in Kind.objects.all()]

    assert chains
    assert all(chain[0].begins_at == start for chain in chains)
    assert all(chain[-1].ends_at > start for chain in chains)


def a_kind(basis: Kind.Basis, length: int, hour: str | None = None) -> Kind:
    kind = Kind(usual_basis=basis, usual_length=length)
    kind.usual_hour = Kind._meta.get_field("usual_hour").to_python(hour)
    return kind


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        (a_kind(Kind.Basis.WORKING_HOURS, 4), "Thu 21 May, 12:00 noon to 4:00 pm: 4 h"),
        (a_kind(Kind.Basis.HOURS, 30), "30 h later: Fri 22 May, 6:00 pm"),
        (a_kind(Kind.Basis.WORKING_DAYS, 2), "Mon 25 May: working day 2, closing at 5:30 pm"),
        (
            a_kind(Kind.Basis.WORKING_DAYS, 2, "16:00"),
            "Mon 25 May: working day 2, at 4:00 pm, UTC",
        ),
        (a_kind(Kind.Basis.WORKING_DAYS, 0, "16:00"), "Set for Thu 21 May at 4:00 pm, UTC"),
        (a_kind(Kind.Basis.WORKING_DAYS, 0, "11:00"), "Thu 21 May closes at 5:30 pm"),
        (a_kind(Kind.Basis.DAYS, 3), "Three days later: Sun 24 May at 12:00 noon, UTC"),
        (a_kind(Kind.Basis.DAYS, 3, "9:00"), "Three days later: Sun 24 May at 9:00 am, UTC"),
    ],
)
def test_a_usual_time_is_told_by_its_basis(kind: Kind, last: str) -> None:
    chain = kind.usual_steps(NOON, hours=hours())

    assert steps.say(chain[-1], zone="UTC", now=NOON) == last
    assert kind.usual_due(NOON, hours=hours()) == chain[-1].ends_at


@pytest.mark.parametrize(
    ("made", "days", "hour", "due"),
    [
        # The clocks go forward on Sun 8 March 2026, and back on Sun 1 November.
        ("2026-03-07 12:00", 1, None, "2026-03-08 12:00"),
        ("2026-03-07 23:30", 1, "9:00", "2026-03-08 09:00"),
        ("2026-03-07 02:30", 1, None, "2026-03-08 03:00"),
        ("2026-03-07 23:30", 2, None, "2026-03-09 23:30"),
        ("2026-10-31 12:00", 1, None, "2026-11-01 12:00"),
        ("2026-10-31 00:30", 2, "9:00", "2026-11-02 09:00"),
        ("2026-10-31 01:30", 1, None, "2026-11-01 01:30"),
        ("2026-06-30 12:00", 180, None, "2026-12-27 12:00"),
    ],
)
def test_days_are_counted_on_the_wall_also_where_the_clocks_change(
    made: str, days: int, hour: str | None, due: str
) -> None:
    los_angeles = ZoneInfo("America/Los_Angeles")
    start = datetime.fromisoformat(made).replace(tzinfo=los_angeles).astimezone(UTC)

    due_at = a_kind(Kind.Basis.DAYS, days, hour).usual_due(
        start, hours=Hours.round_the_clock(los_angeles.key)
    )

    assert f"{due_at.astimezone(los_angeles):%Y-%m-%d %H:%M}" == due
    assert start < due_at


def test_a_kind_due_the_same_day_is_due_on_the_next_once_that_day_is_over() -> None:
    kind = a_kind(Kind.Basis.WORKING_DAYS, 0)

    due_at = kind.usual_due(NOON + 7 * HOUR, hours=hours())

    assert saying.say_time(due_at, zone="UTC", now=NOON) == "Fri 22 May, 5:30 pm"


def test_a_day_open_round_the_clock_is_due_at_the_kinds_hour_of_that_day() -> None:
    kind = a_kind(Kind.Basis.WORKING_DAYS, 1, "17:00")

    due_at = kind.usual_due(NOON, hours=Hours.round_the_clock("UTC"))

    assert due_at == NOON + DAY + 5 * HOUR


def test_every_step_kept_is_one_of_those_we_know() -> None:
    assert {step["what"] for step in fresh(a_commitment()).due_steps} <= {*What}


@pytest.mark.parametrize(("model", "name"), [(Commitment, "due_steps"), (EventText, "before")])
def test_processes_of_the_version_before_can_still_write_rows(
    model: type[Model], name: str
) -> None:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, model._meta.db_table)

    (added,) = [column for column in columns if column.name == name]
    assert added.default is not None
