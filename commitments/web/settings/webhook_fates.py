"""What programs were told and what became of it, in words for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from commitments.house import webhooks
from commitments.house.webhooks import Webhook
from commitments.messages.endpoints import Told
from commitments.models.subscription import EVERYTHING
from commitments.rules import saying

from .webhook_forms import AgainForm

_ON_A_PAGE: Final = 20
_LONGEST_ID: Final = 18  # digits
_AWAITED_FOR: Final = timedelta(seconds=30)
_WORDS: Final = {
    "queued": ("wait", "clock", "Waits"),
    "leased": ("wait", "clock", "Being sent"),
    "sent": ("kept", "check", "Taken"),
    "failed": ("late", "circle-x", "Failed"),
    "expired": ("late", "circle-x", "Too old"),
    "uncertain": ("soon", "circle-question-mark", "May have arrived"),
}
_ELSE: Final = ("quiet", "ban", "Taken back")


@dataclass(frozen=True, kw_only=True)
class Fate:
    """A message, and what became of it in words; `again` is the form that sends it once more."""

    told: Told
    tone: str
    icon: str
    words: str
    answer: str
    again: AgainForm | None

    def is_fresh(self, now: datetime) -> bool:
        """On its way for seconds, and not yet answered."""
        return not self.told.has_ended and now - self.told.at < _AWAITED_FOR


@dataclass(frozen=True, kw_only=True)
class Row:
    """A program on the list; `hears` in words."""

    webhook: Webhook
    host: str
    hears: str
    last: Fate | None


def row(webhook: Webhook) -> Row:
    return Row(
        webhook=webhook,
        host=urlsplit(webhook.listener.url).hostname or "",
        hears=hears(webhook),
        last=_fate(webhook.last, may_repeat=False) if webhook.last else None,
    )


def hears(webhook: Webhook) -> str:
    """`3 kinds of events, in Billing care`."""
    if not webhook.kinds:
        return "Steps of escalation that name it"
    kinds = saying.say_count(len(webhook.kinds), "kind")
    what = "All that happens" if EVERYTHING in webhook.kinds else f"{kinds} of events"
    where = "" if webhook.every_team else ", ".join(team.name for team in webhook.teams)
    return f"{saying.sentence_case(what)}, in {where}" if where else saying.sentence_case(what)


def of(webhook: Webhook, *, before: int | None) -> tuple[list[Fate], int | None]:
    """A page of them, newest first, and after which the next begins: None where there is none.

    Raises `webhooks.Gone` where there is no such message to this program.
    """
    listener = webhook.listener
    rows = webhooks.told(listener.id, most=_ON_A_PAGE + 1, before=before)
    shown = rows[:_ON_A_PAGE]
    older = shown[-1].id if len(rows) > _ON_A_PAGE else None
    return [_fate(told, may_repeat=listener.disabled_at is None) for told in shown], older


def read(text: str) -> int | None:
    """The message that a link to older ones names; None where it names none."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID
    return int(text) if is_one else None


def _fate(told: Told, *, may_repeat: bool) -> Fate:
    tone, icon, words = _WORDS.get(told.state, _ELSE)
    again = may_repeat and told.has_ended and told.may_be_repeated
    return Fate(
        told=told,
        tone=tone,
        icon=icon,
        words=words,
        answer=told.answer or told.reason,
        again=AgainForm(initial={"message": told.id}) if again else None,
    )
