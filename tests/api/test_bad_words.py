"""Words that cannot be kept, sent or shown are refused; every other word is kept as it is."""

from __future__ import annotations

import pytest

from commitments.models import Commitment
from tests.api.callers import a_program, a_promise, assert_nothing_was_made, errors_of
from tests.makers import a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

UNSEEN = ["", "   ", "\u200d", "\u202e", "\u200d\u202e ", "\u3164", "\n", "\t"]
BROKEN = ["a\x00b", "\ud800", "a\udfffb", "a\x1bb", "a" + "\u0301" * 10_000]
SEVERAL_LINES = [
    "a\r\nBcc: x@y",
    "a\nb",
    "a\rb",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
]


@pytest.mark.parametrize("words", [*UNSEEN, *BROKEN, *SEVERAL_LINES, "x" * 501, "x" * 10_000])
def test_a_wording_that_cannot_be_kept_or_seen_is_refused(words):
    a_team()

    answer = a_program().post(a_promise(wording=words))

    assert errors_of(answer).keys() == {"wording"}
    assert_nothing_was_made(answer)


@pytest.mark.parametrize("words", [*UNSEEN, *BROKEN, *SEVERAL_LINES, "x" * 151])
def test_a_name_that_cannot_be_kept_or_seen_is_refused(words):
    a_team()

    answer = a_program().post(a_promise(customer={"name": words}))

    assert errors_of(answer).keys() == {"customer.name"}
    assert_nothing_was_made(answer)


@pytest.mark.parametrize(
    "words",
    [
        *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "{% debug %}"),
        *(
            "${jndi:ldap://x}",
            "](javascript:alert(1))",
            "=cmd|' /C calc'!A0",
            "' or 1=1--",
            "%s %d",
        ),
        *("👩‍👩‍👧‍👦 é 電話", "a\u202eb", "x" * 500, "\\u0000", "&amp;"),
    ],
)
def test_every_other_wording_is_kept_as_it_is(words):
    a_team()

    answer = a_program().post(a_promise(wording=words))

    assert answer.json()["wording"] == Commitment.objects.get().wording == words
    assert a_program().get().json()["results"][0]["wording"] == words


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"customer": {}}, "customer.name"),
        ({"customer": {"name": "Tom", "email": "tom@"}}, "customer.email"),
        ({"customer": {"name": "Tom", "email": "a@b.example, c@d.example"}}, "customer.email"),
        ({"customer": {"name": "Tom", "email": "a@b.example\r\nBcc: x@y"}}, "customer.email"),
        ({"customer": {"name": "Tom", "email": 7}}, "customer.email"),
        ({"customer": {"name": "Tom", "phone": "0" * 41}}, "customer.phone"),
        ({"customer": {"name": "Tom", "phone": 755}}, "customer.phone"),
        ({"customer": {"name": "Tom", "zone": "Mars/Olympus"}}, "customer.zone"),
        ({"customer": {"name": "Tom", "zone": "../../etc/passwd"}}, "customer.zone"),
        ({"customer": {"name": "Tom", "zone": "UTC+25"}}, "customer.zone"),
        ({"customer": {"name": "Tom", "zone": ""}}, "customer.zone"),
        ({"customer": {"name": "Tom", "zone": "x" * 5000}}, "customer.zone"),
        ({"customer": {"name": "Tom", "zone": None}}, "customer.zone"),
        ({"customer": [{"name": "Tom"}]}, "customer"),
        ({"customer": None}, "customer"),
        ({"channel": "fax"}, "channel"),
        ({"keep_by": "pigeon"}, "keep_by"),
        ({"case": "x" * 121}, "case"),
        ({"case_url": "javascript:alert(1)"}, "case_url"),
        ({"case_url": "ftp://desk.example/1"}, "case_url"),
        ({"case_url": "https://desk.example/" + "x" * 500}, "case_url"),
        ({"case_url": "https://desk.example/\r\nX: y"}, "case_url"),
        ({"team_note": "x" * 2001}, "team_note"),
        ({"team_note": "a\x00b"}, "team_note"),
    ],
)
def test_every_other_field_is_judged_too(fields, name):
    a_team()

    answer = a_program().post(a_promise(**fields))

    assert errors_of(answer).keys() == {name}
    assert_nothing_was_made(answer)
