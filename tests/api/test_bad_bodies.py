"""What programs send by mistake or in malice: a sentence that names the field, and nothing saved.

Each refusal ends with a look at the list, which one poisoned row would break for everybody.
"""

from __future__ import annotations

import json

import pytest

from commitments import services
from commitments.models import Commitment, Kind, Membership, Role
from tests.api.callers import (
    a_program,
    a_promise,
    ana_of_billing,
    another_team,
    assert_nothing_was_made,
    errors_of,
    everything,
)
from tests.makers import DAY, NOON, a_commitment, a_draft, a_team, a_user, events_of, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


# --- Bodies that are no body


@pytest.mark.parametrize(
    "raw",
    [
        *("", "[]", "null", '"x"', "1", "true", "{", "{}}", "{'a': 1}", '{"a": 1,}', "\ufeff{}"),
        *('{"wording": NaN}', '{"team": Infinity}', '{"team": -Infinity}', '{"team": 1e999}'),
        *('{"team": ' + "9" * 5000 + "}", '{"team": 01}', '{"team": 0x1}', '{"a": "\t"}'),
        *("[" * 2000 + "]" * 2000, '{"a":' * 2000 + "1" + "}" * 2000, '{"team": ' + "[" * 100_000),
        *('{"wording": "a", "wording": "b"}', '{"customer": {"name": "a", "name": "b"}}'),
        *('{"a\\u0000": 1}', '{"\\ud800": 1}', '{"": 1}', b"\xff\xfe{\x00}\x00", b'{"a": "\xff"}'),
        *(b"\x00", b'{"wording": "a\x00"}', json.dumps({f"k{n}": n for n in range(10_000)})),
    ],
)
def test_a_body_that_is_no_object_of_ours_is_refused(raw):
    a_team()

    answer = a_program().send(raw)

    assert answer.status_code == 400
    assert_nothing_was_made(answer)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *(("", 415), ("text/plain", 415), ("application/xml", 415), ("application/json+x", 415)),
        *(("multipart/form-data; boundary=x", 415), ("application/x-www-form-urlencoded", 415)),
        *(("application/json; charset=bogus", 415), ("application/json; charset=utf-16", 415)),
        *(("application/json; charset=bz2_codec", 415), ("application/json; charset=UTF-8", 201)),
        *(('application/json; charset="utf-8"', 201), ("APPLICATION/JSON", 201)),
    ],
)
def test_a_body_is_json_in_utf8_and_nothing_else(kind, status):
    a_team()

    answer = a_program().send(json.dumps(a_promise()), kind=kind)

    assert answer.status_code == status
    assert Commitment.objects.count() == (status == 201)


def test_a_body_of_megabytes_is_not_read():
    a_team()

    answer = a_program().post(a_promise(wording="x" * 5_000_000))

    assert answer.status_code == 413
    assert_nothing_was_made(answer)


def test_a_key_that_stands_twice_is_named():
    answer = a_program(ana_of_billing()).send('{"wording": "a", "wording": "b"}')

    assert errors_of(answer) == {"wording": "This key stands twice in one object."}


def test_what_is_missing_is_named():
    answer = a_program(ana_of_billing()).post({})

    assert errors_of(answer).keys() == {"customer", "wording", "kind"}


# --- Fields that are not theirs to set, or are not there


UNKNOWN = (
    *("id", "reference", "status", "outcome", "first_due_at", "promised_at", "created_at"),
    *("version", "event_count", "policy_version", "policy_snapshot", "told_at", "breached_at"),
    *("origin", "origin_key", "head_hash", "next_action_at", "Wording", "wording ", "owner_id"),
    *("customer_id", "hidden_at", "conversation_id", "by", "now", "__class__"),
)


def test_a_field_that_does_not_exist_is_refused_and_named():
    program = a_program(ana_of_billing())

    for field in UNKNOWN:
        answer = program.post(a_promise(**{field: 1}))

        assert errors_of(answer).keys() == {field}
        assert_nothing_was_made(answer)


def test_a_field_inside_another_is_named_with_it():
    a_team()

    answer = a_program().post(a_promise(customer={"name": "Tom", "e-mail": "tom@example.org"}))

    assert errors_of(answer) == {
        "customer.e-mail": "There is no such field here. The fields are: email, name, phone, zone."
    }
    assert_nothing_was_made(answer)


