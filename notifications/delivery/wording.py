"""The words of a bundle, made of the words of those it carries.

The most pressing come first: what is urgent, then by the place that a template gives its messages
in `kind.txt`. Some are said in full, some by a line, and what lies beyond is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.conf import settings

from notifications import lengths, rendering
from notifications.delivery import sparing
from notifications.envelope import JSON, Recipient
from notifications.models import BUNDLE, Delivery


@dataclass(frozen=True, kw_only=True)
class Part:
    """One message inside a bundle; its words are missing where it is only counted."""

    member: Delivery
    kind: rendering.Kind
    words: rendering.Words | None = None
    is_in_full: bool = False


def parts(
    members: Sequence[Delivery], recipients: Mapping[str, Recipient | None] | None = None
) -> tuple[list[Part], list[Delivery]]:
    """The messages in the order in which they are said, and those that cannot be put into words.

    What is said in full is followed by what its recipient may want to do about it.
    """
    made: dict[int, Part] = {}
    wordless = sparing.apart(members, partial(_count, made))
    figures = lengths.current()
    pressing = sorted(made.values(), key=_how_pressing)
    full = [part.member for part in pressing[: figures.in_full]]
    lines = [part.member for part in pressing[figures.in_full : figures.by_line]]
    wordless += sparing.apart(full, partial(_say_in_full, made, recipients or {}))
    wordless += sparing.apart(lines, partial(_say_in_a_line, made))
    out = {row.pk for row in wordless}
    said = [made[part.member.pk] for part in pressing if part.member.pk not in out]
    return said, wordless


def words(bundle: Delivery, parts: Sequence[Part]) -> rendering.Words:
    """What its reader reads. Raises what Django's templates raise."""
    return rendering.words(
        BUNDLE, _context(bundle, parts), channel=bundle.channel, language=bundle.language
    )


def _count(made: dict[int, Part], members: Sequence[Delivery]) -> None:
    for member in members:
        kind = rendering.kind(member.template, member.context, language=member.language)
        made[member.pk] = Part(member=member, kind=kind)


def _say_in_full(
    made: dict[int, Part],
    recipients: Mapping[str, Recipient | None],
    members: Sequence[Delivery],
) -> None:
    for member in members:
        words = rendering.part(
            member.template, member.context, channel=member.channel, language=member.language
        )
        if recipient := recipients.get(member.key):
            text = rendering.with_actions(words.text, recipient.actions)
            words = replace(words, text=text)
        made[member.pk] = replace(made[member.pk], words=words, is_in_full=True)


def _say_in_a_line(made: dict[int, Part], members: Sequence[Delivery]) -> None:
    for member in members:
        words = rendering.words(
            member.template, member.context, channel="inbox", language=member.language
        )
        made[member.pk] = replace(made[member.pk], words=words)


def _how_pressing(part: Part) -> tuple[bool, int]:
    return (not part.member.urgent, part.kind.place)


def _context(bundle: Delivery, parts: Sequence[Part]) -> Mapping[str, JSON]:
    in_full = [_said(part.member, part.words) for part in parts if part.words and part.is_in_full]
    by_line = [
        _said(part.member, part.words) for part in parts if part.words and not part.is_in_full
    ]
    return {
        "count": len(parts),
        "kinds": _kinds(parts),
        "late": _late(parts) if bundle.late else None,
        "in_full": in_full,
        "by_line": by_line,
        "more": len(parts) - len(in_full) - len(by_line),
        "company": settings.COMPANY_NAME,
        "url": f"{settings.PUBLIC_URL}/",
    }


def _kinds(parts: Sequence[Part]) -> list[JSON]:
    """How many there are of each kind, the most pressing kind first."""
    counted = Counter(part.kind for part in parts if part.kind.name)
    return [
        {"count": counted[kind], "name": kind.name}
        for kind in sorted(counted, key=lambda kind: (kind.place, kind.name))
    ]


def _said(member: Delivery, words: rendering.Words) -> JSON:
    return {
        "title": words.subject,
        "text": words.text,
        "html": words.html,
        "url": member.context.get("url", ""),
    }


def _late(parts: Sequence[Part]) -> JSON:
    """From when to when nothing could be sent, if whoever enqueued it has said so."""
    spans = [span for part in parts if (span := part.member.context.get("late"))]
    if not spans:
        return {"since": "", "until": ""}
    first = min(spans, key=lambda span: str(span["since_at"]))
    last = max(spans, key=lambda span: str(span["until_at"]))
    return {"since": first["since"], "until": last["until"]}
