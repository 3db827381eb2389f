"""Who is taken out of a team sees nothing of it from their next request on, by whatever way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from commitments import digests, schedules, sweep
from commitments.house import calendar_feeds
from commitments.models import Membership, Role, Schedule, User
from notifications import delivery
from notifications.models import Delivery, State
from tests.api.callers import a_program
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user
from tests.safety import world
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def kofi() -> User:
    """An agent of Billing care, who owes Zelda something."""
    agent = a_user("Kofi Mensah")
    Membership.objects.create(user=agent, team=a_team(), role=Role.AGENT)
    a_commitment(customer=world.zelda(), wording=world.WORDING, owner_id=agent.pk, case=world.CASE,
                 now=NOON - DAY, due_at=NOON - HOUR)  # fmt: skip
    return agent


def take_out(person: User) -> None:
    Membership.objects.filter(user=person).delete()


def told(text: str) -> list[str]:
    return [mark for mark in world.MARKS if mark in text]


def test_the_page_that_was_open_is_gone(kofi: User) -> None:
    promise, browser = a_team().commitments.get(), pages.signed_in(kofi)
    addresses = [
        f"/promises/{promise.reference}/done/",
        f"/customers/{world.zelda().pk}/",
        f"/promises/recap/{promise.conversation_id}/",
    ]
    before = [browser.get(each).status_code for each in addresses]

    take_out(kofi)

    assert before == [200, 200, 200]
    assert [browser.get(each).status_code for each in addresses] == [404, 404, 404]
    assert browser.post(addresses[0], {"once": "k", "how": "Sent"}).status_code == 404
    for page in ("/promises/", "/promises/mine/", "/calls/", "/reports/overdue/", "/team/"):
        assert told(browser.get(page).content.decode()) == []


def test_tokens_find_nothing_any_more(kofi: User) -> None:
    program, promise = a_program(kofi), a_team().commitments.get()
    address = f"/api/v1/commitments/{promise.reference}/"
    before = program.get(address).status_code

    take_out(kofi)

    assert (before, program.get(address).status_code) == (200, 404)
    assert program.post({"how": "Sent"}, f"{address}fulfil/").status_code == 404
    assert program.get().json()["results"] == []
    assert program.get("/api/v1/customers/").json()["results"] == []


def test_a_calendar_is_empty_at_the_next_fetch(kofi: User) -> None:
    feeds = [
        calendar_feeds.issue(kofi, team_id=team, lasts=DAY, now=NOON)[1]
        for team in (None, a_team().pk)
    ]
    before = [Client().get(f"/calendar/{each}.ics").content.decode() for each in feeds]

    take_out(kofi)

    after = [Client().get(f"/calendar/{each}.ics").content.decode() for each in feeds]
    assert all(told(each) for each in before)
    assert [told(each) for each in after] == [[], []]


def test_digests_and_reports_by_mail_tell_nothing_more(kofi: User) -> None:
    digests.choices.choose(kofi.pk, at=time(8), now=NOON)
    Schedule.objects.create(
        what=Schedule.What.REPORT, whose=kofi, zone="UTC", local_time=time(8), every_days=1,
        next_at=NOON + 20 * HOUR, asks="overdue?",
    )  # fmt: skip
    before = mails_to(kofi)

    take_out(kofi)

    assert world.WORDING in before
    assert told(mails_to(kofi)) == []


def mails_to(person: User) -> str:
    """What would go out tomorrow at eight; it is taken back."""
    with transaction.atomic():
        schedules.run(NOON + 20 * HOUR)
        mails = Delivery.objects.filter(template__in=["digest", "report"], person=person)
        found = repr(list(mails.values_list("context", "text", "html")))
        transaction.set_rollback(True)
    return found


def test_what_waits_to_be_sent_to_them_is_not_sent(kofi: User) -> None:
    sweep.run(NOON)
    waiting = Delivery.objects.filter(person=kofi, channel="email", state=State.QUEUED)
    pks = list(waiting.values_list("pk", flat=True))
    assert pks

    take_out(kofi)
    delivery.run(NOON + HOUR)

    left = Delivery.objects.filter(pk__in=pks)
    assert set(left.values_list("state", flat=True)) <= {State.CANCELLED, State.EXPIRED}
