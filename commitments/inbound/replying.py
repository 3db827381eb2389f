"""A customer's answer to the address that names a promise: their words, or "stop".

The address alone says which promise is meant, and proves that somebody was written to about it;
nothing else in the mail is believed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages import replies
from commitments.models import Commitment
from commitments.rules import file_types, words

from . import quoting
from .ends import DROPPED, TAKEN, Dropped, End, Quarantined
from .letters import File, Letter

_STOPS: Final = frozenset({"stop", "unsubscribe", "baja"})
_LONGEST: Final = 4000
_LOOKED_AT: Final = 20  # files; whoever sends more sends none that we could choose
_NAMED: Final = 5


def promise_in(addresses: str) -> Commitment | None:
    """The promise that one of these addresses names and proves; its customer may be erased."""
    pk = replies.promise_named(addresses)
    promises = Commitment.objects.select_related("conversation", "customer")
    return promises.filter(pk=pk).first() if pk else None


def take(letter: Letter, commitment: Commitment, *, now: datetime) -> End:
    """Raises Dropped where there is nothing to keep, Quarantined where a rule says no."""
    if commitment.customer.erased_at is not None:
        raise Dropped("erased", "Its customer has been erased.")
    own = quoting.own_words(letter.text)
    if _STOPS & {_bare(letter.subject), _bare(own)}:
        services.stop_mails(commitment.conversation, now=now)
        return End(
            outcome=TAKEN, said="The customer wants no more e-mails.", reason="no more e-mails"
        )
    sent_along, left_out = _chosen(letter.files)
    said = _said(own, left_out)
    if not said and sent_along is None:
        raise Dropped("without words", "It says nothing.")
    try:
        services.reply(commitment.pk, words=said, sent_along=sent_along, now=now)
    except CommitmentError as no:
        raise Quarantined("refused", str(no)) from no
    return End(outcome=TAKEN, said=f"It stands on {commitment.reference}.", reason="an answer")


def came_before() -> End:
    return End(outcome=DROPPED, said="It came before.", reason="came before")


def _bare(text: str) -> str:
    return text[:40].lower().strip(" .!\n")


def _said(own: str, left_out: list[str]) -> str:
    """Their words, and in brackets what we did not take of what came with them."""
    line = ""
    if left_out:
        more = len(left_out) - _NAMED
        names = [*left_out[:_NAMED], *([f"{more} more"] if more > 0 else [])]
        line = f"[Not kept: {', '.join(names)}]"
    room = _LONGEST - len(line) - 2
    kept = words.salvaged(own, limit=room if line else _LONGEST, lines=True)
    return f"{kept}\n\n{line}".strip() if line else kept


def _chosen(files: list[File]) -> tuple[services.SentAlong | None, list[str]]:
    """The first that we take, attached before shown within the text; and the names of the others.

    A promise keeps one file with each word of its customer's.
    """
    kept: services.SentAlong | None = None
    left_out: list[str] = []
    by_rank = sorted(files, key=lambda file: not file.is_attached)
    for place, file in enumerate(by_rank):
        taken = None if kept or place >= _LOOKED_AT else _taken(file)
        if taken is not None:
            kept = taken
        else:
            left_out.append(_shown(file.name))
    return kept, left_out


def _taken(file: File) -> services.SentAlong | None:
    content = file.content
    try:
        name, found = file_types.checked(words.salvaged(file.name, limit=400), content)
    except CommitmentError:
        return None
    return services.SentAlong(name=name, media_type=found.media_type, content=content)


def _shown(name: str) -> str:
    said = words.salvaged(name.replace("[", "(").replace("]", ")"), limit=60)
    return said or "a file without a name"
