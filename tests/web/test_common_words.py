"""Of words that many promises have, a list looks through the newest only, and says so."""

from __future__ import annotations

import csv
import io

import pytest
from django.conf import LazySettings
from django.test import Client

from commitments.models import Commitment, Membership, Role, Team
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages
from tests.web.test_all_promises import ALL, listed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
MANY = 12
CUT = "only the newest 4 were looked through"


@pytest.fixture
def house(settings: LazySettings) -> list[Commitment]:
    """Twelve promises of a kettle, the newest last; a list looks through four."""
    settings.COMMITMENTS_LENGTHS = {"searched_at_most": 4}
    return [
        makers.a_commitment(
            wording=f"Kettle {number}", due_at=NOON + number * HOUR + HOUR, now=NOON - DAY
        )
        for number in range(MANY)
    ]


@pytest.fixture
def client(house: list[Commitment]) -> Client:
    return pages.signed_in(makers.ines())


@pytest.mark.parametrize("administrator", [False, True])
@pytest.mark.parametrize("words", ["kettle", "kettle okafor"])
def test_a_common_word_is_looked_for_among_the_newest(
    house: list[Commitment], words: str, administrator: bool
) -> None:
    reader = makers.a_user("Ada Admin", is_superuser=True) if administrator else makers.ines()

    page = pages.signed_in(reader).get(ALL, {"q": words})

    assert listed(page) == ["Kettle 8", "Kettle 9", "Kettle 10", "Kettle 11"]
    assert CUT in pages.text(page)


def test_each_team_has_its_own_newest(house: list[Commitment]) -> None:
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.ines(), team=moves, role=Role.MANAGER)
    Commitment.objects.filter(pk__in=[each.pk for each in house[:3]]).update(team=moves)

    page = pages.signed_in(makers.ines()).get(ALL, {"q": "kettle"})

    assert listed(page) == ["Kettle 1", "Kettle 2", "Kettle 10", "Kettle 11"]


def test_a_rarer_word_beside_it_finds_old_ones(client: Client, house: list[Commitment]) -> None:
    Commitment.objects.filter(pk=house[0].pk).update(wording="Kettle and gasket")

    page = client.get(ALL, {"q": "kettle gasket"})

    assert listed(page) == ["Kettle and gasket"]
    assert CUT not in pages.text(page)


@pytest.mark.parametrize("narrowed", [{"state": "today"}, {"owner": "ana"}])
def test_where_few_are_left_all_of_them_are_looked_through(
    client: Client, narrowed: dict[str, str]
) -> None:
    ana = str(makers.ana().pk)
    asked = {name: ana if value == "ana" else value for name, value in narrowed.items()}

    page = client.get(ALL, {"q": "kettle"} | asked)

    assert listed(page)[:2] == ["Kettle 0", "Kettle 1"]
    assert len(listed(page)) > 4
    assert CUT not in pages.text(page)


def test_a_reference_is_found_whatever_is_common(client: Client, house: list[Commitment]) -> None:
    assert listed(client.get(ALL, {"q": house[0].reference})) == ["Kettle 0"]


def test_the_export_holds_all_of_them(client: Client) -> None:
    answer = client.get("/promises/export/", {"q": "kettle"})
    sent = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a test response

    rows = list(csv.reader(io.StringIO(sent)))
    assert len(rows) == 1 + MANY + 1  # above them what each column is, below that it is all of them
    assert rows[-1][:2] == ["End of the export", f"{MANY} promises"]


def test_where_there_are_no_more_nothing_is_said(client: Client, settings: LazySettings) -> None:
    settings.COMMITMENTS_LENGTHS = {"searched_at_most": MANY}

    page = client.get(ALL, {"q": "kettle"})

    assert len(listed(page)) == MANY
    assert "were looked through" not in pages.text(page)
