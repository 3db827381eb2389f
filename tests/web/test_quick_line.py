from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from commitments.models import Commitment, Customer, OnceKey
from tests import makers
from tests.web import lines, pages
from tests.web.lines import london

pytestmark = pytest.mark.django_db
FIRST = "@tom call back with refund decision fri 10am"


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(lines.AT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _now(traveller: time_machine.Traveller) -> None:
    """It is ten past two in London."""


@pytest.fixture
def client() -> Client:
    return lines.a_desk()


@pytest.mark.parametrize(
    ("line", "customer", "wording", "kind", "due_at"),
    [
        (FIRST, "Tom Okafor", "Call back with refund decision", "refund", london(22, 10)),
        ("@tom #ref", "Tom Okafor", "Refund the amount", "refund", london(26, 17)),
        (
            "@maya send tracking number 4pm",
            *("Maya Lindqvist", "Send tracking number", "followup"),
            london(21, 16),
        ),
        (
            "@jo confirm visit window in 2h",
            *("Jo Park", "Confirm visit window", "visit"),
            london(21, 16, 10),
        ),
        (
            "@jo confirm visit window +5bh",
            *("Jo Park", "Confirm visit window", "visit"),
            london(22, 10, 40),
        ),
        (
            "@priya email the summary +3bd ~email",
            *("Priya Nair", "Email the summary", "other"),
            london(27, 17, 30),
        ),
        (
            '@rana explain "May invoice" 26/5 11am',
            *("Rana Haddad", "Explain May invoice", "other"),
            london(26, 11),
        ),
        (
            "#48213 ring back eod // prefers mobile",
            *("Tom Okafor", "Ring back", "callback"),
            london(21, 17, 30),
        ),
        ("@tom ring back 9am", "Tom Okafor", "Ring back", "callback", london(22, 9)),
    ],
)
def test_a_line_is_saved_as_it_was_shown(
    client: Client, line: str, customer: str, wording: str, kind: str, due_at: datetime
) -> None:
    seen = lines.read(client, line)
    promise = lines.logged(client, line)

    assert promise.customer.name == customer
    assert promise.wording == wording
    assert promise.kind.code == kind
    assert promise.due_at == due_at
    assert lines.without_asides(seen.chips) == lines.as_chips(promise)


def test_a_guess_and_a_usual_time_are_marked(client: Client) -> None:
    assert lines.read(client, FIRST).chips["Kind"] == "Refund (guess)"
    assert lines.read(client, "@tom #ref").chips["Due"] == "Tue 26 May, 5:00 pm (usual)"
    assert lines.read(client, "@tom #ref").chips["Kind"] == "Refund"


def test_what_else_the_line_says_is_kept(client: Client) -> None:
    by_mail = lines.logged(client, "@priya email the summary +3bd ~email")
    noted = lines.logged(client, "#48213 ring back eod // prefers mobile")

    assert by_mail.keep_by == "email"
    assert noted.team_note == "prefers mobile"
    assert noted.conversation.outside_reference == "48213"
    assert noted.due_said == "eod"


def test_a_clock_time_that_has_passed_today_says_that_it_rolled_on(client: Client) -> None:
    assert "9:00 am today has passed." in lines.read(client, "@tom ring back 9am").text


@pytest.mark.parametrize(
    ("line", "outside", "next_open", "opens_at"),
    [
        (
            "@jo confirm visit window in 5h",
            *("7:10 pm today is outside your team's hours.", "Fri 22 May, 9:00 am"),
            london(22, 9),
        ),
        (
            "@luis book slot sat",
            *("Sat 23 May is outside your team's hours.", "Tue 26 May, 9:00 am"),
            london(26, 9),
        ),
    ],
)
def test_outside_working_hours_somebody_has_to_choose(
    client: Client, line: str, outside: str, next_open: str, opens_at: datetime
) -> None:
    before = Commitment.objects.count()
    seen = lines.read(client, line)

    assert f"{outside} {next_open} is the next open time." in seen.text
    assert f"Use {next_open}" in seen.text

    asked = lines.log(client, line, **seen.hidden)

    assert asked.status_code == 200
    assert outside in pages.text(asked)
    assert Commitment.objects.count() == before

    taken = lines.log(client, line, take=seen.buttons["take"])
    saved = client.post(lines.NEW, full(line) | pages.hidden(taken))

    assert saved.status_code == 302
    assert lines.newest().due_at == opens_at
    assert lines.newest().due_said == line.split(maxsplit=4)[-1].removeprefix("window ")


def full(line: str) -> dict[str, str]:
    """What the full form holds after that line."""
    who, *words = line.split()
    length = 2 if "in" in words else 1
    wording, when = " ".join(words[:-length]), " ".join(words[-length:])
    return {"who": who.removeprefix("@"), "wording": wording, "when": when}


def test_the_very_time_outside_can_be_chosen(client: Client) -> None:
    line = "@luis book slot sat"
    seen = lines.read(client, line)

    saved = lines.log(client, line, **seen.hidden, anyway=seen.buttons["anyway"])

    assert saved.status_code == 302
    assert lines.newest().due_at == london(23, 17)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("@luis book slot today 1pm", "1:00 pm today has passed. Give a later time."),
        ("@tom send the contract sometime", "By when? Give a time such as 4pm or fri 10am"),
        ("@tom", "What did you promise?"),
        ("@tom put the kettle on", "By when? Give a time such as 4pm or fri 10am"),
        ("call back fri 10am", "To whom? Enter a name, an e-mail or a phone number."),
        ("#99999 call back fri 10am", "To whom? We do not know case 99999 yet."),
        ("@zelda call back fri 10am", "We know nobody who fits “zelda”."),
        ("@tom #re fri", "“re” may be Refund, Repair or Replacement. Choose one."),
        ("@tom #xyz fri", "No kind begins with “xyz”. Choose one."),
        ("@tom call back fri >nobody", "no team of yours, is called “nobody”."),
        ("@tom call back fri ~fax", "“~fax” is no way to keep a promise that we know."),
        ("@tom @maya call back fri", "The line names two customers, @tom and @maya. Keep one."),
        ("@tom #ref #cal fri", "The line names two kinds, #ref and #cal. Keep one."),
        ("@tom " + "x" * 2000, "The line is 2,005 characters long; keep it to 2,000."),
        ("@tom call\x00back", "The line contains a NUL"),
        ("@tom " + "x" * 600 + " fri", "The promise is 600 characters long; keep it to 500."),
        ("", "What did you promise? Write it in one line"),
    ],
)
def test_what_a_line_cannot_say_is_asked(client: Client, line: str, sentence: str) -> None:
    before = Commitment.objects.count()

    refused = lines.log(client, line)

    assert refused.status_code == 422
    assert pages.title(refused).startswith("Error: ")
    assert sentence in pages.text(refused)
    assert Commitment.objects.count() == before
    if line:
        assert sentence in lines.read(client, line).text


