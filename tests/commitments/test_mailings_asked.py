"""Any report by mail, as somebody asked for it; and what is stopped on its way."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from commitments import mailings, schedules
from commitments.errors import CommitmentError
from commitments.mailings import choosing
from commitments.messages.subject import subject
from commitments.models import Membership, Role, Schedule, User
from notifications.envelope import Delivered
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONDAY = datetime(2026, 5, 25, 8, tzinfo=UTC)


def mails(template: str = "weekly") -> list[Delivery]:
    return list(Delivery.objects.filter(template=template, channel="email").order_by("pk"))


def begin() -> None:
    """Ines manages a team in which something is open."""
    makers.a_team()
    makers.a_commitment(due_at=MONDAY + 9 * HOUR)
    mailings.begin_weekly(NOON)


def wish(**given: Any) -> mailings.Wish:
    return mailings.Wish(**{"report": "kept", "asked": {}, "at": time(9), "weekday": 4} | given)


def asked_for(person: User, **given: Any) -> Schedule:
    return mailings.subscribe(person, wish(**given), now=NOON)


def still_for(mail: Delivery) -> bool:
    """Whether the outbox, which asks when it sends, would still send it."""
    asked = Delivered(
        key=mail.key, about=mail.about, event_id=None, audience="staff",
        person_id=mail.person_id, channel="email", address=mail.address, template=mail.template,
    )  # fmt: skip
    return subject.recipients([asked], now=NOON)[mail.key] is not None


def test_what_has_not_gone_out_is_stopped_where_a_team_is_theirs_no_more() -> None:
    begin()
    other = makers.a_team("Moves")
    schedules.run(MONDAY)
    [mail] = mails()
    assert still_for(mail)

    Membership.objects.filter(user=makers.ines(), team=other).update(role=Role.AGENT)
    assert not still_for(mail)
    Membership.objects.filter(user=makers.ines(), team=other).update(role=Role.LEAD)
    assert still_for(mail)
    Membership.objects.filter(user=makers.ines(), team=other).delete()
    assert not still_for(mail)


def test_what_has_not_gone_out_is_stopped_with_the_mail_itself() -> None:
    begin()
    made = asked_for(makers.ines(), weekday=0, at=time(8))
    schedules.run(MONDAY)
    [week], [report] = mails(), mails("report")
    assert still_for(week)
    assert still_for(report)

    mailings.choose_weekly(makers.ines(), at=None, now=MONDAY)
    mailings.stop(makers.ines(), made.pk)

    assert not still_for(week)
    assert not still_for(report)


def test_an_agents_own_figures_are_theirs_while_they_are_in_the_team() -> None:
    makers.a_team()
    asked_for(makers.ana())
    schedules.run(NOON + 21 * HOUR)
    [mail] = mails("report")
    assert still_for(mail)

    Membership.objects.filter(user=makers.ana()).delete()

    assert not still_for(mail)


def test_an_administrator_gets_what_they_asked_for_until_they_stop_it() -> None:
    makers.a_team()
    sam = makers.a_user("Sam Reed", is_superuser=True)
    made = asked_for(sam)
    schedules.run(NOON + 21 * HOUR)
    [mail] = mails("report")
    assert still_for(mail)

    mailings.stop(sam, made.pk)

    assert not still_for(mail)


def test_every_working_day_is_each_and_every_friday_is_one() -> None:
    makers.a_team()
    daily = asked_for(makers.ines(), weekday=None)
    friday = asked_for(makers.ines(), report="overdue")

    for day in range(5):  # Friday to Tuesday
        schedules.run(NOON + 21 * HOUR + day * DAY)

    def days(made: Schedule) -> list[int]:
        sent = Delivery.objects.filter(about=made.about, channel="email").order_by("pk")
        return [mail.enqueued_at.day for mail in sent]

    assert days(daily) == [22, 25, 26]
    assert days(friday) == [22]


def test_a_report_for_a_sunday_comes_on_sunday() -> None:
    makers.a_team()
    asked_for(makers.ines(), weekday=6)

    schedules.run(datetime(2026, 5, 24, 9, tzinfo=UTC))

    assert len(mails("report")) == 1


def test_asked_for_again_it_comes_at_the_new_time_and_once_a_day() -> None:
    makers.a_team()
    made = asked_for(makers.ines())
    schedules.run(NOON + 21 * HOUR)

    again = mailings.subscribe(makers.ines(), wish(at=time(10)), now=NOON + 21 * HOUR)
    schedules.run(NOON + 22 * HOUR)

    assert [each.pk for each in mailings.of(makers.ines())] == [made.pk, again.pk][:1]
    assert len(mails("report")) == 1


def test_stopped_and_asked_for_again_on_its_day_it_is_still_sent_once() -> None:
    makers.a_team()
    made = asked_for(makers.ines())
    schedules.run(NOON + 21 * HOUR)

    mailings.stop(makers.ines(), made.pk)
    mailings.subscribe(makers.ines(), wish(at=time(10)), now=NOON + 21 * HOUR)
    schedules.run(NOON + 22 * HOUR)

    assert len(mails("report")) == 1


@pytest.mark.parametrize(
    "given", [{"report": "salaries"}, {"asked": {"team": "999999"}}, {"asked": {"team": "x"}}]
)
def test_what_is_not_theirs_or_does_not_exist_is_refused_alike(given: dict[str, Any]) -> None:
    makers.a_team()

    with pytest.raises(CommitmentError, match="There is no such"):
        asked_for(makers.ines(), **given)

    assert mailings.of(makers.ines()) == []


def test_an_agent_asks_for_figures_of_their_own_and_nobody_elses() -> None:
    makers.a_team()

    asked_for(makers.ana())
    with pytest.raises(CommitmentError, match="There is no such"):
        asked_for(makers.ana(), asked={"owner": str(makers.dev().pk)})


def test_a_report_that_is_not_theirs_to_see_any_more_rests() -> None:
    team = makers.a_team()
    made = asked_for(makers.ines(), asked={"team": str(team.pk)})
    Membership.objects.filter(user=makers.ines()).delete()

    schedules.run(NOON + 21 * HOUR)

    made.refresh_from_db()
    assert mails("report") == []
    assert made.next_at is None


def test_twenty_are_enough_for_anybody() -> None:
    makers.a_team()
    one = asked_for(makers.ines())
    for number in range(choosing.MOST - 1):
        Schedule.objects.create(
            what=Schedule.What.REPORT,
            whose=one.whose,
            asks=f"kept?kind={number}",
            local_time="8:00",
        )

    with pytest.raises(CommitmentError, match="20 reports already"):
        asked_for(makers.ines(), report="causes")


def test_one_that_cannot_be_written_is_put_off_and_costs_nobody_else_theirs() -> None:
    begin()
    broken = asked_for(makers.dev(), weekday=0, at=time(8))
    User.objects.filter(pk=makers.dev().pk).update(zone="No/Where")

    schedules.run(MONDAY)

    assert len(mails()) == 1
    assert mails("report") == []
    broken.refresh_from_db()
    assert broken.next_at == MONDAY + 15 * MINUTE
