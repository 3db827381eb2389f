"""Every message of the house, put into words with the context it really gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape

import pytest
import pytest_django
from django.db import transaction
from django.test import override_settings

from commitments import messages, services
from commitments.messages import customer, staff
from commitments.models import CheckIn, Commitment, Kind
from notifications import rendering
from notifications.models import Delivery
from notifications.rendering import Words
from tests.commitments.public.makers import Browser, an_answer, check_in_link, seen
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, ana, tom

from .story import ASKED_AT, SECRET, tell

pytestmark = pytest.mark.django_db

SAY_SORRY = {"slip", "slip_note", "slip_reason", "done", "cannot_keep"}
COMPANY = {
    "COMPANY_NAME": "Larkfield Energy",
    "COMPANY_PHONE": "0800 555 0148",
    "COMPANY_EMAIL": "help@larkfield.example",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message of the story, in words."""

    audience: str
    channel: str
    template: str
    words: Words

    @classmethod
    def of(cls, row: Delivery) -> Sent:
        words = Words(subject=row.subject, text=row.text, html=row.html)
        if row.audience == "staff":  # a colleague's is worded when it is sent
            words = rendering.words(row.template, row.context, channel=row.channel, language="en")
        return cls(audience=row.audience, channel=row.channel, template=row.template, words=words)


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> list[Sent]:
    """Everything that the story sends. It is told once, and leaves nothing in the database."""
    with (
        override_settings(**COMPANY),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        tell()
        sent = [Sent.of(row) for row in Delivery.objects.order_by("pk")]
        transaction.set_rollback(True)
    return sent


def mails(story: list[Sent], audience: str) -> Iterator[tuple[str, Words]]:
    for sent in story:
        if (sent.audience, sent.channel) == (audience, "email"):
            yield sent.template, sent.words


def first(story: list[Sent], template: str) -> Words:
    return next(
        sent.words for sent in story if (sent.template, sent.channel) == (template, "email")
    )


def mail(template: str) -> Words:
    return Sent.of(Delivery.objects.filter(template=template).earliest("pk")).words


def words_in(text: str) -> set[str]:
    without_links = re.sub(r"https?://\S+", " ", text)
    return set(re.findall(r"[\w'@.]+\w", without_links))


def words_read(html: str) -> set[str]:
    """All but the heading, which the subject says, and the names of the parts around it."""
    body = re.sub(r"(?s)<(head|h1)\b.*?</\1>", " ", html)
    return words_in(unescape(re.sub(r"<[^>]+>", " ", body)))


def links_in_html(html: str) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', html))


def links_in(text: str) -> set[str]:
    return set(re.findall(r"https?://\S+", text))


def test_the_story_sends_every_message_there_is(story: list[Sent]):
    assert {name for name, _ in mails(story, "customer")} == set(customer.Template)
    assert {name for name, _ in mails(story, "staff")} == {*staff.Template, "thanks"}


@pytest.mark.parametrize("audience", ["customer", "staff"])
def test_nothing_is_left_unsaid_or_half_said(story: list[Sent], audience: str):
    for name, words in mails(story, audience):
        assert words.subject, name
        for part in (words.subject, words.text):
            assert not re.search(r"\{\{|\{%|None|, ,| \.|\( ?\)|  ", part), (name, part)


@pytest.mark.parametrize("audience", ["customer", "staff"])
def test_text_and_html_say_the_same_and_lead_to_the_same_places(story: list[Sent], audience: str):
    for name, words in mails(story, audience):
        assert words_read(words.html) == words_in(words.text), name
        assert links_in_html(words.html) == links_in(words.text), name


def test_every_mail_to_a_customer_leads_to_their_page(story: list[Sent]):
    for name, words in mails(story, "customer"):
        pages = [link for link in links_in(words.text) if re.search(r"/c/[\w:-]+/$", link)]
        assert len(pages) == 1, name


def test_only_what_answers_to_nothing_of_theirs_may_be_stopped(story: list[Sent]):
    stopping = {
        name
        for name, words in mails(story, "customer")
        if any(link.endswith("/stop/") for link in links_in(words.text))
    }

    assert stopping == {"progress", "need", "nudge", "check_in"}


def test_no_link_of_any_mail_is_dead():
    tell()
    opened: dict[str, int] = {}

    for row in Delivery.objects.filter(audience="customer"):
        for link in links_in(row.text):
            address = link.removeprefix("http://testserver")
            opened[address] = Browser().get(address, now=ASKED_AT + 2 * HOUR).status_code

    stands_differently_now = {link for link, status in opened.items() if status == 409}
    assert set(opened.values()) <= {200, 409}
    assert all("other-time" in link or "reply" in link for link in stands_differently_now)
    assert len(opened) > 30


def test_a_kind_that_keeps_customers_informed_says_so_in_the_agreement():
    a_team()
    Kind.objects.update(inform_every=2)

    a_commitment()

    assert "you hear from us every two working days at the latest" in mail("agreement").text


def test_a_customer_who_reads_spanish_is_written_to_in_spanish():
    tom(language="es-MX", zone="America/Mexico_City")
    a_commitment(keep_by="phone")

    text = mail("agreement").text

    assert text.startswith("Hola, Tom:\n\nGracias por su paciencia.")
    assert "Para cuándo: jueves 21 de mayo, 12:00 (hora de Ciudad de México)" in text
    assert "Quién se encarga: Ana, por teléfono" in text
    assert '<html lang="es" dir="ltr">' in mail("agreement").html
    assert Delivery.objects.get(template="agreement").language == "es"


def test_what_people_wrote_may_run_from_right_to_left():
    promise = a_commitment(wording="להחזיר את הכסף")
    services.update(promise.pk, by=ana(), words="זה בדרך", tell_customer=True, now=NOON)

    html = mail("progress").html

    assert "<bdi>להחזיר את הכסף</bdi>" in html
    assert re.search(r'<td class="said" dir="auto"[^>]*>זה בדרך</td>', html)


@pytest.mark.parametrize("asked_on_the_phone", [False, True])
def test_who_stopped_gets_only_what_matters_and_only_if_they_asked_on_the_phone(
    asked_on_the_phone: bool,
):
    customer = tom(stopped_at=NOON, mails_wanted_at=NOON if asked_on_the_phone else None)
    kettle = a_commitment(customer=customer, now=NOON + MINUTE)
    services.update(kettle.pk, by=ana(), words="Packed.", tell_customer=True, now=NOON + 2 * MINUTE)
    services.move(
        kettle.pk,
        by=ana(),
        due_at=NOON + 8 * HOUR,
        reason="Later",
        told=services.Told.MESSAGE,
        now=NOON + 3 * MINUTE,
    )
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON + 4 * MINUTE)
    services.resume(kettle.pk, by=ana(), now=NOON + 5 * MINUTE)
    services.fulfil(kettle.pk, by=ana(), how="There", now=NOON + 6 * MINUTE)

    sent = {row.template for row in Delivery.objects.filter(audience="customer")}
    told_to_call = [
        event.audience
        for event in kettle.events.order_by("sequence")
        if event.words == "Tom asked for no more e-mails. Please call."
    ]

    if asked_on_the_phone:
        assert sent == {"agreement", "new_time", "done"}
        assert told_to_call == ["customer:progress", "customer:need"]
    else:
        assert sent == set()
        assert len(told_to_call) == 5


