"""Every column that docs/privacy.md calls personal, and in each of them a whisper of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q, QuerySet

from commitments.messages.stopping import all_about
from commitments.models import (
    Attachment,
    Customer,
    Import,
    ImportRemark,
    OnceKey,
    QuarantinedMail,
    Suggestion,
    SuggestionText,
    ValueReason,
)
from notifications.models import Delivery, InboxItem, Suppression
from tests.config.test_privacy_page import MODELS, PAGE
from tests.makers import DAY, NOON, a_team, ana, dev, ines

Column = tuple[str, str]

_ROW = re.compile(r"^\| ([A-Z]\w+) \| (.+) \|$", re.MULTILINE)
_SECTION = PAGE.partition("## Customers")[2].partition("\n## ")[0]
_CELLS = {name: cells.split(" | ") for name, cells in _ROW.findall(_SECTION) if name != "Table"}
# Written for colleagues, and yet about a customer: they go with them.
_OF_COLLEAGUES: Final = {"Thanks": ("words",), "InboxItem": ("title", "words")}
_TO_COLLEAGUES: Final = {"context", "subject", "text", "html"}  # the rest is about the colleague

_LEAVES_OUT = PAGE.partition("## What an export leaves out")[2].partition("\n## ")[0]
LEFT_OUT: Final = frozenset(re.findall(r"`(\w+)\.(\w+)`", _LEAVES_OUT))


def personal() -> dict[str, tuple[str, ...]]:
    """The personal columns of each table that is about customers, as the page lists them."""
    said = {name: re.sub(r"\(.*?\)", "", cells[0]) for name, cells in _CELLS.items()}
    listed = {name: words for name, words in said.items() if not words.startswith("none")}
    return {name: tuple(re.findall(r"\w+", words)) for name, words in listed.items()} | (
        _OF_COLLEAGUES
    )


def going_by_themselves() -> frozenset[str]:
    """The tables that no erasure looks into: a file of many customers goes as a whole."""
    last = {name: cells[-1].strip() for name, cells in _CELLS.items()}
    return frozenset(name for name, said in last.items() if said.startswith("goes with its"))


COLUMNS: Final = [(name, column) for name, columns in personal().items() for column in columns]
WHISPERS: Final[Mapping[Column, str]] = {
    column: f"wh{number:03}sp" for number, column in enumerate(COLUMNS)
}

ANY: Final = "wh___sp"  # of them, to LIKE
NO_MORE_THEIRS: Final = f"{WHISPERS['Suppression', 'address']}@zaphrod.example"


def place(column: Column) -> str:
    """As `whispers.found` names it."""
    return f"{MODELS[column[0]]._meta.db_table}.{column[1]}"


def plant(them: Customer, said: str = "") -> None:
    """Fill every personal column of every row about them; there is one of each table at least.

    Each says its whisper, the number of its row, and `said` as far as there is room. They were
    entered twice, written to at an address that they have no more, and some know only an address.
    """
    Customer.objects.create(name="Twice", merged_into=them)
    _add_what_a_story_lacks(them)
    for name, rows in _rows_about(them).items():
        assert rows, name
        for number, row in enumerate(rows):
            _fill(row, _columns(row), number=number, said=said)
    _add_what_says_their_address([*Customer.objects.filter(_theirs(them)).order_by("pk")], said)
    _add_what_a_program_was_answered(them)
    _add_what_colleagues_were_told(them)


def shouted(email: str) -> str:
    """The same address as some would write it."""
    return email.replace("zaphrod", "ZAPHROD")


def _theirs(them: Customer) -> Q:
    return Q(pk=them.pk) | Q(merged_into=them)


def _rows_about(them: Customer) -> dict[str, list[models.Model]]:
    """Those that a key of the database leads to; another table is a KeyError where it is asked."""
    of_promises, of_events = Q(commitment__customer=them), Q(event__commitment__customer=them)
    told = Q(about__in=all_about(them)) | Q(key__startswith="thanks:")
    known = {
        "Customer": _theirs(them),
        "Conversation": Q(customer=them),
        "Commitment": Q(customer=them),
        "EventText": of_events,
        "Attachment": of_events,
        "CallAttempt": of_promises,
        "ValueReason": of_promises,
        "Thanks": of_promises,
        "CheckInAnswer": Q(check_in__customer=them),
        "SuggestionText": Q(suggestion__customer=them),
        "Delivery": told,
        "Attempt": Q(delivery__in=Delivery.objects.filter(told)),
        "InboxItem": Q(about__in=all_about(them)),
        "Import": Q(),
        "ImportRemark": Q(),
    }
    return {name: _found(name, which) for name, which in known.items()}


def _found(name: str, which: Q) -> list[models.Model]:
    rows: QuerySet[models.Model] = MODELS[name]._default_manager.filter(which)
    return list(rows.order_by("pk"))


def _columns(row: models.Model) -> Iterator[str]:
    for column in personal()[type(row).__name__]:
        if not isinstance(row, Delivery) or row.audience == "customer" or column in _TO_COLLEAGUES:
            yield column


def _fill(row: models.Model, columns: Iterable[str], *, number: int, said: str) -> None:
    values = {}
    for column in columns:
        whisper = f"{WHISPERS[type(row).__name__, column]}{number}"
        if isinstance(row, Attachment) and column == "stored":
            storages["attachments"].save(whisper, row.open())
            storages["attachments"].delete(row.stored)
            said_here: object = whisper
        else:
            said_here = _words(row, column, f"{whisper}{said}")
        values[column] = said_here
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def _words(row: models.Model, column: str, words: str) -> object:
    field = row._meta.get_field(column)
    if isinstance(field, models.JSONField):
        return [words] if column == "due_steps" else {"said": words}
    if column in {"email", "address"}:
        return f"{words[:200]}@zaphrod.example"
    return words[: getattr(field, "max_length", None)]


def _add_what_a_story_lacks(them: Customer) -> None:
    promise = them.commitments.get()
    ValueReason.objects.create(
        commitment=promise, by=ana(), words="?", low=1, median=2, high=3, at=NOON
    )
    proposed = _a_draft("1", customer=them)
    SuggestionText.objects.create(suggestion=proposed, wording="?")
    brought = Import.objects.create(
        by=ana(), team=a_team(), at=NOON, name="?", size=1, state="finished", forget_at=NOON + DAY
    )
    ImportRemark.objects.create(of=brought, line=2, what=ImportRemark.What.BAD, says="?")


def _a_draft(key: str, customer: Customer | None = None) -> Suggestion:
    return Suggestion.objects.create(
        team=a_team(), source="mail", source_key=key, customer=customer, said_at=NOON,
        expires_at=NOON + DAY, outcome="expired", settled_at=NOON + DAY,
    )  # fmt: skip


def _add_what_says_their_address(entries: list[Customer], said: str) -> None:
    """Drafts of nobody, mails that could not be read, and what takes no more mail."""
    letter = Delivery.objects.filter(audience="customer").earliest("pk")
    Delivery.objects.filter(pk=letter.pk).update(address=NO_MORE_THEIRS)
    for number, entry in enumerate(entries):
        loud = shouted(entry.email)
        draft = SuggestionText(suggestion=_a_draft(f"of nobody {number}"))
        draft.save()
        _fill(draft, personal()["SuggestionText"], number=number, said=said)
        SuggestionText.objects.filter(pk=draft.pk).update(email=loud)
        content = f"From: {loud}\n\n{WHISPERS['QuarantinedMail', 'content']}{said}\0".encode()
        QuarantinedMail.objects.create(
            fingerprint=f"{number}", at=NOON, reason="too long", size=9, content=content
        )
        _log(Suppression, repr_of=loud)
        _log(Customer, object_id=entry.pk, repr_of=entry.name)
    whisper = WHISPERS["Suppression", "cause"]
    for address in (NO_MORE_THEIRS, *(each.email for each in entries), entries[0].phone):
        Suppression.objects.create(
            channel="email", address=address, since=NOON, cause=f"{whisper}{said}"
        )


def _log(model: type[models.Model], *, repr_of: str, object_id: int = 0) -> None:
    LogEntry.objects.create(
        user=ines(), action_flag=CHANGE, object_id=object_id, object_repr=repr_of[:200],
        content_type=ContentType.objects.get_for_model(model),
    )  # fmt: skip


def _add_what_a_program_was_answered(them: Customer) -> None:
    """In each of the ways in which an answer tells of whom it is."""
    said = WHISPERS["OnceKey", "answer"]
    whole = Customer.objects.get(pk=them.pk)
    for number, answer in enumerate(
        (
            {"customer": {"id": them.pk}, "said": said},
            {"reference": them.commitments.get().reference, "wording": said},
            {"id": them.merged.get().pk, "merged_ids": [], "name": said},
            {"about": [them.pk], "said": said},
            {"about": [], "said": f"Told {whole.phone} {said}"},
        )
    ):
        OnceKey.objects.create(
            principal="p", key=f"{number}", status=201, answer=answer, expires_at=NOON + DAY
        )


def _add_what_colleagues_were_told(them: Customer) -> None:
    """In one message of many, with a reminder of it, and in two that only say their name."""
    one = Delivery.objects.filter(about__in=all_about(them), audience="staff").earliest("pk")
    whole = Customer.objects.get(pk=them.pk)
    texts = {
        "bundle": {"text": WHISPERS["Delivery", "text"]},
        "digest": {"text": f"Owed to {whole.name}: {WHISPERS['Delivery', 'text']}"},
        "report": {"text": WHISPERS["Delivery", "text"], "subject": f"Of {whole.phone}"},
    }
    for number, (template, words) in enumerate(texts.items()):
        told = Delivery.objects.create(
            key=f"to Dev {number}", about=f"user:{dev().pk}", audience="staff", person=dev(),
            channel="email", language="en", template=template, context={}, urgent=False,
            state="sent", not_before=NOON, enqueued_at=NOON, settled_at=NOON, **words,
        )  # fmt: skip
        if template == "bundle":
            Delivery.objects.filter(pk=one.pk).update(bundle=told, state="bundled")
            InboxItem.objects.create(
                user=dev(), delivery=told, about=told.about, created_at=NOON,
                title=WHISPERS["InboxItem", "title"], words=WHISPERS["InboxItem", "words"],
            )  # fmt: skip
