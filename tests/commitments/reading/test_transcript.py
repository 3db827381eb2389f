from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.reading import transcript

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)  # a Thursday
OURS = ["Ana Moreno", "Dev Shah"]

# Who said what, in the order of the paste.
SHAPES = {
    "roles": (
        "Agent: I'll post the lid.\nCustomer: Thanks.",
        [("Agent", "I'll post the lid."), ("Customer", "Thanks.")],
    ),
    "names": (
        "Ana: I'll post the lid.\nTom: Thanks.\nand bye",
        [("Ana", "I'll post the lid."), ("Tom", "Thanks.\nand bye")],
    ),
    "a time in front": (
        "[10:02] Ana: I'll post the lid.\n[10:03] Tom: Thanks.",
        [("Ana", "I'll post the lid."), ("Tom", "Thanks.")],
    ),
    "a time and what somebody is": (
        "10:02 AM Ana (Agent): I'll post the lid.\n10:03 AM Tom (Customer): Thanks.",
        [("Ana (Agent)", "I'll post the lid."), ("Tom (Customer)", "Thanks.")],
    ),
    "a time behind": (
        "Ana (10:02): I'll post the lid.\nTom (10:03): Thanks.",
        [("Ana", "I'll post the lid."), ("Tom", "Thanks.")],
    ),
    "names on lines of their own": (
        "Ana Moreno\n10:02 AM\nI'll post the lid.\n\nTom Okafor\n10:04 AM\nThanks.",
        [("Ana Moreno", "I'll post the lid."), ("Tom Okafor", "Thanks.")],
    ),
    "name and time on a line of their own": (
        "Ana Moreno  10:02 AM\nI'll post the lid.\n\nTom Okafor  10:04 AM\nThanks.",
        [("Ana Moreno", "I'll post the lid."), ("Tom Okafor", "Thanks.")],
    ),
    "only names on lines of their own": (
        "Ana Moreno\nHello.\n\nTom Okafor\nMy lid broke.\n\nAna Moreno\nI'll post one.",
        [("Ana Moreno", "Hello."), ("Tom Okafor", "My lid broke."),
         ("Ana Moreno", "I'll post one.")],
    ),
    "weekday and time before a name of its own line": (
        "[Thursday 10:02 AM] Ana Moreno\nI'll post the lid.\n[Thursday 10:03 AM] Tom Okafor\nFine.",
        [("Ana Moreno", "I'll post the lid."), ("Tom Okafor", "Fine.")],
    ),
    "a telephone's export": (
        "12/03/2026, 10:02 - Ana: I'll post the lid.\n12/03/2026, 10:03 - Tom: Thanks.",
        [("Ana", "I'll post the lid."), ("Tom", "Thanks.")],
    ),
    "the other telephone's export": (
        "\u200e[3/12/26, 10:02:11\u202fAM] Ana: I'll post it.\n[3/12/26, 10:03\u202fAM] Tom: Ok.",
        [("Ana", "I'll post it."), ("Tom", "Ok.")],
    ),
    "numbered speakers": (
        "Speaker 1: Hello.\nSpeaker 2: My lid broke.\nSpeaker 1: I'll post one.",
        [("Speaker 1", "Hello."), ("Speaker 2", "My lid broke."), ("Speaker 1", "I'll post one.")],
    ),
    "a recording": (
        "Speaker 1  00:03\nHello there.\n\nSpeaker 2  00:12\nMy lid broke.",
        [("Speaker 1", "Hello there."), ("Speaker 2", "My lid broke.")],
    ),
    "captions": (
        ">> Hello.\n>> My lid broke.\n>> I'll post\none.",
        [("Speaker 1", "Hello."), ("Speaker 2", "My lid broke."), ("Speaker 1", "I'll post\none.")],
    ),
    "captions with names": (
        ">> ANA: Hello.\n>> TOM: My lid broke.",
        [("ANA", "Hello."), ("TOM", "My lid broke.")],
    ),
    "subtitles": (
        "WEBVTT\n\n1\n00:01.000 --> 00:04.000\nAna: Hi.\n\n2\n00:05.000 --> 00:06.000\nTom: Ouch.",
        [("Ana", "Hi."), ("Tom", "Ouch.")],
    ),
    "bullets": (
        "- Ana: Hello.\n- Tom: My lid broke.\n* Ana: I'll post one.",
        [("Ana", "Hello."), ("Tom", "My lid broke."), ("Ana", "I'll post one.")],
    ),
    "stars around names": (
        "**Ana:** I'll post one.\n**Tom:** Thanks.",
        [("Ana", "I'll post one."), ("Tom", "Thanks.")],
    ),
    "a web page": (
        "<p><b>Ana:</b> I&#39;ll post one<br>by Friday.</p><p><b>Tom:</b> Thanks &amp; bye.</p>",
        [("Ana", "I'll post one\nby Friday."), ("Tom", "Thanks & bye.")],
    ),
    "angles": (
        "[10:02] <Ana> I'll post one.\n[10:03] <Tom> Thanks.",
        [("Ana", "I'll post one."), ("Tom", "Thanks.")],
    ),
    "columns": (
        "10:02\tAna\tI'll post one.\n10:03\tTom\tThanks.",
        [("Ana", "I'll post one."), ("Tom", "Thanks.")],
    ),
    "dashes behind roles": (
        "Agent - I'll post one.\nCustomer - Thanks.",
        [("Agent", "I'll post one."), ("Customer", "Thanks.")],
    ),
    "Windows' line ends": (
        "Ana: I'll post one.\r\nTom: Thanks.\r\nbye",
        [("Ana", "I'll post one."), ("Tom", "Thanks.\nbye")],
    ),
    "another script": (
        "客服\uff1a您好\n客户\uff1a壶盖坏了\n客服\uff1a我们会寄新的",
        [("客服", "您好"), ("客户", "壶盖坏了"), ("客服", "我们会寄新的")],
    ),
    "a script with marks": (
        "अना: नमस्ते\nटॉम: ढक्कन टूट गया\nअना: ठीक है",
        [("अना", "नमस्ते"), ("टॉम", "ढक्कन टूट गया"), ("अना", "ठीक है")],
    ),
    "right to left": (
        "آنا: مرحبا\nتوم: انكسر الغطاء\nآنا: سأرسل واحدا",  # noqa: RUF001 - Arabic
        [("آنا", "مرحبا"), ("توم", "انكسر الغطاء"), ("آنا", "سأرسل واحدا")],
    ),
    "nobody named": (
        "I'll post the lid by Friday.\nNote: bring the old one.",
        [("", "I'll post the lid by Friday.\nNote: bring the old one.")],
    ),
    "what is no speaker": (
        "Ana: We do this:\nRefund: 42 euros\nDelivery: none\nTom: Fine.\nAna: Bye.",
        [("Ana", "We do this:\nRefund: 42 euros\nDelivery: none"), ("Tom", "Fine."),
         ("Ana", "Bye.")],
    ),
}  # fmt: skip