@pytest.mark.parametrize("field", ["wording", "kind", "due", "team_note", "case", "channel"])
def test_text_is_text(field):
    program = a_program(ana_of_billing())
    usual = a_promise(due_at=...) if field == "due" else a_promise()

    for wrong in (None, 1, 1.5, True, [], {}, ["x"]):
        answer = program.post(usual | {field: wrong})

        assert errors_of(answer).keys() == {field}
        assert_nothing_was_made(answer)


@pytest.mark.parametrize("field", ["urgent", "summary", "difficult"])
def test_a_truth_is_true_or_false(field):
    program = a_program(ana_of_billing())

    for wrong in (None, 0, 1, "true", "yes", "", [], {}):
        answer = program.post(a_promise(**{field: wrong}))

        assert errors_of(answer).keys() == {field}
        assert_nothing_was_made(answer)


@pytest.mark.parametrize("field", ["team", "owner", "customer"])
def test_an_id_is_a_whole_number_that_a_column_holds(field):
    program = a_program(ana_of_billing())

    for wrong in (0, -1, "1", 1.0, True, [1], {}, 2**63, 2**64, -(2**63), ""):
        answer = program.post(a_promise(**{field: wrong}))

        assert [name.partition(".")[0] for name in errors_of(answer)] == [field]
        assert_nothing_was_made(answer)


# --- Who and what


@pytest.mark.parametrize("unknown", [2**31, 2**63 - 1])
def test_what_lies_in_another_team_is_answered_like_what_does_not_exist(unknown):
    team, other = a_team(), another_team()
    services.make(a_draft(team=other, owner_id=None), by=None, now=NOON)
    program, before = a_program(), everything()

    for field, foreign in (
        ("team", other.pk),
        ("customer", tom().pk),
        ("owner", a_user("Ben Stone").pk),
    ):
        answers = [program.post(a_promise(team=team.pk) | {field: it}) for it in (foreign, unknown)]

        assert answers[0].status_code == 400
        assert errors_of(answers[0]).keys() == {field}
        assert answers[0].content == answers[1].content

    assert everything() == before


def test_who_may_no_longer_sign_in_or_only_looks_is_nobody_to_keep_a_promise():
    a_team()
    gone, auditor = a_user("Gus Hall", is_active=False), a_user("Uma Okoye")
    Membership.objects.create(user=gone, team=a_team(), role=Role.AGENT)
    Membership.objects.create(user=auditor, team=a_team(), role=Role.AUDITOR)

    for owner in (gone, auditor):
        answer = a_program().post(a_promise(owner=owner.pk))

        assert errors_of(answer) == {"owner": "Choose somebody of Billing care."}
        assert_nothing_was_made(answer)


def test_a_kind_that_is_not_in_use_is_refused_with_those_that_are():
    a_team()
    Kind.objects.filter(code="visit").update(retired_at=NOON - DAY)

    for code in ("visit", "Refund", "x", "<script>"):
        answer = a_program().post(a_promise(kind=code))

        assert errors_of(answer) == {
            "kind": "Choose one of: callback, change, credit, escalation, followup, other, refund, "
            "repair, replacement."
        }
        assert_nothing_was_made(answer)


# --- Fulfilling


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        *(
            ("", "how"),
            ("{}", "how"),
            ("[]", None),
            ('{"how": null}', "how"),
            ('{"how": 1}', "how"),
        ),
        *(('{"how": ""}', "how"), ('{"how": " \\u200d"}', "how"), ('{"how": "a\\u0000"}', "how")),
        *(('{"how": "\\ud800"}', "how"), ('{"how": "a", "status": "open"}', "status")),
        *(('{"how": "a", "evidence": 7}', "evidence"), ('{"how": "a", "how": "b"}', "how")),
        (json.dumps({"how": "a", "evidence": "x" * 501}), "evidence"),
        (json.dumps({"how": "x" * 4001}), "how"),
    ],
)
def test_how_it_ended_is_judged_like_every_other_text(raw, name):
    kettle = a_commitment()

    answer = a_program().send(raw, f"/api/v1/commitments/{kettle.reference}/fulfil/")

    assert answer.status_code == 400
    if name is not None:
        assert errors_of(answer).keys() == {name}
    assert events_of(kettle) == ["made"]
