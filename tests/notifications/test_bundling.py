"""What one person is due on one channel goes out as one, and nothing waits for company."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import User
from notifications import delivery
from notifications.delivery import leases, preparing
from notifications.models import Delivery
from tests.notifications.bundles import a_few, text_of, the_bundle, to_dev
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    in_anas_inbox,
    queue,
    states,
    the_delivery,
    to_ana,
    to_tom,
)
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)


# --- going together


def test_what_one_person_is_due_goes_out_as_one(sink: Sink):
    a_few(3)

    assert delivery.run(NOON) == 1

    [mail] = sink.accepted
    assert mail.message["Subject"] == "3 things about your promises"
    assert [f"kettle {number}" in text_of(mail) for number in (1, 2, 3)] == [True, True, True]
    assert states() == {"sent": 1, "bundled": 3}
    assert {row.bundle for row in Delivery.objects.filter(state="bundled")} == {the_bundle()}


def test_a_message_without_company_goes_at_once_and_by_itself(sink: Sink):
    a_few(1)

    delivery.run(NOON)

    assert sink.accepted[0].message["Subject"] == "Ana, about kettle 1"
    assert states() == {"sent": 1}


def test_nothing_that_is_due_later_is_hurried_for_company(sink: Sink):
    a_few(2)
    queue(to_ana("later", not_before=NOON + MINUTE))

    delivery.run(NOON)

    assert the_delivery("later").state == "queued"
    assert states() == {"sent": 1, "bundled": 2, "queued": 1}


def test_everybody_reads_only_their_own(sink: Sink):
    a_few(2)
    queue(to_dev("a", about="commitment:8"), to_dev("b", about="commitment:9"))

    delivery.run(NOON)

    assert sorted(sink.recipients) == ["ana@larkfield.example", "dev@larkfield.example"]
    assert Delivery.objects.filter(template="bundle").count() == 2


def test_a_batch_takes_along_what_lies_beyond_it(sink: Sink):
    a_few(45)

    assert delivery.run(NOON) == 1

    assert sink.accepted[0].message["Subject"] == "45 things about your promises"


def test_customers_are_written_to_one_by_one(sink: Sink):
    queue(to_tom("1"), to_tom("2"))

    delivery.run(NOON)

    assert states() == {"sent": 2}


def test_the_inbox_keeps_its_messages_apart():
    queue(in_anas_inbox("1"), in_anas_inbox("2"))

    delivery.run(NOON)

    assert states() == {"sent": 2}


def test_a_message_that_stays_alone_goes_beside_the_bundle(sink: Sink, settings: LazySettings):
    settings.NOTIFICATIONS_ALONE = ("pressing",)
    a_few(2)
    queue(to_ana("alone", template="pressing"))

    delivery.run(NOON)

    assert states() == {"sent": 2, "bundled": 2}
    assert the_delivery("alone").bundle is None


def test_without_a_mail_server_the_bundle_is_shown_here(settings: LazySettings):
    settings.EMAIL_URL = ""
    a_few(2)

    delivery.run(NOON)

    assert states() == {"sent": 1, "bundled": 2}
    assert "kettle 2" in the_bundle().text


def test_a_person_with_two_addresses_gets_each_message_where_it_was_going(sink: Sink):
    a_few(2)
    queue(
        to_ana("3", address="ana@home.example"),
        to_ana("4", address="ana@home.example"),
    )

    delivery.run(NOON)

    assert sorted(sink.recipients) == ["ana@home.example", "ana@larkfield.example"]


def test_the_statements_of_a_batch_do_not_grow_with_its_members(settings: LazySettings):
    settings.EMAIL_URL = ""

    def statements(count: int) -> int:
        queue(*(to_ana(f"{count} {number}", about=f"{count}") for number in range(count)))
        with CaptureQueriesContext(connection) as captured:
            assert delivery.run(NOON) == 1
        return len(captured)

    delivery.run(NOON)
    assert statements(3) == statements(300)


def test_the_statements_of_a_batch_do_not_grow_with_its_readers():
    people = [User.objects.create_user(f"{n}@larkfield.example", name=f"{n}") for n in range(20)]

    def statements(count: int) -> int:
        queue(
            *(
                to_ana(f"{count} {person.pk} {number}", person_id=person.pk, address=person.email)
                for person in people[:count]
                for number in range(3)
            )
        )
        with CaptureQueriesContext(connection) as captured:
            rows = leases.claim("email", limit=60, now=NOON)
            assert len(preparing.sort_out(rows, now=NOON)[0]) == count
        return len(captured)

    assert statements(2) == statements(20)


# --- in words


def test_urgent_and_overdue_come_first_and_are_counted(sink: Sink):
    a_few(2)
    queue(
        to_ana("3", template="pressing", context={"who": "Ana", "what": "the late kettle"}),
        to_ana("4", urgent=True, context={"who": "Ana", "what": "the urgent kettle"}),
    )

    delivery.run(NOON)

    [mail] = sink.accepted
    assert mail.message["Subject"] == "4 things about your promises: 1 overdue"
    order = ["the urgent kettle", "the late kettle", "kettle 1", "kettle 2"]
    assert [text_of(mail).index(what) for what in order] == sorted(
        text_of(mail).index(what) for what in order
    )


def test_each_message_keeps_its_title_its_words_and_its_link(sink: Sink):
    for number in (1, 2):
        what = {"who": "Tom", "what": f"kettle {number}", "url": f"https://here/{number}/"}
        queue(to_ana(f"{number}", template="pressing", context=what))

    delivery.run(NOON)

    [mail] = sink.accepted
    assert text_of(mail).split("\n") == [
        "1. Overdue: kettle 1, for Tom",
        "",
        "Tom, kettle 1 was promised by noon.",
        "",
        "Open the promise: https://here/1/",
        "",
        "2. Overdue: kettle 2, for Tom",
        "",
        "Tom, kettle 2 was promised by noon.",
        "",
        "Open the promise: https://here/2/",
        "",
        "All your promises: http://testserver/",
        "",
        "You get this because you look after promises at Followthrough.",
    ]
    assert the_bundle().html.count("<!doctype html>") == 1
    assert the_bundle().html.count("You get this because") == 1
    assert 'href="https://here/2/"' in the_bundle().html


def test_a_title_with_markup_in_it_is_shown_as_it_was_typed(sink: Sink):
    for number in (1, 2):
        what = {"who": "<b>Tom</b>", "what": f"kettle {number}"}
        queue(to_ana(f"{number}", template="pressing", context=what))

    delivery.run(NOON)

    assert "<b>Tom" not in the_bundle().html
    assert "&lt;b&gt;Tom&lt;/b&gt;" in the_bundle().html
    assert "for <b>Tom</b>" in the_bundle().text


def test_what_does_not_fit_is_said_by_a_line_or_counted(sink: Sink, settings: LazySettings):
    settings.NOTIFICATIONS_LENGTHS = {"in_full": 2, "by_line": 3}
    a_few(5, template="pressing")

    delivery.run(NOON)

    text = the_bundle().text
    assert text.count("was promised by noon.") == 2
    assert "- Overdue: kettle 3, for Ana: Promised by noon." in text
    assert "And 2 more. All your promises: http://testserver/" in text
    assert sink.accepted[0].message["Subject"] == "5 things about your promises: 5 overdue"


def test_the_bundles_of_a_person_are_a_thread_of_their_own(sink: Sink):
    a_few(2)
    delivery.run(NOON)
    queue(to_ana("3"), to_ana("4"), now=NOON + HOUR)
    delivery.run(NOON + HOUR)

    first, second = (mail.message for mail in sink.accepted)
    assert first["Message-ID"] != second["Message-ID"]
    assert first["In-Reply-To"] == second["In-Reply-To"]


# --- late


def test_what_is_late_goes_into_one_even_what_would_have_gathered_longer(sink: Sink):
    queue(to_ana("1", late=True, not_before=NOON), to_ana("2"))
    queue(to_ana("3", late=True, not_before=NOON + 59 * SECOND))

    assert delivery.run(NOON) == 1

    assert sink.accepted[0].message["Subject"] == "3 things about your promises"


def test_what_is_late_gathers_until_one_of_it_is_due(sink: Sink):
    queue(to_ana("1"), to_ana("2", late=True, not_before=NOON + 30 * SECOND))

    delivery.run(NOON)

    assert states() == {"sent": 1, "queued": 1}


def test_a_late_message_that_waits_for_the_morning_is_not_hurried(sink: Sink):
    queue(
        to_ana("1", late=True),
        to_ana("2", late=True),
        to_ana("3", late=True, not_before=NOON + 10 * HOUR),
    )

    delivery.run(NOON)

    assert the_delivery("3").state == "queued"


def test_a_late_bundle_says_so_first(sink: Sink):
    for number in (1, 2):
        said = {
            "since_at": f"2026-02-28T0{number}:00:00+00:00",
            "until_at": f"2026-03-02T0{number}:00:00+00:00",
            "since": f"since {number}",
            "until": f"until {number}",
        }
        queue(to_ana(f"{number}", late=True, context={"who": "Ana", "what": "it", "late": said}))

    delivery.run(NOON)

    first = text_of(sink.accepted[0]).split("\n")[0]
    assert first == "This comes late: we could not send from since 1 to until 2."


def test_a_late_bundle_that_knows_no_times_invents_none(sink: Sink):
    a_few(2, late=True)

    delivery.run(NOON)

    assert text_of(sink.accepted[0]).split("\n")[0] == "This comes late."


def test_thousands_that_are_late_make_one_digest_for_each_owner(sink: Sink):
    owners = [User.objects.create_user(f"{n}@larkfield.example", name=f"{n}") for n in range(4)]
    for batch in range(12):  # as the sweep enqueues them, ever later
        at = NOON + (batch + 60) * SECOND
        queue(
            *(
                to_ana(
                    f"{batch} {owner.pk} {number}",
                    person_id=owner.pk,
                    address=owner.email,
                    late=True,
                    not_before=at,
                )
                for owner in owners
                for number in range(105)
            )
        )

    for second in range(0, 90, 5):
        delivery.run(NOON + second * SECOND)

    assert sorted(sink.recipients) == [owner.email for owner in owners]
    assert {mail.message["Subject"] for mail in sink.accepted} == {
        "1260 things about your promises"
    }
    assert states() == {"bundled": 5040, "sent": 4}