A_MAIL = """Hi Tom,

I'll post the lid by Friday.

Kind regards,
Ana

On Tue, 12 May 2026 at 10:02, Tom Okafor <tom@customers.example> wrote:
> My lid broke.
>
> On Mon, 11 May 2026 at 9:00 AM Ana Moreno
> <ana@larkfield.example> wrote:
>> Your kettle is on its way.
"""
TWO_MAILS = """From: Ana Moreno <ana@larkfield.example>
Sent: Tuesday, 12 May 2026 10:02
To: Tom Okafor
Subject: Re: the lid

I'll post the lid by Friday.
--
Ana Moreno, tel. 0755 555 0100

-----Original Message-----
From: tom.okafor@customers.example
To: help@larkfield.example

My lid broke.
Sent from my phone
"""


def said_in(pasted: str) -> list[tuple[str, str]]:
    found = transcript.read(pasted, known=OURS)
    return [(said.speaker, said.text) for said in found.said]


def instants(pasted: str, *, zone: str = "UTC", on: date | None = None) -> list[str]:
    found = transcript.read(pasted, known=OURS)
    placed = transcript.instants_of(found, zone=zone, now=NOON, on=on)
    return [at.isoformat(timespec="minutes")[:16] if at else "" for at in placed]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_of_paste_is_taken_apart(shape: str) -> None:
    pasted, expected = SHAPES[shape]

    assert said_in(pasted) == expected


