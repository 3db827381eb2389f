from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules import words
from commitments.rules.words import WrongWords


def kept(text: str, *, limit: int = 500, required: bool = True) -> str:
    return words.clean(text, what="The wording", limit=limit, required=required)


def kept_lines(text: str) -> str:
    return words.clean(text, what="The note", limit=500, lines=True)


def test_text_is_kept_as_it_was_written() -> None:
    assert kept("Ring Tom back about the kettle") == "Ring Tom back about the kettle"


def test_spaces_around_are_left_out_and_those_within_are_kept() -> None:
    assert kept(" \t Ring  Tom\u00a0\r\n") == "Ring  Tom"


def test_letters_are_kept_in_their_composed_form() -> None:
    assert kept("Zoe\u0308") == "Zoë"


def test_scripts_and_emoji_are_kept() -> None:
    family = "👩\u200d👩\u200d👧 ✅ 1\ufe0f\u20e3"

    assert kept(family) == family
    assert kept("שלום Tom, العربية, हिन्दी, 中文") == "שלום Tom, العربية, हिन्दी, 中文"


def test_a_long_text_is_refused_with_its_length_and_what_is_allowed() -> None:
    with pytest.raises(WrongWords) as refused:
        words.clean("x" * 10_000, what="The wording", limit=500, field="wording")

    assert str(refused.value) == "The wording is 10,000 characters long; keep it to 500."
    assert refused.value.field == "wording"


def test_a_text_that_fills_the_limit_is_kept() -> None:
    assert kept("x" * 500) == "x" * 500
    with pytest.raises(WrongWords, match="501 characters long"):
        kept("x" * 501)


def test_the_limit_counts_composed_letters_not_the_spaces_around() -> None:
    assert kept("e\u0301" * 3 + " " * 900, limit=3) == "ééé"


@pytest.mark.parametrize(
    "nothing", ["", " ", "\n\t", "\u200d", "\u202e \u200b", "\ufeff", "\u3164", "\u2800", "\u0301"]
)
def test_what_nobody_can_see_is_empty(nothing: str) -> None:
    with pytest.raises(WrongWords, match=re.escape("The wording is empty. Please write something")):
        kept(nothing)

    assert kept(nothing, required=False) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\x00b", "contains a NUL, a character that nobody can see. Please type it again."),
        ("a\ud83db", "contains half of a character, perhaps of an emoji. Please type it again."),
        ("\udc00", "contains half of a character, perhaps of an emoji. Please type it again."),
        ("a\x1bb", "contains a control character that nobody can see. Please type it again."),
        ("a\x9fb", "contains a control character that nobody can see. Please type it again."),
        ("a\x7fb", "contains a control character that nobody can see. Please type it again."),
        ("e" + "\u0301" * 31, "piles too many accents on one letter. Please type it again."),
    ],
)
def test_what_no_person_means_to_write_is_refused(text: str, sentence: str) -> None:
    for is_required in (True, False):
        with pytest.raises(WrongWords) as refused:
            kept(text, required=is_required)

        assert str(refused.value) == f"The wording {sentence}"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud83db", "a\x0bb", "a\x0cb", "a\x85b", "a\x1eb"])
def test_several_lines_may_hold_no_more_than_line_breaks(text: str) -> None:
    with pytest.raises(WrongWords, match="The note contains"):
        kept_lines(text)


@pytest.mark.parametrize(
    "line_break", ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
)
def test_one_line_is_one_line(line_break: str) -> None:
    with pytest.raises(WrongWords, match=re.escape("must be on one line. Take out the line break")):
        kept(f"Subject{line_break}Bcc: everybody@example.org")


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n", "\u2028", "\u2029"])
def test_lines_are_divided_in_one_way(line_break: str) -> None:
    assert kept_lines(f"one{line_break}two{line_break}{line_break}three") == "one\ntwo\n\nthree"


def test_a_tab_is_a_space_in_one_line_and_a_tab_in_several() -> None:
    assert kept("Ring\tTom") == "Ring Tom"
    assert kept_lines("a\tb") == "a\tb"


