"""Whatever stands in the address of a report, its export, its list or its answer to programs: it is
answered by a page or a sentence, never by a fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import pytest
from django.test import Client

from commitments.models import ApiToken, Membership, Role, User
from commitments.reports import rolling
from tests import makers
from tests.makers import MINUTE, NOON
from tests.web import pages, reported

pytestmark = pytest.mark.django_db

FRAME = ("team", "owner", "kind", "since", "until")
LISTS = ("counted", "weekday", "times", "cause", "state")
# Each page with the names that it reads.
PAGES = {
    "/reports/overdue/": (*FRAME, "agent", "sort", "page"),
    "/reports/overdue.csv": FRAME,
    "/reports/overdue.xlsx": FRAME,
    "/reports/kept.csv": FRAME,
    "/reports/kept/": FRAME,
    "/reports/ratings.csv": (*FRAME, "happened", "rating"),
    "/reports/ratings/": (*FRAME, "happened", "rating", "open", "page"),
    "/reports/workload.csv": FRAME,
    "/reports/workload/": FRAME,
    "/reports/causes.csv": FRAME,
    "/reports/causes/": FRAME,
    "/reports/values.csv": FRAME,
    "/reports/values/": (*FRAME, "page"),
    "/reports/reviews/": ("page",),
    "/reports/reviews/new/": ("cause", "pick", "all"),
    "/me/thanks/": ("of", "page"),
    "/promises/": (*FRAME, *LISTS),
    "/promises/export/": (*FRAME, *LISTS, "as", "selected"),
}
HOSTILE = ("abc", "9" * 400, "\x00", "9999-12-31")
TOGETHER = (
    "since=0001-01-01&until=9999-12-31",
    "since=2000-01-01&until=2002-12-31",
    "since=2199-12-01&until=2199-12-31",
    "until=2000-01-01",
    "since=2026-05-31&until=2026-05-01",
    "since=2026-05-01&since=x&team=x&team=y",
    "counted=broke&weekday=7&hour=24&times=3",
    "counted=broke&weekday=9999999999999999999999&cause=none",
    "counted=kept-all&since=0001-01-01&until=9999-12-31",
    "counted=kept-done&since=2026-05-01",
    "counted=watched&owner=999999",
    "cause=%00&since=2026-05-01",
    "cause=%ed%a0%80",
    "%00=%00",
)


def faults_of(client: Client, page: str, names: Sequence[str]) -> list[str]:
    assert client.get(page).status_code == 200
    single = [urlencode({name: value}) for name in names for value in HOSTILE]
    asked = [*single, *(TOGETHER if "team" in names else ())]
    return [query for query in asked if client.get(f"{page}?{query}").status_code >= 500]


def everybody() -> list[User]:
    """A manager, an agent, an auditor, an administrator, and somebody who is in no team."""
    team = makers.a_team()
    noor = makers.a_user("Noor Haddad")
    Membership.objects.create(user=noor, team=team, role=Role.AUDITOR)
    root = makers.a_user("Root Admin", is_superuser=True)
    return [makers.ines(), makers.ana(), noor, root, makers.a_user("Mia Mover")]


@pytest.fixture
def some() -> None:
    makers.a_team()
    reported.replied(reported.kept_late(), rating=2, words="Late", still_open=True)
    reported.made(0.25)
    rolling.run(NOON + MINUTE)


@pytest.mark.parametrize("page", PAGES)
def test_no_address_of_a_page_is_a_fault(some: None, page: str) -> None:
    ines = pages.signed_in(makers.ines())

    assert faults_of(ines, page, PAGES[page]) == []


@pytest.mark.parametrize("name", ["overdue", "kept", "ratings", "causes", "workload", "values"])
def test_no_address_of_a_program_is_a_fault(some: None, name: str) -> None:
    _, secret = ApiToken.issue(user=makers.ines(), now=NOON)
    program = Client(headers={"authorization": f"Bearer {secret}"})

    assert faults_of(program, f"/api/v1/reports/{name}/", (*FRAME, "by")) == []


@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_everybody_also_about_nothing(page: str) -> None:
    clients = {user.first_name: pages.signed_in(user) for user in everybody()}

    answers = {name: client.get(page).status_code for name, client in clients.items()}

    assert set(answers.values()) <= {200, 302, 403, 404}


@pytest.mark.parametrize(
    "day", ["9999-12-31", "0001-01-01", "2026-13-01", "\x00", "", "2199-12-31", "1e9"]
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_no_day_of_a_decision_is_a_fault(day: str, zone: str) -> None:
    team = makers.a_team(zone=zone)
    dev = pages.signed_in(makers.dev())
    said = {"title": "Storm", "happened": "Mails lay.", "why": "", "team": team.pk, "promises": ""}
    dev.post("/reports/reviews/new/", said | {"once": "k"})
    review = team.reviews.get()

    answer = dev.post(
        f"/reports/reviews/{review.pk}/decide/",
        {"once": "k2", "wording": "Watch it", "owner": makers.ana().pk, "day": day},
    )

    assert answer.status_code == 422
    assert not review.decisions.exists()


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_a_review_that_is_none_is_not_found(client: Client, pk: str) -> None:
    dev = pages.signed_in(makers.dev())

    assert dev.get(f"/reports/reviews/{pk}/").status_code == 404
    for beneath in ("edit/", "decide/", "promises/", "promises/XXXXX/leave-out/"):
        assert dev.post(f"/reports/reviews/{pk}/{beneath}", {}).status_code == 404
