"""A new time for a promise, on the forms that move it or open it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from commitments import services
from commitments.models import Commitment
from tests import makers
from tests.makers import HOUR, NOON
from tests.web import lines, pages

pytestmark = pytest.mark.django_db
REST = {"reason": "The part comes later.", "told": "no"}


@pytest.fixture
def kettle() -> Commitment:
    makers.a_team()
    return makers.a_commitment(due_at=NOON + 4 * HOUR, now=NOON - HOUR, kind="refund")


def move(client: Client, kettle: Commitment, when: str, **more: str) -> Any:  # a test response
    path = f"/promises/{kettle.reference}/move/"
    return client.post(path, {"once": "key", "when": when} | REST | more)


@pytest.mark.parametrize("words", ["soon", "asap", "sometime"])
def test_for_a_vague_time_the_usual_one_is_offered(
    client: Client, kettle: Commitment, words: str
) -> None:
    asked = move(client, kettle, words)

    assert asked.status_code == 422
    assert "By when? Give a time such as 4pm or fri 10am, or take the usual for Refund." in (
        pages.text(asked)
    )
    assert lines.shown(asked).chips["Use"] == "Mon 25 May, 5:00 pm · 2 working days"

    shown = move(client, kettle, words, take=lines.shown(asked).buttons["take"])
    moved = move(client, kettle, words, **pages.hidden(shown))

    assert moved.status_code == 302
    assert makers.fresh(kettle).due_at == datetime(2026, 5, 25, 17, tzinfo=UTC)
    assert makers.fresh(kettle).due_said == words


def test_the_time_that_a_promise_has_is_not_offered_for_its_new_one(client: Client) -> None:
    makers.a_team()
    usual = datetime(2026, 5, 25, 17, tzinfo=UTC)
    kettle = makers.a_commitment(due_at=usual, now=NOON - HOUR, kind="refund")

    asked = move(client, kettle, "asap")

    assert "By when? Give a time such as 4pm or fri 10am." in pages.text(asked)
    assert "Use" not in lines.shown(asked).chips


def test_the_same_time_is_refused_at_once(client: Client, kettle: Commitment) -> None:
    refused = move(client, kettle, "in 4 hours")

    assert refused.status_code == 422
    assert "It is due at that time already. Give another." in pages.text(refused)


def test_other_words_than_those_of_an_offer_are_read_anew(
    client: Client, kettle: Commitment
) -> None:
    offer = lines.shown(move(client, kettle, "soon")).buttons["take"]

    shown = move(client, kettle, "fri 10am", take=offer)

    assert "New time: Fri 22 May, 10:00 am" in pages.text(shown)


def test_a_time_outside_the_hours_is_set_once_it_was_chosen(
    client: Client, kettle: Commitment
) -> None:
    shown = move(client, kettle, "sat 10am")
    again = move(client, kettle, "sat 10am", **pages.hidden(shown))

    assert "Sat 23 May, 10:00 am is outside your team's hours." in pages.text(again)
    assert makers.fresh(kettle).due_at == kettle.due_at

    anyway = lines.shown(again).buttons["anyway"]
    moved = move(client, kettle, "sat 10am", **pages.hidden(again), anyway=anyway)

    assert moved.status_code == 302
    assert makers.fresh(kettle).due_at == datetime(2026, 5, 23, 10, tzinfo=UTC)


def test_the_choice_of_one_time_is_none_of_another(client: Client, kettle: Commitment) -> None:
    shown = lines.shown(move(client, kettle, "sat 10am"))

    other = move(client, kettle, "sun 10am", anyway=shown.buttons["anyway"])
    again = move(client, kettle, "sun 10am", **pages.hidden(other), anyway=shown.buttons["anyway"])

    assert again.status_code == 200
    assert makers.fresh(kettle).due_at == kettle.due_at


def test_a_clock_time_that_rolled_on_says_so(client: Client, kettle: Commitment) -> None:
    assert "9:00 am today has passed." in pages.text(move(client, kettle, "9am"))


def test_the_time_that_other_people_mean_is_offered(client: Client, kettle: Commitment) -> None:
    shown = lines.shown(move(client, kettle, "next friday"))

    assert "New time: Fri 29 May, 5:00 pm" in shown.text
    assert "Some people mean Fri 22 May" in shown.text

    taken = move(client, kettle, "next friday", take=shown.buttons["take"])
    move(client, kettle, "next friday", **pages.hidden(taken))

    assert makers.fresh(kettle).due_at == datetime(2026, 5, 22, 17, tzinfo=UTC)
    assert makers.fresh(kettle).due_said == "next friday"


def test_why_the_new_time_is_then_is_shown_and_kept(client: Client, kettle: Commitment) -> None:
    shown = move(client, kettle, "+8bh")

    assert "Why this date" in pages.text(shown)

    move(client, kettle, "+8bh", **pages.hidden(shown))
    chain = makers.fresh(kettle).due_chain

    assert chain[-1].ends_at == makers.fresh(kettle).due_at
    assert [step.what.value for step in chain].count("worked") == 2


def test_opening_again_keeps_the_words_of_the_new_time(client: Client, kettle: Commitment) -> None:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", evidence="R-1", now=NOON)
    path = f"/promises/{kettle.reference}/reopen/"
    asked = {"once": "key", "when": "mon 10am", "reason": "It is not done."}

    client.post(path, asked | pages.hidden(client.post(path, asked)))

    assert makers.fresh(kettle).due_said == "mon 10am"


def test_opening_again_asks_for_a_time_too(client: Client, kettle: Commitment) -> None:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", evidence="R-1", now=NOON)
    path = f"/promises/{kettle.reference}/reopen/"

    asked = client.post(path, {"once": "key", "when": "soon", "reason": "It is not done."})

    assert asked.status_code == 422
    assert lines.shown(asked).chips["Use"] == "Mon 25 May, 5:00 pm · 2 working days"


def test_a_time_that_a_customer_would_rather_have_comes_along_where_we_are_late(
    client: Client,
) -> None:
    late = makers.a_commitment(due_at=NOON - HOUR, now=NOON - 2 * HOUR)
    services.ask_other_time(late.pk, wanted_at=NOON + 46 * HOUR, now=NOON)

    page = client.get(f"/promises/{late.reference}/").content.decode()

    assert f"/promises/{late.reference}/make-right/?when=Sat" in page
