from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.errors import CommitmentError
from commitments.reading import quick_add
from commitments.reading.quick_add import Line

# Words that are no piece and no part of a time.
WORDS = (
    *("send", "that", "kettle", "über", "café", "~", "->", "C#", "a@b", "🙂"),
    *('7"', "!!"),
)
PIECES = {
    "@tom": {"customer": "tom"},
    '@"tom okafor"': {"customer": "tom okafor"},
    "#48213": {"case": "48213"},
    "#ref": {"kind": "ref"},
    "~email": {"keep_by": "email"},
    ">dev": {"hand_to": "dev"},
    "!": {"is_urgent": True},
    "-mail": {"no_mail": True},
    "fri 10am": {"when": "fri 10am"},
    '"by May"': {},
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", Line()),
        ("@tom call back fri 10am", Line(customer="tom", wording="call back", when="fri 10am")),
        ("fri 10am call @tom back", Line(customer="tom", wording="call back", when="fri 10am")),
        ("call fri @tom 10am", Line(customer="tom", wording="call", when="fri 10am")),
        ("call by fri", Line(wording="call", when="by fri")),
        ("call before 4pm", Line(wording="call", when="before 4pm")),
        ("call, by fri, about it", Line(wording="call, about it", when="by fri")),
        ("call (by fri) about it", Line(wording="call about it", when="by fri")),
        ("call by friday.", Line(wording="call", when="by friday")),
        ("fri, call", Line(wording="call", when="fri")),
        ("explain the tuesday visit fri", Line(wording="explain the tuesday visit", when="fri")),
        ("call sometime", Line(wording="call", when="sometime", is_vague=True)),
        ("call fri, soon", Line(wording="call, soon", when="fri")),
        ("call in 30m", Line(wording="call", when="in 30m")),
        ("call in 2h", Line(wording="call", when="in 2h")),
        ("call +4bh", Line(wording="call", when="+4bh")),
        ("call +3bd", Line(wording="call", when="+3bd")),
        ("call +1w", Line(wording="call", when="+1w")),
        (
            "call within 2 business days",
            Line(wording="call", when="within 2 business days"),
        ),
        ("call @5pm", Line(wording="call", when="at 5pm")),
        ("call fri @16:30", Line(wording="call", when="fri at 16:30")),
        ("call fri @10", Line(wording="call", when="fri at 10")),
        ("call @ 5pm", Line(wording="call", when="5pm")),
    ],
)
def test_the_last_time_counts_and_the_rest_is_the_wording(line: str, expected: Line) -> None:
    assert quick_add.parse(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('@"tom okafor" call', Line(customer="tom okafor", wording="call")),
        ("@tom_okafor call", Line(customer="tom okafor", wording="call")),
        ("@“Tom  Okafor”, call", Line(customer="Tom Okafor", wording="call")),
        ("@tom_o@example.org call", Line(customer="tom_o@example.org", wording="call")),
        ("@tom, call", Line(customer="tom", wording="call")),
        ("@0755 call", Line(customer="0755", wording="call")),
        ('@"0755 555 0142" call', Line(customer="0755 555 0142", wording="call")),
        ("@tom @Tom call", Line(customer="tom", wording="call")),
        ("#48213-2 call", Line(case="48213-2", wording="call")),
        ("#ref. call", Line(kind="ref", wording="call")),
        ("#48213 #ref call", Line(case="48213", kind="ref", wording="call")),
        ("~mail call", Line(keep_by="email", wording="call")),
        ("~ph call", Line(keep_by="phone", wording="call")),
        (">moves call", Line(hand_to="moves", wording="call")),
        ('>"billing care" call', Line(hand_to="billing care", wording="call")),
        ("call ! now !", Line(is_urgent=True, wording="call now")),
        ("call -mail", Line(no_mail=True, wording="call")),
        ("call \u2013Mail", Line(no_mail=True, wording="call")),
        ("call -mailbox 5 > 3 @ #", Line(wording="call -mailbox 5 > 3 @ #")),
    ],
)
def test_pieces_are_told_from_words(line: str, expected: Line) -> None:
    found = quick_add.parse(line)

    assert (found.when, found.is_vague) in (("", False), ("now", True))
    assert _but_for_the_time(found) == _but_for_the_time(expected)


