"""Figures of a company that is small enough to be worked out by hand: `tests.reports_company`.

Of Billing care, from its page: kept on time a1 and b1; moved a2; late a3, a4 and b5 (which is open
still, but whose customer was not told of its new time before the old one had passed); not kept a5;
overdue b2, b3 and b4. That is 10 of which the rate is worked out: 2 on time, 3 kept.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commitments.reports import Scope, breaks, fresh, kept, lasting, live, ratings, workload
from commitments.reports.breaks import Broke, HandOffs
from commitments.reports.kept import Kept
from commitments.reports.live import Load, Overdue, Wait
from tests.makers import DAY, ana
from tests.reports_company import MONDAY, Company, a_company

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def company() -> Company:
    return a_company()


@pytest.fixture
def scope(company: Company) -> Scope:
    """What the manager of Billing care sees on Monday without choosing anything."""
    return Scope.of(company.ines, {}, MONDAY)


def counts(row: Kept) -> tuple[int, ...]:
    return (row.on_time, row.moved, row.late, row.broken, row.overdue, row.pending)


def test_who_waits_without_word_and_what_comes_next(scope: Scope) -> None:
    # Not told: b2 and b4. Until 12:30: c1, c5 of Ana, who comes at 9:00, and c2 of nobody.
    assert live.overdue(scope, MONDAY) == Overdue(
        overdue=3,
        not_told=2,
        customers_not_told=2,
        due_soon=3,
        due_soon_without_owner_on_shift=1,
        disputed=0,
    )


def test_how_long_they_have_waited_is_counted_in_working_time(scope: Scope) -> None:
    # b3: half an hour of Friday. b2: 9 h, so over 8 h, and due less than two working days ago.
    # b4: due on the Monday before.
    assert live.waits(scope, MONDAY) == (
        Wait(code="under_2h", label="Under 2 hours", told=1, not_told=0),
        Wait(code="2h_to_8h", label="2 to 8 hours", told=0, not_told=0),
        Wait(code="1_day", label="1 working day", told=0, not_told=1),
        Wait(code="2_to_3_days", label="2 to 3 working days", told=0, not_told=0),
        Wait(code="over_3_days", label="Over 3 working days", told=0, not_told=1),
    )


def test_every_wait_names_its_promises(company: Company, scope: Scope) -> None:
    found = {
        code: company.names(live.waited(scope.whenever(), code, now=MONDAY))
        for code, _ in live.WAITS
    }

    assert found == {
        "under_2h": ["b3"],
        "2h_to_8h": [],
        "1_day": ["b2"],
        "2_to_3_days": [],
        "over_3_days": ["b4"],
    }
    assert not live.waited(scope.whenever(), "for_ever", now=MONDAY).exists()


def test_who_has_what_of_it(company: Company, scope: Scope) -> None:
    # b7 waits on its customer, so it is with nobody here. Due today: c1 and c5, c3, c2.
    assert live.Look.at(scope, now=MONDAY).open_by("owner") == (
        Load(pk=ana().pk, label="Ana Moreno", overdue=2, due_today=2, later=0, not_told=1),
        Load(pk=None, label="Nobody", overdue=1, due_today=1, later=0, not_told=1),
        Load(pk=company["c3"].owner_id, label="Dev Shah", overdue=0, due_today=1, later=2,
             not_told=0),
        Load(pk=company.ines.pk, label="Ines Duarte", overdue=0, due_today=0, later=1, not_told=0),
    )  # fmt: skip
    assert live.Look.at(scope, now=MONDAY).open_by("team") == (
        Load(pk=company.billing.pk, label="Billing care", overdue=3, due_today=4, later=3,
             not_told=2),
    )  # fmt: skip


def test_whose_owner_is_not_at_work_before_it_is_due(company: Company, scope: Scope) -> None:
    found = live.without_owner_on_shift(scope.whenever(), now=MONDAY)

    assert company.names(found) == ["c2"]


def test_the_kept_rate_and_what_stands_beside_it(scope: Scope) -> None:
    (whole,) = kept.kept(scope)

    assert whole == Kept(
        key=None, label="All", on_time=2, moved=1, late=3, broken=1, overdue=3, pending=6,
        released=1, void=1, attempted=0,
    )  # fmt: skip
    assert (whole.n, whole.on_time_share, whole.kept_share) == (10, 0.2, 0.3)
    assert not whole.is_too_few


def test_kept_by_week_names_every_week_of_the_period(scope: Scope) -> None:
    weeks = kept.kept(scope, "week")

    assert [week.key for week in weeks] == [
        date(2026, 3, 30) + timedelta(weeks=number) for number in range(9)
    ]
    assert [counts(week) for week in weeks] == [
        *[(0, 0, 0, 0, 0, 0)] * 6,
        (1, 1, 2, 1, 0, 0),
        (1, 0, 1, 0, 3, 2),
        (0, 0, 0, 0, 0, 4),
    ]
    assert (weeks[0].on_time_share, weeks[0].kept_share) == (None, None)


def test_kept_by_kind_and_by_person(scope: Scope) -> None:
    assert [(row.label, counts(row)) for row in kept.kept(scope, "kind")] == [
        ("Callback", (0, 1, 0, 0, 1, 1)),
        ("Follow-up", (0, 0, 3, 0, 1, 3)),
        ("Refund", (2, 0, 0, 1, 1, 2)),
    ]
    assert [(row.label, counts(row)) for row in kept.kept(scope, "owner")] == [
        ("Ana Moreno", (2, 1, 1, 0, 2, 3)),
        ("Dev Shah", (0, 0, 2, 1, 0, 2)),
        ("Nobody", (0, 0, 0, 0, 1, 1)),
    ]


def test_every_number_names_its_promises(company: Company, scope: Scope) -> None:
    parts = ("on_time", "moved", "late", "broken", "overdue", "pending", "released", "void")
    found = {part: company.names(kept.counted(scope, part)) for part in parts}

    assert found == {
        "on_time": ["a1", "b1"],
        "moved": ["a2"],
        "late": ["a3", "a4", "b5"],
        "broken": ["a5"],
        "overdue": ["b2", "b3", "b4"],
        "pending": ["b6", "b7", "c1", "c2", "c3", "c5"],
        "released": ["a6"],
        "void": ["a7"],
    }
    assert kept.counted(scope).count() == 10
    assert company.names(kept.counted(scope, "done")) == ["a1", "a2", "a3", "a4", "b1"]
    assert not kept.counted(scope, "rubbish").exists()


def test_how_long_it_took_in_working_time(company: Company, scope: Scope) -> None:
    # a1: Mon 8 h 30, Tue 8 h 30, Wed 9 to 11: 19 h, 1140 minutes. And so on.
    took = {name: company[name].took_minutes for name in ("a1", "a2", "a3", "a4", "b1", "a5")}
    everything, *kinds = lasting.time_to_keep(scope)

    assert took == {"a1": 1140, "a2": 1650, "a3": 1080, "a4": 2100, "b1": 1080, "a5": None}
    # The third and the fifth of 1080, 1080, 1140, 1650, 2100, read from rungs a tenth apart.
    assert (everything.n, everything.median, everything.nine_in_ten) == (
        5,
        timedelta(minutes=1152),
        timedelta(minutes=2100),
    )
    assert [(kind.label, kind.n) for kind in kinds] == [
        ("Callback", 1),
        ("Follow-up", 2),
        ("Refund", 2),
    ]


def test_one_person_s_length_is_read_from_their_promises(company: Company) -> None:
    own = Scope.of(company.ines, {"owner": str(ana().pk)}, MONDAY)

    assert lasting.time_to_keep(own)[0].n == 4


def test_ratings_by_what_happened(scope: Scope) -> None:
    rated = ratings.ratings(scope, "happened")

    assert [(row.key, row.asked, row.counts) for row in rated] == [
        ("on_time", 2, (0, 0, 0, 0, 1)),
        ("moved", 1, (0, 0, 0, 1, 0)),
        ("late_told", 1, (0, 0, 1, 0, 0)),
        ("late_silent", 1, (1, 0, 0, 0, 0)),
    ]


def test_ratings_of_all_and_how_many_answered(scope: Scope) -> None:
    (whole,) = ratings.ratings(scope)

    # 5, 4, 1 and 3: an average of 13 / 4, and two of four with 4 or 5.
    assert (whole.asked, whole.answers, whole.average) == (5, 4, 3.25)
    assert (whole.share_4_5, whole.response, whole.is_too_few) == (0.5, 0.8, True)
    assert [row.label for row in ratings.ratings(scope, "kind")] == [
        "Callback",
        "Follow-up",
        "Refund",
    ]


def test_what_customers_wrote_begins_with_what_is_still_open(
    company: Company, scope: Scope
) -> None:
    first, second = ratings.comments(scope)

    assert (first.answer.words, first.commitment) == ("Nobody told me.", company["a3"])
    assert (second.answer.words, second.commitment) == (
        "Thank you for ringing first.",
        company["a2"],
    )
    assert ratings.comments(scope, 1) == (first,)
    assert ratings.comments(scope, 1, first.answer.pk) == (second,)
    assert ratings.comments(scope, 1, second.answer.pk) == ()


def test_the_answers_behind_a_rating(scope: Scope) -> None:
    assert [answer.rating for answer in ratings.answers(scope, "late_told")] == [3]
    assert [answer.rating for answer in ratings.answers(scope, rating=5)] == [5]


def test_why_promises_broke(company: Company, scope: Scope) -> None:
    assert breaks.causes(scope) == (
        Broke(cause="slipped", label="It slipped out of sight", promises=1, customers=1),
        Broke(cause="took_longer", label="It took longer than we thought", promises=1,
              customers=1),
        Broke(cause="outside", label="We waited for somebody outside, such as a bank",
              promises=1, customers=1),
        Broke(cause="", label="Nobody has said why yet", promises=4, customers=4),
    )  # fmt: skip
    assert company.names(breaks.broken(scope, "")) == ["b2", "b3", "b4", "b5"]
    assert breaks.broken(scope).count() == 7  # late, not kept and overdue of the kept rate


def test_when_promises_broke(company: Company, scope: Scope) -> None:
    # b4 on Monday, a3 on Tuesday, a4 and b2 on Thursday, b3 on Friday, each at its due time.
    # a5 was given up, and b5 moved, before theirs.
    heat = breaks.heat(scope)

    assert [len(day) for day in heat] == [24] * 7
    assert [
        (day, hour, heat[day][hour]) for day in range(7) for hour in range(24) if heat[day][hour]
    ] == [(0, 17, 1), (1, 17, 1), (3, 12, 1), (3, 17, 1), (4, 17, 1)]
    assert company.names(breaks.broken(scope, weekday=3, hour=17)) == ["b2"]


def test_hand_offs_are_counted_of_what_broke(scope: Scope) -> None:
    assert breaks.hand_offs(scope) == (
        HandOffs(times=0, label="Never handed on", promises=7),
        HandOffs(times=1, label="Handed on once", promises=0),
        HandOffs(times=2, label="Handed on twice or more", promises=0),
    )


def test_who_has_what_ahead(scope: Scope) -> None:
    people = workload.look(scope, MONDAY).people()

    assert [(str(each.person), each.open, each.overdue, each.due) for each in people] == [
        ("None", 2, 1, (1, 0, 0, 0, 0)),
        ("Ana Moreno", 4, 2, (2, 0, 0, 0, 0)),
        ("Dev Shah", 3, 0, (1, 1, 1, 0, 0)),
        ("Ines Duarte", 1, 0, (0, 0, 0, 1, 0)),
    ]
    assert people[1].days == tuple(date(2026, 5, 25) + timedelta(days=n) for n in range(5))
    assert (people[1].capacity, people[1].on_shift, people[1].too_much) == (
        12,
        (True,) * 5,
        (False,) * 5,
    )


def test_another_team_has_figures_of_its_own(company: Company) -> None:
    moves = Scope.of(company.rhys, {}, MONDAY)

    (whole,) = kept.kept(moves)

    assert (counts(whole), whole.is_too_few) == ((1, 0, 0, 0, 1, 0), True)
    assert live.overdue(moves, MONDAY).customers_not_told == 1


def test_the_figures_are_fresh_until_something_happens_that_they_have_not(
    company: Company, scope: Scope
) -> None:
    # c1 falls due at 10:00; the tick that follows has not come.
    assert fresh.fresh_as_of(scope, MONDAY) == MONDAY
    assert fresh.fresh_as_of(scope, MONDAY + DAY) == company["c1"].due_at
