"""Our own wording of the mails to customers, in versions: an edit makes a new one.

A text holds words and placeholders, and nothing that computes. What it may not leave out, such as
the words a colleague wrote, it may not leave out here either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import translation

from commitments.errors import CommitmentError
from commitments.messages import texts
from commitments.messages.texts import BOXES, PLACEHOLDERS, Template, Text
from commitments.models import MessageText, User
from commitments.rules import words

from . import seen

_WHAT = "this text"
_MOST_NAMED = 5  # unknown placeholders at once


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What one mail says now in one language; `row` is None where it is the standard text."""

    template: Template
    language: str
    text: Text
    row: MessageText | None


def every() -> list[Wording]:
    """Each mail in each language; one query."""
    own = {(row.template, row.language): row for row in _in_force()}
    return [
        _wording(template, language, own.get((template.value, language)))
        for template in Template
        for language, _ in settings.LANGUAGES
    ]


def one(template: Template, language: str) -> Wording:
    row = _in_force().filter(template=template.value, language=language).first()
    return _wording(template, language, row)


def standard(template: Template, language: str) -> Text:
    with translation.override(language):
        return texts.standard(template)


def mark(template: Template, language: str) -> str:
    """Of the newest version, whichever that is."""
    return seen.mark(_newest(template, language))


def checked(template: Template, *, subject: str, heading: str, body: str) -> Text:
    """The text as it would be kept. Raises CommitmentError."""
    text = Text.of(
        subject=words.clean(subject, what="The subject", limit=200, field="subject"),
        heading=words.clean(heading, what="The heading", limit=120, field="heading"),
        body=words.clean(body, what="The text", limit=4000, lines=True, field="body"),
    )
    _check_line(text.subject, template, field="subject")
    _check_line(text.heading, template, field="heading")
    for paragraph in text.paragraphs:
        _check_paragraph(paragraph, template)
    _check_nothing_is_missing(text, template)
    return text


@transaction.atomic
def save(
    template: Template, language: str, text: Text, *, by: User, seen_mark: str, now: datetime
) -> MessageText:
    """From now on the mail says this. What lies in the outbox stays as it was written.

    Raises Changed, and changes nothing then.
    """
    return _add(
        template, language, by=by, seen_mark=seen_mark, now=now,
        subject=text.subject, heading=text.heading, body=text.body,
    )  # fmt: skip


@transaction.atomic
def back_to_standard(
    template: Template, language: str, *, by: User, now: datetime
) -> MessageText | None:
    """From now on the standard text; None where it is in force already."""
    if one(template, language).row is None:
        return None
    mark_now = mark(template, language)
    return _add(template, language, by=by, seen_mark=mark_now, now=now, is_standard=True)


def _add(
    template: Template,
    language: str,
    *,
    by: User,
    seen_mark: str,
    now: datetime,
    **fields: str | bool,
) -> MessageText:
    newest = _newest(template, language)
    seen.check(seen.mark(newest), seen=seen_mark, what=_WHAT)
    row = MessageText(
        template=template.value,
        language=language,
        number=newest + 1,
        made_at=now,
        made_by=by,
        **fields,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody was faster by a hair
        raise seen.Changed(_WHAT) from None
    return row


def _newest(template: Template, language: str) -> int:
    rows = MessageText.objects.filter(template=template.value, language=language)
    return rows.order_by("-number").values_list("number", flat=True).first() or 0


def _in_force() -> QuerySet[MessageText]:
    return MessageText.objects.in_force().select_related("made_by")


def _wording(template: Template, language: str, row: MessageText | None) -> Wording:
    if row is None:
        text = standard(template, language)
    else:
        text = Text.of(subject=row.subject, heading=row.heading, body=row.body)
    return Wording(template=template, language=language, text=text, row=row)


def _check_line(line: str, template: Template, *, field: str) -> None:
    names = texts.PLACEHOLDER.findall(line)
    _check_names(names, template, field=field)
    for name in names:
        if name in BOXES:
            raise CommitmentError(
                f"{{{name}}} stands for a box, and has its place in the text.", field=field
            )
    _check_braces(line, field=field)


def _check_paragraph(paragraph: str, template: Template) -> None:
    names = texts.PLACEHOLDER.findall(paragraph)
    _check_names(names, template, field="body")
    for name in names:
        if name in BOXES and paragraph != f"{{{name}}}":
            raise CommitmentError(
                f"Give {{{name}}} a paragraph to itself: an empty line before it and after it.",
                field="body",
            )
    _check_braces(paragraph, field="body")


def _check_names(names: Iterable[str], template: Template, *, field: str) -> None:
    unknown = [name for name in dict.fromkeys(names) if name not in PLACEHOLDERS[template]]
    if unknown:
        said = " ".join(_no_placeholder(name, template) for name in unknown[:_MOST_NAMED])
        raise CommitmentError(said, field=field)


def _no_placeholder(name: str, template: Template) -> str:
    near = texts.nearest(name, template)
    meant = f"Did you mean {{{near}}}?" if near else "Choose one of those listed below."
    return f"{{{name[:40]}}} is no placeholder of this message. {meant}"


def _check_braces(text: str, *, field: str) -> None:
    if re.search(r"[{}]", texts.PLACEHOLDER.sub("", text)):
        raise CommitmentError(
            "There is a brace too many, or one too few. A placeholder is written {due}.",
            field=field,
        )


def _check_nothing_is_missing(text: Text, template: Template) -> None:
    missing = [name for name in texts.NEEDED[template] if f"{{{name}}}" not in text.paragraphs]
    if missing:
        raise CommitmentError(
            f"Put {{{missing[0]}}} into the text, in a paragraph to itself: it is"
            f" {texts.MEANINGS[missing[0]]}, and the customer needs it.",
            field="body",
        )
