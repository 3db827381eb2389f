"""Names of speakers: which words could be one, and what some say about whose side they are on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Literal, Protocol, TypeAlias

Side: TypeAlias = Literal["agent", "customer"]

MOST_SPEAKERS: Final = 12  # of more, those who speak least are taken for part of the text
_US: Final = (
    "agent support rep representative advisor adviser operator assistant associate me you staff "
    "team service services helpdesk desk bot chatbot us we csr specialist consultant clerk host "
    "care helper employee colleague agente soporte conseiller berater mitarbeiter 客服"
)
_THEM: Final = (
    "customer client caller user guest visitor passenger patient member buyer shopper requester "
    "tenant subscriber consumer kunde kundin cliente 客户 顾客"
)
_NOT_NAMES: Final = (
    "note|notes|nb|ps|p.s|subject|re|fw|fwd|tel|phone|mobile|e-mail|email|mail|address|order|"
    "order number|order no|reference|ref|case|case number|ticket|ticket number|date|time|total|"
    "amount|price|cost|http|https|from|to|cc|bcc|sent|reply-to|attachment|attachments|important|"
    "update|reminder|warning|tip|summary|next steps|action|actions|example|question|hours|"
    "opening hours|account|account number|tracking|tracking number|delivery|status|name|website|"
    "link|today|tomorrow|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "as follows|option|options|step|item|items|result|reason|channel|duration|topic|von|an|"
    "betreff|gesendet|objet|asunto|started|ended|transcript|conversation|outcome|date and time|"
    "customer id|customer number|customer name|client id|user id|member id|member since|refund|"
    "replacement|credit|invoice|bill|voucher|shipping|return|returns|payment|balance|subtotal|tax|"
    "vat|quantity|size|colour|color|model|serial number|version|error|product|description|details"
)
_AGENTS: Final = frozenset(_US.split())
_CUSTOMERS: Final = frozenset(_THEM.split())
_NO_NAME: Final = frozenset(_NOT_NAMES.split("|"))
_NOBODYS: Final = frozenset(
    ["speaker", "unknown", "quoted", "participant", "person", "anonymous", "mrs", "the"]
)
_SHORTEST: Final = 2  # letters; initials tell nobody apart
_MOST_WORDS: Final = 5
_MOST_SMALL_WORDS: Final = 2
_TWO: Final = 2


class Named(Protocol):
    """What a line says of its speaker, as `labels` reads it."""

    @property
    def name(self) -> str: ...
    @property
    def is_sure(self) -> bool: ...
    @property
    def is_alone(self) -> bool: ...
    @property
    def stamp(self) -> object: ...


def key(name: str) -> str:
    """The same for the same speaker, however they are spelled."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def words_of(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", key(name))


def side_in(name: str) -> Side | None:
    """On whose side a name says somebody is: `Customer service` is ours, `Customer` is not."""
    words = words_of(name)
    if any(word in _AGENTS for word in words):
        return "agent"
    return "customer" if any(word in _CUSTOMERS for word in words) else None


def could_be_one(name: str) -> bool:
    if not name or not name[0].isalpha() or len(name.split()) > _MOST_WORDS:
        return False
    return key(name).rstrip(".") not in _NO_NAME


def looks_like_one(name: str) -> bool:
    """Each word begins with a capital, or belongs to a script that has none."""
    return could_be_one(name) and not any(word[0].islower() for word in name.split())


def speakers_among(
    labels: Sequence[Named], *, known: Collection[str], lines: int
) -> frozenset[str]:
    """The keys of those names that are speakers, of a text with so many `lines` that say something.

    Sure are those who are known or that the text itself makes sure. The others must come again; or
    come in a text that has speakers already, or that consists of such lines.
    """
    times = Counter(key(label.name) for label in labels)
    sure = {key(label.name) for label in labels if label.is_sure}
    sure |= {each for each in times if any(is_the_same(each, name) for name in known)}
    beside_times = _has_times(labels)
    fit = [label for label in labels if _is_fit(label, beside_times=beside_times)]
    headed = {key(label.name) for label in fit if label.is_alone and label.stamp is not None}
    sure |= headed if len(headed) >= _TWO else set()
    sure |= {key(label.name) for label in fit if times[key(label.name)] >= _TWO}
    spoken = {key(label.name) for label in fit if not label.is_alone}
    consists_of_them = len(spoken) >= _TWO and _TWO * len(labels) >= lines
    if len(sure) == 1 or (not sure and consists_of_them):  # somebody spoke with somebody
        stands_alone = any(label.is_alone for label in labels if key(label.name) in sure)
        sure |= {key(label.name) for label in fit} if stands_alone else spoken
    return frozenset(sorted(sure, key=lambda each: (-times[each], each))[:MOST_SPEAKERS])


def is_the_same(label: str, name: str) -> bool:
    """Whether somebody is called so: `Ana`, `ana moreno`, `Ana Moreno (Agent)` are Ana Moreno."""
    called, parts = words_of(label), words_of(name)
    if not called or not parts:
        return False
    bare = [word for word in called if word not in _AGENTS and word not in _CUSTOMERS]
    return (
        bool(bare) and bare[0] == parts[0] and (set(bare) <= set(parts) or set(parts) <= set(bare))
    )


def is_of_a_person(label: str) -> bool:
    """Whether more stands there than what somebody is: not `Customer`, `Speaker 1` or `Quoted`."""
    return looks_like_one(label) and bool(_own_words(label))


def is_like(label: str, name: str) -> bool:
    """Whether a label may be a way to write this name: `Mr Okafor`, `tokafor`, `Tommy`."""
    said, parts = _own_words(label), _own_words(name)
    return not parts or any(one in other or other in one for one in said for other in parts)


def _own_words(label: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", label)
    words = words_of("".join(letter for letter in bare if not unicodedata.combining(letter)))
    roles = _AGENTS | _CUSTOMERS | _NOBODYS
    return [word for word in words if word not in roles and len(word) >= _SHORTEST]


def _has_times(labels: Sequence[Named]) -> bool:
    """Whether this text writes a time beside every speaker, so that others are none."""
    timed = sum(label.stamp is not None for label in labels)
    return timed >= _TWO and _TWO * timed >= len(labels)


def _is_fit(label: Named, *, beside_times: bool) -> bool:
    if beside_times and label.stamp is None:
        return False
    if looks_like_one(label.name):
        return True
    return not label.is_alone and len(label.name.split()) <= _MOST_SMALL_WORDS
