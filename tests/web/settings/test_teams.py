"""Settings, Teams: somebody is always reached, and rows may be added without a script."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import (
    Team,
)
from tests.makers import NOON, a_commitment, a_team, ana, dev
from tests.web.pages import signed_in, text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def address() -> str:
    return f"/settings/teams/{a_team().pk}/"


def test_a_new_team_with_its_lead(ada: Client) -> None:
    calendar = str(a_team().calendar_id)
    page = ada.get("/settings/teams/new/")
    more = press(
        ada, page, "add", name="Moves", calendar=calendar,
        seat__0__user=str(dev().pk), seat__0__role="lead",
    )  # fmt: skip

    press(ada, more, seat__1__user=str(ana().pk))

    moves = Team.objects.get(name="Moves")
    assert [(m.user, m.role) for m in moves.memberships.order_by("pk")] == [
        (dev(), "lead"),
        (ana(), "agent"),
    ]


def test_the_last_who_can_be_asked_stays_and_the_form_is_kept(ada: Client) -> None:
    page = ada.get(address())
    gone = {f"seat__{n}__DELETE": "on" for n in (1, 2)}

    refused = press(ada, page, name="Billing", **gone)

    assert refused.status_code == 422
    assert "Billing care would have no lead, no fallback and no manager" in text(refused)
    assert fields(refused)["name"] == ["Billing"]
    assert a_team().memberships.count() == 3


def test_rows_that_no_browser_sends_break_nothing(ada: Client) -> None:
    page = ada.get(address())

    for said in (
        {"seat__TOTAL_FORMS": "x"}, {"seat__0__user": "999999999"}, {"seat__0__role": "king"},
        {"seat__0__daily_capacity": "-5"}, {"seat__TOTAL_FORMS": "100000"},
    ):  # fmt: skip
        assert press(ada, page, **said).status_code == 422
    assert a_team().memberships.count() == 3


def test_one_that_promised_something_cannot_be_deleted(ada: Client) -> None:
    a_commitment()

    refused = press(ada, ada.get(f"{address()}delete/"))

    assert refused.status_code == 422
    assert "It can be retired, not deleted" in text(refused)
    assert Team.objects.count() == 1


def test_a_retired_one_is_offered_for_no_new_promise(ada: Client) -> None:
    a_team("Moves")
    press(ada, ada.get(f"{address()}retire/"))

    offered = signed_in(ana()).get("/promises/new/").content.decode()

    assert Team.objects.get(name="Billing care").retired_at == NOON
    assert "Billing care</option>" not in offered
