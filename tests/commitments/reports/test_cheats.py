"""What somebody might try so that the kept rate looks better, and what comes of it.

Two promises are due on Thursday: one is kept on time, the other will not be. Left alone, one of two
is kept. Whatever is tried with the other one, it is never more.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from commitments import services
from commitments.models import Commitment
from commitments.reports import Scope, kept, rolling
from commitments.reports.kept import Kept
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError
from commitments.services import Told
from notifications import delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, ines, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 4 * HOUR
NEXT_WEEK = DUE + 7 * DAY


@pytest.fixture
def owed() -> Commitment:
    """The other one; beside it there is one that was kept."""
    good = a_commitment(due_at=DUE)
    services.fulfil(good.pk, by=ana(), how="Sent", now=NOON + HOUR)
    return a_commitment(due_at=DUE)


def figures(now: object = DUE + HOUR) -> Kept:
    """What the manager reads, also when it is counted from the promises themselves."""
    rolling.run(now)  # type: ignore[arg-type]  # an instant
    scope = Scope.of(ines(), {"until": "2026-06-30"}, now)  # type: ignore[arg-type]  # likewise
    (whole,) = kept.kept(scope)
    assert kept.kept_from_facts(scope) == (whole,)
    return whole


def test_left_alone_half_of_them_are_kept(owed: Commitment) -> None:
    assert (figures().kept_share, figures().overdue) == (0.5, 1)


def test_moving_it_without_telling_first(owed: Commitment) -> None:
    services.move(
        owed.pk, by=ana(), due_at=NEXT_WEEK, reason="Later", told=Told.NO, now=NOON + HOUR
    )

    # Before its first due time it is not counted yet, as nothing is; after it, it is late at once.
    assert (figures(NOON + 2 * HOUR).n, figures(NOON + 2 * HOUR).pending) == (1, 1)
    assert (figures().kept_share, figures().late) == (0.5, 1)
    services.fulfil(owed.pk, by=ana(), how="Sent", cause="slipped", now=NEXT_WEEK - HOUR)
    assert (figures(NEXT_WEEK).kept_share, figures(NEXT_WEEK).late) == (0.5, 1)


def test_moving_it_with_a_message_that_goes_out_too_late(owed: Commitment) -> None:
    services.move(
        owed.pk, by=ana(), due_at=NEXT_WEEK, reason="Later", told=Told.MESSAGE,
        now=DUE - 2 * MINUTE,
    )  # fmt: skip
    delivery.run(DUE + MINUTE)

    assert (figures().kept_share, figures().late) == (0.5, 1)


def test_moving_it_when_its_time_has_passed(owed: Commitment) -> None:
    services.move(
        owed.pk, by=ana(), due_at=NEXT_WEEK, reason="Later", told=Told.PHONE, now=DUE + MINUTE
    )

    assert (figures().kept_share, figures().late) == (0.5, 1)


def test_moving_it_with_the_customer_told_before_is_no_cheat(owed: Commitment) -> None:
    services.move(
        owed.pk, by=ana(), due_at=NEXT_WEEK, reason="Later", told=Told.PHONE, now=DUE - HOUR
    )

    assert (figures().kept_share, figures().n, figures().pending) == (1.0, 1, 1)
    services.fulfil(owed.pk, by=ana(), how="Sent", now=NEXT_WEEK - HOUR)
    after = figures(NEXT_WEEK)
    assert (after.on_time_share, after.kept_share, after.moved) == (0.5, 1.0, 1)


def test_making_it_anew_with_a_later_time(owed: Commitment) -> None:
    again = a_commitment(due_at=NEXT_WEEK, follows_id=owed.pk, now=DUE - HOUR)
    services.fulfil(again.pk, by=ana(), how="Sent", now=NEXT_WEEK - HOUR)

    after = figures(NEXT_WEEK)

    # The first is overdue as before; the second is a promise of its own, and counts as one.
    assert (after.on_time, after.overdue, after.n) == (2, 1, 3)
    with pytest.raises(NotAllowedError):
        services.void(owed.pk, by=ana(), reason="Made anew", now=DUE - HOUR)


@pytest.mark.parametrize(
    "close",
    [
        lambda pk, now: services.void(pk, by=dev(), reason="A mistake", now=now),
        lambda pk, now: services.release(pk, by=ana(), reason="Gave up", cause="slipped", now=now),
        lambda pk, now: services.release(pk, by=None, reason="Forget it", now=now),
    ],
    ids=["logged by mistake", "no longer wanted", "the customer gave up"],
)
def test_closing_what_is_overdue_in_another_way(
    owed: Commitment, close: Callable[..., object]
) -> None:
    close(owed.pk, DUE + MINUTE)

    assert (figures().kept_share, figures().late, figures().n) == (0.5, 1, 2)


def test_closing_it_as_a_mistake_once_it_was_moved_in_silence(owed: Commitment) -> None:
    services.move(
        owed.pk, by=ana(), due_at=NEXT_WEEK, reason="Later", told=Told.NO, now=NOON + HOUR
    )
    services.void(owed.pk, by=dev(), reason="A mistake", now=DUE + MINUTE)

    assert (figures().kept_share, figures().late) == (0.5, 1)


def test_what_was_logged_by_mistake_and_seen_in_time_counts_nowhere(owed: Commitment) -> None:
    services.void(owed.pk, by=ana(), reason="Twice", now=NOON + 10 * MINUTE)

    assert (figures().n, figures().void, figures().kept_share) == (1, 1, 1.0)


def test_letting_it_wait_without_asking(owed: Commitment) -> None:
    # There is no way to ask: the request fails, and nothing has been waited for.
    tom_now = tom()
    tom_now.email = ""
    tom_now.save()

    services.wait(owed.pk, by=ana(), what="A photo", now=NOON + HOUR)
    delivery.run(NOON + HOUR + MINUTE)

    assert (figures().kept_share, figures().overdue) == (0.5, 1)


def test_letting_it_wait_when_its_time_has_passed(owed: Commitment) -> None:
    with pytest.raises(IllegalMoveError):
        services.wait(owed.pk, by=ana(), what="A photo", now=DUE + MINUTE)

    assert (figures().kept_share, figures().overdue) == (0.5, 1)


def test_opening_what_was_kept_again_makes_nothing_better(owed: Commitment) -> None:
    services.fulfil(owed.pk, by=ana(), how="Sent", cause="slipped", now=DUE + MINUTE)
    assert figures().late == 1

    services.reopen(owed.pk, by=ana(), reason="It was not", now=DUE + 2 * MINUTE)

    assert (figures().kept_share, figures().late) == (0.5, 1)
