"""The administrator's first day, through the pages: hours, team, people, holidays, a ladder with a
warning mended, a rehearsal; and then the agent is offered a form for the first promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from commitments.models import Calendar, Commitment, Holiday, Kind, Policy, Team, User
from tests.web.pages import signed_in, text
from tests.web.settings.forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = datetime(2026, 5, 21, 8, tzinfo=UTC)  # a Thursday; Monday is a bank holiday


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def invite(ada: Client, name: str, *, team: str, role: str) -> User:
    email = f"{name.split(maxsplit=1)[0].lower()}@larkfield.example"
    page = ada.get("/settings/people/new/")
    press(ada, page, name=name, email=email, zone="Europe/London", team=team, role=role)
    return User.objects.get(email=email)


def test_from_an_empty_house_to_a_form_for_the_first_promise() -> None:
    person = User.objects.create_superuser(
        "ada@larkfield.example", "x", name="Ada Lowe", zone="Europe/London"
    )
    ada = signed_in(person)
    assert "5 things left before your first day" in text(ada.get("/settings/"))

    # Hours, as the form offers them, in the house's own zone.
    press(ada, ada.get("/settings/hours/new/"), name="Usual week")
    calendar = Calendar.objects.get()
    assert (calendar.zone, calendar.hours().weekly[0]) == ("Europe/London", ((540, 1050),))

    # A team, and an agent in it. Nobody could be asked for help yet, and the page says so.
    page = ada.get("/settings/teams/new/")
    press(ada, page, name="Billing care", calendar=str(calendar.pk))
    team = Team.objects.get()
    invite(ada, "Ana Moreno", team=str(team.pk), role="agent")
    press(ada, ada.get("/settings/kinds/"))
    assert Kind.objects.count() == 10
    home = text(ada.get("/settings/"))
    assert "Billing care has no lead, no fallback and no manager." in home

    # The ladder's linter warns of the same; a lead and a manager mend it.
    warned = text(ada.get("/settings/escalation/"))
    assert "Billing care has no lead, no fallback and no manager" in warned
    invite(ada, "Dev Shah", team=str(team.pk), role="lead")
    invite(ada, "Ines Duarte", team=str(team.pk), role="manager")
    mended = text(ada.get("/settings/escalation/"))
    assert "has no lead" not in mended
    assert "Step 4 tells the customer without words of yours" in mended

    # And words for the customer mend the other warning, after a preview.
    policy = Policy.objects.get(name="Usual")
    address = f"/settings/escalation/{policy.pk}/"
    said = {"3__words": "It takes longer than we said, and we are working on it."}
    looked = press(ada, ada.get(address), "preview", form="based_on", **said)
    assert "without words of yours" not in text(looked)
    press(ada, looked, form="based_on")
    assert policy.latest().number == 2

    # Public holidays, looked at before they are kept.
    plan = press(
        ada, ada.get("/settings/holidays/country/"), "preview",
        country="GB", region="ENG", first_year="2026", years="1",
    )  # fmt: skip
    ada.post("/settings/holidays/plan/", fields(plan) | {"press": ["save"]})
    assert Holiday.objects.filter(on=date(2026, 5, 25)).exists()
    tried = ada.get(f"/settings/hours/{calendar.pk}/?try=within+2+working+days")
    assert "Tue 26 May, 5:30 pm" in text(tried)

    # A rehearsal shows who hears of it, and keeps nothing.
    refund = str(Kind.objects.get(code="refund").pk)
    played = press(ada, ada.get(f"{address}rehearse/"), "rehearse", kind=refund, days="14")
    words = text(played)
    assert "Version 2, owned by Ana Moreno, due Tue 26 May, 5:00 pm" in words
    assert "Dev Shah:" in words
    assert "It takes longer than we said" in words
    assert not Commitment.objects.exists()

    # Nothing is left to do, and Ana is offered the kinds for her first promise.
    assert "Everything a day of promises needs is here." in text(ada.get("/settings/"))
    ana = signed_in(User.objects.get(name="Ana Moreno"))
    form = ana.get("/promises/new/?customer=&q=")
    assert form.status_code == 200
    assert "Refund" in form.content.decode()
