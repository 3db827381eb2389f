"""What somebody outside proposes as a promise, and what a colleague makes of it.

Whoever proposes has proven nothing: what comes of it is a draft that a person of the team accepts,
changes or dismisses. Words from outside are kept as they came, without what cannot be kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from commitments import lengths
from commitments.errors import CommitmentError
from commitments.models import Channel, Commitment, Suggestion, SuggestionText, User
from commitments.rules import lifecycle, words

from . import making
from .work import role_of

MAIL = "mail"  # the source of what inbound mail proposes
_LONGEST_SAID = 4000


class TooManySuggestions(CommitmentError):
    """More wait for this person, or this team, than anybody would look through."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed, as far as it is known. Strings are taken as they come, of any length.

    `key` is what `source` calls it: the same pair is proposed once. `for_whom_id` None puts it to
    anybody of the team. `due_said` are the words that were read as `due_at`, or that could not be.
    `said` is what was written, to be shown beside it; `wording` is what could be promised.
    """

    team_id: int
    source: str
    key: str
    said_at: datetime
    for_whom_id: int | None = None
    customer_id: int | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    kind_id: int | None = None
    wording: str = ""
    due_said: str = ""
    due_at: datetime | None = None
    said: str = ""
    case: str = ""
    case_url: str = ""
    channel: str = Channel.EMAIL


@transaction.atomic
def propose(proposal: Proposal, *, now: datetime) -> Suggestion:
    """Put it to the team until it grows too old; proposed again, it is the one from before.

    Raises TooManySuggestions where too many wait there already.
    """
    key = _digest(proposal.key)
    same = Suggestion.objects.filter(source=proposal.source, source_key=key)
    known = same.first()
    if known is not None:
        return known
    _check_room(proposal, now=now)
    suggestion, is_new = same.get_or_create(
        source=proposal.source,
        source_key=key,
        defaults={
            "team_id": proposal.team_id,
            "for_whom_id": proposal.for_whom_id,
            "customer_id": proposal.customer_id,
            "kind_id": proposal.kind_id,
            "channel": proposal.channel,
            "said_at": proposal.said_at,
            "due_at": proposal.due_at,
            "expires_at": now + lengths.current().suggestion_kept,
        },
    )
    if is_new:
        _text_of(proposal, suggestion).save()
    return suggestion


def known(source: str, key: str) -> Suggestion | None:
    """What was proposed under this key before, whatever became of it."""
    return Suggestion.objects.filter(source=source, source_key=_digest(key)).first()


@transaction.atomic
def accept(suggestion_id: int, draft: making.Draft, *, by: User, now: datetime) -> Commitment:
    """Make what it proposes a promise, as `by` has put it in `draft`; promised when it was said.

    Raises CommitmentError where somebody has settled it, or `making.make` refuses.
    """
    suggestion = _held(suggestion_id, by=by, now=now)
    commitment = making.make(
        replace(draft, promised_at=suggestion.said_at, entered_now=True), by=by, now=now
    )
    suggestion.commitment = commitment
    _settle(suggestion, Suggestion.Outcome.ACCEPTED, by=by, now=now)
    return commitment


@transaction.atomic
def dismiss(suggestion_id: int, *, by: User, now: datetime) -> Suggestion:
    """It is no promise, or one that stands elsewhere. Dismissed twice, it is dismissed once."""
    suggestion = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion_id)
    if suggestion.outcome == Suggestion.Outcome.DISMISSED:
        return suggestion
    suggestion = _held(suggestion_id, by=by, now=now)
    _settle(suggestion, Suggestion.Outcome.DISMISSED, by=by, now=now)
    return suggestion


def words_to_forget(now: datetime) -> QuerySet[SuggestionText]:
    """Of drafts that were settled, that nobody looked at, or whose customer was erased."""
    is_over = Q(suggestion__settled_at__isnull=False) | Q(suggestion__expires_at__lte=now)
    is_nobodys = Q(suggestion__customer__erased_at__isnull=False)
    return SuggestionText.objects.filter(is_over | is_nobodys)


def prune(now: datetime) -> int:
    """Let go of what nobody looked at, and of all words that are no longer needed.

    The rows stay for a while, so that what comes again is known. Answers how many were too old.
    """
    with transaction.atomic():
        old = Suggestion.objects.filter(outcome="", expires_at__lte=now)
        gone = old.update(outcome=Suggestion.Outcome.EXPIRED, settled_at=now)
        words_to_forget(now).delete()
        known_since = now - lengths.current().mail_known_for
        rows = Suggestion.objects.filter(settled_at__lte=known_since, commitment=None)
        rows.delete()
    return gone


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _check_room(proposal: Proposal, *, now: datetime) -> None:
    waiting = Suggestion.objects.waiting(now).filter(
        team=proposal.team_id, for_whom=proposal.for_whom_id
    )
    most = lengths.current().suggestions_waiting_at_most
    if waiting.count() >= most:
        raise TooManySuggestions(f"{most} drafts wait already. Accept or dismiss some first.")


def _held(suggestion_id: int, *, by: User, now: datetime) -> Suggestion:
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("team")
    suggestion = rows.get(pk=suggestion_id)
    lifecycle.check_may_act(role_of(by, suggestion.team))
    if suggestion.outcome == Suggestion.Outcome.ACCEPTED:
        raise CommitmentError("This draft has been accepted already: it is a promise now.")
    if suggestion.outcome == Suggestion.Outcome.DISMISSED:
        raise CommitmentError("This draft has been dismissed already.")
    if suggestion.outcome or suggestion.expires_at <= now:
        raise CommitmentError("This draft has grown too old. Log the promise by hand.")
    return suggestion


def _settle(
    suggestion: Suggestion, outcome: Suggestion.Outcome, *, by: User, now: datetime
) -> None:
    suggestion.outcome, suggestion.settled_at, suggestion.settled_by = outcome, now, by
    suggestion.save(update_fields=["outcome", "settled_at", "settled_by", "commitment"])


def _text_of(proposal: Proposal, suggestion: Suggestion) -> SuggestionText:
    return SuggestionText(
        suggestion=suggestion,
        name=words.salvaged(proposal.name, limit=150),
        email=_address(proposal.email),
        phone=words.salvaged(proposal.phone, limit=40),
        wording=words.salvaged(proposal.wording, limit=500),
        due_said=words.salvaged(proposal.due_said, limit=200),
        said=words.salvaged(proposal.said, limit=_LONGEST_SAID, lines=True),
        case=words.salvaged(proposal.case, limit=120),
        case_url=_link(proposal.case_url),
    )


def _address(said: str) -> str:
    try:
        return words.one_address(said) if said.strip() else ""
    except CommitmentError:
        return ""


def _link(said: str) -> str:
    link = words.salvaged(said, limit=500)
    return link if link == said.strip() and link.startswith(("https://", "http://")) else ""
