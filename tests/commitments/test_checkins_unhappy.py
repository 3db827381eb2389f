"""Who hears that a customer is unhappy, and how often: those who can call, and once."""

from __future__ import annotations

from datetime import datetime

import pytest

from commitments import checkins, services
from commitments.checkins import Reply
from commitments.models import Calendar, CheckIn, Commitment, Membership, Role, Team
from notifications import rendering
from notifications.models import Delivery
from notifications.rendering import Words
from tests.commitments.test_checkins import ASKED, a_kept_promise, a_sent_check_in
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, a_user, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = ASKED + HOUR


def answers(
    check_in: CheckIn,
    *,
    rating: int,
    still_open: bool = False,
    browser: str = "phone",
    now: datetime = AT,
    words: str = "",
) -> None:
    reply = Reply(
        done="yes", still_open=still_open, rating=rating, words=words, browser_key=browser
    )
    checkins.answer(check_in.pk, reply, now=now)


def told(template: str) -> list[str]:
    """Who is told by mail, each as often as that is."""
    rows = Delivery.objects.filter(template=template, channel="email").order_by("address")
    return [name.split()[0] for name in rows.values_list("name", flat=True)]


def mail(template: str) -> Words:
    row = Delivery.objects.filter(template=template, channel="email").latest("pk")
    return rendering.words(template, row.context, channel="email", language="en")


@pytest.mark.parametrize(
    ("rating", "who"), [(1, ["Ana", "Ines"]), (2, ["Ana", "Ines"]), (3, []), (4, []), (5, [])]
)
def test_owner_and_manager_hear_of_one_or_two_and_of_nothing_better(
    rating: int, who: list[str]
) -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=rating)

    assert told("low_rating") == who
    assert told("customer_still_open") == []


def test_it_is_about_the_very_promise_and_stands_in_the_inbox_too() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=1)

    sent = Delivery.objects.filter(template="low_rating")
    assert {row.about for row in sent} == {Commitment.objects.get().about}
    assert sorted(row.channel for row in sent) == ["email", "email", "inbox", "inbox"]
    assert f"/promises/{Commitment.objects.get().reference}/" in mail("low_rating").text


def test_said_again_and_again_it_is_told_once() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=1)
    answers(check_in, rating=2, now=AT + MINUTE)
    answers(check_in, rating=5, now=AT + 2 * MINUTE)
    answers(check_in, rating=1, now=AT + 3 * MINUTE, words="No, it is bad.")

    assert told("low_rating") == ["Ana", "Ines"]


def test_two_answers_that_contradict_each_other_are_told_once_with_the_doubt() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=5, browser="phone")
    answers(check_in, rating=1, browser="laptop", now=AT + MINUTE)
    answers(check_in, rating=2, browser="laptop", now=AT + 2 * MINUTE)

    assert told("low_rating") == ["Ana", "Ines"]
    doubt = "Another answer, a few minutes apart, says otherwise. Neither counts until Tom has said"
    assert doubt in mail("low_rating").text
    assert doubt in mail("low_rating").html


def test_what_nobody_contradicts_is_told_without_doubt() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=1)

    assert "Another answer" not in mail("low_rating").text


def test_where_something_is_still_open_that_is_told_with_how_they_feel_and_no_more() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=1, still_open=True, words="The lid is missing.")
    answers(check_in, rating=1, still_open=True, now=AT + MINUTE)

    assert told("customer_still_open") == ["Ana", "Ines"]
    assert told("low_rating") == []
    assert "Tom is very unhappy with how it was handled." in mail("customer_still_open").text


def test_who_is_happy_and_has_something_open_is_not_called_unhappy() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=5, still_open=True)

    assert told("customer_still_open") == ["Ana", "Ines"]
    assert "happy" not in mail("customer_still_open").text


def test_who_turns_unhappy_after_something_was_open_is_news() -> None:
    check_in = a_sent_check_in()
    answers(check_in, rating=4, still_open=True)

    answers(check_in, rating=1, still_open=True, now=AT + MINUTE)

    assert told("customer_still_open") == ["Ana", "Ines"]
    assert told("low_rating") == ["Ana", "Ines"]


def test_of_several_promises_each_owner_hears_of_their_own_and_the_manager_once() -> None:
    kettle = a_kept_promise()
    lid = a_commitment(owner_id=dev().pk, due_at=NOON + 3 * HOUR, summary=False)
    services.fulfil(lid.pk, by=dev(), how="Sent it", now=NOON)
    checkins.run(ASKED)

    answers(CheckIn.objects.get(), rating=2)

    sent = Delivery.objects.filter(template="low_rating", channel="email")
    assert {(row.name.split()[0], row.about) for row in sent} == {
        ("Ana", kettle.about),
        ("Dev", lid.about),
        ("Ines", lid.about),
    }
    assert len(sent) == 3


def test_where_the_owner_has_left_their_lead_hears_of_it() -> None:
    check_in = a_sent_check_in()
    ana().memberships.all().delete()

    answers(check_in, rating=1)

    assert told("low_rating") == ["Dev", "Ines"]


def test_every_manager_of_the_team_hears_of_it_and_nobody_of_another() -> None:
    check_in = a_sent_check_in()
    for name, team in (("Olu Adeyemi", a_team()), ("Kofi Mensah", a_team("Moves"))):
        Membership.objects.create(user=a_user(name), team=team, role=Role.MANAGER)

    answers(check_in, rating=2)

    assert told("low_rating") == ["Ana", "Ines", "Olu"]


def test_of_a_team_that_never_opens_both_are_heard_the_words_and_the_rating() -> None:
    check_in = a_sent_check_in()
    Team.objects.update(calendar=Calendar.objects.create(name="Never open", zone="UTC"))

    answers(check_in, rating=1, still_open=True, words="The lid is missing.")

    assert told("customer_wrote") == ["Ana"]
    assert told("low_rating") == ["Ana", "Ines"]


def test_what_they_wrote_is_inert_in_the_mail() -> None:
    check_in = a_sent_check_in()

    answers(check_in, rating=1, words="<script>alert(1)</script> {{ company }} \u202eabc")

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ company }}" in mail("low_rating").html
    assert "<script>alert(1)" not in mail("low_rating").html
