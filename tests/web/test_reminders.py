from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import checkins, messages, services, sweep
from commitments.models import CheckIn, Commitment, Membership, Role
from notifications import delivery
from notifications.models import InboxItem
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BELL = "/reminders/"


def an_item(title: str = "Due at 6:00 pm", **fields: Any) -> InboxItem:
    return makers.ana().inbox.create(
        **{"about": "commitment:0", "title": title, "created_at": NOON} | fields
    )


def on_page(client: Client, part: str) -> str:
    """The words of one part of the page."""
    content = client.get(BELL).content.decode()
    start = {"new": 'id="new-1"', "later": 'id="later"', "seen": 'id="seen"'}[part]
    return pages.text_of(content.partition("<main")[2].partition(start)[2])


def test_what_the_ladder_says_is_there_by_its_sort(client: Client) -> None:
    kettle = makers.a_commitment(due_at=NOON + 6 * HOUR, now=NOON - DAY, summary=False)
    sweep.run(NOON)
    handed = makers.a_commitment(wording="Toaster", owner_id=makers.dev().pk, summary=False)
    services.reassign(handed.pk, by=makers.dev(), owner_id=makers.ana().pk, now=NOON)
    delivery.run(NOON)

    page = client.get(BELL)
    said = pages.text(page)

    assert "Handed over" in said
    assert "Handed to you: Toaster, for Tom Okafor" in said
    assert f'href="/promises/{handed.reference}/"' in page.content.decode()
    assert kettle.reference not in said


def test_each_sort_has_its_word(client: Client) -> None:
    kettle = makers.a_commitment(summary=False)
    roster = messages.Roster([kettle], now=NOON)
    sorts = {
        "reminder": "Due soon", "overdue": "Overdue", "escalation": "Overdue",
        "customer_still_open": "Still open", "decide": "Customer replied",
        "handed_over": "Handed over", "help_wanted": "A hand is wanted",
        "low_rating": "Still unhappy",
    }  # fmt: skip
    for template in sorts:
        sent = messages.staff.to(
            [makers.ana()], kettle, messages.staff.Template(template),
            roster=roster, reason=template, now=NOON,
        )  # fmt: skip
        messages.send(sent, now=NOON)
    delivery.run(NOON)

    said = pages.text(client.get(BELL))

    assert {words for words in sorts.values() if words in said} == set(sorts.values())
    assert InboxItem.objects.filter(user=makers.ana()).count() == len(sorts)


def test_they_stand_by_their_sort_what_needs_me_most_on_top(
    client: Client, traveller: time_machine.Traveller
) -> None:
    kettle = makers.a_commitment(summary=False)
    roster = messages.Roster([kettle], now=NOON)
    for minute, template in enumerate(["handed_over", "overdue", "escalation", "reminder"]):
        sent = messages.staff.to(
            [makers.ana()], kettle, messages.staff.Template(template),
            roster=roster, reason=template, now=NOON + minute * MINUTE,
        )  # fmt: skip
        messages.send(sent, now=NOON)
    delivery.run(NOON + HOUR)
    traveller.move_to(NOON + HOUR)

    content = client.get(BELL).content.decode().partition("<main")[2]

    heads = re.findall(r'<h2 id="new-\d">([^<]+)</h2><span class="muted">(\d)</span>', content)
    assert heads == [("Overdue", "2"), ("Due soon", "1"), ("Handed over", "1")]


def test_with_nothing_to_do_it_says_so(client: Client) -> None:
    assert "Nothing needs you right now." in pages.text(client.get(BELL))


@pytest.mark.parametrize(
    ("to", "until"),
    [
        ("today", datetime(2026, 5, 21, 15, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 5, 22, 9, tzinfo=UTC)),
        ("working-day", datetime(2026, 5, 22, 9, tzinfo=UTC)),
    ],
)
def test_with_one_press_it_is_put_off_and_says_until_when(
    client: Client, to: str, until: datetime
) -> None:
    item = an_item()

    said = pages.text(client.post(f"{BELL}{item.pk}/later/", {"to": to}, follow=True))

    item.refresh_from_db()
    assert item.show_at == until
    assert "Put off until" in said
    assert "Nothing needs you right now." in said
    assert "Due at 6:00 pm" in on_page(client, "later")
    assert "Reminders, " not in said  # the bell counts none


def test_the_next_working_day_follows_the_weekend(
    client: Client, traveller: time_machine.Traveller
) -> None:
    traveller.move_to(datetime(2026, 5, 22, 19, tzinfo=UTC))
    client.force_login(makers.ana())
    item = an_item()

    page = client.get(BELL)
    client.post(f"{BELL}{item.pk}/later/", {"to": "working-day"})
    refused = client.post(f"{BELL}{item.pk}/later/", {"to": "today"}, follow=True)

    item.refresh_from_db()
    assert "Later today" not in page.content.decode()
    assert "That time is not offered any more." in pages.text(refused)
    assert item.show_at == datetime(2026, 5, 25, 9, tzinfo=UTC)


