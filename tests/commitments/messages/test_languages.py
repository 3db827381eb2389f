"""The whole story, told to somebody who reads Spanish: every mail and every page of theirs."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pytest

from commitments import messages
from commitments.messages.customer import Template
from commitments.models import CheckIn, Commitment, EventText
from notifications.models import Delivery
from tests.commitments.public.makers import Browser, check_in_link
from tests.makers import HOUR, tom

from .story import ASKED_AT, tell

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(
    r"\b(the|you|your|we|our|us|and|is|was|are|by|not|for|what|it|this|that|from|to|of|please|who"
    r"|done|send|see|time|times|page|(?-i:am|pm)|yes|partly|happy|today|friday|may|call|write)\b",
    re.IGNORECASE,
)
# What the people of the story write themselves, in their own language.
_SAID = ("Send the kettle's replacement part", "Your new address")


def test_nothing_of_ours_is_said_in_english(settings):
    settings.COMPANY_NAME, settings.COMPANY_PHONE = "Larkfield", "0800 555 0148"
    customer = tom(language="es")
    pages: list[str] = []

    def look(promise: Commitment, now: datetime) -> None:
        link = messages.status_path(promise.conversation, now=now)
        deeds = ("", "reply/", "other-time/", "right/", "wrong/", "not-needed/", "stop/")
        if promise.customer == customer:
            about = f"?about={promise.reference}"
            pages.extend(seen(f"{link}{deed}{about}", now=now) for deed in deeds)

    kettle = tell(look)
    check_in = CheckIn.objects.get(items__commitment=kettle, sent_at__isnull=False)
    link, now = check_in_link(check_in, now=ASKED_AT), ASKED_AT + 2 * HOUR
    pages += [seen(link, now=now), seen(link.replace("/check-in/", "/thanks/"), now=now)]
    mails = Delivery.objects.filter(audience="customer", address=customer.email)

    said = [*pages, *(f"{row.subject} {row.text} {row.sender}" for row in mails)]
    english = {word: text for text in said for word in ENGLISH.findall(without_theirs(text))}
    assert english == {}
    most = set(Template) - {"recap", "cannot_keep", "slip_reason"}  # those are another customer's
    assert {row.template for row in mails} == most
    assert len(pages) > 60


def test_a_mistake_in_a_form_is_told_in_spanish():
    customer = tom(language="es")
    kettle = tell()
    check_in = CheckIn.objects.get(items__commitment=kettle, sent_at__isnull=False)
    link, now = check_in_link(check_in, now=ASKED_AT), ASKED_AT + 2 * HOUR

    refused = Browser().post(link, {"words": "x" * 5000}, now=now)

    text = plain(refused.content.decode())
    assert customer.language == "es"
    assert refused.status_code == 422
    assert "Hay un problema" in text
    assert "Elija cómo se siente, de muy mal a muy bien" in text
    assert "No podemos guardar este texto tal como está." in text
    assert not ENGLISH.findall(without_theirs(text))


def seen(address: str, *, now: datetime) -> str:
    response = Browser().get(address, now=now)
    assert response.status_code in {200, 409}, address
    assert '<html lang="es" dir="ltr">' in response.content.decode(), address
    return plain(response.content.decode())


def plain(page: str) -> str:
    words = re.sub(r"(?s)<style>.*?</style>|<[^>]*>", " ", page)
    return " ".join(unescape(words).split())


def without_theirs(text: str) -> str:
    """Ours alone: without links, and without what people wrote."""
    written = [*_SAID, *EventText.objects.exclude(words="").values_list("words", flat=True)]
    text = re.sub(r"https?://\S+", " ", text)
    for words in sorted(written, key=len, reverse=True):
        text = text.replace(words, " ").replace(" ".join(words.split()), " ")
    return text