def test_for_words_that_name_no_time_the_usual_one_is_offered_and_they_stay_on_record(
    client: Client,
) -> None:
    line = "@tom send the contract sometime"
    seen = lines.read(client, line)

    assert seen.chips["Use"] == "Fri 22 May, 5:30 pm · 1 working day"

    taken = lines.log(client, line, take=seen.buttons["take"])

    assert "Due: Fri 22 May, 5:30 pm" in pages.text(taken)

    client.post(lines.NEW, full(line) | pages.hidden(taken))

    assert lines.newest().due_at == london(22, 17, 30)
    assert lines.newest().due_said == "sometime"
    assert lines.newest().wording == "Send the contract"


def test_a_rough_word_beside_a_time_asks_nothing(client: Client) -> None:
    assert lines.read(client, "@tom call back later today").chips["Due"] == "Thu 21 May, 5:30 pm"


def test_the_question_stands_beside_its_field_with_everything_filled_in(client: Client) -> None:
    refused = lines.log(client, "@tom #re send it >dev fri ~post ! // call first")
    content = refused.content.decode()

    assert 'href="#id_kind"' in content
    assert 'name="who" value="tom"' in content
    assert 'name="wording" value="send it"' in content
    assert 'name="when" value="fri"' in content
    assert "call first</textarea>" in content
    assert f'<option value="{makers.dev().pk}" selected>' in content


