"""Calendar feeds: what a calendar program reads, and how little it learns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from commitments import services
from commitments.house import calendar_feeds
from commitments.models import CalendarFeed, Commitment, Membership, Team, User
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    a_user,
    ana,
    dev,
    ines,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

THERE = {"X-Forwarded-For": "203.0.113.7"}


def a_feed(user: User | None = None, team: Team | None = None, days: int = 365) -> str:
    """The address of a new one: of Ana's own, if nothing is said."""
    pk = team.pk if team else None
    lasts = timedelta(days=days)
    _, secret = calendar_feeds.issue(user or ana(), team_id=pk, lasts=lasts, now=NOON)
    return f"/calendar/{secret}.ics"


def fetch(address: str, **headers: str) -> Any:
    return Client().get(
        address, headers={each.replace("_", "-"): headers[each] for each in headers}
    )


def events(address: str) -> list[Any]:
    answer = fetch(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def summaries(address: str) -> list[str]:
    return [str(each["SUMMARY"]) for each in events(address)]


def test_a_promise_is_an_event_that_ends_when_it_is_due():
    kettle = a_commitment(due_at=NOON + 6 * HOUR)

    (event,) = events(a_feed())

    assert str(event["SUMMARY"]) == "Send the kettle's replacement part (Tom Okafor)"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        *(NOON + 6 * HOUR - 15 * MINUTE, NOON + 6 * HOUR),
    )
    assert str(event["UID"]) == f"promise-{kettle.reference}@testserver"
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert str(event["URL"]).endswith(f"/promises/{kettle.reference}/")
    assert str(event["DESCRIPTION"]).startswith("Billing care. Ana Moreno keeps it.")


def test_one_that_is_moved_moves_and_stays_the_same_event():
    kettle, address = a_commitment(due_at=NOON + 6 * HOUR), a_feed()
    (before,) = events(address)

    services.move(
        kettle.pk, by=ana(), due_at=NOON + DAY, reason="The part is late.",
        told=services.Told.MESSAGE, now=NOON,
    )  # fmt: skip
    (after,) = events(address)

    assert after["UID"] == before["UID"]
    assert after.decoded("DTEND") == NOON + DAY
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_one_that_is_closed_is_gone_and_comes_back_reopened():
    kettle, address = a_commitment(), a_feed()

    services.fulfil(kettle.pk, by=ana(), how="Sent.", now=NOON)
    closed = events(address)
    services.reopen(kettle.pk, by=ana(), reason="Not there.", due_at=NOON + DAY, now=NOON)

    assert (closed, len(events(address))) == ([], 1)


def test_it_says_what_waits_and_what_is_overdue(traveller: time_machine.Traveller):
    a_commitment(wording="Call about the meter", due_at=NOON + HOUR)
    waits = a_commitment(wording="Check the bill", due_at=NOON + 2 * HOUR)
    services.wait(waits.pk, by=ana(), what="The last bill", now=NOON)

    traveller.move_to(NOON + 90 * MINUTE)
    overdue, waiting = events(a_feed())

    assert str(overdue["SUMMARY"]) == "Overdue: Call about the meter (Tom Okafor)"
    assert str(waiting["SUMMARY"]) == "Waiting: Check the bill (Tom Okafor)"
    assert str(waiting["STATUS"]) == "TENTATIVE"


def test_ones_own_feed_holds_ones_own_and_a_teams_those_of_everybody():
    team = a_team()
    a_commitment(wording="Ana's")
    a_commitment(wording="Dev's", owner_id=dev().pk)
    a_commitment(wording="Nobody's", owner_id=None)

    assert summaries(a_feed()) == ["Ana's (Tom Okafor)"]
    assert sorted(summaries(a_feed(ines(), team))) == [
        "Ana: Ana's (Tom Okafor)",
        "Dev: Dev's (Tom Okafor)",
        "Nobody's (Tom Okafor)",
    ]


def test_nobodys_e_mail_or_telephone_number_is_in_it():
    tom(phone="+44 755 555 0142", email="tom@customers.example")
    a_commitment(wording="Ring 0755 555-0142 or 7555550142, mail tom@customers.example, ja")

    file = fetch(a_feed()).content.decode().replace("\r\n ", "")

    assert "SUMMARY:Ring … or …\\, mail …\\, ja (Tom Okafor)" in file
    assert "0142" not in file
    assert "customers.example" not in file


def test_a_feed_follows_its_owner_out_of_a_team():
    team = a_team()
    a_commitment()
    own, shared = a_feed(), a_feed(ana(), team)
    assert (len(events(own)), len(events(shared))) == (1, 1)

    Membership.objects.filter(user=ana()).delete()

    assert (events(own), events(shared)) == ([], [])


def test_an_agent_has_no_feed_of_a_team_they_are_not_in():
    a_team()
    other = Team.objects.create(name="Repairs", calendar=a_team().calendar)

    with pytest.raises(Exception, match="Choose one of your teams"):
        a_feed(ana(), other)

    assert CalendarFeed.objects.count() == 0
    assert a_feed(a_user("Sam Price", is_superuser=True), other)


