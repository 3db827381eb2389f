"""The morning digest: for whom, of what, when, and never twice."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import digests, schedules, services
from commitments.messages.subject import subject
from commitments.models import Absence, Schedule, User
from notifications import rendering
from notifications.models import Delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_team, ana, dev, fresh, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EIGHT = NOON + DAY - 4 * HOUR  # Friday 22 May, 8:00


def wants_a_digest(person: User, *, at: time = time(8), now: datetime = NOON) -> Schedule:
    digests.choices.choose(person.pk, at=at, now=now)
    return Schedule.objects.get(whose=person)


def keys() -> list[str]:
    return list(
        Delivery.objects.filter(template="digest", channel="email")
        .order_by("key")
        .values_list("key", flat=True)
    )


def said(person: User) -> list[tuple[str, list[str]]]:
    """The headings of somebody's newest digest, each with the wordings beneath it."""
    row = Delivery.objects.filter(template="digest", channel="email", person=person).latest("pk")
    return [
        (part["heading"], [line["wording"] for line in part["lines"]])
        for part in row.context["parts"]
    ]


def test_the_digest_says_what_is_ahead_of_somebody_today():
    a_commitment(due_at=EIGHT - HOUR, wording="Send the bill")
    told = a_commitment(due_at=EIGHT - 2 * HOUR, wording="Send the kettle")
    type(told).objects.filter(pk=told.pk).update(told_at=EIGHT - HOUR)
    a_commitment(due_at=EIGHT + 4 * HOUR, wording="Call at noon")
    asked = a_commitment(due_at=EIGHT + 9 * DAY, wording="Look into the meter")
    services.wait(asked.pk, by=ana(), what="A photo of the meter", now=NOON + MINUTE)
    a_commitment(due_at=EIGHT + 3 * DAY, wording="Call next week")
    wants_a_digest(ana())

    schedules.run(EIGHT)

    assert said(ana()) == [
        ("Overdue and not told", ["Send the bill"]),
        ("Overdue", ["Send the kettle"]),
        ("Due today", ["Call at noon"]),
        ("Waiting for an answer", ["Look into the meter"]),
    ]
    assert keys() == [f"digest:u{ana().pk}:2026-05-22:email"]


def test_a_lead_hears_of_the_silence_in_the_team_and_an_agent_of_their_own():
    a_commitment(due_at=EIGHT - HOUR, wording="Send the bill")
    wants_a_digest(dev())
    other = a_team("Moves")
    kettle = a_commitment(due_at=EIGHT - HOUR, wording="Elsewhere")
    type(kettle).objects.filter(pk=kettle.pk).update(team=other, owner=None)
    other.memberships.filter(user=dev()).delete()

    schedules.run(EIGHT)

    assert said(dev()) == [("Not told in the team", ["Send the bill"])]


def test_with_nothing_to_say_there_is_no_digest():
    a_commitment(due_at=EIGHT + 9 * DAY)
    schedule = wants_a_digest(ana())

    schedules.run(EIGHT)

    assert keys() == []
    assert Schedule.objects.get(pk=schedule.pk).next_at == EIGHT + DAY


def test_a_digest_of_a_day_is_sent_once_whatever_is_chosen_meanwhile():
    a_commitment(due_at=EIGHT + 4 * HOUR)
    wants_a_digest(ana())
    schedules.run(EIGHT)

    wants_a_digest(ana(), at=time(9), now=EIGHT + MINUTE)
    schedules.run(EIGHT + HOUR)

    assert keys() == [f"digest:u{ana().pk}:2026-05-22:email"]


def test_after_an_outage_of_days_there_is_one_digest_and_it_is_todays():
    a_commitment(due_at=NOON + 4 * DAY + 2 * HOUR)
    wants_a_digest(ana())

    schedules.run(NOON + 4 * DAY)  # Monday
    schedules.run(NOON + 4 * DAY + HOUR)

    assert keys() == [f"digest:u{ana().pk}:2026-05-25:email"]


def test_after_an_outage_the_digest_of_yesterday_is_not_sent_before_todays():
    a_commitment(due_at=NOON + 4 * DAY + 2 * HOUR)
    wants_a_digest(ana())

    schedules.run(NOON + 4 * DAY - 5 * HOUR)  # Monday, 7:00
    before = keys()
    schedules.run(NOON + 4 * DAY - 4 * HOUR)

    assert before == []
    assert keys() == [f"digest:u{ana().pk}:2026-05-25:email"]