def test_a_mail_is_taken_apart_by_its_quotes() -> None:
    said = said_in(A_MAIL)

    assert said == [
        ("Ana", "Hi Tom,\n\nI'll post the lid by Friday.\n\nKind regards,\nAna"),
        ("Tom Okafor", "My lid broke."),
        ("Ana Moreno", "Your kettle is on its way."),
    ]


def test_a_mail_is_taken_apart_by_its_headers_and_loses_its_signatures() -> None:
    said = said_in(TWO_MAILS)

    assert said == [
        ("Ana Moreno", "I'll post the lid by Friday."),
        ("Tom Okafor", "My lid broke."),
    ]


def test_a_mail_in_another_language_is_one_too() -> None:
    pasted = "Gerne.\n\nAm Di., 12. Mai 2026 um 10:02 schrieb Tom Okafor:\n> Der Deckel ist kaputt."

    assert said_in(pasted) == [("", "Gerne."), ("Tom Okafor", "Der Deckel ist kaputt.")]


def test_a_chat_within_a_mail_keeps_its_speakers() -> None:
    pasted = "From: Dev Shah\nTo: Ana\n\nLook:\nAgent: I'll post one.\nCustomer: Thanks."

    assert said_in(pasted) == [
        ("Dev Shah", "Look:"),
        ("Agent", "I'll post one."),
        ("Customer", "Thanks."),
    ]


def test_lines_that_a_window_broke_are_one_again() -> None:
    pasted = "I'll look for your parcel at the depot this afternoon and\ncall you.\nPromised."

    (said,) = transcript.read(pasted).said

    assert said.text == (
        "I'll look for your parcel at the depot this afternoon and call you.\nPromised."
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_every_word_is_found_again_where_it_was_pasted(shape: str) -> None:
    pasted = SHAPES[shape][0]

    for said in transcript.read(pasted, known=OURS).said:
        assert len(said.origins) == len(said.text)
        assert list(said.origins) == sorted(said.origins)
        for character, origin in zip(said.text, said.origins, strict=True):
            assert character in (pasted[origin], "\n", "'", "&")


def test_words_of_a_web_page_are_found_again_in_its_source() -> None:
    pasted = "<p>Ana: I&#39;ll post <i>one</i>.</p><p>Tom: Thanks.</p>"

    first, second = transcript.read(pasted, known=OURS).said

    assert pasted[first.start : first.end] == "I&#39;ll post <i>one</i>."
    assert pasted[second.start : second.end] == "Thanks."


def test_what_only_looks_like_a_tag_stays() -> None:
    assert said_in("Ana: <script>alert(1)</script>\nTom: 2 < 3 &amp; more") == [
        ("Ana", "<script>alert(1)</script>"),
        ("Tom", "2 < 3 &amp; more"),
    ]


def test_turns_are_what_promises_are_looked_for_in() -> None:
    turns = transcript.turns("Ana: I'll post one.\nTom: Thanks.", ours=OURS)

    assert [(turn.speaker, turn.text, turn.at) for turn in turns] == [
        ("agent", "I'll post one.", None),
        ("customer", "Thanks.", None),
    ]


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("[10:02] Ana: a\n[10:03] Tom: b\n", ["2026-05-21T10:02", "2026-05-21T10:03"]),
        ("[16:02] Ana: a\n[16:03] Tom: b\n", ["2026-05-20T16:02", "2026-05-20T16:03"]),
        ("[23:58] Ana: a\n[00:03] Tom: b\n", ["2026-05-20T23:58", "2026-05-21T00:03"]),
        ("12/03/2026, 10:02 - Ana: a\n13/03/2026, 9:00 - Tom: b",
         ["2026-03-12T10:02", "2026-03-13T09:00"]),
        ("3/12/26, 10:02 AM - Ana: a\n3/13/26, 1:00 PM - Tom: b",
         ["2026-03-12T10:02", "2026-03-13T13:00"]),
        ("[03/12/2026, 10:02] Ana: a\n[03/12/2026, 10:03] Tom: b",
         ["2026-03-12T10:02", "2026-03-12T10:03"]),
        ("[Yesterday at 4:02 PM] Ana: a\n[Today at 9:00 AM] Tom: b",
         ["2026-05-20T16:02", "2026-05-21T09:00"]),
        ("[Mon 10:02] Ana: a\n[Tue 10:03] Tom: b", ["2026-05-18T10:02", "2026-05-19T10:03"]),
        ("[12 May 2026 10:02] Ana: a\n[10:03] Tom: b", ["2026-05-12T10:02", "2026-05-12T10:03"]),
        ("[45/45/2026 10:02] Ana: a\n[27:99] Tom: b", [""]),
        ("[2031-01-01 10:02] Ana: a\n[2031-01-01 10:02] Tom: b",
         ["2026-05-21T10:02", "2026-05-21T10:02"]),
        ("[00:00] Ana: a\n[00:42] Tom: b", ["", ""]),
        ("Ana: a\nTom: b", ["", ""]),
    ],
)  # fmt: skip
def test_clocks_become_instants(pasted: str, expected: list[str]) -> None:
    assert instants(pasted) == expected


