"""Answers that contradict each other, that are changed, and that find us unready."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from commitments import checkins, reports, services
from commitments.checkins import Reply
from commitments.errors import CommitmentError
from commitments.models import (
    Calendar,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Kind,
    Team,
)
from notifications.models import Delivery
from tests.commitments.test_checkins import ASKED, STILL_OPEN, a_sent_check_in
from tests.makers import DAY, HOUR, MINUTE, NOON, ana, dev, events_of, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = ASKED + HOUR


def says(
    check_in: CheckIn, *, rating: int, browser: str, now: datetime, still_open: bool = False
) -> CheckInAnswer:
    done = "yes" if rating > 2 else "no"
    reply = Reply(done=done, still_open=still_open, rating=rating, browser_key=browser)
    return checkins.answer(check_in.pk, reply, now=now).answer


def confirmed() -> list[tuple[int, bool]]:
    """Each answer's rating, and whether it holds."""
    return list(CheckInAnswer.objects.order_by("pk").values_list("rating", "confirmed"))


def average() -> tuple[float | None, int]:
    said = reports.said(Commitment.objects.all(), since=NOON)
    return said.average, said.answers


def kept() -> Commitment:
    return Commitment.objects.get(follows=None)


def test_two_browsers_that_contradict_each_other_are_both_kept_and_neither_counts() -> None:
    check_in = a_sent_check_in()

    says(check_in, rating=5, browser="phone", now=AT)
    says(check_in, rating=1, browser="scanner", now=AT + 10 * MINUTE)

    assert confirmed() == [(5, False), (1, False)]
    assert average() == (None, 0)
    assert [each.rating for each in checkins.doubted(kept())] == [5, 1]
    assert Commitment.objects.filter(checkins.in_doubt()).get() == kept()
    said = kept().events.filter(kind="check_in_answered").order_by("sequence")
    assert [event.changes.get("doubted", False) for event in said] == [False, True]


@pytest.mark.parametrize(
    ("later", "rating", "browser"),
    [
        (10 * MINUTE + timedelta(seconds=1), 1, "laptop"),  # long after: they thought again
        (MINUTE, 5, "laptop"),  # the same once more
        (MINUTE, 1, "phone"),  # the same browser: they corrected themselves
    ],
)
def test_what_contradicts_nothing_counts(later: timedelta, rating: int, browser: str) -> None:
    check_in = a_sent_check_in()
    says(check_in, rating=5, browser="phone", now=AT)

    says(check_in, rating=rating, browser=browser, now=AT + later)

    assert confirmed() == [(5, True), (rating, True)]
    assert average() == (rating, 1)
    assert checkins.doubted(kept()) == []


@pytest.mark.parametrize("field", ["done", "still_open", "rating"])
def test_whatever_is_chosen_otherwise_contradicts(field: str) -> None:
    check_in = a_sent_check_in()
    chosen = {"done": "yes", "still_open": False, "rating": 4}
    other = chosen | {"done": "no", "still_open": True, "rating": 2}

    checkins.answer(check_in.pk, Reply(**chosen, browser_key="a"), now=AT)
    differs = chosen | {field: other[field]}
    checkins.answer(check_in.pk, Reply(**differs, browser_key="b"), now=AT)

    assert {each.confirmed for each in CheckInAnswer.objects.all()} == {False}


def test_only_the_last_word_of_the_other_browser_is_compared() -> None:
    check_in = a_sent_check_in()
    says(check_in, rating=1, browser="phone", now=AT)
    says(check_in, rating=5, browser="phone", now=AT + MINUTE)

    says(check_in, rating=5, browser="laptop", now=AT + 2 * MINUTE)

    assert confirmed() == [(1, True), (5, True), (5, True)]


def test_an_earlier_answer_does_not_come_back_to_count_while_there_is_doubt() -> None:
    check_in = a_sent_check_in()
    says(check_in, rating=5, browser="phone", now=AT)
    says(check_in, rating=4, browser="phone", now=AT + 2 * DAY)

    says(check_in, rating=1, browser="laptop", now=AT + 2 * DAY + MINUTE)

    assert average() == (None, 0)