def _but_for_the_time(line: Line) -> tuple[object, ...]:
    wording = line.wording.removesuffix(" now")
    return (
        *(wording, line.customer, line.case, line.kind, line.keep_by),
        *(line.hand_to, line.is_urgent, line.no_mail, line.note),
    )


@pytest.mark.parametrize(
    ("line", "wording", "note"),
    [
        ("call // prefers mobile", "call", "prefers mobile"),
        ("call //prefers mobile", "call", "prefers mobile"),
        ("call//prefers mobile", "call", "prefers mobile"),
        ("// @tom said “fri”", "", "@tom said “fri”"),
        ("see https://example.org/a//b now // ok", "see https://example.org/a//b", "ok"),
        ("see https:// ok", "see https:", "ok"),
        ('say "a // b" // c', "say a // b", "c"),
        ('say "a // b', 'say "a', "b"),
        ("call //", "call", ""),
        ("call /// note", "call", "note"),
    ],
)
def test_two_slashes_begin_a_note_and_none_inside_an_address(
    line: str, wording: str, note: str
) -> None:
    found = quick_add.parse(line)

    assert found.note == note
    assert found.wording.removesuffix(" now") == wording


@pytest.mark.parametrize(
    ("line", "wording"),
    [
        ('explain "May invoice"', "explain May invoice"),
        ("explain “May invoice”", "explain May invoice"),
        ("explain „May invoice“", "explain May invoice"),
        ('say "@tom #1 ! -mail fri 10am"', "say @tom #1 ! -mail fri 10am"),
        ('say "fri  10am", ("and") more', "say fri  10am, (and) more"),
        ('a 7" tablet and a 10" one', 'a 7" tablet and a 10" one'),
        ('say "hello', 'say "hello'),
        ('say "" hello', 'say "" hello'),
        ("\ufffc “x” \ufffc", "\ufffc x \ufffc"),
    ],
)
def test_what_is_quoted_is_taken_as_it_stands(line: str, wording: str) -> None:
    assert quick_add.parse(line) == Line(wording=wording)


@pytest.mark.parametrize(
    ("line", "customer", "wording"),
    [
        ("@Tom Vega <tom@v.example> ring fri", "Tom Vega <tom@v.example>", "ring"),
        ("@tom tom@v.example, ring fri", "tom <tom@v.example>", "ring"),
        ('@"Tom Vega" <tom@v.example> ring fri', "Tom Vega <tom@v.example>", "ring"),
        ("@tom write to bo@v.example fri", "tom", "write to bo@v.example"),
        ("@+44 7700 900123 ring fri", "+44 7700 900123", "ring"),
        ("@+44 20 7946 0958 fri", "+44 20 7946 0958", ""),
        ("@0755 555-0142, ring fri", "0755 555-0142", "ring"),
        ("@07555550142 12 kettles fri", "07555550142", "12 kettles"),
        ("@tom 12 kettles fri", "tom", "12 kettles"),
    ],
)
def test_an_address_and_the_groups_of_a_number_belong_to_the_customer(
    line: str, customer: str, wording: str
) -> None:
    assert quick_add.parse(line) == Line(customer=customer, wording=wording, when="fri")


def test_a_time_after_a_part_of_a_number_is_none_of_its_groups() -> None:
    assert quick_add.parse("@0755 16:30 go") == Line(customer="0755", wording="go", when="16:30")
    assert quick_add.parse("@0755 26 may ring") == Line(
        customer="0755", wording="ring", when="26 may"
    )


@pytest.mark.parametrize(
    ("line", "beside"),
    [
        ("@tom okafor call back fri", ("okafor", "call", "back")),
        ("@tom Okafor, call fri", ("Okafor",)),
        ("@tom, Okafor call fri", ()),
        ("@tom fri Okafor", ()),
        ('@tom "Okafor" call fri', ()),
        ("@tom #ref Okafor fri", ()),
        ("@tom_vega call fri", ()),
        ('@"tom vega" call fri', ()),
        ("@0755 call fri", ()),
    ],
)
def test_words_that_could_go_on_with_a_name_are_handed_on(
    line: str, beside: tuple[str, ...]
) -> None:
    assert quick_add.parse(line).beside == beside