@pytest.mark.parametrize("nested", ["> >", ">>", ">>>"])
def test_what_is_quoted_twice_is_the_quoted_writers_no_caption(nested: str) -> None:
    pasted = (
        "Hi Priya,\nI will write on Monday.\nAna\n"
        "On Thu, 19 Mar 2026 at 09:10, Priya Nair <p@customers.example> wrote:\n"
        f"> hello\n{nested} I will ring you this afternoon.\n{nested} Ana"
    )

    found = transcript.read(pasted, known=OURS)

    assert found.is_mail
    assert [(each.speaker, each.text) for each in found.said] == [
        ("", "Hi Priya,\nI will write on Monday.\nAna"),
        ("Priya Nair", "hello"),
        ("Quoted", "I will ring you this afternoon.\nAna"),
    ]


def test_a_quotation_without_a_single_one_is_a_mail_where_somebody_wrote() -> None:
    pasted = "Fine.\nOn Thu, 19 Mar 2026 at 09:10, Priya Nair wrote:\n>> a\n>> b"

    assert transcript.read(pasted, known=OURS).is_mail


def test_clocks_are_those_of_the_teams_zone() -> None:
    assert instants("[7:02] Ana: a", zone="America/New_York") == ["2026-05-21T11:02"]


def test_the_day_of_the_conversation_can_be_given() -> None:
    assert instants("[10:02] Ana: a", on=date(2026, 5, 18)) == ["2026-05-18T10:02"]


def test_each_mail_has_its_own_time() -> None:
    assert instants(A_MAIL) == ["", "2026-05-12T10:02", "2026-05-11T09:00"]


@given(
    st.text(alphabet=st.sampled_from(list("ab: \n>-[](),.*<&;/0123456789\t\r\x00\u202e\u0301אمة")))
)
def test_nothing_that_is_pasted_raises(pasted: str) -> None:
    found = transcript.read(pasted, known=OURS)
    speakers = transcript.sides_of(found, ours=OURS)

    transcript.instants_of(found, zone="Europe/London", now=NOON)

    assert {said.speaker for said in found.said} == set() or speakers
    assert all(said.text and 0 <= said.start < said.end <= len(pasted) for said in found.said)


@pytest.mark.parametrize(
    "piece",
    ["a", "\n", "a: b\n", "> x\n", ">> x\n", "<p ", "On Tue wrote:\n", "From: a\n", "10:02 ", " ",
     "12/03/2026, ", "Ana Bo\nx\n\n", "\x00", "\u202e", "😀", "&amp;", "**", "[("],
)  # fmt: skip
def test_a_long_paste_takes_no_longer_than_its_length(piece: str) -> None:
    pasted = (piece * 100_000)[:100_000]

    found = transcript.read(pasted, known=OURS)

    assert len(transcript.sides_of(found, ours=OURS)) <= 13
    assert len(found.said) <= 50_000
