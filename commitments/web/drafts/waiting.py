"""Drafts that wait for somebody, as they are shown, and as they fill in the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404, QueryDict

from commitments.house import audits
from commitments.models import Suggestion, User
from commitments.models.suggestion import SuggestionQuerySet
from commitments.rules import contacts
from commitments.services import suggestions
from commitments.web import doors, once
from commitments.web.promise_form import PromiseForm

_MOST = 100  # on the page; what waits for one person is limited to as many
_SOURCES = {suggestions.MAIL: "a mail", "helpdesk": "a help desk"}
_LONGEST_WHO = 200


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One of them. `who` is the customer as far as they are known, `words` what is proposed."""

    suggestion: Suggestion
    reader: User

    @property
    def who(self) -> str:
        text = self.suggestion.words
        if known := self.suggestion.customer:
            return known.name
        if self.suggestion.team_id not in audits.audited_by(self.reader):
            return text.name or text.email or text.phone
        reached = "a customer without a name" if text.email or text.phone else ""
        return contacts.left_out(text.name, phone=text.phone) or reached

    @property
    def wording(self) -> str:
        """What could be promised; or that nothing was found that could."""
        return self.suggestion.words.wording or "A promise, but it does not say which"

    @property
    def unread(self) -> str:
        """The words of a time that could not be read as one."""
        return "" if self.suggestion.due_at else self.suggestion.words.due_said

    @property
    def is_from_mail(self) -> bool:
        return self.suggestion.source == suggestions.MAIL

    @property
    def source(self) -> str:
        """`a mail`, `a help desk`: where it came from."""
        source, _, _ = self.suggestion.source.partition(":")
        return _SOURCES.get(source, source.capitalize())

    @property
    def is_mine(self) -> bool:
        return self.suggestion.for_whom_id in (None, self.reader.pk)

    @property
    def keeper(self) -> str:
        """Whom it is for, where it is for somebody else."""
        whom = self.suggestion.for_whom
        return "" if whom is None or self.is_mine else str(whom)


def seen_by(user: User) -> SuggestionQuerySet:
    rows = Suggestion.objects.visible_to(user)
    return rows.select_related("text", "customer", "for_whom", "team")


def of(user: User, *, now: datetime) -> tuple[list[Draft], list[Draft]]:
    """Those for them, or for anybody of their teams, oldest first; and those of colleagues."""
    rows = seen_by(user).waiting(now).order_by("said_at", "pk")
    theirs = Q(for_whom=user) | Q(for_whom=None)
    mine, others = rows.filter(theirs)[:_MOST], rows.exclude(theirs)[:_MOST]
    return (
        [Draft(suggestion=each, reader=user) for each in mine],
        [Draft(suggestion=each, reader=user) for each in others],
    )


def one_for(user: User, pk: int, *, now: datetime) -> Draft:
    """The one that waits under this number. What somebody may not see does not exist for them."""
    suggestion = seen_by(user).waiting(now).filter(pk=pk).first()
    if suggestion is None:
        raise Http404("No such draft.")
    return Draft(suggestion=suggestion, reader=user)


def behind(form: PromiseForm, *, user: User, now: datetime) -> Draft | None:
    """The one that this form accepts, while it waits."""
    pk = form.cleaned_data.get("suggested") if form.is_bound else None
    found = seen_by(user).waiting(now).filter(pk=pk).first() if pk else None
    return Draft(suggestion=found, reader=user) if found else None


def filled_in(draft: Draft) -> QueryDict:
    """The form that it stands for, as if its reader had typed it."""
    suggestion, text = draft.suggestion, draft.suggestion.words
    said = {
        "once": once.new_key(),
        "suggested": str(suggestion.pk),
        "who": _who(draft),
        "customer": _chosen(draft),
        "name": "" if suggestion.customer else text.name,
        "phone": "" if suggestion.customer else text.phone,
        "wording": text.wording,
        "when": text.due_said,
        "kind": str(suggestion.kind_id or ""),
        "team": _team(draft),
        "owner": "" if draft.is_mine else str(suggestion.for_whom_id),
        "channel": suggestion.channel,
        "case": text.case,
        "case_url": text.case_url,
    }
    if suggestion.due_at is not None:
        said |= {"taken": suggestion.due_at.isoformat(), "taken_for": text.due_said}
    data = QueryDict(mutable=True)
    data.update(said)
    return data


def _who(draft: Draft) -> str:
    """An address finds whom it belongs to; a name alone may be somebody else's, too."""
    known, text = draft.suggestion.customer, draft.suggestion.words
    if known is not None:
        return (known.email or known.phone or known.name)[:_LONGEST_WHO]
    return (text.email or text.phone or text.name)[:_LONGEST_WHO]


def _chosen(draft: Draft) -> str:
    """A customer who has no address to be found by is chosen among those of that name."""
    known = draft.suggestion.customer
    return str(known.pk) if known and not (known.email or known.phone) else ""


def _team(draft: Draft) -> str:
    """Its own, where its reader makes promises there."""
    teams = doors.makes_promises_in(draft.reader)
    return str(draft.suggestion.team_id) if draft.suggestion.team in teams else ""