def test_it_comes_back_as_new_when_its_time_has_come(
    client: Client, traveller: time_machine.Traveller
) -> None:
    item = an_item()
    client.post(f"{BELL}{item.pk}/seen/")
    client.post(f"{BELL}{item.pk}/later/", {"to": "today"})

    traveller.move_to(NOON + 3 * HOUR)
    page = client.get(BELL)

    assert "Reminders, 1 new" in pages.text(page)
    assert "Due at 6:00 pm" in on_page(client, "new")
    assert 'id="later"' not in page.content.decode()


def test_it_comes_back_when_the_customer_answers_a_check_in(client: Client) -> None:
    kettle = makers.a_commitment(summary=False)
    other = makers.a_commitment(wording="Toaster", summary=False)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)
    CheckIn.objects.all().update(state="sent", send_at=None, sent_at=NOON)
    item = an_item(about=kettle.about, show_at=NOON + DAY)
    theirs = an_item(about=other.about, show_at=NOON + DAY)

    reply = checkins.Reply(done="yes", still_open=False, rating=5)
    checkins.answer(CheckIn.objects.get().pk, reply, now=NOON + HOUR)

    item.refresh_from_db()
    theirs.refresh_from_db()
    assert item.show_at == NOON + HOUR
    assert theirs.show_at == NOON + DAY


def test_it_comes_back_when_what_we_waited_for_arrives(client: Client) -> None:
    kettle = makers.a_commitment(summary=False)
    services.wait(kettle.pk, by=makers.ana(), what="A photo", now=NOON)
    item = an_item(about=kettle.about, show_at=NOON + DAY)

    services.resume(kettle.pk, by=None, now=NOON + HOUR)

    item.refresh_from_db()
    assert item.show_at == NOON + HOUR


def test_what_a_colleague_does_wakes_nothing(client: Client) -> None:
    kettle = makers.a_commitment(summary=False)
    services.wait(kettle.pk, by=makers.ana(), what="A photo", now=NOON)
    item = an_item(about=kettle.about, show_at=NOON + DAY)

    services.resume(kettle.pk, by=makers.dev(), now=NOON + HOUR)

    item.refresh_from_db()
    assert item.show_at == NOON + DAY


def test_a_time_in_words_is_shown_before_it_is_kept(client: Client) -> None:
    item = an_item()
    address = f"{BELL}{item.pk}/later/"
    asked = pages.hidden(client.get(address)) | {"when": "tomorrow noon"}

    shown = client.post(address, asked)
    item.refresh_from_db()
    assert "We read: Fri 22 May, 12:00 noon" in pages.text(shown)
    assert item.show_at is None

    said = client.post(address, pages.hidden(shown) | {"when": "tomorrow noon"}, follow=True)
    item.refresh_from_db()
    assert item.show_at == NOON + DAY
    assert "Put off until tomorrow at 12:00 noon" in pages.text(said)


def test_outside_working_hours_it_is_ones_own_affair(client: Client) -> None:
    item = an_item()
    address = f"{BELL}{item.pk}/later/"
    asked = pages.hidden(client.get(address)) | {"when": "sat 9pm"}

    shown = client.post(address, asked)
    client.post(address, pages.hidden(shown) | {"when": "sat 9pm"})

    item.refresh_from_db()
    assert "outside your team's hours" in pages.text(shown)
    assert item.show_at == datetime(2026, 5, 23, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", "Say when"),
        ("sometime", "We could not read"),
        ("today 1am", "has passed"),
        ("a\x00b", "contains a NUL"),
        ("in 9999999999 days", "We could not read"),
        ("x" * 900, "characters long"),
    ],
)
def test_what_is_no_time_comes_back_with_a_sentence(client: Client, when: str, said: str) -> None:
    item = an_item()
    address = f"{BELL}{item.pk}/later/"

    page = client.post(address, pages.hidden(client.get(address)) | {"when": when})

    assert page.status_code == 422
    assert said in pages.text(page)
    item.refresh_from_db()
    assert item.show_at is None


def test_seen_is_seen_one_by_one_and_all_at_once(client: Client) -> None:
    first = an_item("One")
    an_item("Two")
    an_item("Three", show_at=NOON + DAY)

    client.get(BELL)
    client.post(f"{BELL}{first.pk}/seen/")
    assert "One" in on_page(client, "seen")
    client.post(f"{BELL}read/")

    read = {item.title: item.read_at for item in InboxItem.objects.all()}
    assert read == {"One": NOON, "Two": NOON, "Three": None}


