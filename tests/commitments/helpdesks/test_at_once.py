"""Webhooks that come at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from commitments.models import Commitment, Conversation, Customer
from tests.commitments.helpdesks.desks import Desk
from tests.commitments.helpdesks.letters import a_letter

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def posted_together(box: Desk, *letters: dict[str, Any]) -> list[Any]:
    answers: list[Any] = []
    ready = threading.Barrier(len(letters))

    def post(letter: dict[str, Any]) -> None:
        ready.wait(20)
        answers.append(box.post(letter))
        connection.close()

    threads = [threading.Thread(target=post, args=(letter,)) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_the_same_webhook_many_times_at_once_is_one_promise(box: Desk) -> None:
    answers = posted_together(box, *[a_letter()] * 6)

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["promises"][0]["reference"] for answer in answers}) == 1
    assert Commitment.objects.count() == Conversation.objects.count() == 1


def test_promises_to_one_new_customer_at_once_meet_one_customer(box: Desk) -> None:
    answers = posted_together(box, *(a_letter(id=f"m{number}") for number in range(6)))

    assert {answer.status_code for answer in answers} == {201}
    assert Commitment.objects.count() == 6
    assert Customer.objects.count() == Conversation.objects.count() == 1


def test_what_became_of_a_ticket_is_told_once_at_once(box: Desk) -> None:
    box.post(a_letter())

    posted_together(box, *[a_letter(id="e1", happened="closed")] * 4)

    assert Commitment.objects.get().events.filter(kind="case_told").count() == 1