def test_we_are_sorry_only_where_something_was_missed(story: list[Sent]):
    sorry = {name for name, words in mails(story, "customer") if "sorry" in words.text.lower()}

    assert sorry == SAY_SORRY


def test_a_promise_kept_in_time_needs_no_apology():
    kept = a_commitment()

    services.fulfil(kept.pk, by=ana(), how="Sent it", now=NOON + HOUR)

    assert "sorry" not in mail("done").text


def test_customers_mails_are_one_column_in_light_and_dark_and_watch_nobody(
    story: list[Sent], settings
):
    for name, words in mails(story, "customer"):
        assert '<meta name="color-scheme" content="light dark">' in words.html, name
        assert "prefers-color-scheme:dark" in words.html, name
        assert "max-width:560px" in words.html, name
        assert not re.search(r"<img|<script|<link|url\(|@import", words.html), name
        for link in links_in_html(words.html):
            assert link.startswith(f"{settings.PUBLIC_URL}/c/"), name


def test_a_mail_says_what_was_promised_by_when_and_by_whom(story: list[Sent]):
    text = first(story, "agreement").text

    assert "What we promised: Send the kettle's replacement part\n" in text
    assert "By: Thursday 21 May, 3:00 pm\n" in text
    assert "Who sees to it: Ana, by phone\n" in text
    assert "Please call us on 0800 555 0148 or write to help@larkfield.example." in text
    assert "made you a promise on Thursday 21 May (case 48213)." in text


def test_a_new_time_stands_beside_the_old_one(story: list[Sent]):
    text = first(story, "new_time").text

    assert "We told you Thursday 21 May, 3:00 pm. It will now be Thursday 21 May, 4:00 pm" in text
    assert "The courier comes at four." in text


def test_a_slip_names_the_time_missed_the_reason_and_the_new_time(story: list[Sent]):
    text = first(story, "slip").text

    assert "We said Thursday 21 May, 4:00 pm, and we did not do it by then." in text
    assert "It went to the wrong house." in text
    assert "New time: Tuesday 26 May, 12:00 noon" in text


def test_the_note_of_the_ladder_says_when_they_will_hear(story: list[Sent]):
    text = first(story, "slip_note").text

    assert "We said Thursday 21 May, 4:00 pm, and we have not done it yet." in text
    assert "You will hear from us by Monday 25 May, 5:30 pm." in text