def test_there_is_none_on_a_day_off():
    a_commitment(due_at=NOON + 2 * DAY, now=NOON)
    wants_a_digest(ana())

    schedules.run(EIGHT + DAY)  # Saturday

    assert keys() == []


def test_there_is_none_while_somebody_is_away():
    a_commitment(due_at=EIGHT + 4 * HOUR)
    wants_a_digest(ana())
    Absence.objects.create(user=ana(), deputy=dev(), starts_at=NOON, ends_at=NOON + 2 * DAY)

    schedules.run(EIGHT)

    assert keys() == []


def test_the_time_is_that_of_its_reader_wherever_they_are():
    a_commitment(due_at=EIGHT + 4 * HOUR)
    wants_a_digest(ana())
    User.objects.filter(pk=ana().pk).update(zone="Asia/Kolkata")

    schedules.run(EIGHT)

    schedule = Schedule.objects.get(whose=ana())
    assert schedule.zone == "Asia/Kolkata"
    assert schedule.next_at == NOON + DAY + 14.5 * HOUR  # 8:00 in Kolkata


def test_who_left_gets_none():
    a_commitment(due_at=EIGHT + 4 * HOUR)
    wants_a_digest(ana())
    User.objects.filter(pk=ana().pk).update(is_active=False)

    schedules.run(EIGHT)

    assert keys() == []


def test_one_digest_that_cannot_be_made_costs_nobody_else_theirs():
    a_commitment(due_at=EIGHT + 4 * HOUR)
    broken = wants_a_digest(dev())
    User.objects.filter(pk=dev().pk).update(zone="Nowhere/At-all")
    wants_a_digest(ana())

    schedules.run(EIGHT)

    assert keys() == [f"digest:u{ana().pk}:2026-05-22:email"]
    assert Schedule.objects.get(pk=broken.pk).next_at == EIGHT + 15 * MINUTE


def test_the_words_of_the_digest_are_the_same_in_plain_text_and_html():
    kettle = a_commitment(due_at=EIGHT + 4 * HOUR, wording="Send <the> kettle & lid")
    wants_a_digest(ana())
    schedules.run(EIGHT)
    row = Delivery.objects.get(template="digest", channel="email")

    words = rendering.words("digest", row.context, channel="email", language="en")

    assert words.subject == "Your day, Fri 22 May: 1 due today"
    assert "Send <the> kettle & lid, for Tom Okafor, due Fri 22 May, 12:00 noon" in words.text
    assert f"/promises/{fresh(kettle).reference}/" in words.text
    assert "Send &lt;the&gt; kettle &amp; lid" in words.html
    assert "/me/messages/" in words.text


def test_a_long_list_is_cut_and_the_rest_is_counted():
    for number in range(13):
        a_commitment(due_at=EIGHT + 4 * HOUR, case=str(number))
    wants_a_digest(ana())

    schedules.run(EIGHT)

    part = Delivery.objects.get(template="digest", channel="email").context["parts"][0]
    assert (part["count"], len(part["lines"]), part["more"]) == (13, 10, 3)


def test_a_digest_of_many_promises_asks_no_more_than_one_of_few():
    a_commitment(due_at=EIGHT + 4 * HOUR, case="0")
    wants_a_digest(ana())
    schedule = Schedule.objects.select_related("whose").get(whose=ana())
    with CaptureQueriesContext(connection) as of_one:
        digests.send(schedule, now=EIGHT)
    Delivery.objects.all().delete()
    for number in range(1, 30):
        a_commitment(due_at=EIGHT + 4 * HOUR, case=str(number), customer=tom())

    with CaptureQueriesContext(connection) as of_many:
        digests.send(schedule, now=EIGHT)

    assert len(of_many) == len(of_one)


def test_the_digest_reaches_its_reader_though_it_is_about_no_promise():
    a_commitment(due_at=EIGHT + 4 * HOUR)
    wants_a_digest(ana())
    schedules.run(EIGHT)
    row = Delivery.objects.get(template="digest", channel="email")

    found = subject.recipients([row.as_delivered()], now=EIGHT)[row.key]

    assert found is not None
    assert found.address == "ana@larkfield.example"
