"""Settings: for administrators only; as many queries for many as for one; the first day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import policies
from commitments.models import (
    Calendar,
    Holiday,
    Kind,
    Membership,
    Policy,
    Role,
    Team,
)
from tests.commitments.ladders import rung
from tests.makers import DAY, NOON, a_commitment, a_team, a_user, ana
from tests.web.pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LISTS = [
    "",
    "teams/",
    "people/",
    "kinds/",
    "hours/",
    "holidays/",
    "escalation/",
    "channels/",
    "webhooks/",
    "messages/",
    "customer-page/",
    "help-desks/",
]
FRIDAY = date(2026, 5, 22)


def addresses() -> list[str]:
    """Every page that shows something."""
    team, person = a_team(), ana()
    day, _ = Holiday.objects.get_or_create(calendar=team.calendar, on=FRIDAY, name="Closed")
    kind, policy = Kind.objects.get(code="refund"), Policy.objects.get(name="Usual")
    return [
        *LISTS,
        "teams/new/", f"teams/{team.pk}/", f"teams/{team.pk}/retire/", f"teams/{team.pk}/delete/",
        f"teams/{team.pk}/bring-back/",
        "people/new/", f"people/{person.pk}/", f"people/{person.pk}/switch-off/",
        f"people/{person.pk}/delete/",
        "kinds/new/", f"kinds/{kind.pk}/", f"kinds/{kind.pk}/retire/", f"kinds/{kind.pk}/delete/",
        f"kinds/{kind.pk}/bring-back/",
        "hours/new/", f"hours/{team.calendar_id}/", f"hours/{team.calendar_id}/delete/",
        "holidays/add/", "holidays/country/", "holidays/file/", f"holidays/{day.pk}/",
        f"holidays/{day.pk}/remove/",
        "escalation/new/", f"escalation/{policy.pk}/", f"escalation/{policy.pk}/rehearse/",
        "webhooks/new/", "help-desks/new/",
        "messages/done/en/", "messages/check_in/es/", "messages/done/en/look/standard/",
    ]  # fmt: skip


def test_every_page_opens_for_an_administrator(ada: Client) -> None:
    opened = {each: ada.get(f"/settings/{each}").status_code for each in addresses()}

    assert set(opened.values()) == {200}


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.MANAGER, Role.AUDITOR])
def test_nobody_else_may_open_any_of_them(role: str) -> None:
    Membership.objects.create(user=a_user("Noor Aziz"), team=a_team(), role=role)
    noor = signed_in(a_user("Noor Aziz"))

    seen = {each: noor.get(f"/settings/{each}") for each in addresses()}

    assert {each.status_code for each in seen.values()} == {403}
    assert "This page is not for you" in text(seen["teams/"])
    assert noor.post("/settings/kinds/", {"once": "1"}).status_code == 403


def test_strangers_are_sent_to_sign_in() -> None:
    a_team()

    assert Client().get("/settings/").status_code == 302


@pytest.mark.parametrize("address", LISTS)
def test_as_many_queries_for_many_as_for_one(ada: Client, address: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ada.get(f"/settings/{address}").status_code == 200
        return len(captured)

    a_commitment()
    closed = Holiday.objects.create(calendar=a_team().calendar, on=FRIDAY, name="Closed")
    count()
    one = count()
    for number in range(5):
        week = Calendar.objects.create(name=f"Week {number}", zone="UTC")
        team = Team.objects.create(name=f"Team {number}", calendar=week)
        Membership.objects.create(user=a_user(f"p{number} Name"), team=team)
        Holiday.objects.create(calendar=week, on=closed.on + number * DAY, name="Closed")
        policies.make(f"Policy {number}", steps=[rung(0, 0)], by=None, now=NOON)
        a_commitment(case=str(number))

    assert count() == one


def test_the_first_day_says_what_is_missing(ada: Client) -> None:
    Membership.objects.filter(role__in=[Role.LEAD, Role.MANAGER]).delete()
    Kind.objects.all().delete()

    words = text(ada.get("/settings/"))

    assert "2 things left before your first day" in words
    assert "Billing care has no lead, no fallback and no manager." in words
    assert "Add the usual kinds." in words
