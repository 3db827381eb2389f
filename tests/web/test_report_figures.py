"""The figures of reports as files: what is in them, for whom, and that nothing in them runs."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import OperationalError
from django.test import Client

from commitments import services
from commitments.models import Membership, Role, Team
from commitments.reports import breaks, kept, rolling
from tests import makers
from tests.makers import HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NAMES = ("kept", "ratings", "workload", "causes", "values")


def rows(client: Client, name: str, query: str = "") -> list[list[str]]:
    answer = client.get(f"/reports/{name}.csv{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def ines() -> Client:
    makers.a_team()
    return pages.signed_in(makers.ines())


@pytest.mark.parametrize("name", NAMES)
def test_a_report_about_nothing_is_a_file_with_its_head(ines: Client, name: str) -> None:
    head, *figures = rows(ines, name)

    assert head == ["Figures", "Of", "What", "Figure"]
    assert all(len(row) == 4 for row in figures)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_leads_to_its_file_for_the_same_choices(ines: Client, name: str) -> None:
    page = ines.get(f"/reports/{name}/?since=2026-05-01&until=2026-05-20").content.decode()

    url = f"/reports/{name}.csv?since=2026-05-01&until=2026-05-20"
    assert f'href="{url.replace("&", "&amp;")}"' in page
    assert ines.get(url)["Content-Disposition"] == (
        f'attachment; filename="{name}-2026-05-01-to-2026-05-20.csv"'
    )


@pytest.mark.parametrize("name", NAMES)
def test_days_in_the_wrong_order_are_answered_with_a_sentence(ines: Client, name: str) -> None:
    refused = ines.get(f"/reports/{name}.csv?since=2026-05-20&until=2026-05-01")

    assert refused.status_code == 422
    assert "Export CSV" not in pages.text(refused)  # it would be refused again


@pytest.mark.parametrize("name", NAMES)
def test_another_teams_figures_do_not_exist(ines: Client, name: str) -> None:
    repairs = Team.objects.create(name="Repairs", calendar=makers.a_team().calendar)

    theirs = ines.get(f"/reports/{name}.csv?team={repairs.pk}")
    invented = ines.get(f"/reports/{name}.csv?team=999999")

    assert theirs.status_code == invented.status_code == 404
    assert Client().get(f"/reports/{name}.csv").status_code == 302


def test_what_a_team_is_called_is_never_run(ines: Client) -> None:
    Team.objects.filter(pk=makers.a_team().pk).update(name="=1+1")
    Membership.objects.filter(role=Role.MANAGER).update(team=Team.objects.get())
    made = makers.a_commitment(team=Team.objects.get(), due_at=NOON + HOUR)
    services.fulfil(made.pk, by=makers.ana(), how="Sent", now=NOON)
    rolling.run(NOON + MINUTE)

    named = {row[1] for row in rows(ines, "kept") if row[0] == "By team"}

    assert named == {"'=1+1"}


def test_counts_are_plain_numbers(ines: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = breaks.Broke(cause="", label="Nobody has said why yet", promises=1234567, customers=1)
    monkeypatch.setattr(breaks, "causes", lambda _: (found,))

    copied = {row[2]: row[3] for row in rows(ines, "causes") if row[0] == "Causes"}

    assert copied == {"Promises": "1234567", "Customers": "1"}  # and no way to a review


def test_half_of_the_figures_are_no_file(ines: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def trouble(*args: object, **more: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(kept, "time_to_keep", trouble)

    answer = ines.get("/reports/kept.csv")

    assert answer.status_code == 503
    assert "These figures could not be worked out." in pages.text(answer)


def test_an_agent_is_given_their_own_figures_alone(ines: Client, client: Client) -> None:
    for owner in (makers.ana(), makers.dev()):
        makers.a_commitment(owner_id=owner.pk)

    people = {row[1] for row in rows(client, "workload") if row[0] == "Open"}

    assert people == {"Ana Moreno"}
