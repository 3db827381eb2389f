"""The standard text of every mail to customers, and which placeholders each may use.

A text is a subject, a heading and paragraphs. A placeholder stands in braces, `{due}`, and nothing
else in a text is ever looked up: no template language is reachable from here. One that stands for
a box (`{facts}`, `{words}`) has a paragraph to itself. What is said only at times, such as that we
are sorry, is a placeholder that is empty at other times; a paragraph of nothing but such goes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Template(StrEnum):
    """The mails of a promise's life; each is a folder under templates/messages/."""

    AGREEMENT = "agreement"
    RECAP = "recap"
    PROGRESS = "progress"
    NEW_TIME = "new_time"
    SLIP = "slip"
    SLIP_NOTE = "slip_note"
    SLIP_REASON = "slip_reason"
    NEED = "need"
    NUDGE = "nudge"
    DONE = "done"
    CHECK_IN = "check_in"
    STILL_OPEN = "still_open"
    CANNOT_KEEP = "cannot_keep"


@dataclass(frozen=True, kw_only=True)
class Text:
    """A mail's own words; what stands around them (greeting, links, footer) is always ours."""

    subject: str
    heading: str
    paragraphs: Sequence[str]

    @property
    def body(self) -> str:
        """As it is edited: an empty line between paragraphs."""
        return "\n\n".join(self.paragraphs)

    @classmethod
    def of(cls, *, subject: str, heading: str, body: str) -> Text:
        found = [each.strip() for each in re.split(r"\n[ \t]*\n", body.strip())]
        return cls(subject=subject, heading=heading, paragraphs=[each for each in found if each])


PLACEHOLDER: Final = re.compile(r"\{([^{}\n]*)\}")

# What each stands for, as the page on which texts are edited tells it.
MEANINGS: Final[Mapping[str, str]] = {
    "customer": "the customer's first name",
    "company": "our name",
    "contact": "how to reach us, as it follows “please”",
    "wording": "what was promised",
    "due": "the time promised",
    "old_due": "the time we gave before",
    "owner": "who sees to it",
    "author": "who wrote or acted",
    "reference": "the promise's reference",
    "promised_on": "the day of the promise",
    "how_many": "how many promises there are",
    "answer_within": "how soon somebody answers",
    "informed": "how often they hear from us, where the kind promises that",
    "hear_by": "by when they hear from us, as it follows “hear from us”",
    "late_words": "a sentence that stands here only where the time has passed",
    "thanks": "our thanks, which own up to a delay where there was one",
    "facts": "a box: what was promised, by when, who sees to it",
    "words": "a box: what a colleague or the customer wrote",
    "waiting_for": "a box: the one thing we need",
    "promises": "a box for each promise",
    "choices": "the five answers, from very unhappy to very happy",
    "still_open": "the question whether anything is still open, and its button",
}
BOXES: Final = frozenset({"facts", "words", "waiting_for", "promises", "choices", "still_open"})

_ALWAYS: Final = ("customer", "company", "contact", "owner", "promised_on")
_ONE: Final = (*_ALWAYS, "wording", "due", "reference", "facts")
PLACEHOLDERS: Final[Mapping[Template, Sequence[str]]] = {
    Template.AGREEMENT: (*_ONE, "informed"),
    Template.RECAP: (*_ALWAYS, "how_many", "promises"),
    Template.PROGRESS: (*_ONE, "author", "words", "late_words"),
    Template.NEW_TIME: (*_ONE, "author", "old_due", "words"),
    Template.SLIP: (*_ONE, "author", "old_due", "words"),
    Template.SLIP_NOTE: (*_ONE, "hear_by"),
    Template.SLIP_REASON: (*_ONE, "words", "hear_by"),
    Template.NEED: (*_ONE, "author", "waiting_for"),
    Template.NUDGE: (*_ONE, "waiting_for"),
    Template.DONE: (*_ONE, "author", "words", "late_words"),
    Template.CHECK_IN: (*_ALWAYS, "thanks", "promises", "choices", "answer_within", "still_open"),
    Template.STILL_OPEN: (*_ONE, "words"),
    Template.CANNOT_KEEP: (*_ONE, "author", "words"),
}
# Without these a text would keep from the customer what the mail is for.
NEEDED: Final[Mapping[Template, Sequence[str]]] = {
    Template.AGREEMENT: ("facts",),
    Template.RECAP: ("promises",),
    Template.PROGRESS: ("words",),
    Template.NEW_TIME: ("words", "facts"),
    Template.SLIP: ("words", "facts"),
    Template.SLIP_NOTE: ("facts",),
    Template.SLIP_REASON: ("words", "facts"),
    Template.NEED: ("waiting_for",),
    Template.NUDGE: ("waiting_for",),
    Template.DONE: ("words",),
    Template.CHECK_IN: ("promises", "choices", "still_open"),
    Template.STILL_OPEN: ("facts",),
    Template.CANNOT_KEEP: ("words",),
}

_MISSED = _("We missed the time we promised you")
_NOT_AFTER = _(
    "If something gets in the way, you will hear it from us before that time, not after it."
)
_WRONG = _("Not what we agreed? Please {contact}.")

