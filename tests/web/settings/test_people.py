"""Settings, People: invited by link or mail, and what they owe when they leave."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client

from commitments import policies
from commitments.models import (
    Team,
    User,
)
from notifications.models import Delivery
from tests.commitments.ladders import rung
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, a_team, ana, dev, fresh, ines
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


def a_link(ada: Client, person: User) -> str:
    """The path of a link to hand over."""
    shown = ada.post(f"/settings/people/{person.pk}/", {"press": "link"})
    link = shown.content.decode().partition('class="secret" tabindex="0">')[2].partition("<")[0]
    return "/" + link.split("/", 3)[3]


def test_the_log_tells_by_ids_whom_an_administrator_let_in(
    ada: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="followthrough.security")
    me = User.objects.get(email="ada@larkfield.example")
    caplog.clear()

    invite(ada)
    omar = User.objects.get(email="omar@larkfield.example")
    a_link(ada, omar)

    assert [record.getMessage() for record in caplog.records] == [
        f"link for a password made user={omar.pk} by={me.pk}"
    ]


def asks_for_a_password(path: str) -> bool:
    return 'name="password1"' in Client().get(path, follow=True).content.decode()


def test_an_invitation_waits_for_a_week(ada: Client, traveller: time_machine.Traveller) -> None:
    invite(ada)
    omar = User.objects.get(email="omar@larkfield.example")
    path = a_link(ada, omar)

    traveller.move_to(NOON + 7 * DAY - MINUTE)
    assert asks_for_a_password(path)
    traveller.move_to(NOON + 7 * DAY + MINUTE)
    assert not asks_for_a_password(path)


def test_a_link_for_a_forgotten_password_lives_for_an_hour(
    ada: Client, traveller: time_machine.Traveller
) -> None:
    omar = ana()
    omar.set_password("gentle-otter-41")
    omar.save()
    path = a_link(ada, omar)

    traveller.move_to(NOON + HOUR - MINUTE)
    assert asks_for_a_password(path)
    traveller.move_to(NOON + HOUR + MINUTE)
    assert not asks_for_a_password(path)


def test_how_long_a_link_works_is_said_before_it_is_made(ada: Client) -> None:
    page = text(ada.get(invite(ada)["Location"]))

    assert "A link lets Omar choose a password. It works for 7 days." in page


def test_where_it_does_they_are_written_to(ada: Client, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.larkfield.example:25"

    went = invite(ada)

    person = ada.get(went["Location"])
    assert "A mail to omar@larkfield.example is on its way." in text(person)
    sent = Delivery.objects.get()
    assert sent.template == "invitation"
    written = render_to_string("messages/invitation/body.txt", sent.context)
    assert "Choose your password here, within 7 days: http" in written
    assert sent.expires_at == NOON + 7 * DAY


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
