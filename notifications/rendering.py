"""Templates into words: `messages/<template>/` holds `subject.txt`, `body.txt` and `body.html`.

A message to the inbox takes `subject.txt` for its title and `inbox.txt`, if there is one, for its
words. `kind.txt`, if there is one, says how a bundle counts it. Only the HTML is escaped: in plain
text an ampersand is an ampersand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template import Context, TemplateDoesNotExist
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils import translation

from notifications.envelope import JSON, Action, encodable, one_line

_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SMS = 300  # characters before the link
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Words:
    """A message as it is read. Inbox items have no HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Kind:
    """What a bundle calls a message when it counts, and which place it takes: the first is 1."""

    place: int = 9
    name: str = ""


def words(template: str, context: Mapping[str, JSON], *, channel: str, language: str) -> Words:
    """Put a message into words. Raises what Django's templates raise."""
    with translation.override(language):
        subject = one_line(_plain(template, "subject.txt", context))
        if channel == "inbox":
            return Words(subject=subject, text=_inbox(template, context), html="")
        if channel == "sms":
            return Words(subject=subject, text=_short(subject, template, context), html="")
        return Words(
            subject=subject,
            text=_lines(_plain(template, "body.txt", context)),
            html=_template(template, "body.html").render(dict(context)),
        )


def part(template: str, context: Mapping[str, JSON], *, channel: str, language: str) -> Words:
    """The same to stand inside a bundle: `inside` leaves out what the bundle says once for all."""
    return words(template, {**context, "inside": True}, channel=channel, language=language)


def with_actions(text: str, actions: Sequence[Action]) -> str:
    """The same, and beneath it a line for each, to be pressed in a chat."""
    lines = "".join(f"\n{action.label}: {action.url}" for action in actions)
    return f"{text.rstrip()}\n{lines}\n" if lines else text


def kind(template: str, context: Mapping[str, JSON], *, language: str) -> Kind:
    """What `kind.txt` says: a place and a name, such as `1 overdue`."""
    with translation.override(language):
        try:
            place, _, name = one_line(_plain(template, "kind.txt", context)).partition(" ")
        except TemplateDoesNotExist:
            return Kind()
    return Kind(place=int(place), name=name)


def _short(subject: str, template: str, context: Mapping[str, JSON]) -> str:
    """One line for a telephone, and where to read on."""
    said = " ".join(part for part in (subject, _inbox(template, context)) if part)
    return f"{shortened(said, _SMS)} {context.get('url', '')}".strip()


def shortened(text: str, most: int) -> str:
    """No more than so many characters, the last of them saying that there were more."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _inbox(template: str, context: Mapping[str, JSON]) -> str:
    try:
        return one_line(_plain(template, "inbox.txt", context))
    except TemplateDoesNotExist:
        return ""


def _lines(text: str) -> str:
    """Plain text without the gaps that template tags leave behind."""
    clean = _CONTROL_IN_LINES.sub("", encodable(text).replace("\r\n", "\n"))
    trimmed = "\n".join(line.rstrip() for line in clean.split("\n"))
    return _EMPTY_LINES.sub("\n\n", trimmed).strip() + "\n"


def _plain(template: str, part: str, context: Mapping[str, JSON]) -> str:
    """Rendered without escaping, which a template file cannot ask for as a whole."""
    return _template(template, part).template.render(Context(dict(context), autoescape=False))


def _template(template: str, part: str) -> Template:
    found = get_template(f"messages/{template}/{part}")
    if not isinstance(found, Template):
        raise TemplateDoesNotExist(f"messages/{template}/{part} is no Django template")
    return found