@given(st.text(), st.booleans())
def test_what_is_kept_would_be_kept_as_it_is(text: str, lines: bool) -> None:
    try:
        once = words.clean(text, what="The note", limit=50, required=False, lines=lines)
    except WrongWords:
        return

    assert words.clean(once, what="The note", limit=50, required=False, lines=lines) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


def test_a_pile_of_accents_takes_no_time() -> None:
    pile = "a" + "\u0301\u0323" * 700_000

    with pytest.raises(WrongWords, match="1,400,001 characters long"):
        kept(pile)


# Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("tom@example.org", "tom@example.org"),
        (" Tom.O'Neill+kettle@Example.ORG ", "Tom.O'Neill+kettle@example.org"),
        ("tom@mail.xn--exmple-cua.org", "tom@mail.xn--exmple-cua.org"),
        ("tom@exämple.org", "tom@xn--exmple-cua.org"),
        ("root@localhost", "root@localhost"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_one_address_is_kept(written: str, address: str) -> None:
    assert words.one_address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "b@x.example, evil@x.example",
        "b@x.example;evil@x.example",
        "b@x.example evil@x.example",
        "Tom <tom@example.org>",
        "<tom@example.org>",
        "mailto:tom@example.org",
        "tom@@example.org",
        '"tom@home"@example.org',
        "tom@[127.0.0.1]",
        "tom",
        "@example.org",
        "tom@",
        "b@x, evil@x",
    ],
)
def test_anything_beside_one_address_is_refused(written: str) -> None:
    with pytest.raises(WrongWords) as refused:
        words.one_address(written)

    assert str(refused.value) == ("Give one e-mail address and nothing else, like tom@example.org.")
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    "written",
    [
        "tom@example",
        "tom@127.0.0.1",
        "tom..jones@example.org",
        ".tom@example.org",
        "tom@-example.org",
        "tom@example..org",
        "tom@exa_mple.org",
        "töm@example.org",
        "tom@\U0001f4a9\u200d.org.",
        "x" * 65 + "@example.org",
        "tom@" + "ä" * 60 + ".org",
    ],
)
def test_an_address_that_mail_cannot_reach_is_refused(written: str) -> None:
    with pytest.raises(WrongWords, match="Check the e-mail address for a typing error"):
        words.one_address(written)


@pytest.mark.parametrize(
    "written", ["", "a@b.example\r\nBcc: c@d.example", "a\x00@b.example", "\ud800"]
)
def test_an_address_is_text_first(written: str) -> None:
    with pytest.raises(WrongWords, match="The e-mail address"):
        words.one_address(written)


@given(st.text(max_size=40) | st.from_regex(r"[a-z.@ ,äß]{1,20}", fullmatch=True))
def test_whatever_is_written_is_an_address_or_refused_in_words(written: str) -> None:
    try:
        address = words.one_address(written)
    except WrongWords:
        return

    assert address.isascii()
    assert words.one_address(address) == address


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  plain ", "plain"),
        ("a\r\nb\x0bc\x85d\u2028e\tf", "a b c d e f"),
        ("\x00a\x1b[1m\ud83d", "a[1m\ufffd"),
        ("\u200b\u2060 \u3164", ""),
        ("o" + "\u0308" * 500, "\u00f6" + "\u0308" * 15 + " […]"),
        ("x" * 50, "x" * 16 + " […]"),
        ("x" * 12 + " " * 40 + "y", "x" * 12 + " y"),
        ("", ""),
    ],
)
def test_of_what_came_from_outside_as_much_is_kept_as_can_be(text: str, kept: str):
    salvaged = words.salvaged(text, limit=20)

    assert salvaged == kept
    assert words.clean(salvaged, what="It", limit=20, required=False) == salvaged


def test_lines_from_outside_stay_lines():
    assert words.salvaged(" a\r\nb\r\rc\x0cd\te ", limit=20, lines=True) == "a\nb\n\ncd\te"
