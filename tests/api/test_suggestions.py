"""Promises are suggested to programs from a conversation, as the page for pasted ones does it."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Calendar, Kind, Membership, OnceKey, Role, Team
from tests.api.callers import a_program, ana_of_billing, another_team, errors_of, everything
from tests.api.counting import queries_of
from tests.makers import NOON, a_team, a_user, ana
from tests.web import pastes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SUGGEST = "/api/v1/suggestions/"
LID, MONEY, BASE = "lid", "money", "base"


def suggest(text: str = pastes.CHAT, user=None, **fields):
    body = {"text": text, "customer": "Tom Okafor"} | fields
    return a_program(user or ana_of_billing()).post(body, SUGGEST)


def test_each_promise_comes_with_its_sentence_and_what_would_be_logged():
    lid, money, base = suggest().json()["suggestions"]

    assert lid["quote"] == "I'll send you a new lid by Friday 4pm."
    assert lid["due"]["due_at"] == "2026-05-22T16:00:00Z"
    assert lid["due"]["said"] == "by Friday 4pm"
    assert (lid["due_is_usual"], lid["is_conditional"], lid["is_clear"]) == (False, False, True)
    assert lid["owner"] == {"id": ana().pk, "name": "Ana Moreno"}
    assert lid["reason"].startswith("Found by “")
    assert (money["kind"]["code"], money["due_is_usual"], money["is_clear"]) == (
        "refund", True, False,
    )  # fmt: skip
    assert money["note"].startswith("“as soon as possible” names no time. Accept the usual time")
    assert base["is_conditional"] is True
    assert base["is_clear"] is False


def test_a_quote_is_found_in_its_turn():
    said = suggest().json()

    for each in said["suggestions"]:
        text = said["turns"][each["turn"]]["text"]
        assert text[each["start"] : each["end"]] == each["quote"]


def test_the_page_shows_the_same():
    makers_tom()
    browser = Client()
    browser.force_login(ana_of_billing())

    page = pastes.pasted(browser)
    said = suggest().json()["suggestions"]

    shown = pastes.sent_back(page)
    for key, each in zip(pastes.keys_of(page), said, strict=True):
        assert shown[f"{key}-wording"] == each["wording"]
        assert (shown[f"{key}-keep"] == "yes") == each["is_clear"]
        assert shown[f"{key}-kind"] == str(Kind.objects.get(code=each["kind"]["code"]).pk)


def test_who_speaks_is_told_and_can_be_said():
    text = "Kim: The lid broke.\nSam: I will send a new one tomorrow."

    guessed = suggest(text).json()
    told = suggest(text, speakers=[{"name": "Kim", "side": "agent"}]).json()

    assert {voice["name"] for voice in guessed["speakers"]} == {"Kim", "Sam"}
    (kim,) = [voice for voice in told["speakers"] if voice["name"] == "Kim"]
    assert (kim["side"], kim["is_guess"]) == ("agent", False)
    sides = {turn["speaker"]: turn["side"] for turn in told["turns"]}
    assert sides["Kim"] == "agent"


def test_clocks_without_a_day_are_those_of_the_day_that_is_given():
    said = suggest(on="2026-05-19").json()

    assert said["turns"][0]["at"] == "2026-05-19T10:02:00Z"
    assert said["suggestions"][0]["due"]["due_at"] == "2026-05-22T16:00:00Z"


def test_a_colleague_who_was_named_keeps_it():
    team = a_team()
    omar = a_user("Omar Haddad")
    Membership.objects.create(user=omar, team=team)

    (call,) = suggest("Ana: Omar will call you tomorrow at 10am.").json()["suggestions"]
    (nobody,) = suggest("Ana: A technician will call you tomorrow at 10am.").json()["suggestions"]

    assert call["owner"] == {"id": omar.pk, "name": "Omar Haddad"}
    assert nobody["owner"] is None


def test_what_makes_the_text_doubtful_is_noted():
    other = suggest("Ana: Good morning Rosa.\nRosa Lind: Hello.\nAna: I'll call you at 3pm.").json()
    foreign = suggest("Ana: Wir rufen Sie morgen um zehn Uhr zurück und erledigen das dann.").json()

    assert other["notes"] == [
        "This conversation is with Rosa Lind, and the promises go to Tom Okafor."
    ]
    assert any("only English" in note for note in foreign["notes"])


def test_no_more_are_shown_than_on_the_page():
    text = "\n".join(f"Ana: I'll call you back about item {n} tomorrow at 10am." for n in range(45))

    said = suggest(text).json()

    assert (len(said["suggestions"]), said["unshown"]) == (40, 5)


def test_a_team_that_never_opens_has_no_usual_time():
    Team.objects.filter(pk=a_team().pk).update(
        calendar=Calendar.objects.create(name="Never", zone="UTC")
    )

    (found,) = suggest("Ana: I'll refund that for you.").json()["suggestions"]

    assert found["due"] is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 100_001}, "text"),
        ({"text": "Ana: hello\n" * 2_001}, "text"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "2026-W21-4"}, "on"),
        ({"on": "20260521"}, "on"),
        ({"on": "1989-12-31"}, "on"),
        ({"on": "2026-06-01"}, "on"),
        ({"on": 5}, "on"),
        ({"customer": 7}, "customer"),
        ({"speakers": {}}, "speakers"),
        ({"speakers": [{"name": "Kim", "side": "boss"}]}, "speakers.0.side"),
        ({"speakers": [{"name": "Kim", "side": "agent"}] * 51}, "speakers"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(fields, field):
    answer = suggest(**fields)

    assert answer.status_code == 400
    assert errors_of(answer).keys() == {field}


def test_what_nobody_typed_is_a_blank_as_on_the_page():
    said = suggest("Ana: I'll call\x00 you\ud800 tomorrow at 10am.").json()

    assert len(said["suggestions"]) == 1


def test_a_team_of_others_is_answered_like_one_that_does_not_exist():
    answers = [suggest(team=team) for team in (another_team().pk, 2**60)]

    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1


def test_an_auditor_and_a_token_that_only_reads_may_ask():
    Membership.objects.filter(user=ana_of_billing()).update(role=Role.AUDITOR)

    answer = a_program(ana(), scope="read").post(
        {"text": pastes.CHAT, "team": a_team().pk}, SUGGEST
    )

    assert answer.status_code == 200


def test_strangers_are_not_answered():
    assert Client().post(SUGGEST, {"text": "x"}, "application/json").status_code == 401


def test_nothing_of_a_conversation_is_kept():
    ana_of_billing()

    answer = a_program().post({"text": pastes.CHAT}, SUGGEST, Idempotency_Key="k1")

    assert answer.status_code == 200
    assert everything() == (0, 0, 0, 0)
    assert not OnceKey.objects.exists()


def test_more_promises_cost_no_more_queries():
    program = a_program(ana_of_billing())
    one = {"text": "Ana: I'll call you back tomorrow at 10am."}
    forty = {"text": "\n".join([one["text"]] * 40)}
    program.post(one, SUGGEST)

    few = len(queries_of(lambda: program.post(one, SUGGEST)))

    assert len(queries_of(lambda: program.post(forty, SUGGEST))) == few <= 6


def makers_tom() -> None:
    """The team knows Tom, so that the page finds him."""
    from_billing = a_program(ana_of_billing())
    from_billing.post(
        {
            "customer": {"name": "Tom Okafor", "email": "tom@customers.example"},
            "wording": "Send the kettle's replacement part",
            "kind": "followup",
            "due_at": NOON.replace(hour=18).isoformat(),
        }
    )