@pytest.mark.parametrize("piece", [">dev", "> dev", '>"dev"'])
def test_who_keeps_it_may_stand_apart_from_its_mark(piece: str) -> None:
    assert quick_add.parse(f"call {piece} fri") == Line(wording="call", hand_to="dev", when="fri")
    assert quick_add.parse("call 5 > 3 kettles >") == Line(wording="call 5 > 3 kettles >")


def test_so_many_words_as_said_are_more_of_the_name() -> None:
    expected = Line(customer="tom de vega", wording="call", when="fri")

    assert quick_add.parse("@tom de vega call fri", surnames=2) == expected
    assert quick_add.parse("@tom fri", surnames=2) == Line(customer="tom", when="fri")


@pytest.mark.parametrize("code", ["48213", "LK-20714", "LK20714", "A/7"])
def test_a_code_with_a_figure_in_it_is_a_case(code: str) -> None:
    assert quick_add.parse(f"call #{code} fri").case == code
    assert quick_add.parse(f"call #{code} fri").kind == ""


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("@tom @maya", "The line names two customers, @tom and @maya. Keep one."),
        ("#1 #2", "The line names two cases, #1 and #2. Keep one."),
        ("#ref #cal", "The line names two kinds, #ref and #cal. Keep one."),
        ("~post ~phone", "The line names two ways to keep it, ~post and ~phone. Keep one."),
        (">dev >ines", "The line names two people to keep it, >dev and >ines. Keep one."),
        ("~fax", "“~fax” is no way to keep a promise that we know."),
        ("~p", "“~p” is no way to keep a promise that we know."),
        ("x" * 2001, "The line is 2,001 characters long; keep it to 2,000."),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(line: str, sentence: str) -> None:
    with pytest.raises(CommitmentError, match=r"line|way to keep") as refused:
        quick_add.parse(line)

    assert str(refused.value).startswith(sentence)
    assert refused.value.field == "line"


def test_a_million_characters_are_refused_at_once() -> None:
    started = time.monotonic()

    with pytest.raises(CommitmentError, match="1,000,000 characters"):
        quick_add.parse('@"//' * 250_000)

    assert time.monotonic() - started < 0.1


@given(
    words=st.lists(st.sampled_from(WORDS), max_size=8),
    pieces=st.lists(st.sampled_from(sorted(PIECES)), unique=True, max_size=6),
    note=st.sampled_from(("", "she is deaf in one ear", 'mind "fri" @ 3')),
    order=st.randoms(use_true_random=False),
)
def test_pieces_in_any_order_leave_the_wording_word_for_word(
    words: list[str], pieces: list[str], note: str, order: st.random.Random
) -> None:
    customers = [piece for piece in pieces if piece.startswith("@")]
    pieces = [piece for piece in pieces if piece not in customers[1:]]
    places = sorted(order.randint(0, len(words)) for _ in pieces)
    whole = list(words)
    for place, piece in reversed(list(zip(places, pieces, strict=True))):
        whole.insert(place, piece)

    found = quick_add.parse(" ".join(whole) + (f" // {note}" if note else ""))

    said = [word.strip('"') if word == '"by May"' else word for word in whole]
    left = [word for word in said if word in WORDS or word == "by May"]
    assert found.wording == " ".join(left)
    assert found.note == note
    for piece in pieces:
        for name, value in PIECES[piece].items():
            assert getattr(found, name) == value


@given(st.text(max_size=300))
@example('"\u201c"//"')
@example("a://b//c // d")
def test_whatever_is_typed_nothing_else_is_raised_and_nothing_is_made_up(line: str) -> None:
    try:
        found = quick_add.parse(line)
    except CommitmentError:
        return

    typed = {letter for letter in line.replace("@", "at@") if not letter.isspace()}
    kept = f"{found.wording}{found.customer}{found.case}{found.kind}{found.note}{found.when}"
    assert {letter for letter in kept if not letter.isspace()} <= typed | {" "}
