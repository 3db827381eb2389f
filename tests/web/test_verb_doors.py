"""Before a verb's form is shown: may this person, does it make sense now, are they signed in?"""

from __future__ import annotations

import pytest
from django.test import Client

from commitments import services
from commitments.models import Commitment
from commitments.web import verbs
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


def path(commitment: Commitment, verb: str) -> str:
    return f"/promises/{commitment.reference}/{verb}/"


LATE_VERBS = {"make-right", "cause"}
NOT_NOW = {"answer", "reopen", "resume", "acknowledge", "nudge", "check-in", "confirm-answer"}
NOT_NOW |= LATE_VERBS | {"thank"}
OPEN_VERBS = sorted(set(verbs.FORMS) - NOT_NOW)
OF_WHAT_IS_DONE = {"reopen", "answer", "renew-link", "check-in", "confirm-answer", "cause", "thank"}


@pytest.mark.parametrize("verb", OPEN_VERBS)
def test_looking_at_a_form_changes_nothing(client: Client, kettle: Commitment, verb: str) -> None:
    assert client.get(path(kettle, verb)).status_code == 200
    assert makers.events_of(kettle) == ["made"]


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("answer", "Tom is not waiting for an answer. Write an update instead."),
        ("resume", "This promise is not waiting on the customer."),
        ("reopen", "This promise is still open."),
        ("nudge", "This promise is not waiting on the customer."),
        ("acknowledge", "This promise is not overdue: nobody else has been asked yet."),
        ("make-right", "This promise is not overdue. If it needs longer, move its time."),
        ("cause", "This promise was never late, so there is no cause to give."),
        ("check-in", "This promise is still open. Ask how it went once it is done."),
        ("thank", "Thanks are for a promise that was kept, or whose customer was told"),
        ("confirm-answer", "There is no doubt about what was answered."),
    ],
)
def test_what_makes_no_sense_now_is_said_instead_of_asked(
    client: Client, kettle: Commitment, verb: str, sentence: str
) -> None:
    page = client.get(path(kettle, verb))

    assert page.status_code == 409
    assert sentence in pages.text(page)
    assert "Back to the promise" in pages.text(page)
    assert f'action="{path(kettle, verb)}"' not in page.content.decode()


@pytest.mark.parametrize("verb", sorted(set(verbs.FORMS) - OF_WHAT_IS_DONE))
def test_a_promise_that_is_done_asks_for_nothing(
    client: Client, kettle: Commitment, verb: str
) -> None:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)

    page = client.get(path(kettle, verb))

    assert page.status_code == 409
    assert "Ana marked this done today at 12:00 noon." in pages.text(page)


def test_what_is_late_cannot_be_parked_with_the_customer(client: Client) -> None:
    late = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)

    page = client.get(path(late, "wait"))

    assert page.status_code == 409
    assert "Tell the customer a new time instead." in pages.text(page)


@pytest.mark.parametrize("verb", sorted(verbs.FORMS))
def test_an_auditor_is_asked_nothing_and_never_acts(kettle: Commitment, verb: str) -> None:
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)
    auditor = pages.signed_in(makers.dev())

    asked = auditor.get(path(kettle, verb))
    sent = auditor.post(path(kettle, verb), {"once": "k", "how": "Sent"})

    assert (asked.status_code, sent.status_code) == (403, 403)
    assert "You can see this promise, but not change it." in pages.text(asked)
    assert makers.events_of(kettle) == ["made"]


def test_an_unknown_verb_does_not_exist(client: Client, kettle: Commitment) -> None:
    assert client.get(path(kettle, "destroy")).status_code == 404


def test_after_the_session_ended_nothing_is_done_and_the_text_is_kept(
    client: Client, kettle: Commitment
) -> None:
    client.logout()

    page = client.post(path(kettle, "done"), {"once": "k", "how": "Sent <b>at last</b>"})

    assert page.status_code == 403
    assert "You were signed out. Your text is still here" in pages.text(page)
    assert "How did it end? Sent <b>at last</b>" in pages.text(page)
    assert f'href="/accounts/login/?next={path(kettle, "done")}"' in page.content.decode()
    assert makers.events_of(kettle) == ["made"]


def test_after_the_session_ended_a_button_without_text_leads_to_signing_in(
    client: Client, kettle: Commitment
) -> None:
    client.logout()

    sent_off = client.post(path(kettle, "acknowledge"), {"once": "k", "back": "mine"})

    assert sent_off["Location"].startswith("/accounts/login/?next=/promises/")
