"""What pages answered about a customer is kept for a day, and goes at once when they are erased."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from commitments import services
from commitments.models import Commitment, Customer, Membership, OnceKey
from commitments.privacy import erasing
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, tom
from tests.web import pages, pastes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WORD = "xylophone"  # in what was promised


def a_promise(case: str = "1") -> Commitment:
    return makers.a_commitment(
        wording=f"Send the {WORD}", case=case, due_at=NOON + DAY, now=NOON - DAY, summary=False
    )


def logs(client: Client) -> None:
    """Of one's own, the page leads to one's promises."""
    said = {"who": "Tom Okafor", "wording": f"Send the {WORD}", "when": "fri 10am"}
    shown = client.post("/promises/new/", {"once": "k"} | said)
    client.post("/promises/new/", pages.hidden(shown) | said)


def saves_what_was_suggested(client: Client) -> None:
    a_promise()
    pastes.saved(client, pastes.pasted(client, pastes.CHAT.replace("lid", WORD)))


def keeps_one_and_returns(client: Client) -> None:
    path = f"/promises/{a_promise().reference}/done/"
    client.post(path, pages.hidden(client.get(f"{path}?back=mine")) | {"how": "Sent"})


def merges(client: Client) -> None:
    other = Customer.objects.create(name="tom okafor", email="tom@work.example")
    makers.a_commitment(customer=other, case="2")
    a_promise()
    page = f"/customers/{tom().pk}/merge/"
    client.post(page, pages.hidden(client.get(page)) | {"other": str(other.pk)})


def writes_again(client: Client) -> None:
    a_promise()
    Customer.objects.update(stopped_at=NOON - DAY)
    page = f"/customers/{tom().pk}/write-again/"
    client.post(page, pages.hidden(client.get(page)))


def sums_up(client: Client) -> None:
    drafts = [makers.a_draft(wording=each, case="1") for each in (f"Tune the {WORD}", "Ring")]
    first, _ = services.make_together(drafts, by=makers.ana(), now=NOON)
    page = f"/promises/recap/{first.conversation_id}/"
    client.post(page, pages.hidden(client.get(page)))


def takes_what_is_taken(client: Client) -> None:
    promise = makers.a_commitment(wording=f"Send the {WORD}", owner_id=makers.dev().pk)
    lead = pages.signed_in(makers.dev())
    form = pages.hidden(lead.get("/team/"))
    lead.post("/team/", form | {"do": "take", "pick": promise.reference})


def asks_too_often(client: Client) -> None:
    promise, lead = a_promise(), pages.signed_in(makers.dev())
    services.ask_for_update(promise.pk, by=makers.ines(), now=NOON - 20 * MINUTE)
    form = lead.get(f"/team/ask/?pick={promise.reference}")
    lead.post("/team/ask/", pages.hidden(form))


def moves_what_is_too_much(client: Client) -> None:
    Membership.objects.filter(user=makers.ana()).update(daily_capacity=3)
    for number in range(4):
        makers.a_commitment(
            wording=f"Send the {WORD}", case=str(number), due_at=NOON + (24 + number) * HOUR,
            now=NOON - 2 * DAY, summary=False,
        )  # fmt: skip
    lead = pages.signed_in(makers.ines())
    page = lead.get("/reports/workload/")
    lead.post("/reports/workload/move/", pages.hidden(page))


@pytest.mark.parametrize(
    "acts",
    [
        logs,
        saves_what_was_suggested,
        keeps_one_and_returns,
        merges,
        writes_again,
        sums_up,
        takes_what_is_taken,
        asks_too_often,
        moves_what_is_too_much,
    ],
)
def test_no_answer_of_a_page_outlives_whom_it_names(
    client: Client, acts: Callable[[Client], None]
) -> None:
    acts(client)
    answers = [str(each.answer).casefold() for each in OnceKey.objects.all()]
    assert any("tom" in each or WORD in each for each in answers)
    other = makers.a_commitment(customer=Customer.objects.create(name="Ada Lovelace"), case="9")
    path = f"/promises/{other.reference}/done/"
    client.post(path, pages.hidden(client.get(path)) | {"how": "Sent"})
    for promise in Commitment.objects.live().filter(customer=tom()):
        services.void(promise.pk, by=makers.ines(), reason="Twice", now=NOON)

    erasing.erase(tom().pk, by=makers.ines(), now=NOON)

    assert [each.answer["about"] for each in OnceKey.objects.all()] == [[other.customer_id]]


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [
        ("One is now: tom okafor.", False),
        ("It went to tom@customers.example.", False),
        ("It went to tom@customers.example.org", False),
        ("Logged for Thomas Okafor", True),
        ("Logged for Tom Okaforsson", True),
    ],
)
def test_whatever_says_their_name_or_address_goes(said: str, is_kept: bool) -> None:
    person = tom()
    OnceKey.objects.create(
        principal="user:1", key="k", expires_at=NOON + DAY, answer={"location": "/", "said": said}
    )

    erasing.erase(person.pk, by=None, now=NOON)

    assert OnceKey.objects.exists() == is_kept


@pytest.mark.parametrize("name", ["Zoë O'Neill", 'Jo "J." (Park) [x] 100% a_b\\d', "李 小龍", "+"])
def test_a_name_is_found_whatever_stands_in_it(name: str) -> None:
    person = Customer.objects.create(name=name)
    answers = {"theirs": f"Logged for {name}: lid.", "other": "Logged for Rosa: lid."}
    for key, said in answers.items():
        OnceKey.objects.create(
            principal="user:1", key=key, expires_at=NOON + DAY, answer={"said": said}
        )

    erasing.erase(person.pk, by=None, now=NOON)

    assert [each.key for each in OnceKey.objects.all()] == ["other"]