def test_reminders_of_others_do_not_exist(client: Client) -> None:
    theirs = makers.dev().inbox.create(about="x", title="Not for Ana", created_at=NOON)

    answers = [
        client.get(f"{BELL}{theirs.pk}/later/"),
        client.post(f"{BELL}{theirs.pk}/later/", {"to": "today"}),
        client.post(f"{BELL}{theirs.pk}/seen/"),
        client.get(f"{BELL}987654/later/"),
        client.get(f"{BELL}{10**30}/later/"),
    ]
    client.post(f"{BELL}read/")

    theirs.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 5
    assert (theirs.read_at, theirs.show_at) == (None, None)
    assert "Not for Ana" not in pages.text(client.get(BELL))


def test_a_promise_that_is_no_longer_mine_to_see_is_no_link(client: Client) -> None:
    kettle = makers.a_commitment()
    an_item(about=kettle.about)
    Membership.objects.filter(user=makers.ana()).delete()

    page = client.get(BELL).content.decode()

    assert "Due at 6:00 pm" in page
    assert f"/promises/{kettle.reference}/" not in page


def test_a_promise_that_is_closed_meanwhile_says_so(client: Client) -> None:
    kettle = makers.a_commitment(summary=False)
    an_item(about=kettle.about)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)

    assert "This promise is closed meanwhile." in pages.text(client.get(BELL))


def test_of_a_promise_that_was_kept_before_nobody_says_that_it_is_closed_meanwhile(
    client: Client,
) -> None:
    kettle = makers.a_commitment(summary=False)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent", now=NOON)
    sent = messages.staff.to(
        [makers.ana()], makers.fresh(kettle), messages.staff.Template.LOW_RATING,
        roster=messages.Roster([kettle], now=NOON), reason="low", now=NOON,
        more={"feels": "unhappy", "doubted": False},
    )  # fmt: skip
    messages.send(sent, now=NOON)
    delivery.run(NOON)

    said = pages.text(client.get(BELL))

    assert "Tom is still unhappy" in said
    assert "closed meanwhile" not in said


def test_the_number_of_queries_does_not_depend_on_the_reminders(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(BELL)
        return len(queries)

    def three() -> None:
        about = makers.a_commitment(summary=False).about
        an_item(about=about)
        an_item(about=about, show_at=NOON + DAY)
        an_item(about=about, read_at=NOON)

    three()
    few = asked()
    for _ in range(4):
        three()

    assert asked() == few


def remind(client: Client, kettle: Commitment, **fields: str) -> Any:
    """Ask for it, and say yes to what was read."""
    address = f"/promises/{kettle.reference}/remind/"
    shown = client.post(address, pages.hidden(client.get(address)) | fields)
    return client.post(address, pages.hidden(shown) | fields, follow=True)


def test_remind_me_is_for_me_alone_and_leaves_no_trace(
    client: Client, traveller: time_machine.Traveller
) -> None:
    kettle = makers.a_commitment(due_at=NOON + DAY, summary=False)

    said = pages.text(remind(client, kettle, when="4pm", note="Ask about the fuse"))

    assert "You are reminded today at 4:00 pm, or when Tom writes." in said
    assert "Undo" not in said
    assert makers.events_of(kettle) == ["made"]
    assert "Nothing needs you right now." in pages.text(client.get(BELL))
    assert "You asked" in on_page(client, "later")
    traveller.move_to(NOON + 4 * HOUR)
    now = on_page(client, "new")
    assert "You asked to be reminded: Send the kettle's replacement part, for Tom Okafor" in now
    assert "Ask about the fuse" in now
    assert "Nothing needs you" in pages.text(pages.signed_in(makers.dev()).get(BELL))


def test_remind_me_just_after_an_update_offers_no_undo_of_the_update(client: Client) -> None:
    kettle = makers.a_commitment(due_at=NOON + DAY, summary=False)
    services.update(kettle.pk, by=makers.ana(), words="Ordered", tell_customer=False, now=NOON)

    page = remind(client, kettle, when="4pm")

    assert "/undo/" not in page.content.decode()


@pytest.mark.parametrize(("when", "said"), [("", "Say when"), ("today 1am", "has passed")])
def test_remind_me_of_no_time_keeps_what_was_typed(client: Client, when: str, said: str) -> None:
    kettle = makers.a_commitment()
    address = f"/promises/{kettle.reference}/remind/"

    page = client.post(
        address, pages.hidden(client.get(address)) | {"when": when, "note": "The fuse"}
    )

    assert page.status_code == 422
    assert said in pages.text(page)
    assert "The fuse" in page.content.decode()
    assert not InboxItem.objects.filter(user=makers.ana()).exists()


def test_an_auditor_reads_their_reminders_and_sets_none_on_a_promise(client: Client) -> None:
    kettle = makers.a_commitment()
    Membership.objects.filter(user=makers.ana()).update(role=Role.AUDITOR)

    assert client.get(BELL).status_code == 200
    assert client.get(f"/promises/{kettle.reference}/remind/").status_code == 403
