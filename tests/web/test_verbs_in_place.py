"""The same forms, opened in place by a script: only the form is answered, and it stays put."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commitments import services
from commitments.models import Commitment
from commitments.web import verbs
from tests import makers
from tests.makers import DAY, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db

NOT_NOW = {"answer", "reopen", "resume", "acknowledge", "nudge", "check-in", "confirm-answer"}
NOT_NOW |= {"make-right", "cause", "thank"}
SCRIPT = {"HX-Request": "true", "HX-Target": "place"}


def path(commitment: Commitment, verb: str = "") -> str:
    return f"/promises/{commitment.reference}/{verb}{'/' if verb else ''}"


def on_its_page(commitment: Commitment) -> dict[str, str]:
    return SCRIPT | {"HX-Current-URL": f"http://testserver{path(commitment)}"}


def hidden(response: Any) -> dict[str, str]:
    return pages.hidden(response)


@pytest.mark.parametrize("verb", sorted(set(verbs.FORMS) - NOT_NOW))
def test_a_script_is_answered_with_the_form_alone(
    client: Client, kettle: Commitment, verb: str
) -> None:
    here = client.get(path(kettle, verb), headers=SCRIPT)
    page = client.get(path(kettle, verb))

    words = here.content.decode()
    assert here.status_code == 200
    assert "<body" not in words
    assert f'hx-post="{path(kettle, verb)}" hx-target="#place"' in words
    assert "<body" in page.content.decode()
    assert 'hx-target="#place"' not in page.content.decode()
    assert "HX-Request" in here["Vary"]
    assert "HX-Request" in page["Vary"]


def test_what_is_refused_comes_back_in_place_with_its_text(
    client: Client, kettle: Commitment
) -> None:
    form = client.get(path(kettle, "move"), headers=SCRIPT)
    fields = {"when": "yesterday", "reason": "The part is late.", "told": "phone"}

    refused = client.post(path(kettle, "move"), hidden(form) | fields, headers=SCRIPT)

    words = refused.content.decode()
    assert refused.status_code == 422
    assert "<title>Error: Agree a new time with Tom" in words
    assert '<div class="errs" role="alert" tabindex="-1" autofocus>' in words
    assert '<a href="#id_when">' in words
    assert "The part is late.</textarea>" in words
    assert "<body" not in words


def test_what_was_done_in_place_renews_the_promise_and_is_said_once(
    client: Client, kettle: Commitment
) -> None:
    form = client.get(path(kettle, "done"), headers=SCRIPT)

    done = client.post(
        path(kettle, "done"),
        hidden(form) | {"how": "Sent."},
        headers=on_its_page(kettle),
        follow=True,
    )
    again = client.get(path(kettle), headers=SCRIPT)

    words = done.content.decode()
    assert done["HX-Retarget"] == "#promise"
    assert done["HX-Reswap"] == "outerHTML"
    assert words.count("Done: Send the kettle&#x27;s replacement part. Tom is told") == 1
    assert 'hx-swap-oob="innerHTML:#said"' in words
    assert "Kept on time" in words
    assert "Tom is told in" not in again.content.decode()


def test_a_promise_closed_meanwhile_keeps_the_text_and_names_who_closed_it(
    client: Client, kettle: Commitment
) -> None:
    form = client.get(path(kettle, "done"), headers=SCRIPT)
    services.fulfil(kettle.pk, by=makers.dev(), how="Sent", now=NOON)

    refused = client.post(
        path(kettle, "done"), hidden(form) | {"how": "I sent it."}, headers=SCRIPT
    )

    said = pages.text_of(refused.content.decode())
    assert refused.status_code == 422
    assert "Dev marked this done today at 12:00 noon. Your text is below if you still" in said
    assert "I sent it.</textarea>" in refused.content.decode()
    assert makers.events_of(kettle).count("fulfilled") == 1


def test_what_makes_no_sense_now_is_said_in_place(client: Client, kettle: Commitment) -> None:
    services.fulfil(kettle.pk, by=makers.dev(), how="Sent", now=NOON)

    cannot = client.get(path(kettle, "done"), headers=SCRIPT)

    assert cannot.status_code == 409
    assert "<body" not in cannot.content.decode()
    assert "Dev marked this done today at 12:00 noon." in cannot.content.decode()


def test_a_form_that_is_sent_twice_acts_once(client: Client, kettle: Commitment) -> None:
    form = client.get(path(kettle, "update"), headers=SCRIPT)
    fields = hidden(form) | {"seen": "team", "words": "He called."}

    first = client.post(path(kettle, "update"), fields, headers=on_its_page(kettle))
    second = client.post(path(kettle, "update"), fields, headers=on_its_page(kettle))

    assert (first.status_code, second.status_code) == (302, 302)
    assert makers.events_of(kettle) == ["made", "updated"]


def test_what_leads_to_another_page_goes_there(client: Client, kettle: Commitment) -> None:
    form = client.get(path(kettle, "update"), headers=SCRIPT)
    fields = hidden(form) | {"seen": "team", "words": "He called."}
    elsewhere = SCRIPT | {"HX-Current-URL": "http://testserver/promises/mine/"}

    done = client.post(path(kettle, "update"), fields, headers=elsewhere)

    assert (done.status_code, done["HX-Redirect"]) == (200, path(kettle))


def test_the_update_box_is_answered_where_it_stands(client: Client, kettle: Commitment) -> None:
    box = {"HX-Request": "true", "HX-Target": "update-box"}

    refused = client.post(
        path(kettle, "update"), {"once": "k", "seen": "team", "words": ""}, headers=box
    )

    words = refused.content.decode()
    assert refused.status_code == 422
    assert words.lstrip().startswith("<form")
    assert 'id="update-box"' in words
    assert "The update is empty. Please write something." in words


def test_whoever_may_not_see_it_gets_the_same_answer_in_place(kettle: Commitment) -> None:
    stranger = pages.signed_in(makers.a_user("Zed Stranger"))

    unseen = stranger.get(path(kettle, "done"), headers=SCRIPT)
    unknown = stranger.get("/promises/ZZZZZ/done/", headers=SCRIPT)

    assert (unseen.status_code, unknown.status_code) == (404, 404)
    assert pages.text(unseen) == pages.text(unknown)


def test_the_keys_of_a_promise_are_on_its_controls(client: Client, kettle: Commitment) -> None:
    page = client.get(path(kettle)).content.decode()

    keys = {key for key in "DUMWH" if f'aria-keyshortcuts="{key}"' in page}
    assert keys == set("DUMWH")


def test_whoever_wants_no_keys_sees_none(client: Client, kettle: Commitment) -> None:
    makers.User.objects.filter(pk=makers.ana().pk).update(keys_on=False)

    page = client.get(path(kettle)).content.decode()
    main = page.partition("<main")[2]

    assert "aria-keyshortcuts" not in main


def test_older_history_is_a_page_further(client: Client, kettle: Commitment) -> None:
    for number in range(60):
        services.update(
            kettle.pk, by=makers.ana(), words=f"Note {number:02}.", tell_customer=False, now=NOON
        )

    newest = pages.text(client.get(path(kettle)))
    older = pages.text(client.get(f"{path(kettle)}?before=12"))

    assert "Note 59." in newest
    assert "What happened before: 11 more" in newest
    assert "Note 09." not in newest
    assert "Note 09." in older
    assert "The newest first: 50 since" in older
    assert "Promise made on a call" in older


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 40, "%00", "²"])
def test_a_garbled_place_in_the_history_breaks_nothing(
    client: Client, kettle: Commitment, before: str
) -> None:
    assert client.get(f"{path(kettle)}?before={before}").status_code == 200


def test_other_promises_to_the_customer_say_whether_they_were_kept(client: Client) -> None:
    for number in range(3):
        kept = makers.a_commitment(wording=f"Ring {number}", now=NOON - 2 * DAY, due_at=NOON)
        services.fulfil(kept.pk, by=makers.ana(), how="Rang.", now=NOON - DAY)
    late = makers.a_commitment(wording="Book the visit", now=NOON - 2 * DAY, due_at=NOON - DAY)
    kettle = makers.a_commitment()

    said = pages.text(client.get(path(kettle)))

    assert "Of the last four promises, three were kept, and one is overdue." in said
    assert "Book the visit Overdue" in said
    assert makers.fresh(late).is_live
