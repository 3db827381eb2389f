"""Thanking a colleague on a promise's page, and reading thanks again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import messages, services
from commitments.models import Commitment, Membership, Role, Thanks
from notifications import delivery
from tests import makers
from tests.makers import HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MINE = "/me/thanks/"
NOTE = "You called Tom twice <b>in one day</b>."


@pytest.fixture
def kept(kettle: Commitment) -> Commitment:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON - MINUTE)
    return kettle


@pytest.fixture
def lead() -> Client:
    makers.a_team()
    return pages.signed_in(makers.dev())


def path(commitment: Commitment) -> str:
    return f"/promises/{commitment.reference}/thank/"


def thank(client: Client, commitment: Commitment, **given: object) -> object:
    said = {"once": "k", "whom": makers.ana().pk, "note": NOTE, "seen_by": "shared"} | given
    return client.post(path(commitment), said, follow=True)


def thanks_of(commitment: Commitment, *, shared: bool, now: object = NOON) -> None:
    services.thank(
        commitment.pk,
        by=makers.dev(),
        owner_id=makers.ana().pk,
        note=NOTE,
        shared=shared,
        now=now,  # type: ignore[arg-type]  # an instant
    )


def test_the_page_of_a_kept_promise_leads_to_thanks(lead: Client, kept: Commitment) -> None:
    assert path(kept) in lead.get(f"/promises/{kept.reference}/").content.decode()


def test_the_owner_is_chosen_beforehand_and_oneself_is_no_choice(
    lead: Client, client: Client, kept: Commitment
) -> None:
    theirs = lead.get(path(kept)).content.decode()
    own = client.get(path(kept)).content.decode()

    assert f'<option value="{makers.ana().pk}" selected>Ana Moreno</option>' in theirs
    assert "Dev Shah</option>" not in theirs
    assert "Ana Moreno</option>" not in own


def test_shared_thanks_are_read_by_the_team_on_the_history(
    lead: Client, client: Client, kept: Commitment
) -> None:
    page = thank(lead, kept)

    assert "Ana is told, and your team can read it here." in pages.text(page)
    history = pages.text(client.get(f"/promises/{kept.reference}/"))
    assert f"Dev thanked Ana Moreno Team only Today, 12:00 noon {NOTE}" in history


def test_private_thanks_are_read_by_the_two_alone(
    lead: Client, client: Client, ines: Client, kept: Commitment
) -> None:
    thank(lead, kept, seen_by="private")

    promise = f"/promises/{kept.reference}/"
    assert f"Dev thanked you The two of you Today, 12:00 noon {NOTE}" in pages.text(
        client.get(promise)
    )
    assert "You thanked Ana Moreno The two of you" in pages.text(lead.get(promise))
    for others in (MINE + "?of=team", promise):
        assert NOTE not in pages.text(ines.get(others))


def test_an_administrator_does_not_read_private_thanks(kept: Commitment) -> None:
    thanks_of(kept, shared=False)
    sam = makers.a_user("Sam Root", is_superuser=True)

    page = pages.signed_in(sam).get(f"/promises/{kept.reference}/")

    assert NOTE not in pages.text(page)
    assert not Thanks.objects.visible_to(sam).exists()


def test_the_customers_page_never_shows_thanks(kept: Commitment) -> None:
    thanks_of(kept, shared=True)

    page = Client().get(messages.status_path(kept.conversation, now=NOON))

    assert page.status_code == 200
    assert NOTE not in pages.text(page)
    assert "thanked" not in pages.text(page)


def test_the_bell_of_the_one_who_is_thanked_holds_it(client: Client, kept: Commitment) -> None:
    thanks_of(kept, shared=False)
    delivery.run(NOON)

    bell = pages.text(client.get("/reminders/"))

    assert "Thanks 1 Dev Shah thanks you: Send the kettle's replacement part" in bell
    assert NOTE in bell


def test_ones_own_list_has_three_sides(lead: Client, client: Client, kept: Commitment) -> None:
    thanks_of(kept, shared=False)

    to_me = pages.text(client.get(MINE))
    assert f"Dev Shah thanked you The two of you Today, 12:00 noon {NOTE}" in to_me
    assert "For Send the kettle's replacement part , promised to Tom Okafor" in to_me
    assert NOTE in pages.text(lead.get(MINE + "?of=from-me"))
    assert "Nothing here yet" in pages.text(lead.get(MINE))
    assert "Nothing is shared yet" in pages.text(client.get(MINE + "?of=team"))


def test_an_unknown_side_of_the_list_is_ones_own(client: Client) -> None:
    assert "Nothing here yet" in pages.text(client.get(MINE + "?of=%00everybody"))


def test_whoever_left_the_team_keeps_the_thanks_and_loses_the_promise(
    client: Client, kept: Commitment
) -> None:
    thanks_of(kept, shared=True)
    Membership.objects.filter(user=makers.ana()).delete()

    page = pages.text(client.get(MINE))

    assert NOTE in page
    assert "For a promise of a team that you are not in now" in page
    assert "kettle" not in page


def test_another_team_reads_nothing_of_it(kept: Commitment) -> None:
    thanks_of(kept, shared=True)
    makers.a_team("Moves")
    noor = makers.a_user("Noor Haddad")
    Membership.objects.create(user=noor, team=makers.a_team("Moves"), role=Role.AGENT)
    stranger = pages.signed_in(noor)

    assert NOTE not in pages.text(stranger.get(MINE + "?of=team"))
    assert stranger.get(path(kept)).status_code == 404
    assert stranger.post(path(kept), {"once": "k"}).status_code == 404


def test_sent_twice_it_is_said_once(lead: Client, kept: Commitment) -> None:
    thank(lead, kept)
    thank(lead, kept)

    assert Thanks.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"whom": ""}, "Choose a colleague."),
        ({"whom": "0"}, "Choose somebody of this team."),
        ({"whom": "x"}, "Choose somebody of this team."),
        ({"note": " "}, "Write a sentence: what did they do?"),
        ({"note": "a\x00b"}, "Your thanks"),
        ({"note": "x" * 1001}, "Your thanks"),
        ({"seen_by": ""}, "Choose who reads it."),
        ({"seen_by": "the customer"}, "Choose one of the answers offered"),
    ],
    ids=["nobody", "a stranger", "no number", "silence", "nul", "a book", "0", "customer"],
)
def test_what_will_not_do_is_refused_with_its_words_kept(
    lead: Client, kept: Commitment, given: dict[str, str], refusal: str
) -> None:
    page = thank(lead, kept, **given)

    assert page.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert refusal in pages.text(page)
    assert pages.title(page).startswith("Error: ")
    assert not Thanks.objects.exists()


def test_the_list_asks_as_much_for_a_page_of_thanks_as_for_one(
    client: Client, kept: Commitment
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MINE).status_code == 200
        return len(queries)

    thanks_of(kept, shared=True)
    asked()
    few = asked()
    for number in range(30):
        another = makers.a_commitment(wording=f"Send part {number}", now=NOON - HOUR)
        services.fulfil(another.pk, by=makers.ana(), how="Sent", now=NOON - MINUTE)
        thanks_of(another, shared=True)

    assert asked() == few
    assert few <= 9
