"""What the mails say: in words, with the same numbers and ways in the text as in the HTML."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import mailings, schedules, services
from commitments.models import Conversation, Membership, Role, User
from commitments.reports import rolling
from notifications import rendering
from notifications.models import Delivery
from notifications.rendering import Words
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONDAY = datetime(2026, 5, 25, 8, tzinfo=UTC)
HOSTILE = "<b>Tom</b> \u202e\u05e7\u202c " + "w" * 200


def mail_of(person: User, template: str) -> Delivery:
    return Delivery.objects.get(template=template, channel="email", person=person)


def words_of(mail: Delivery) -> Words:
    return rendering.words(mail.template, mail.context, channel="email", language="en")


def a_week() -> None:
    """Last week: ten kept on time, one late; now: one overdue in silence, one due tonight."""
    for number in range(11):
        made = makers.a_commitment(
            wording=f"Send part {number}", now=NOON - 2 * DAY, due_at=NOON - DAY + HOUR
        )
        at, cause = (NOON - DAY, "") if number else (NOON, "too_much")
        services.fulfil(made.pk, by=makers.ana(), how="Sent", cause=cause, now=at)
    makers.a_commitment(wording="Ring back", now=NOON, due_at=NOON + DAY)
    makers.a_commitment(wording="Send the form", now=NOON, due_at=MONDAY + 9 * HOUR)
    rolling.run(MONDAY)


def weekly(person: User | None = None) -> Words:
    makers.a_team()
    mailings.begin_weekly(NOON)
    schedules.run(MONDAY)
    return words_of(mail_of(person or makers.ines(), "weekly"))


def asked_for(report: str, *, by: User | None = None, **asked: str) -> Words:
    reader = by or makers.ines()
    wish = mailings.Wish(report=report, asked=asked, at=time(8), weekday=0)
    mailings.subscribe(reader, wish, now=NOON)
    schedules.run(MONDAY)
    return words_of(mail_of(reader, "report"))


def one_line(text: str) -> str:
    """Without the ways, and its white space made single."""
    return " ".join(re.sub(r"(\S+: )?https?://\S+", "", text).split())


def test_the_week_says_who_waits_what_may_slip_and_how_last_week_went() -> None:
    a_week()

    words = weekly()

    said = one_line(words.text)
    assert words.subject == "Your week: One customer is waiting without word. Start there."
    assert "Good morning, Ines. One customer is waiting without word. Start there." in said
    assert "Figures from Mon 25 May, 8:00 am, UTC." in said
    assert "Overdue, customer not told: 1 of 1 overdue now" in said
    assert "Due in the next 4 hours: 0" in said
    assert "Kept on time, 18 to 24 May: 83% 10 of 12" in said
    assert "Rating, 18 to 24 May: Too few to show of 5, from 0 replies" in said
    assert "- Ring back, for Tom Okafor Due Fri 22 May, 12:00 noon, 2 days ago · Ana Moreno" in said
    assert "- Send the form, for Tom Okafor Today, 5:00 pm · Ana Moreno" in said
    assert "- Too much was due at once 1 promise, 1 customer" in said
    assert "- Nobody has said why yet 1 promise, 1 customer" in said


def test_it_names_in_this_order_silence_what_slips_causes_and_thanks() -> None:
    a_week()

    text = weekly().text

    assert re.findall(r"^\* (.+)$", text, flags=re.MULTILINE) == [
        "Waiting without word",
        "About to slip: due by tonight",
        "Why promises of last week broke",
        "Whom to thank",
    ]


def test_a_week_without_trouble_says_so_in_peace() -> None:
    makers.a_team()
    makers.a_commitment(due_at=MONDAY + 3 * DAY)

    said = one_line(weekly().text)

    assert "Nothing is overdue. No promises are due in the next 4 hours." in said
    assert "Nobody is waiting without word." in said
    assert "Nothing more is due today." in said
    assert "No promise was late or not kept." in said
    assert "Nothing stood out last week." in said


def test_whoever_is_not_at_work_before_it_is_due_is_said() -> None:
    makers.a_team()
    night = makers.a_user("Noa Night")
    Membership.objects.create(
        user=night, team=makers.a_team(), role=Role.AGENT, calendar=never_open()
    )
    makers.a_commitment(wording="Ring Jo", owner_id=night.pk, due_at=MONDAY + 2 * HOUR)

    assert "Ring Jo, for Tom Okafor Today, 10:00 am · Noa Night, not on shift before" in one_line(
        weekly().text
    )


def never_open() -> makers.Calendar:
    return makers.Calendar.objects.create(name="Closed", zone="UTC")


def a_kept_one(wording: str, *, owner: User, difficult: bool = False, at: datetime = NOON) -> int:
    made = makers.a_commitment(
        wording=wording, owner_id=owner.pk, now=at - DAY, due_at=at + HOUR, case=wording
    )
    Conversation.objects.filter(pk=made.conversation_id).update(difficult=difficult)
    services.fulfil(made.pk, by=owner, how="Sent", now=at)
    return made.pk


def test_thanks_name_each_colleague_once_by_name_and_none_twice() -> None:
    makers.a_team()
    a_kept_one("Find the parcel", owner=makers.dev(), difficult=True)
    a_kept_one("Explain the bill", owner=makers.ana(), difficult=True)
    a_kept_one("Explain it again", owner=makers.ana(), difficult=True, at=NOON + HOUR)
    a_kept_one("Send the form", owner=makers.ana())
    a_kept_one("Mine", owner=makers.ines(), difficult=True)
    a_kept_one("Long ago", owner=makers.dev(), difficult=True, at=NOON - 7 * DAY)

    text = weekly().text

    thanks = text.partition("* Whom to thank")[2]
    assert re.findall(r"^- (.+)$", thanks, flags=re.MULTILINE) == [
        "Ana Moreno: Explain it again",
        "Dev Shah: Find the parcel",
    ]
    assert "Kept in time, after a difficult conversation with Tom" in thanks
    assert not re.search(r"\b\d+ (promises|times|thanks)", one_line(thanks))


def test_what_was_thanked_for_is_not_said_again() -> None:
    makers.a_team()
    made = a_kept_one("Find the parcel", owner=makers.dev(), difficult=True)
    services.thank(
        made, by=makers.ines(), owner_id=makers.dev().pk, note="Well done", shared=False,
        now=NOON + HOUR,
    )  # fmt: skip
    makers.a_commitment(due_at=MONDAY + 3 * DAY)

    assert "Find the parcel" not in weekly().text


def test_text_and_html_lead_to_the_same_places() -> None:
    a_week()

    for words in (weekly(), *(asked_for(each) for each in ("overdue",))):
        links = {unescape(each) for each in re.findall(r'href="([^"]+)"', words.html)}
        assert links == set(re.findall(r"https?://\S+", words.text))


def numbers_of(html: str) -> list[tuple[str, int]]:
    """Each number with its list of promises."""
    found = re.findall(r'href="http://testserver(/promises/\?[^"]*)"[^>]*>([\d,]+)</a>', html)
    return [(unescape(url), int(number.replace(",", ""))) for url, number in found]


def disagreements(client: Client, html: str) -> list[tuple[str, int, str]]:
    found = []
    for url, number in numbers_of(html):
        page = client.get(url).content.decode()
        heading = re.search(r'<h2 id="count"[^>]*>(.*?)</h2>', page)
        listed = unescape(heading[1]) if heading else page[:200]
        if not re.match(rf"(One|No|{number:,}|[A-Z][a-z]+) promise", listed) or str(number) != said(
            listed
        ):
            found.append((url, number, listed))
    return found


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve")  # fmt: skip


def said(listed: str) -> str:
    """`Two promises` says 2."""
    first = listed.split(maxsplit=1)[0].lower()
    return str(_WORDS.index(first)) if first in _WORDS else first.replace(",", "")


@pytest.mark.parametrize("report", sorted(mailings.REPORTS))
def test_every_number_of_every_report_is_that_of_its_list(report: str) -> None:
    a_week()

    words = asked_for(report)

    ines = pages.signed_in(makers.ines())
    with_time = _travelled(ines, words.html)
    assert with_time == []
    # Replies and values are listed on the pages of their reports.
    assert bool(numbers_of(words.html)) == (report not in {"ratings", "values"})


def _travelled(client: Client, html: str) -> list[tuple[str, int, str]]:
    with time_machine.travel(MONDAY, tick=False):
        return disagreements(client, html)


def test_every_way_of_the_week_opens_for_its_reader() -> None:
    a_week()
    words = weekly()

    ines = pages.signed_in(makers.ines())
    links = {unescape(each) for each in re.findall(r'href="http://testserver(/[^"]*)"', words.html)}

    assert len(links) > 10
    assert {link: ines.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_what_people_wrote_is_text_and_stays_text() -> None:
    makers.a_team()
    makers.a_commitment(wording=HOSTILE, now=NOON, due_at=NOON + DAY)

    words = weekly()

    assert "<b>Tom" not in words.html
    assert "&lt;b&gt;Tom" in words.html
    assert "<b>Tom</b>" in words.text


def test_an_auditor_is_offered_nothing_to_do() -> None:
    a_week()
    noor = makers.a_user("Noor Haddad")
    Membership.objects.create(user=noor, team=makers.a_team(), role=Role.AUDITOR)

    text = asked_for("overdue", by=noor).text

    assert "Promise " in text
    assert "Tom" not in text
    assert "Begin a review" not in text


def test_an_agents_report_is_their_own() -> None:
    a_week()
    makers.a_commitment(
        wording="Of Dev", owner_id=makers.dev().pk, now=NOON, due_at=NOON + 2 * HOUR
    )

    text = asked_for("overdue", by=makers.ana()).text

    assert "Your own, 30 Mar to 25 May." in text
    assert "Ring back" in text
    assert "Of Dev" not in text


def test_a_report_is_of_what_was_chosen() -> None:
    a_week()
    team = makers.a_team()

    text = asked_for("kept", team=str(team.pk), owner=str(makers.dev().pk)).text

    assert "Billing care, Dev Shah, 30 Mar to 25 May." in text
    assert "No promise that counts was first due in this period." in text


def test_it_asks_as_often_for_many_promises_as_for_few() -> None:
    def asked() -> int:
        Delivery.objects.filter(template="weekly").delete()
        weekly_row = mailings.weekly_of(makers.ines())
        assert weekly_row is not None
        weekly_row.next_at = MONDAY
        weekly_row.save()
        with CaptureQueriesContext(connection) as queries:
            schedules.run(MONDAY)
        return len(queries)

    a_week()
    weekly()
    few = asked()
    for number in range(12):
        makers.a_commitment(wording=f"Late {number}", now=NOON, due_at=NOON + DAY, case=f"{number}")
        makers.a_commitment(now=NOON, due_at=MONDAY + HOUR, case=f"{number}s")
    rolling.run(MONDAY)

    assert asked() == few
