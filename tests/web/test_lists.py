from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db
ALL = "/promises/"


def another_teams() -> Commitment:
    """A promise of a team that Ines has nothing to do with."""
    moves = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    mover = makers.a_user("Mia Mover")
    makers.Membership.objects.create(user=mover, team=moves, role=makers.Role.AGENT)
    draft = makers.a_draft(
        team=moves, owner_id=mover.pk, wording="Book the van", due_at=NOON - HOUR
    )
    return services.make(draft, by=mover, now=NOON - DAY)


def late(**fields: object) -> Commitment:
    return makers.a_commitment(**{"due_at": NOON - HOUR, "now": NOON - DAY} | fields)  # type: ignore[arg-type]  # a draft's own fields


def test_everything_one_may_see_is_listed_and_nothing_else(ines: Client) -> None:
    makers.a_commitment()
    another_teams()

    said = pages.text(ines.get(ALL))

    assert "One promise" in said
    assert "Send the kettle's replacement part" in said
    assert "Book the van" not in said


def test_nothing_found_says_so_and_leads_back(ines: Client) -> None:
    assert "Nothing matches these filters" in pages.text(ines.get(ALL, {"q": "zzz"}))


@pytest.mark.parametrize(
    "asked",
    [{"team": "30000000"}, {"owner": "x"}, {"team": "\x00"}, {"kind": "-1"}, {"page": "999"}],
)
def test_asked_for_what_does_not_exist_the_list_says_so(
    ines: Client, asked: dict[str, str]
) -> None:
    late()

    page = ines.get(ALL, asked)

    assert page.status_code == 200
    assert ("so nothing is listed" in pages.text(page)) is ("page" not in asked)
    assert ("Send the kettle's replacement part" in pages.text(page)) is ("page" in asked)


def test_an_auditor_owns_nothing_and_is_no_owner_to_choose(ines: Client) -> None:
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)

    page = ines.get(ALL).content.decode()

    assert ">Ana Moreno</option>" in page
    assert ">Dev Shah</option>" not in page


def test_the_number_of_queries_does_not_depend_on_the_promises(ines: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ines.get(ALL).status_code == 200
        return len(queries)

    late()
    few = asked()
    for _ in range(6):
        late()

    assert asked() == few


def test_pages_follow_one_another(ines: Client) -> None:
    for number in range(51):
        late(wording=f"Number {number}")

    first, second = ines.get(ALL), ines.get(ALL, {"page": "2"})

    assert "1 to 50 of 51" in pages.text(first)
    assert "51 to 51 of 51" in pages.text(second)
