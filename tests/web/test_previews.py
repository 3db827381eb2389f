"""What a form shows before it is sent is what is then sent, and nothing is kept of showing it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from commitments import services
from commitments.models import Commitment
from notifications.models import Delivery
from tests import makers
from tests.makers import HOUR, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db

SENDS: list[tuple[str, dict[str, str]]] = [
    ("update", {"seen": "customer", "words": "On its way.\n\nMore tomorrow."}),
    ("update", {"seen": "customer", "words": "The part is late.", "when": "fri 10am"}),
    ("done", {"how": "Sent with the noon post.", "cause": "slipped"}),
    ("move", {"when": "fri 10am", "reason": "The part comes then.", "told": "message"}),
    ("wait", {"what": "one photo of the meter"}),
    (
        "close",
        {
            "how": "abandon",
            "reason": "It is not made any more.",
            "offer": "Another one",
            "cause": "outside",
        },
    ),
    ("help", {"reason": "Where is the part?", "line": "I have asked a colleague."}),
]


def path(commitment: Commitment, verb: str) -> str:
    return f"/promises/{commitment.reference}/{verb}/"


def previewed(client: Client, commitment: Commitment, verb: str, fields: dict[str, str]) -> Any:
    """What a script is answered that asks for the message while somebody types."""
    form = client.get(path(commitment, verb))
    return client.post(
        path(commitment, verb),
        pages.hidden(form) | fields | {"preview": "on"},
        headers={"HX-Request": "true", "HX-Target": f"preview-{verb}"},
    )


def as_shown(text: str) -> str:
    return " ".join(text.split())


def newest_to(customer: str) -> Delivery:
    return Delivery.objects.filter(audience="customer", address=customer).latest("pk")


@pytest.mark.parametrize("hours_later", [0, 5], ids=["in time", "late"])
@pytest.mark.parametrize(("verb", "fields"), SENDS, ids=lambda each: str(each)[:30])
def test_what_is_shown_is_what_is_sent(
    client: Client,
    kettle: Commitment,
    traveller: time_machine.Traveller,
    verb: str,
    fields: dict[str, str],
    hours_later: int,
) -> None:
    if verb == "wait" and hours_later:
        pytest.skip("a late promise cannot be parked with the customer")
    traveller.shift(hours_later * HOUR)
    shown = previewed(client, kettle, verb, fields)
    form = client.get(path(kettle, verb))
    sent = client.post(path(kettle, verb), pages.hidden(form) | fields)
    if sent.status_code == 200:  # a time was read, and is confirmed
        sent = client.post(path(kettle, verb), pages.hidden(sent) | fields)
    assert sent.status_code == 302

    letter = newest_to("tom@customers.example")

    words = pages.text_of(shown.content.decode())
    when = "in 30 seconds" if letter.not_before > letter.enqueued_at else "at once"
    assert f"To tom@customers.example, {when} {letter.subject}" in words
    assert as_shown(letter.text) in words


@pytest.mark.parametrize(("verb", "fields"), SENDS, ids=lambda each: str(each)[:30])
def test_showing_a_message_keeps_nothing(
    client: Client, kettle: Commitment, verb: str, fields: dict[str, str]
) -> None:
    before = Commitment.objects.values().get(pk=kettle.pk)
    messages = Delivery.objects.count()

    previewed(client, kettle, verb, fields)

    assert Commitment.objects.values().get(pk=kettle.pk) == before
    assert makers.events_of(kettle) == ["made"]
    assert Delivery.objects.count() == messages


@pytest.mark.parametrize(
    ("verb", "fields", "why"),
    [
        ("update", {"seen": "team", "words": "x"}, "A note for the team: nothing goes to Tom."),
        (
            "move",
            {"when": "fri 10am", "reason": "x", "told": "phone"},
            "You have told Tom by phone, so nothing is sent.",
        ),
        ("move", {"when": "fri 10am", "reason": "x", "told": "no"}, "Tom does not know yet"),
        ("close", {"how": "release", "reason": "x"}, "Nothing is sent about it"),
        ("help", {"reason": "x"}, "Nothing goes to Tom, unless you write them a line."),
    ],
)
def test_where_nothing_goes_out_it_says_why(
    client: Client, kettle: Commitment, verb: str, fields: dict[str, str], why: str
) -> None:
    shown = previewed(client, kettle, verb, fields)

    assert why in pages.text_of(shown.content.decode())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"email": ""}, "Tom has no e-mail address. Please call."),
        ({"stopped_at": NOON - HOUR}, "Tom asked for no more e-mails. Please call."),
    ],
)
def test_who_cannot_be_written_to_is_to_be_called(
    client: Client, kettle: Commitment, change: dict[str, Any], why: str
) -> None:
    makers.Customer.objects.filter(pk=kettle.customer_id).update(**change)

    shown = previewed(client, kettle, "done", {"how": "Sent."})

    assert why in pages.text_of(shown.content.decode())


def test_a_button_shows_it_without_script(client: Client, kettle: Commitment) -> None:
    form = client.get(path(kettle, "done"))
    fields = {"how": "Sent with the noon post.", "preview": "on"}

    shown = client.post(path(kettle, "done"), pages.hidden(form) | fields)

    assert shown.status_code == 200
    assert "To tom@customers.example, in 30 seconds Done: Send" in pages.text(shown)
    assert "Sent with the noon post.</textarea>" in shown.content.decode()
    assert makers.fresh(kettle).is_live


def test_half_a_form_is_not_refused_while_somebody_types(
    client: Client, kettle: Commitment
) -> None:
    shown = previewed(client, kettle, "move", {"when": "", "reason": "", "told": "message"})

    assert shown.status_code == 200
    assert "There is a problem" not in pages.text_of(shown.content.decode())


def test_a_time_that_was_shown_with_the_message_is_set_with_one_press(
    client: Client, kettle: Commitment
) -> None:
    fields = {"when": "fri 10am", "reason": "The part comes then.", "told": "message"}
    form = client.get(path(kettle, "move"))
    shown = previewed(client, kettle, "move", fields)

    moved = client.post(path(kettle, "move"), pages.hidden(form) | pages.hidden(shown) | fields)

    assert moved.status_code == 302
    assert makers.fresh(kettle).due_at == NOON + 22 * HOUR


def test_an_update_with_a_new_time_moves_the_promise(client: Client, kettle: Commitment) -> None:
    fields = {"seen": "customer", "words": "The part is late.", "when": "fri 10am"}
    form = client.get(path(kettle, "update"))
    shown = client.post(path(kettle, "update"), pages.hidden(form) | fields)

    client.post(path(kettle, "update"), pages.hidden(shown) | fields)

    assert makers.events_of(kettle) == ["made", "moved"]
    assert newest_to("tom@customers.example").template == "new_time"


def test_a_new_time_is_never_set_behind_the_customers_back(
    client: Client, kettle: Commitment
) -> None:
    fields = {"seen": "team", "words": "Later.", "when": "fri 10am"}

    refused = client.post(path(kettle, "update"), {"once": "k"} | fields)

    assert refused.status_code == 422
    assert "Tom would not hear of the new time." in pages.text(refused)
    assert makers.events_of(kettle) == ["made"]


def test_a_text_to_start_from_is_filled_in(client: Client, kettle: Commitment) -> None:
    form = client.get(path(kettle, "update"))
    assert "We are late" not in pages.text(form)

    filled = client.post(
        path(kettle, "update"),
        pages.hidden(form) | {"seen": "team", "words": "", "text": "on-track", "fill": "on"},
    )

    page = filled.content.decode()
    assert filled.status_code == 200
    assert "We still keep to Thursday 21 May, 4:00 pm.</textarea>" in page
    assert re.search(r'value="team"[^>]* checked', page)
    assert "There is a problem" not in page


def test_a_text_says_sorry_only_once_there_is_a_reason(
    client: Client, kettle: Commitment, traveller: time_machine.Traveller
) -> None:
    before = pages.text(client.get(path(kettle, "update")))
    traveller.shift(5 * HOUR)
    after = pages.text(client.get(path(kettle, "update")))

    assert ("We are late" in before, "Still on track" in before) == (False, True)
    assert ("We are late" in after, "Still on track" in after) == (True, False)


def test_only_who_may_act_is_shown_a_message(kettle: Commitment) -> None:
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)
    auditor = pages.signed_in(makers.dev())

    shown = auditor.post(path(kettle, "done"), {"once": "k", "how": "Sent.", "preview": "on"})

    assert shown.status_code == 403


def test_hostile_words_are_shown_as_words(client: Client, kettle: Commitment) -> None:
    shown = previewed(client, kettle, "done", {"how": "<script>alert(1)</script> \u202e"})

    page = shown.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_somebody_else_did_first_is_said(client: Client, kettle: Commitment) -> None:
    services.fulfil(kettle.pk, by=makers.dev(), how="Sent", now=NOON)

    shown = client.post(
        path(kettle, "done"),
        {"once": "k", "how": "Sent.", "preview": "on"},
        headers={"HX-Request": "true", "HX-Target": "preview-done"},
    )

    assert "This promise is already done." in pages.text_of(shown.content.decode())


NEW = {"once": "key-1", "who": "tom", "wording": "Ring back", "when": "fri 10am"}


def test_what_was_agreed_is_shown_before_a_promise_is_made(
    client: Client, kettle: Commitment
) -> None:
    before = Delivery.objects.count()

    asked = client.post("/promises/new/", NEW)

    shown = letter(asked)
    assert "To tom@customers.example, in 30 seconds" in shown
    assert Commitment.objects.get() == kettle
    assert Delivery.objects.count() == before
    client.post("/promises/new/", NEW | pages.hidden(asked))
    sent = newest_to("tom@customers.example")
    assert sent.template == "agreement"
    words = as_shown(sent.text)
    assert as_shown(sent.subject) in shown
    assert words.partition("http")[0] in shown


def test_where_no_summary_goes_out_none_is_shown(client: Client, kettle: Commitment) -> None:
    asked = client.post("/promises/new/", NEW | {"summary": "no"})

    assert "Is this right?" in pages.text(asked)
    assert letter(asked) == ""


def letter(response: Any) -> str:
    """The words of what the customer would read."""
    content = response.content.decode().partition('<section class="letter"')[2]
    return pages.text_of("<" + content.partition("</section>")[0]) if content else ""
