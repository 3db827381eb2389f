"""Whatever line is typed: what was shown is what is kept, and what is asked keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.models import Commitment, Customer
from notifications.models import Delivery
from tests.web import lines, pages

pytestmark = pytest.mark.django_db
WHO = (
    *("@tom", "@okafor", "@0755", '@"tom okafor"', "#48213", "@maya", "@jo", "@zelda", ""),
    *("@tom okafor", "@Tom Vega", "@tom park", "@tom <t@v.example>", "@0755 555 0142"),
)
KINDS = ("#ref", "#callback", "#visit", "#re", "#xyz", "", "", "")
WORDS = (
    *("call", "back", "send", "the", "refund", "invoice", "kettle", "für", "🙂", "C#", "see"),
    *("https://example.org//a", '"May 5pm"', '"', "&", "<b>", "x" * 40),
)
TIMES = (
    *("fri", "by friday", "before 4pm", "4pm", "16:30", "9am", "noon", "eod", "today", "tomorrow"),
    *("tomorrow 10am", "next tue", "26 may", "26/5 11am", "2026-05-26", "sat", "in 30m", "in 2h"),
    *("in 5h", "+4bh", "+3bd", "+1w", "within 2 business days", "next friday", "by 3"),
    *("today 1pm", "sometime", "soon", "asap", "in due course", "", "", ""),
)
MORE = ("~phone", "~email", "~post", "~fax", ">dev", ">ines", ">nobody", ">billing", "!", "-mail")
NOTES = ("", "", "// prefers mobile", '// "call" @her fri', "//")


@st.composite
def typed(draw: st.DrawFn) -> str:
    """A line: a customer, a kind, a time and more, among words, in any order."""
    pieces = [draw(st.sampled_from(some)) for some in (WHO, KINDS, TIMES)]
    pieces += draw(st.lists(st.sampled_from(WORDS), max_size=5))
    pieces += draw(st.lists(st.sampled_from(MORE), max_size=2))
    order = draw(st.permutations(pieces))
    return " ".join([*(piece for piece in order if piece), draw(st.sampled_from(NOTES))])


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(lines.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Client:
    return lines.a_desk()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=typed())
def test_a_line_is_kept_as_it_was_shown_or_asked_about(client: Client, line: str) -> None:
    before = Commitment.objects.count()
    seen = lines.read(client, line)
    chosen = {"anyway": seen.buttons["anyway"]} if "anyway" in seen.buttons else {}
    key = f"{before}"  # the same line may be drawn twice

    answer = client.post(lines.NEW, {"once": key, "line": line} | seen.hidden | chosen)

    if "shown" in seen.hidden:
        assert answer.status_code == 302
        assert Commitment.objects.count() == before + 1
        kept = lines.newest()
        assert lines.without_asides(seen.chips) == lines.as_chips(kept)
        assert is_summarised(kept) == (seen.chips["Summary"] == "E-mail a summary")
    else:
        assert answer.status_code == 422
        assert seen.text.split(".")[0] in pages.text(answer)
        assert Commitment.objects.count() == before
    assert Customer.objects.count() == len(lines.CUSTOMERS)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.text(max_size=120))
def test_whatever_is_typed_gets_an_answer(client: Client, line: str) -> None:
    seen = lines.read(client, line)
    answer = client.post(lines.NEW, {"once": "key", "line": line})

    assert seen.status == 200
    assert answer.status_code == (200 if "shown" in seen.hidden else 422)
    assert Commitment.objects.count() == len(lines.CUSTOMERS)


def is_summarised(promise: Commitment) -> bool:
    return Delivery.objects.filter(about=promise.about, template="agreement").exists()


def test_a_million_characters_are_refused_in_words(client: Client) -> None:
    seen = lines.read(client, "@tom " + "call " * 200_000)

    assert "The line is 1,000,004 characters long; keep it to 2,000." in seen.text