@pytest.mark.parametrize("how", ["revoked", "expired", "switched off", "another", "half", "junk"])
def test_what_opens_nothing_is_answered_alike(how: str, traveller: time_machine.Traveller):
    a_commitment()
    address, made_up = a_feed(days=1), f"/calendar/fc_00000000.{'x' * 43}.ics"
    changed = {"another": address[:-5] + "x.ics", "half": address[:40] + ".ics"}
    if how == "revoked":
        CalendarFeed.objects.get().revoke(now=NOON)
    if how == "switched off":
        User.objects.filter(pk=ana().pk).update(is_active=False)
    if how == "expired":
        traveller.move_to(NOON + DAY)

    answer = fetch(changed.get(how, "/calendar/%00é'.ics" if how == "junk" else address))

    nothing = fetch(made_up)
    assert answer.status_code == nothing.status_code == 404
    assert answer.content == nothing.content
    numbered = {"X-Request-ID"}  # another one for each answer
    assert {name: said for name, said in answer.headers.items() if name not in numbered} == {
        name: said for name, said in nothing.headers.items() if name not in numbered
    }


def test_an_api_token_opens_no_calendar_and_a_feed_no_api():
    address = a_feed(a_user("Ana Moreno"))
    secret = address.removeprefix("/calendar/").removesuffix(".ics")

    answer = fetch("/api/v1/me/", Authorization=f"Bearer {secret}")

    assert answer.status_code == 401
    assert fetch(address.replace("fc_", "ft_")).status_code == 404
    assert secret.partition(".")[2] not in str(CalendarFeed.objects.values().get())


def test_what_has_not_changed_is_not_sent_again():
    kettle, address = a_commitment(), a_feed()
    first = fetch(address)

    again = fetch(address, If_None_Match=first["ETag"])
    Commitment.objects.filter(pk=kettle.pk).update(wording="Send the lid")
    changed = fetch(address, If_None_Match=first["ETag"])

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, first["Cache-Control"]) == (200, "private, no-cache")


def test_it_is_read_and_never_written_to():
    a_commitment()
    address = a_feed()

    answers = [Client().generic(method, address).status_code for method in ("HEAD", "POST", "PUT")]

    assert answers == [200, 405, 405]


def test_how_many_promises_there_are_costs_no_queries():
    a_commitment()
    address = a_feed(ana(), a_team())
    fetch(address)

    with CaptureQueriesContext(connection) as one:
        fetch(address)
    for number in range(8):
        a_commitment(wording=f"Promise {number}", owner_id=dev().pk)
    with CaptureQueriesContext(connection) as many:
        fetch(address)

    assert len(one) == len(many) == 4


def test_where_more_are_promised_than_fit_in_an_entry_says_so(
    settings: Any, traveller: time_machine.Traveller
):
    settings.COMMITMENTS_LENGTHS = {"calendar_ahead_at_most": 2, "calendar_overdue_at_most": 1}
    for hours in range(1, 7):
        a_commitment(wording=f"In {hours}", due_at=NOON + hours * HOUR)
    address = a_feed()
    few = summaries(address)

    traveller.move_to(NOON + 150 * MINUTE)
    found = events(address)

    more = "More promises than fit in here: open Followthrough"
    assert few == ["In 1 (Tom Okafor)", "In 2 (Tom Okafor)", more]
    assert [str(each["SUMMARY"]).partition(" (")[0] for each in found] == [
        *("Overdue: In 2", more, "In 3", "In 4", more),
    ]
    assert len({str(each["UID"]) for each in found}) == 5
    assert found[-1].decoded("DTEND") == NOON + 4 * HOUR


def test_one_feed_and_one_address_ask_so_often_and_who_guesses_less(settings: Any):
    settings.PROXIES = 1
    settings.COMMITMENTS_LENGTHS = {
        "calendar_fetches_a_minute": 3,
        "calendar_fetches_a_minute_from_one_address": 9,
        "dead_links_a_minute": 2,
    }
    address, other = a_feed(a_user("Ana Moreno")), a_feed(a_user("Ana Moreno"))

    mine = [fetch(address, **THERE) for _ in range(4)]
    guessed = [fetch(f"/calendar/{n}.ics", **THERE).status_code for n in range(3)]
    beside = [fetch(other, **THERE).status_code for _ in range(3)]

    assert [each.status_code for each in mine] == [200] * 3 + [429]
    assert mine[-1]["Retry-After"] == "60"
    assert guessed == [404, 404, 429]
    assert beside == [200, 200, 429]
    assert fetch(other).status_code == 200


def test_its_last_use_is_noted_and_not_at_every_fetch(traveller: time_machine.Traveller):
    address = a_feed(a_user("Ana Moreno"))
    noted = []
    for after in (MINUTE, 90 * MINUTE / 60, 3 * MINUTE):
        traveller.move_to(NOON + after)
        fetch(address)
        noted.append(CalendarFeed.objects.get().last_used_at)

    assert noted == [NOON + MINUTE, NOON + MINUTE, NOON + 3 * MINUTE]
