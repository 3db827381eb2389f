"""Texts to start from: words that fit the moment, filled into a field to be finished there.

`…` stands where only the writer knows what to say. Texts about a time that has passed say sorry;
the others do not. Whoever writes chooses by a name in English; the words are the customer's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_noop as _

from commitments import spoken
from commitments.messages import customer as customer_messages
from commitments.models import Commitment


@dataclass(frozen=True, kw_only=True)
class Text:
    """`name` is what it is for. In `words`, {first} is the customer, {due} the promised time."""

    key: str
    name: str
    words: str
    when_late: bool | None = None  # None: at any time


_SORRY = Text(
    key="sorry",
    name="We are late",
    words=_("I said I would do this by {due}, and I have not. I am sorry about that. …"),
    when_late=True,
)
_BANK = Text(
    key="not-ours",
    name="It is not in our hands",
    words=_("The final word is with …. What I can do is check again on … and tell you."),
)
_FOR = {
    "update": (
        _SORRY,
        Text(
            key="on-track",
            name="Still on track",
            words=_("A short word on where we are: …. We still keep to {due}."),
            when_late=False,
        ),
        _BANK,
        Text(
            key="heard",
            name="They are upset",
            words=_(
                "I can hear how frustrating this has been. Here is what I am doing about it: …"
            ),
        ),
    ),
    "move": (
        _SORRY,
        Text(
            key="more-time",
            name="We need longer",
            words=_(
                "We need until then to give you a proper answer. Does that still work for you?"
            ),
            when_late=False,
        ),
        _BANK,
    ),
    "wait": (
        Text(
            key="photo",
            name="A photo",
            words=_("To go on we need one photo of …. No rush; we keep your place."),
        ),
        Text(
            key="answer",
            name="An answer",
            words=_("To go on we need to know …. A line in reply to this mail is enough."),
        ),
    ),
    "make_right": (
        Text(
            key="longer",
            name="It took longer",
            words=_("It has taken longer than I thought, because …. I can do it by the new time."),
        ),
        Text(
            key="slipped",
            name="It slipped",
            words=_("I had it on my list and did not get to it. That is not how it should be. …"),
        ),
        Text(
            key="others",
            name="We wait for somebody",
            words=_("I am still waiting for …. I check again on …, and tell you what I hear."),
        ),
    ),
    "release": (
        _BANK,
        Text(
            key="instead",
            name="We offer something else",
            words=_("We cannot do this, because …. What we can do instead is …"),
        ),
    ),
}


class TextChoice(forms.Select):
    """A list of texts with a button of its own, which fills the chosen one in."""

    template_name = "commitments/web/text_choice.html"

    def use_required_attribute(self, initial: Any) -> bool:  # Any: as Django declares it
        return False


def texts_for(verb: str, commitment: Commitment, *, now: datetime) -> list[Text]:
    """Those that fit this moment: none says sorry before there is a reason to."""
    is_late = commitment.is_overdue(now)
    return [text for text in _FOR.get(verb, ()) if text.when_late in (None, is_late)]


def filled(text: Text, commitment: Commitment, *, now: datetime) -> str:
    """Its words in the customer's language, with their name and the time in them."""
    customer, zone = commitment.customer, customer_messages.zone_of(commitment)
    with translation.override(customer_messages.language_of(customer)):
        due = spoken.say_time(commitment.due_at, zone=zone, now=now)
        words = gettext(text.words)
    return words.replace("{first}", customer.first_name).replace("{due}", due)


def language_said(commitment: Commitment) -> str:
    """`Spanish`; nothing where the texts are in English, as the page is."""
    language = customer_messages.language_of(commitment.customer)
    return "" if language == spoken.ENGLISH else str(get_language_info(language)["name"])


def choices(texts: list[Text]) -> Iterator[tuple[str, str]]:
    yield "", "Your own words"
    for text in texts:
        yield text.key, text.name
