"""Promises that are made many at once are those that `make` would have made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Conversation, Event, FigureNote, Membership, Role
from commitments.models.event import first_broken_link
from commitments.rules.lifecycle import NotAllowedError
from config.audit import histories
from notifications.models import Delivery
from tests.commitments.messages.test_programs import a_subscriber, told
from tests.makers import DAY, HOUR, NOON, a_draft, a_team, a_user, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def drafts() -> list[services.Draft]:
    """Of two cases and none, due ahead and long ago, of several kinds and hands."""
    usual = {"summary": False, "tell_owner": False, "origin": "import"}
    return [
        a_draft(
            **usual | {"case": case, "owner_id": owner, "kind": kind, "urgent": number % 3 == 0},
            origin_key=f"{number}",
            wording=f"Send part {number}",
            promised_at=NOON - ago,
            due_at=NOON - ago + 5 * HOUR,
            due_said=said,
        )
        for number, (case, owner, kind, ago, said) in enumerate(
            [
                ("case-1", ana().pk, "followup", HOUR, "in 5 hours"),
                ("case-1", dev().pk, "callback", 40 * DAY, ""),
                ("", None, "refund", 2 * HOUR, "today"),
                ("case-2", ana().pk, "visit", timedelta(0), "at five"),
                ("", ana().pk, "followup", 3 * DAY, "soon"),
            ]
        )
    ]


def facts(model: type[Any], *left_out: str) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model.objects.order_by("pk").values(*[each for each in names if each not in left_out])
    return list(rows)


CHAINED = ("id", "conversation_id", "commitment_id", "hash", "previous_hash", "head_hash")


def everything() -> list[Any]:
    events = facts(Event, *CHAINED, "text_digest")
    for event in events:
        event["changes"].pop("conversation_id", None)
    return [
        facts(Commitment, *CHAINED),
        events,
        list(Event.objects.order_by("pk").values_list("text__words", flat=True)),
        facts(Conversation, "id", "agent_id"),
        sorted(FigureNote.objects.values_list("team", "day", "at").distinct()),
    ]


def test_they_are_what_making_them_one_by_one_comes_to() -> None:
    a_team()
    given = drafts()
    with transaction.atomic():
        for draft in given:
            services.make(draft, by=ana(), now=NOON)
        one_by_one = everything()
        transaction.set_rollback(True)

    answers = services.make_many(given, by=ana(), now=NOON)

    for alone, together in zip(one_by_one, everything(), strict=True):
        assert together == alone
    promises = list(Commitment.objects.order_by("pk"))
    assert [answer.commitment for answer in answers] == promises
    assert [first_broken_link(each) for each in promises] == [None] * 5
    assert list(histories.differing([each.pk for each in promises])) == []
    assert not Delivery.objects.exists()


def test_programs_that_asked_for_it_are_told_of_each() -> None:
    a_team()
    desk = a_subscriber("made", "passed_over")
    given = drafts()

    services.make_many(given, by=ana(), now=NOON)

    assert told(desk).count("promise.made") == 5
    assert set(told(desk)) == {"promise.made", "promise.passed_over"}


def test_one_that_cannot_be_made_leaves_the_others_alone() -> None:
    a_team()
    first, *_ = drafts()
    unlike = [
        replace(first, origin_key="a", case="case-9", due_at=first.promised_at),
        replace(first, origin_key="b", wording=" "),
        replace(first, origin_key="c", owner_id=a_user("Other Team").pk),
        replace(first, origin_key="d", case="x" * 121),
        first,
    ]

    answers = services.make_many(unlike, by=ana(), now=NOON)

    assert [str(answer.refusal or "") for answer in answers] == [
        "The due time is not after the promise. Give a later time.",
        "The promise is empty. Please write something.",
        "Choose somebody of Billing care.",
        "The case is 121 characters long; keep it to 120.",
        "",
    ]
    assert (Commitment.objects.count(), Conversation.objects.count()) == (1, 1)


def test_they_join_the_conversation_of_their_case() -> None:
    before = services.make(a_draft(case="case-1"), by=ana(), now=NOON)

    services.make_many(drafts(), by=ana(), now=NOON)

    of_case = Commitment.objects.filter(conversation__outside_reference="case-1")
    assert {each.conversation_id for each in of_case} == {before.conversation_id}
    assert of_case.count() == 3


def test_who_owes_it_spoke_with_the_customer() -> None:
    a_team()

    services.make_many(drafts()[:1], by=dev(), now=NOON)

    made = Commitment.objects.get()
    assert (made.conversation.agent, made.events.get(sequence=1).actor) == (ana(), dev())


@pytest.mark.parametrize("who", ["auditor", "stranger"])
def test_who_may_not_make_promises_makes_none(who: str) -> None:
    team = a_team()
    given = drafts()
    user = a_user("Noor")
    if who == "auditor":
        Membership.objects.create(user=user, team=team, role=Role.AUDITOR)

    with pytest.raises(NotAllowedError):
        services.make_many(given, by=user, now=NOON)

    assert not Commitment.objects.exists()


def test_a_retired_team_makes_none() -> None:
    team = a_team()
    given = drafts()
    team.retired_at = NOON
    team.save()

    with pytest.raises(CommitmentError, match="is retired"):
        services.make_many(given, by=ana(), now=NOON)

    assert not Conversation.objects.exists()


@pytest.mark.postgresql  # the other database takes a thousand values in a statement
def test_ten_times_as_many_take_no_more_queries() -> None:
    a_team()
    first, *_ = drafts()

    def queries(count: int, name: str) -> int:
        many = [replace(first, origin_key=f"{name}{n}", case=f"{name}{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            services.make_many(many, by=ana(), now=NOON)
        return len(asked)

    assert queries(30, "b") == queries(3, "a") <= 24


def test_of_nothing_comes_nothing() -> None:
    assert services.make_many([], by=None, now=NOON) == []