def test_the_customer_answers_again_and_that_counts() -> None:
    check_in = a_sent_check_in()
    says(check_in, rating=5, browser="scanner", now=AT)
    says(check_in, rating=1, browser="phone", now=AT + MINUTE)

    says(check_in, rating=2, browser="phone", now=AT + HOUR)

    assert confirmed() == [(5, False), (1, False), (2, True)]
    assert average() == (2, 1)
    assert checkins.doubted(kept()) == []
    assert not Commitment.objects.filter(checkins.in_doubt()).exists()


def test_somebody_has_spoken_with_them_and_what_they_say_counts() -> None:
    check_in = a_sent_check_in()
    says(check_in, rating=5, browser="scanner", now=AT)
    right = says(check_in, rating=1, browser="phone", now=AT + MINUTE)

    checkins.confirm(kept().pk, answer_id=right.pk, by=dev(), now=AT + HOUR)

    assert confirmed() == [(5, False), (1, True)]
    assert average() == (1, 1)
    noted = kept().events.latest("sequence")
    assert (noted.kind, noted.actor, noted.changes["rating"]) == ("check_in_answered", dev(), 1)


def test_what_is_not_in_doubt_is_not_confirmed() -> None:
    check_in = a_sent_check_in()
    sure = says(check_in, rating=5, browser="phone", now=AT)
    before = events_of(kept())

    with pytest.raises(CommitmentError, match="There is no doubt about this any more"):
        checkins.confirm(kept().pk, answer_id=sure.pk, by=ana(), now=AT)

    assert events_of(kept()) == before


def test_either_way_what_is_still_open_is_promised() -> None:
    check_in = a_sent_check_in()

    says(check_in, rating=1, browser="phone", now=AT, still_open=True)
    says(check_in, rating=5, browser="scanner", now=AT + MINUTE)

    assert Commitment.objects.get(follows__isnull=False).status == "open"


def test_an_answer_may_be_changed_for_two_weeks() -> None:
    check_in = a_sent_check_in()
    says(check_in, rating=5, browser="phone", now=AT)

    says(check_in, rating=4, browser="phone", now=AT + 14 * DAY)
    with pytest.raises(CommitmentError, match="closed"):
        says(check_in, rating=1, browser="phone", now=AT + 14 * DAY + MINUTE)

    assert confirmed() == [(5, True), (4, True)]


def test_a_first_answer_may_come_as_late_as_it_likes() -> None:
    check_in = a_sent_check_in()

    says(check_in, rating=5, browser="phone", now=AT + 29 * DAY)

    assert confirmed() == [(5, True)]


def test_what_is_said_to_a_team_that_never_opens_is_not_lost() -> None:
    check_in = a_sent_check_in()
    Team.objects.update(calendar=Calendar.objects.create(name="Never open", zone="UTC"))

    answered = checkins.answer(check_in.pk, STILL_OPEN, now=AT)

    assert answered.follow_up is None
    assert CheckInAnswer.objects.get().words == "The lid is missing"
    assert kept().customer_asked_at == AT
    assert events_of(kept())[-2:] == ["check_in_answered", "customer_wrote"]
    assert Delivery.objects.filter(template="customer_wrote").exists()


def test_without_a_kind_of_its_own_the_follow_up_is_of_the_kind_it_follows() -> None:
    check_in = a_sent_check_in()
    of_before = Kind.objects.get(code="refund")
    Commitment.objects.update(kind=of_before)
    Kind.objects.filter(code="followup").update(code="look-into-it")

    follow_up = checkins.answer(check_in.pk, STILL_OPEN, now=AT).follow_up

    assert follow_up is not None
    assert follow_up.kind == of_before


def test_who_has_stopped_all_mail_is_promised_the_same() -> None:
    check_in = a_sent_check_in()
    services.stop_mails(kept().conversation, now=AT)

    follow_up = checkins.answer(check_in.pk, STILL_OPEN, now=AT + HOUR).follow_up

    assert follow_up is not None
    assert (follow_up.customer, follow_up.is_live) == (tom(), True)
