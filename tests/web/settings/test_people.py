"""Settings, People: invited by link or mail, and what they owe when they leave."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commitments import policies
from commitments.models import (
    Team,
    User,
)
from notifications.models import Delivery
from tests.commitments.ladders import rung
from tests.makers import NOON, a_commitment, a_team, ana, dev, fresh, ines
from tests.web.pages import signed_in, text

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def invite(ada: Client, **said: str) -> Any:
    page = ada.get("/settings/people/new/")
    asked = {"name": "Omar Aziz", "email": "omar@larkfield.example", "zone": "Europe/London"}
    return press(ada, page, **(asked | said))


def test_where_no_mail_leaves_the_house_the_link_is_shown_and_works(ada: Client) -> None:
    went = invite(ada)
    omar = User.objects.get(email="omar@larkfield.example")

    shown = ada.post(went["Location"], {"press": "link"})

    link = shown.content.decode().partition('class="secret" tabindex="0">')[2].partition("<")[0]
    assert link.startswith("http://")
    assert not omar.has_usable_password()
    path = "/" + link.split("/", 3)[3]
    guest = Client()
    form = guest.get(path, follow=True)
    guest.post(
        form.request["PATH_INFO"],
        {"password1": "gentle-otter-41", "password2": "gentle-otter-41"},
    )
    assert User.objects.get(pk=omar.pk).check_password("gentle-otter-41")


def test_where_it_does_they_are_written_to(ada: Client, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.larkfield.example:25"

    went = invite(ada)

    person = ada.get(went["Location"])
    assert "A mail to omar@larkfield.example is on its way." in text(person)
    assert Delivery.objects.get().template == "invitation"


def test_pressed_twice_it_is_one_person(ada: Client) -> None:
    page = ada.get("/settings/people/new/")
    said = {"name": "Omar Aziz", "email": "omar@larkfield.example", "zone": "UTC"}

    first, second = press(ada, page, **said), press(ada, page, **said)

    assert first["Location"] == second["Location"]
    assert User.objects.filter(name="Omar Aziz").count() == 1


def test_the_only_administrator_stays_one(ada: Client) -> None:
    me = User.objects.get(email="ada@larkfield.example")
    page = ada.get(f"/settings/people/{me.pk}/")
    data = fields(page) | {"press": ["save"]}
    data.pop("is_administrator")

    refused = ada.post(f"/settings/people/{me.pk}/", data)

    assert refused.status_code == 422
    assert "Ada Lowe is the only administrator" in text(refused)


def test_before_somebody_leaves_their_promises_are_listed_and_handed_over(ada: Client) -> None:
    kettle = a_commitment()
    address = f"/settings/people/{ana().pk}/switch-off/"
    page = ada.get(address)
    refused = press(ada, page)

    press(ada, refused, **{f"team__{a_team().pk}": str(dev().pk)})

    assert "Somebody takes over one open promise" in text(page)
    assert kettle.wording in text(page)
    assert refused.status_code == 422
    assert fresh(kettle).owner == dev()
    assert not ana().is_active
    assert signed_in(dev()).get(f"/promises/{kettle.reference}/").status_code == 200


def test_what_else_counts_on_them_is_said(ada: Client) -> None:
    Team.objects.update(lead_fallback=ines())
    policies.make("Named", steps=[rung(0, 0, f"person:{ines().pk}")], by=None, now=NOON)

    words = text(ada.get(f"/settings/people/{ines().pk}/switch-off/"))

    assert "They are the fallback of Billing care." in words
    assert "Named names them in a step." in words
