"""Links beneath messages in chats: who is there acts, once, under the deadline of the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.messages import acting
from commitments.messages.acting import Ticket
from commitments.models import Commitment, Event, Membership, Role
from notifications import delivery, sealing
from notifications.models import ContactPoint, Delivery
from tests import http
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, a_user, ana, dev, fresh
from tests.web.pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def late() -> Commitment:
    """Due an hour ago."""
    return a_commitment(now=NOON - 4 * HOUR, due_at=NOON - HOUR, summary=False)


def a_link(commitment: Commitment, deed: str = "acknowledge", **facts: Any) -> str:
    usual = {"commitment_id": commitment.pk, "revision": 1, "person_id": ana().pk, "deed": deed}
    return f"/chat/{acting.write(Ticket(**(usual | facts)), now=NOON)}/"


def press(client: Client, link: str, **said: str) -> Any:
    return client.post(link, {"once": "k", "back": ""} | said)


# --- what it does


def test_it_shows_the_promise_and_writes_nothing(client: Client, late: Commitment) -> None:
    before = Event.objects.count()

    with CaptureQueriesContext(connection) as asked:
        page = client.get(a_link(late))

    words = text(page)
    assert page.status_code == 200
    assert "Send the kettle's replacement part, for Tom Okafor" in words
    assert "The message was for" not in words
    assert {each["sql"].split()[0] for each in asked} == {"SELECT"}
    assert Event.objects.count() == before
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_i_have_it_is_one_press(client: Client, late: Commitment) -> None:
    answer = press(client, a_link(late))

    assert answer["Location"] == f"/promises/{late.reference}/"
    assert fresh(late).acknowledged_by == ana()


def test_done_asks_how_it_ended(client: Client, kettle: Commitment) -> None:
    link = a_link(kettle, "done")

    refused = press(client, link, how="")
    done = press(client, link, how="Sent it this morning.")

    assert (refused.status_code, done.status_code) == (422, 302)
    assert (fresh(kettle).status, fresh(kettle).outcome) == ("fulfilled", "on_time")


def test_done_late_asks_for_the_cause_as_its_page_does(client: Client, late: Commitment) -> None:
    refused = press(client, a_link(late, "done"), how="Sent it.")

    assert refused.status_code == 422
    assert fresh(late).status == "open"


# --- who


def test_a_stranger_is_asked_to_sign_in_and_comes_back(late: Commitment) -> None:
    link, before = a_link(late), Event.objects.count()

    for method in ("get", "head", "post"):
        answer = getattr(Client(), method)(link)
        assert answer.status_code == 302
        assert unquote(answer["Location"]) == f"/accounts/login/?next={link}"

    assert Event.objects.count() == before


def test_a_colleague_acts_in_their_own_name_and_is_told_whom_it_was_for(late: Commitment) -> None:
    other = signed_in(dev())

    page = other.get(a_link(late))
    press(other, a_link(late))

    assert "The message was for Ana Moreno. You are Dev Shah" in text(page)
    assert fresh(late).acknowledged_by == dev()


def test_for_other_teams_there_is_no_such_promise(late: Commitment) -> None:
    kofi = a_user("Kofi Mensah")
    Membership.objects.create(user=kofi, team=a_team("Repairs"), role=Role.AGENT)

    assert signed_in(kofi).get(a_link(late)).status_code == 404
    assert press(signed_in(kofi), a_link(late)).status_code == 404
    assert fresh(late).acknowledged_by is None


def test_who_may_only_look_is_told_so(late: Commitment) -> None:
    noor = a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=a_team(), role=Role.AUDITOR)

    assert signed_in(noor).get(a_link(late)).status_code == 403
    assert press(signed_in(noor), a_link(late)).status_code == 403
    assert fresh(late).acknowledged_by is None


def test_a_form_from_elsewhere_does_nothing(late: Commitment) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ana())

    assert press(careful, a_link(late)).status_code == 403
    assert fresh(late).acknowledged_by is None


# --- how long, and how often


def test_a_link_acts_once(client: Client, late: Commitment) -> None:
    link = a_link(late)
    press(client, link)
    events = Event.objects.count()

    again = press(client, link)
    others = press(signed_in(dev()), link)

    assert (again.status_code, others.status_code) == (409, 409)
    assert "This link has done what it says" in text(client.get(link))
    assert (Event.objects.count(), fresh(late).acknowledged_by) == (events, ana())


def test_what_was_refused_leaves_the_link_good(client: Client, kettle: Commitment) -> None:
    link = a_link(kettle, "done")
    press(client, link, how="x" * 5000)

    assert press(client, link, how="Sent it.").status_code == 302


def test_after_a_day_it_is_over(client: Client, late: Commitment) -> None:
    link = a_link(late)

    with time_machine.travel(NOON + DAY, tick=False):
        client = signed_in(ana())
        assert client.get(link).status_code == 404
        assert press(client, link).status_code == 404

    assert "This link has ended" in text(signed_in(ana()).get("/chat/nonsense/"))
    assert fresh(late).acknowledged_by is None


@pytest.mark.parametrize("cut", [-1, 5])
def test_a_link_that_was_changed_is_none(client: Client, late: Commitment, cut: int) -> None:
    link = a_link(late).rstrip("/")

    assert client.get(f"{link[:cut]}/").status_code == 404


def test_a_customers_link_is_none_here(client: Client, late: Commitment) -> None:
    from_mail = a_link(late).replace("/chat/", "/c/")

    assert client.get(from_mail).status_code == 404


def test_once_the_time_was_moved_it_is_overtaken(client: Client, late: Commitment) -> None:
    link = a_link(late, "done")
    told = services.Told.PHONE
    services.move(
        late.pk, by=ana(), due_at=NOON + DAY, reason="The part is late.", told=told, now=NOON
    )

    page = client.get(link)

    assert page.status_code == 409
    assert "Its time was changed after this message" in text(page)
    assert press(client, link, how="Sent it.").status_code == 409
    assert fresh(late).status == "open"


def test_what_is_closed_is_not_done_again(client: Client, kettle: Commitment) -> None:
    link = a_link(kettle, "done")
    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)

    assert client.get(link).status_code == 409


# --- where they stand


@pytest.fixture
def room(settings: Any) -> Iterator[http.Sink]:
    """A room in which Ana is written to."""
    with http.sink() as sink:
        settings.CHAT_SCHEMES = ["json"]
        settings.CHAT_HOSTS = ["127.0.0.1"]
        settings.PUBLIC_URL = "https://promises.example.com"
        a_team()
        sealed = sealing.seal(f"json://127.0.0.1:{sink.port}/room")
        ContactPoint.objects.create(
            user=ana(), channel="chat", address=sealed, verified_at=NOON, wants="everything"
        )
        yield sink


def links_in(message: str) -> dict[str, str]:
    ours = r"^(Done|I have it|Move): https://promises\.example\.com(\S+)$"
    return dict(re.findall(ours, message, re.MULTILINE))


def handed_to_ana(commitment: Commitment, room: http.Sink) -> dict[str, str]:
    """The links in the room once Dev has given her this promise."""
    services.reassign(commitment.pk, by=dev(), owner_id=ana().pk, note="Yours", now=NOON)
    delivery.run(NOON)
    return links_in(room.seen[-1].json["message"])


def test_a_message_in_a_chat_carries_what_can_be_done(room: http.Sink, client: Client) -> None:
    late = a_commitment(
        now=NOON - 4 * HOUR, due_at=NOON - HOUR, owner_id=dev().pk, summary=False, tell_owner=False
    )

    found = handed_to_ana(late, room)

    assert list(found) == ["Done", "I have it", "Move"]
    assert found["Move"] == f"/promises/{late.reference}/"
    press(client, found["I have it"])
    assert fresh(late).acknowledged_by == ana()


def test_before_its_time_nobody_has_to_have_it(room: http.Sink) -> None:
    kettle = a_commitment(owner_id=dev().pk, summary=False, tell_owner=False)

    assert list(handed_to_ana(kettle, room)) == ["Done", "Move"]


def test_mails_and_the_inbox_have_links_of_their_own(room: http.Sink) -> None:
    kettle = a_commitment(owner_id=dev().pk, summary=False, tell_owner=False)
    handed_to_ana(kettle, room)

    others = Delivery.objects.exclude(channel="chat").filter(person=ana())
    assert others.exists()
    assert not any("/chat/" in row.text for row in others)


def test_several_in_one_message_carry_their_own(room: http.Sink) -> None:
    for case in ("1", "2"):
        kettle = a_commitment(owner_id=dev().pk, summary=False, tell_owner=False, case=case)
        services.reassign(kettle.pk, by=dev(), owner_id=ana().pk, note="Yours", now=NOON)
    delivery.run(NOON)

    [request] = room.seen
    assert len(set(re.findall(r"https://\S+/chat/\S+", request.json["message"]))) == 2


def test_a_batch_asks_once_about_all_that_go_to_chats(room: http.Sink) -> None:
    def statements(count: int) -> int:
        for number in range(count):
            kettle = a_commitment(
                owner_id=dev().pk, summary=False, tell_owner=False, case=f"{count}-{number}"
            )
            services.reassign(kettle.pk, by=dev(), owner_id=ana().pk, note="Yours", now=NOON)
        rows = [row.as_delivered() for row in Delivery.objects.filter(channel="chat")]
        with CaptureQueriesContext(connection) as asked:
            acting.of(rows)
        return len(asked)

    assert statements(1) == statements(5) == 1