def test_a_line_that_was_not_shown_is_shown_first(client: Client) -> None:
    before = Commitment.objects.count()

    first = lines.log(client, FIRST)

    assert first.status_code == 200
    assert "Is this right?" in pages.text(first)
    assert "autofocus" in first.content.decode()
    assert Commitment.objects.count() == before

    words = {"who": "tom", "wording": "call back with refund decision", "when": "fri 10am"}
    second = client.post(lines.NEW, words | pages.hidden(first))

    assert second.status_code == 302
    assert lines.newest().due_at == london(22, 10)


def test_another_line_than_the_one_shown_is_shown_first(client: Client) -> None:
    seen = lines.read(client, FIRST)

    changed = lines.log(client, FIRST.replace("refund", "invoice"), **seen.hidden)

    assert changed.status_code == 200
    assert "This reads differently from what was shown before." in pages.text(changed)


def test_what_would_read_differently_now_is_not_saved(
    client: Client, traveller: time_machine.Traveller
) -> None:
    line = "@maya send tracking number 4pm"
    seen = lines.read(client, line)
    before = Commitment.objects.count()
    traveller.move_to(london(21, 16, 30))

    late = lines.log(client, line, **seen.hidden)

    assert late.status_code in (200, 422)
    assert Commitment.objects.count() == before


def test_a_length_still_means_what_was_shown(
    client: Client, traveller: time_machine.Traveller
) -> None:
    seen = lines.read(client, "@jo confirm visit window in 2h")
    traveller.shift(90)

    lines.log(client, "@jo confirm visit window in 2h", **seen.hidden)

    assert lines.newest().due_at == london(21, 16, 10)


def test_reading_keeps_nothing(client: Client) -> None:
    before = Commitment.objects.count()

    lines.read(client, "@zelda call back fri")
    lines.read(client, FIRST)

    assert Commitment.objects.count() == before
    assert Customer.objects.filter(name__icontains="zelda").count() == 0
    assert not OnceKey.objects.exists()


def test_reading_is_asked_by_post_alone(client: Client) -> None:
    assert client.get(lines.READ).status_code == 405
    assert client.head(lines.READ).status_code == 405


def test_an_empty_line_reads_as_nothing(client: Client) -> None:
    assert lines.read(client, "   ").text == ""


def test_those_who_make_no_promises_read_no_lines(client: Client) -> None:
    makers.Membership.objects.filter(user=makers.ana()).update(role=makers.Role.AUDITOR)

    assert client.post(lines.READ, {"line": FIRST}).status_code == 403


def test_a_line_typed_into_an_ended_session_is_shown_to_be_copied(client: Client) -> None:
    client.logout()

    page = lines.log(client, FIRST)

    assert page.status_code == 403
    assert FIRST in pages.text(page)


def test_a_chip_opens_its_field_in_the_full_form(client: Client) -> None:
    seen = lines.read(client, FIRST)
    before = Commitment.objects.count()

    page = lines.log(client, FIRST, **seen.hidden, open="when")

    assert page.status_code == 200
    when = next(part for part in page.content.decode().split("<") if 'name="when"' in part)
    assert "autofocus" in when
    assert 'value="fri 10am"' in when
    assert page.content.decode().count("autofocus") == 1
    assert Commitment.objects.count() == before


def test_a_double_enter_makes_one_promise(client: Client) -> None:
    seen = lines.read(client, FIRST)

    first, second = (lines.log(client, FIRST, **seen.hidden) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Commitment.objects.filter(wording="Call back with refund decision").count() == 1


def test_another_line_typed_into_the_page_one_went_back_to_is_another_promise(
    client: Client,
) -> None:
    seen = lines.read(client, FIRST)
    lines.log(client, FIRST, **seen.hidden | {"once": "old"})

    seen = lines.read(client, "@maya send the invoice fri 4pm")
    lines.log(client, "@maya send the invoice fri 4pm", **seen.hidden | {"once": "old"})

    assert lines.newest().wording == "Send the invoice"
    assert lines.newest().customer.name == "Maya Lindqvist"