_STANDARD: Final[Mapping[Template, Text]] = {
    Template.AGREEMENT: Text(
        subject=_("What we agreed: {wording}, by {due}"),
        heading=_("What we agreed"),
        paragraphs=(
            _("Thank you for your patience. This is what we will do for you, and by when."),
            "{facts}",
            _NOT_AFTER,
            "{informed}",
            _WRONG,
        ),
    ),
    Template.RECAP: Text(
        subject=_("What we agreed: {how_many}, and by when"),
        heading=_("What we agreed"),
        paragraphs=(
            _("Thank you for your patience. This is all we agreed, and by when."),
            "{promises}",
            _(
                "If something gets in the way, you will hear it from us before its time, not"
                " after it."
            ),
            _WRONG,
        ),
    ),
    Template.PROGRESS: Text(
        subject=_("{wording}: an update from {author}"),
        heading=_("An update from {author}"),
        paragraphs=(
            _("{author} writes about what we promised you:"),
            "{words}",
            "{facts}",
            "{late_words}",
            _("Anything to add? Please {contact}."),
        ),
    ),
    Template.NEW_TIME: Text(
        subject=_("New time for “{wording}”: {due}"),
        heading=_("A new time"),
        paragraphs=(
            _(
                "We told you {old_due}. It will now be {due}, and we want you to know in good time."
                " Why:"
            ),
            "{words}",
            "{facts}",
            _(
                "Does that work for you? If not, please {contact}, and we will find a time that"
                " does."
            ),
        ),
    ),
    Template.SLIP: Text(
        subject=_MISSED,
        heading=_MISSED,
        paragraphs=(
            _("We said {old_due}, and we did not do it by then. We are sorry about that."),
            "{words}",
            "{facts}",
            _("If the new time does not work for you, please {contact}."),
        ),
    ),
    Template.SLIP_NOTE: Text(
        subject=_MISSED,
        heading=_MISSED,
        paragraphs=(
            _("We said {due}, and we have not done it yet. We are sorry about that."),
            "{facts}",
            _(
                "{owner} has been reminded, and so have those who can help. You will hear from us"
                " {hear_by}."
            ),
            _(
                "We send this note by itself, so that you are not left without a word. If you would"
                " rather not wait, please {contact}."
            ),
        ),
    ),
    Template.SLIP_REASON: Text(
        subject=_MISSED,
        heading=_MISSED,
        paragraphs=(
            _("We said {due}, and we have not done it yet. We are sorry about that."),
            "{words}",
            "{facts}",
            _(
                "{owner} is on it, and you will hear from us {hear_by}. If you would rather not"
                " wait, please {contact}."
            ),
        ),
    ),
    Template.NEED: Text(
        subject=_("One thing we need from you, {customer}"),
        heading=_("One thing we need from you"),
        paragraphs=(
            _("To go on with what we promised you, we need one thing:"),
            "{waiting_for}",
            _("Please {contact}. As soon as we have it, we carry on."),
            "{facts}",
            _("No rush: we keep your place, and the time we agreed moves along with your answer."),
        ),
    ),
    Template.NUDGE: Text(
        subject=_("A reminder, {customer}: one thing we need from you"),
        heading=_("One thing we still need from you"),
        paragraphs=(
            _("A short reminder. To go on with what we promised you, we still need one thing:"),
            "{waiting_for}",
            _(
                "Please {contact}. If it is hard to come by, or no longer needed, tell us and we"
                " will find another way."
            ),
            "{facts}",
            _("No rush: we keep your place."),
        ),
    ),
    Template.DONE: Text(
        subject=_("Done: {wording}"),
        heading=_("Done"),
        paragraphs=(
            _("{author} writes how it ended:"),
            "{words}",
            "{facts}",
            "{late_words}",
            _("Is anything missing or not right? Please {contact}."),
        ),
    ),
    Template.CHECK_IN: Text(
        subject=_("Did we settle it, {customer}?"),
        heading=_("Did we settle it, {customer}?"),
        paragraphs=(
            _("{thanks} Before we close the loop, we would like to know how it went."),
            "{promises}",
            "{choices}",
            "{still_open}",
        ),
    ),
    Template.STILL_OPEN: Text(
        subject=_("Thank you for telling us, {customer}"),
        heading=_("Thank you for telling us"),
        paragraphs=(
            _(
                "We have heard that something is still open, and we are on it again. This is what"
                " happens next."
            ),
            "{facts}",
            "{words}",
            _NOT_AFTER,
        ),
    ),
    Template.CANNOT_KEEP: Text(
        subject=_("About “{wording}”: we cannot do what we promised"),
        heading=_("We cannot do what we promised"),
        paragraphs=(
            _(
                "We said {due}. We cannot do it, and we are sorry about that. {author} explains"
                " why:"
            ),
            "{words}",
            "{facts}",
            _("To talk about it, please {contact}."),
        ),
    ),
}


def standard(template: Template) -> Text:
    """The text that comes with the house, in the language that is active."""
    text = _STANDARD[template]
    return Text(
        subject=gettext(text.subject),
        heading=gettext(text.heading),
        paragraphs=[gettext(each) for each in text.paragraphs],
    )


def nearest(name: str, template: Template) -> str:
    """The placeholder that somebody may have meant; "" where none is near."""
    close = difflib.get_close_matches(name.strip().lower(), PLACEHOLDERS[template], n=1, cutoff=0.5)
    return close[0] if close else ""
