from __future__ import annotations

import pytest

from commitments import services
from commitments.models import Commitment, Conversation
from tests import makers
from tests.makers import HOUR, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_promises_made_together_share_one_conversation() -> None:
    lid, money = makers.a_draft(wording="Send a lid"), makers.a_draft(wording="Refund it")

    made = services.make_together([lid, money], by=makers.ana(), now=NOON)

    assert [each.wording for each in made] == ["Send a lid", "Refund it"]
    assert {each.conversation for each in made} == {Conversation.objects.get()}
    assert [makers.events_of(each) for each in made] == [["made"], ["made"]]


def test_they_join_the_conversation_of_their_case() -> None:
    known = makers.a_commitment(case="48213")
    drafts = [makers.a_draft(case="48213"), makers.a_draft(case="48213")]

    made = services.make_together(drafts, by=makers.ana(), now=NOON)

    assert {each.conversation for each in made} == {known.conversation}


def test_one_that_is_refused_leaves_none_and_is_named() -> None:
    good, late = makers.a_draft(), makers.a_draft(due_at=NOON - HOUR)

    with pytest.raises(services.NotTogether, match="has passed") as refused:
        services.make_together([good, late], by=makers.ana(), now=NOON)

    assert refused.value.position == 1
    assert refused.value.field == "due_at"
    assert not Commitment.objects.exists()
    assert not Conversation.objects.exists()