def test_a_note_with_a_reason_says_so_too(story: list[Sent]):
    text = first(story, "slip_reason").text

    assert "Ana is on it, and you will hear from us by Friday 22 May, 5:30 pm." in text


def test_the_check_in_asks_about_what_happened_with_a_link_for_every_answer(story: list[Sent]):
    text = first(story, "check_in").text

    assert "What happened: Now it is at your door." in text
    assert len(re.findall(r"/check-in/\?r=[1-5]$", text, re.MULTILINE)) == 5
    assert re.search(r"/check-in/\?open=yes$", text, re.MULTILINE)
    assert "Ana gets back to you within four working hours." in text


def test_who_says_that_something_is_open_hears_what_happens_next(story: list[Sent]):
    text = first(story, "still_open").text

    assert "You wrote:\n\nThe lid is missing." in text
    assert "By: Thursday 4 June, 5:00 pm\nWho sees to it: Ana" in text


def test_a_customer_in_another_zone_reads_which_one():
    tom(zone="America/New_York")
    a_commitment()

    assert "By: Thursday 21 May, 2:00 pm (New York time)" in mail("agreement").text


def test_colleagues_are_asked_for_a_hand_and_led_to_the_promise(story: list[Sent]):
    escalation = first(story, "escalation")

    assert escalation.subject.startswith("Can you help Ana? Tom is waiting: ")
    assert "Dev, Tom has been waiting since Thu 21 May, 4:00 pm and has not been told." in (
        escalation.text
    )
    assert "A short, honest note helps more" in first(story, "overdue").text
    assert "Your new address" in first(story, "decide").text
    assert "It could not be delivered." in first(story, "undelivered").text
    assert "The lid is missing." in first(story, "customer_still_open").text
    assert "Tom is very unhappy" not in first(story, "customer_still_open").text
    assert "Tom is unhappy with how it was handled." in first(story, "customer_still_open").text
    for name, words in mails(story, "staff"):
        leads_to = r"/needs-attention/$" if name == "unreached" else r"/promises/\w+/$"
        assert re.search(leads_to, words.text, re.MULTILINE), name


def test_who_is_unhappy_is_named_and_quoted_and_a_call_is_advised(story: list[Sent]):
    unhappy = first(story, "low_rating")

    assert unhappy.subject == "Tom is still unhappy: Send the kettle's replacement part"
    assert "Tom answered the check-in and is very unhappy with how this was handled:" in (
        unhappy.text
    )
    assert "It took too long." in unhappy.text
    assert "A call today would help." in unhappy.text


def test_an_inbox_item_is_a_title_and_one_short_line(story: list[Sent]):
    items = [sent for sent in story if sent.channel == "inbox"]

    assert {item.template for item in items} == {*staff.Template, "thanks"}
    for item in items:
        assert item.words.subject, item.template
        assert 10 < len(item.words.text) < 120, item.template


def test_what_people_wrote_is_inert_in_a_mail():
    promise = a_commitment(wording="<b>Call</b> & {{ company }}")
    evil = "<img src=x onerror=a()>\n{% debug %}"
    services.update(promise.pk, by=ana(), words=evil, tell_customer=True, now=NOON)

    words = mail("progress")

    assert "&lt;img src=x onerror=a()&gt;<br>{% debug %}" in words.html
    assert "<b>Call" not in words.html
    assert "<b>Call</b> & {{ company }}" in words.subject
    assert evil in words.text


def test_what_is_for_the_team_never_reaches_a_customer():
    looked: list[str] = []

    def look(promise: Commitment, now: datetime) -> None:
        link = messages.status_path(promise.conversation, now=now)
        response = Browser().get(link, now=now)
        assert response.status_code == 200
        looked.append(response.content.decode())

    kettle = tell(look)
    looked += pages_of_the_check_in(kettle)

    rows = Delivery.objects.filter(audience="customer").exclude(reason="undone")
    sent = [str((row.subject, row.text, row.html, row.context)) for row in rows]
    assert len(looked) == 12 + 3
    assert len(sent) > 11
    assert not [words for words in looked + sent if SECRET in words]


def pages_of_the_check_in(kettle: Commitment) -> list[str]:
    """The form, the page that asks once more, and the thanks."""
    check_in = CheckIn.objects.get(items__commitment=kettle, sent_at__isnull=False)
    link, now = check_in_link(check_in, now=ASKED_AT), ASKED_AT + 2 * HOUR
    form = Browser().get(link, now=now)
    confirm = Browser().post(link, an_answer(form), now=now)
    thanks = Browser().get(link.replace("/check-in/", "/thanks/"), now=now)
    assert "Ana gets back to you by Thursday 4 June, 5:00 pm" in seen(thanks)
    return [page.content.decode() for page in (form, confirm, thanks)]
