"""One case as a stranger can check it: every event with the facts that its hash is over.

    {"format": 1, "about": "K7Q2M", "made_at": "…Z", "columns": ["commitment_id", …],
     "promises": [{"id": 7, "reference": "K7Q2M", "head_hash": "…", …,
                   "events": [{"facts": […], "hash": "…", "text": {"salt", "words", "before"}}],
                   "messages": […]}]}

A hash is the SHA-256 of `facts` as JSON without spaces, its keys sorted. The last fact is the hash
of the event before; the one before that the digest of `text`, which is null where nothing was said
or the words have been erased. Messages and the promise's own columns stand beside the chain: no
hash is over them. All instants are UTC.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from commitments.errors import CommitmentError
from commitments.messages import fate
from commitments.models import Commitment, Event
from commitments.models.event import HASHED, written_of
from commitments.rules import reference

HOW_TO_VERIFY = r"""python3 -c "
import hashlib, json, sys
def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()
def written(facts):
    return json.dumps(facts, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
def said(text):
    all_of_it = [text['salt'], text['words'], text['before']]
    return sha(json.dumps(all_of_it, sort_keys=True) if text['before'] else ''.join(all_of_it[:2]))
for promise in json.load(open(sys.argv[1], encoding='utf-8'))['promises']:
    head = ''
    for place, event in enumerate(promise['events'], 1):
        facts, text = event['facts'], event['text']
        fits = facts[:2] == [promise['id'], place] and facts[-1] == head
        holds = sha(written(facts)) == event['hash'] and (not text or said(text) == facts[-2])
        if not (fits and holds):
            sys.exit('%s: event %d does not fit' % (promise['reference'], place))
        head = event['hash']
    if head != promise['head_hash']:
        sys.exit('%s: events are missing at the end' % promise['reference'])
    print('%s: %d events hold, the last is %s' % (promise['reference'], place, head))
" """.rstrip()

_DEEPEST = 50


def promises_of(asked: str) -> list[int]:
    """The ids of a promise by its reference, or of all with this case number, and of all that
    follow from them. Raises CommitmentError where there is none.
    """
    pk = reference.read(asked)
    case = Q(conversation__outside_reference=asked) if asked else Q(pk__in=[])
    found = set(Commitment.objects.filter(case | Q(pk=pk)).values_list("pk", flat=True))
    if not found:
        raise CommitmentError(f"There is no promise and no case {asked!r}.")
    newest = found
    for _ in range(_DEEPEST):
        following = Commitment.objects.filter(follows__in=newest).values_list("pk", flat=True)
        newest = set(following) - found
        if not newest:
            break
        found |= newest
    return sorted(found)


@transaction.atomic
def pack(pks: Sequence[int], *, about: str, now: datetime) -> dict[str, Any]:
    """As JSON. The promises are held meanwhile, so that no event is written in between."""
    promises = Commitment.objects.filter(pk__in=pks).held().order_by("pk")
    return {
        "format": 1,
        "about": about,
        "made_at": _instant(now),
        "columns": list(HASHED),
        "promises": [_promise(each) for each in promises],
    }


def _promise(promise: Commitment) -> dict[str, Any]:
    events = promise.events.order_by("sequence").select_related("text", "actor")
    return {
        "id": promise.pk,
        "reference": promise.reference,
        "follows": reference.write(promise.follows_id) if promise.follows_id else None,
        "wording": promise.wording,
        "customer": promise.customer.name,
        "team": promise.team.name,
        "owner": promise.owner.name if promise.owner else None,
        "case": promise.conversation.outside_reference,
        "promised_at": _instant(promise.promised_at),
        "first_due_at": _instant(promise.first_due_at),
        "due_at": _instant(promise.due_at),
        "status": promise.status,
        "outcome": promise.outcome,
        "closed_at": _instant(promise.closed_at) if promise.closed_at else None,
        "head_hash": promise.head_hash,
        "events": [_event(each) for each in events],
        "messages": [_message(each) for each in reversed(fate.of(promise))],
    }


def _event(event: Event) -> dict[str, Any]:
    text = event.text if hasattr(event, "text") else None
    return {
        "facts": json.loads(written_of(event)),
        "hash": event.hash,
        "actor": event.actor.name if event.actor else None,
        "text": text and {"salt": text.salt, "words": text.words, "before": text.before},
    }


def _message(message: fate.Fate) -> dict[str, Any]:
    return {
        "at": _instant(message.at),
        "to": message.to,
        "by": message.channel,
        "subject": message.subject,
        "state": message.state,
        "for_customer": message.is_for_customer,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
