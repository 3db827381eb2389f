from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import (
    CheckIn,
    CheckInAnswer,
    CheckInItem,
    Commitment,
    Conversation,
    Customer,
    Membership,
    Role,
    Team,
)
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def address(customer: Customer) -> str:
    return f"/customers/{customer.pk}/"


def kept(wording: str, *, late: bool = False) -> Commitment:
    made = makers.a_commitment(wording=wording, due_at=NOON - DAY, now=NOON - 3 * DAY)
    at = NOON - HOUR if late else NOON - 2 * DAY
    services.fulfil(made.pk, by=makers.ana(), how="Sent", cause="slipped" if late else "", now=at)
    return made


def test_everything_promised_is_there_with_what_is_open_on_top(client: Client) -> None:
    kept("Kept")
    makers.a_commitment(wording="Later", due_at=NOON + DAY)
    makers.a_commitment(wording="Late", due_at=NOON - HOUR, now=NOON - DAY)

    page = client.get(address(makers.tom()))

    titles = re.findall(r'class="ttl" href="[^"]*">([^<]*)<', page.content.decode())
    assert titles == ["Late", "Later", "Kept"]
    assert "Tom Okafor · " in pages.title(page)


def test_a_callback_that_was_tried_in_vain_says_attempted(client: Client) -> None:
    tried = makers.a_commitment(wording="Ring back", due_at=NOON - HOUR, now=NOON - DAY)
    makers.a_commitment(wording="Write back", due_at=NOON - HOUR, now=NOON - DAY)
    Commitment.objects.filter(pk=tried.pk).update(attempted_at=NOON - HOUR)

    said = pages.text(client.get(address(makers.tom())))

    ring, write = re.findall(r"(?:Ring|Write) back .*? due", said)
    assert "not told yet · attempted" in ring
    assert "attempted" not in write


@pytest.mark.parametrize(
    ("on_time", "late", "said"),
    [
        (0, 0, "Nothing is open. Nothing promised to Tom has come to its end yet."),
        (1, 0, "The one promise that has come to its end was kept as agreed."),
        (3, 0, "All three promises that came to an end were kept as agreed."),
        (1, 1, "1 of 2 promises was kept as agreed."),
        (3, 2, "3 of 5 promises were kept as agreed, 60%."),
    ],
)
def test_how_well_we_kept_our_word_is_said_in_words(
    client: Client, on_time: int, late: int, said: str
) -> None:
    makers.a_draft(customer=makers.tom())
    Conversation.objects.create(team=makers.a_team(), customer=makers.tom(), at=NOON)
    for number in range(on_time):
        kept(f"On time {number}")
    for number in range(late):
        kept(f"Late {number}", late=True)

    assert said in pages.text(client.get(address(makers.tom())))


def test_what_is_open_and_overdue_is_counted_first(client: Client) -> None:
    makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    makers.a_commitment()

    said = pages.text(client.get(address(makers.tom())))

    assert "Two promises are open, and one is overdue." in said


def test_how_to_reach_them_and_what_they_told_us(client: Client) -> None:
    made = kept("Kept")
    Customer.objects.update(language="de", zone="Europe/Berlin", stopped_at=NOON - DAY)
    check_in = CheckIn.objects.filter(customer=makers.tom()).first() or CheckIn.objects.create(
        customer=makers.tom(), planned_at=NOON, send_at=NOON
    )
    CheckInItem.objects.get_or_create(check_in=check_in, commitment=made, revision=made.revision)
    CheckInAnswer.objects.create(
        check_in=check_in, at=NOON, done="partly", still_open=True, rating=2, words="Half of it"
    )

    page = client.get(address(makers.tom()))
    said = pages.text(page)

    assert 'href="tel:07555550142"' in page.content.decode()
    assert "Tom asked for no more e-mails. Call instead." in said
    assert "Language German" in said
    assert "Time zone Europe/Berlin" in said
    assert "2 of 5 , unhappy · Still open" in said
    assert "Half of it" in said


def test_earlier_conversations_lead_to_their_cases(client: Client) -> None:
    makers.a_commitment(case="48213", case_url="https://desk.example/48213")

    page = client.get(address(makers.tom()))

    assert "case 48213" in pages.text(page)
    assert "Billing care, 1 promise" in pages.text(page)
    assert 'href="https://desk.example/48213"' in page.content.decode()


def test_promises_answers_and_conversations_of_other_teams_are_not_shown(client: Client) -> None:
    makers.a_commitment()
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    mia = makers.a_user("Mia Mover")
    Membership.objects.create(user=mia, team=moves, role=Role.AGENT)
    draft = makers.a_draft(team=moves, owner_id=mia.pk, wording="Book the van", case="M-1")
    van = services.make(draft, by=mia, now=NOON)
    check_in = CheckIn.objects.create(customer=makers.tom(), planned_at=NOON, send_at=NOON)
    CheckInItem.objects.create(check_in=check_in, commitment=van, revision=1)
    CheckInAnswer.objects.create(
        check_in=check_in, at=NOON, done="no", still_open=True, rating=1, words="No van"
    )

    said = pages.text(client.get(address(makers.tom())))

    assert "One promise is open" in said
    for theirs in ("Book the van", "M-1", "No van"):
        assert theirs not in said


def test_a_customer_of_others_is_as_unknown_as_none(client: Client) -> None:
    stranger = Customer.objects.create(name="Maya Lindqvist")

    answers = [client.get(f"/customers/{pk}/") for pk in (stranger.pk, 987654, 10**30)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({pages.text(answer) for answer in answers}) == 1


def test_whoever_was_handed_a_promise_can_read_about_its_customer() -> None:
    kettle = makers.a_commitment()
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    mia = makers.a_user("Mia Mover")
    Membership.objects.create(user=mia, team=moves, role=Role.LEAD)
    Membership.objects.create(user=makers.ines(), team=moves, role=Role.MANAGER)
    services.hand_to_team(kettle.pk, by=makers.ines(), team_id=moves.pk, now=NOON)

    assert pages.signed_in(mia).get(address(makers.tom())).status_code == 200


def test_one_who_was_erased_is_promised_nothing_more(client: Client) -> None:
    makers.a_commitment()
    Customer.objects.update(name="", email="", phone="", erased_at=NOON)

    page = client.get(address(Customer.objects.get()))

    assert "Their details were erased" in pages.text(page)
    assert 'name="line"' not in page.content.decode()


def test_an_auditor_reads_and_cannot_promise(client: Client) -> None:
    makers.a_commitment()
    Membership.objects.filter(user=makers.ana()).update(role=Role.AUDITOR)

    page = client.get(address(makers.tom()))

    assert page.status_code == 200
    assert 'name="line"' not in page.content.decode()


def test_the_number_of_queries_does_not_depend_on_the_promises(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(makers.tom())).status_code == 200
        return len(queries)

    kept("Kept")
    makers.a_commitment()
    few = asked()
    for number in range(6):
        kept(f"Kept {number}")
        makers.a_commitment(wording=f"Open {number}", case=f"{number}")

    assert asked() == few
