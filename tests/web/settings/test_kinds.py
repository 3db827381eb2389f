"""Settings, Kinds of promises: the live line, kept text, one deed, retiring."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from commitments import services
from commitments.models import (
    CheckIn,
    Holiday,
    Kind,
    Policy,
)
from tests.makers import DAY, NOON, a_commitment, a_team, ana
from tests.web.pages import text, title

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOSTILE = "<b>x</b>\u202e" + "w" * 200


def refunds_page() -> str:
    return f"/settings/kinds/{Kind.objects.get(code='refund').pk}/"


def test_the_live_line_says_when_it_would_be_due(ada: Client) -> None:
    Holiday.objects.create(calendar=a_team().calendar, on=date(2026, 5, 25), name="Holiday")

    page = ada.get(refunds_page())

    assert "Logged now, a Refund would be due Tue 26 May, 5:00 pm" in text(page)


def test_it_follows_what_is_typed_and_saves_nothing(ada: Client) -> None:
    page = ada.get(refunds_page())

    plain = press(ada, page, "preview", usual_length="4")
    data = fields(page) | {"press": ["preview"], "usual_length": ["1"], "name": [""]}
    part = ada.post(refunds_page(), data, headers={"HX-Request": "true"})

    assert "would be due Wed 27 May, 5:00 pm" in text(plain)
    assert "would be due Fri 22 May, 5:00 pm" in part.content.decode()
    assert b"<main" not in part.content
    assert "HX-Request" in part["Vary"]
    assert Kind.objects.get(code="refund").usual_length == 2


def test_a_clock_that_skips_and_a_length_without_end_break_nothing(ada: Client) -> None:
    page = ada.get(refunds_page())

    for length in ("", "-1", "99999999999999999999", "x", "9000"):
        seen = press(ada, page, "preview", usual_length=length)
        assert seen.status_code == 200


def test_what_was_typed_is_kept_when_it_is_refused(ada: Client) -> None:
    page = ada.get(refunds_page())

    refused = press(ada, page, name=HOSTILE, code="refund")

    assert refused.status_code == 422
    assert title(refused).startswith("Error: ")
    assert fields(refused)["name"] == [HOSTILE]
    assert "There is a problem" in text(refused)
    assert Kind.objects.get(code="refund").name == "Refund"


@pytest.mark.parametrize("broken", ["\x00", "a\nb"])
def test_text_that_nobody_means_is_refused(ada: Client, broken: str) -> None:
    page = ada.get(refunds_page())
    data = fields(page) | {"press": ["save"]}
    data["usual_wording"] = [f"x{broken}"]
    body = "&".join(f"{name}={_quoted(value)}" for name, v in data.items() for value in v)

    refused = ada.post(refunds_page(), body, content_type="application/x-www-form-urlencoded")

    assert refused.status_code == 422
    assert Kind.objects.get(code="refund").usual_wording == "Refund the amount"


def test_saved_twice_it_is_one_kind(ada: Client) -> None:
    page = ada.get("/settings/kinds/new/")
    policy = str(Policy.objects.get(name="Usual").pk)
    said = {
        "name": "Home visit",
        "code": "home-visit",
        "usual_wording": "Come",
        "policy": policy,
    }

    first, second = press(ada, page, **said), press(ada, page, **said)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Kind.objects.filter(code="home-visit").count() == 1


def test_the_second_of_two_editors_is_told_and_keeps_the_text(ada: Client) -> None:
    page = ada.get(refunds_page())
    press(ada, ada.get(refunds_page()), name="Money back")

    second = press(ada, page, name="Repayment")

    assert second.status_code == 422
    assert "Somebody else changed this kind while you were at it." in text(second)
    assert fields(second)["name"] == ["Repayment"]
    assert Kind.objects.get(code="refund").name == "Money back"


def test_one_that_was_promised_cannot_be_deleted(ada: Client) -> None:
    kind = a_commitment().kind
    address = f"/settings/kinds/{kind.pk}/"

    refused = press(ada, ada.get(f"{address}delete/"))

    assert "Delete" not in text(ada.get(address))
    assert refused.status_code == 422
    assert "It can be retired, not deleted" in text(refused)
    assert Kind.objects.filter(pk=kind.pk).exists()


def test_retired_and_brought_back(ada: Client) -> None:
    address = refunds_page()

    press(ada, ada.get(f"{address}retire/"))
    assert Kind.objects.get(code="refund").retired_at == NOON
    assert "Retired: 1" in text(ada.get("/settings/kinds/"))
    press(ada, ada.get(f"{address}bring-back/"))

    assert Kind.objects.get(code="refund").retired_at is None


def test_the_ten_usual_ones_are_a_press_away(ada: Client) -> None:
    Kind.objects.all().delete()
    page = ada.get("/settings/kinds/")

    press(ada, page)

    assert "Add the ten usual kinds" in text(page)
    assert Kind.objects.count() == 10


def _quoted(value: str) -> str:
    """As a form sends it."""
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8"))


def test_how_it_went_is_asked_after_the_working_days_of_the_kind(ada: Client) -> None:
    saved = press(ada, ada.get(refunds_page()), check_in_after="2")
    refund = a_commitment(kind="refund", summary=False)
    services.fulfil(refund.pk, by=ana(), how="Refunded", now=NOON)

    assert saved.status_code == 302
    assert CheckIn.objects.get().send_at == NOON + 4 * DAY  # Monday


@pytest.mark.parametrize("days", ["", "-1", "366", "x", "1.5"])
def test_a_number_of_days_that_is_none_is_refused(ada: Client, days: str) -> None:
    before = Kind.objects.get(code="refund").check_in_after

    refused = press(ada, ada.get(refunds_page()), check_in_after=days)

    assert refused.status_code == 422
    assert "Ask how it went after" in text(refused)
    assert Kind.objects.get(code="refund").check_in_after == before
