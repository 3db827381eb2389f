"""The form behind every way to log a promise, and what it understood."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Channel, Commitment, Customer, Kind, Team, User
from commitments.rules import saying

from . import customers, doors, fields
from .customers import Newcomer
from .reads import Due, Reads, as_due, read_due

_SOMEONE_NEW = "new"
_SUMMARY_ON = {"yes": True, "no": False}
_SUMMARY = [("", "As usual for this kind"), ("yes", "Send one"), ("no", "Send none")]


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What will be saved."""

    customer: Customer | Newcomer
    team: Team
    kind: Kind
    kind_is_guess: bool
    wording: str
    due: Due
    due_is_usual: bool
    summary: bool
    recognised_by: str = ""  # what was typed for somebody new, and belongs to this customer

    @property
    def is_new_customer(self) -> bool:
        return isinstance(self.customer, Newcomer)

    @property
    def summary_words(self) -> str:
        if self.summary and not self.customer.email:
            return "No e-mail known, no summary"
        return "E-mail a summary" if self.summary else "No summary"

    @property
    def fingerprint(self) -> str:
        """Differs whenever something was read that has not been shown; not by the wording."""
        who = self.customer if isinstance(self.customer, Newcomer) else self.customer.pk
        parts = (who, self.team.pk, self.kind.pk, self.due.at, self.summary)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


class PromiseForm(Reads):
    """Who, what and when come first; everything else has a usual answer."""

    marks_optional = False

    who = fields.Words(
        label="To whom?",
        what="The name",
        limit=200,
        error_messages={"required": "To whom? Enter a name, an e-mail or a phone number."},
        help_text="Part of a name, an e-mail or a phone number.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    customer = forms.CharField(label="Who is it?", required=False, widget=forms.RadioSelect)
    name = fields.Words(label="Their name", what="The name", limit=150, required=False)
    email = fields.Address(label="Their e-mail", required=False)
    phone = fields.Words(label="Their phone", what="The phone number", limit=40, required=False)
    wording = fields.Words(
        label="What did you promise?",
        what="The promise",
        limit=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "true"}),
    )
    when = fields.Words(
        label="By when?",
        what="The time",
        limit=200,
        required=False,
        help_text="Such as 4pm, fri 10am, 26 may 11am or in 2 hours.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ModelChoiceField(
        Kind.objects.none(), required=False, empty_label="Guess it from the words"
    )
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label=None)
    owner = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="Me", label="Who keeps it?"
    )
    channel = forms.ChoiceField(
        choices=Channel.choices, required=False, label="How did you speak?", initial=Channel.PHONE
    )
    keep_by = forms.ChoiceField(
        choices=[("", "As it comes"), *Commitment.KeepBy.choices],
        required=False,
        label="How will you keep it?",
    )
    case = fields.Words(label="Case", what="The case", limit=120, required=False)
    case_url = fields.Link(
        label="Link to the case", max_length=500, required=False, assume_scheme="https"
    )
    summary = forms.ChoiceField(choices=_SUMMARY, required=False, label="Summary to the customer")
    team_note = fields.lines(
        "Note for the team",
        what="The note",
        limit=2000,
        rows=2,
        required=False,
        help_text="The customer never sees it.",
    )
    urgent = forms.BooleanField(label="Urgent", required=False)
    difficult = forms.BooleanField(label="This was a difficult conversation", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        user: User,
        now: datetime,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.user, self.now = user, now
        self.understood: Understood | None = None
        self.teams = doors.teams_of(user, acting=True)
        self.candidates: list[Customer] = []
        self.newcomer: Newcomer | None = None
        fields.offer_rows(self, "kind", Kind.objects.in_use())
        fields.offer_rows(self, "team", _rows(self.teams))
        fields.offer_rows(self, "owner", self._colleagues())

    def _colleagues(self) -> QuerySet[User]:
        people = User.objects.filter(
            is_active=True, memberships__team__in=self.teams, memberships__role__in=doors.ACTING
        )
        return people.exclude(pk=self.user.pk).distinct().order_by("name")

    @property
    def has_choice_of_teams(self) -> bool:
        return len(self.teams) > 1

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        cleaned = self.cleaned_data
        if self.errors or not self.teams:
            return cleaned
        team = cleaned["team"] or self.teams[0]
        try:
            self._understand(team)
        except CommitmentError as no:
            self.add_error(no.field if no.field in self.fields else None, str(no))
        return cleaned

    def _understand(self, team: Team) -> None:
        cleaned = self.cleaned_data
        customer, recognised_by = self._customer(team)
        kind, kind_is_guess = self._kind()
        for read_at in (self.started_at(), self.now):
            understood = Understood(
                customer=customer,
                team=team,
                kind=kind,
                kind_is_guess=kind_is_guess,
                wording=saying.sentence_case(cleaned["wording"]) or kind.usual_wording,
                due=self._due(team, kind, read_at=read_at),
                due_is_usual=not cleaned["when"],
                summary=_SUMMARY_ON.get(cleaned["summary"], kind.summary_on),
                recognised_by=recognised_by,
            )
            if understood.fingerprint == cleaned["shown"]:
                break
        self.understood = understood
        self.show(understood.fingerprint, read_at=read_at)

    def _customer(self, team: Team) -> tuple[Customer | Newcomer, str]:
        """The one who is meant, and by what somebody called new was recognised."""
        who, chosen = self.cleaned_data["who"], self.cleaned_data["customer"]
        found = customers.matching(who, team=team)
        self.candidates = found[: customers.MOST]
        fitting = [one for one in self.candidates if chosen in ("", str(one.pk))]
        if chosen != _SOMEONE_NEW and len(fitting) == 1:
            return fitting[0], ""
        if self.candidates and chosen != _SOMEONE_NEW:
            raise CommitmentError(_several(who, found), field="customer")
        newcomer = self._introduce(customers.newcomer(who))
        known = customers.known_by(team, email=newcomer.email, phone=newcomer.phone)
        if known is None:
            return newcomer, ""
        return known, newcomer.email or newcomer.phone

    def _introduce(self, guess: Newcomer) -> Newcomer:
        cleaned = self.cleaned_data
        self.newcomer = Newcomer(
            name=cleaned["name"] or guess.name,
            email=(cleaned["email"] or guess.email).lower(),
            phone=cleaned["phone"] or guess.phone,
        )
        self.write(asdict(self.newcomer))
        if not self.newcomer.name:
            raise CommitmentError("What is their name? We have not met them yet.", field="name")
        return self.newcomer

    def _kind(self) -> tuple[Kind, bool]:
        chosen: Kind | None = self.cleaned_data["kind"]
        if chosen is not None:
            return chosen, False
        kinds = list(Kind.objects.in_use())
        guess = guessed_kind(self.cleaned_data["wording"], kinds)
        if guess is None:
            raise CommitmentError(
                "What did you promise? Enter it in words, or choose a kind.", field="wording"
            )
        return guess, True

    def _due(self, team: Team, kind: Kind, *, read_at: datetime) -> Due:
        hours, text = team.calendar.hours(), self.cleaned_data["when"]
        if not text:
            usual = kind.usual_due(read_at, hours=hours)
            return as_due(usual, said="", now=self.now, zone=self.user.zone, hours=hours)
        return read_due(
            text,
            read_at=read_at,
            now=self.now,
            zone=self.user.zone,
            hours=hours,
            closes=kind.usual_hour,
        )

    def draft(self, understood: Understood, *, customer_id: int) -> services.Draft:
        """What the verb is asked to make."""
        cleaned, owner = self.cleaned_data, self.cleaned_data["owner"] or self.user
        return services.Draft(
            customer_id=customer_id,
            team_id=understood.team.pk,
            kind_id=understood.kind.pk,
            wording=understood.wording,
            due_at=understood.due.at,
            due_said=understood.due.said,
            owner_id=owner.pk,
            team_note=cleaned["team_note"],
            urgent=cleaned["urgent"],
            summary=understood.summary,
            case=cleaned["case"],
            case_url=cleaned["case_url"],
            channel=cleaned["channel"] or Channel.PHONE,
            difficult=cleaned["difficult"],
            keep_by=cleaned["keep_by"],
        )

    @property
    def choices_of_customer(self) -> list[tuple[str, str]]:
        """Those who fit, told apart by the end of their address, and somebody new."""
        known = [(str(one.pk), _told_apart(one)) for one in self.candidates]
        return [*known, (_SOMEONE_NEW, "Someone new")]

    @property
    def asks_who(self) -> bool:
        """Whether the choice between customers is to be shown."""
        return "customer" in self.errors or bool(self.data.get("customer"))

    @property
    def asks_newcomer(self) -> bool:
        """Whether the parts of a new customer are to be shown."""
        typed = any(self.data.get(name) for name in ("name", "email", "phone"))
        return typed or self.newcomer is not None or self.asks_who


def guessed_kind(wording: str, kinds: Iterable[Kind]) -> Kind | None:
    """The kind whose longest keyword occurs in the wording, else the one called other."""
    if not wording:
        return None
    words, best, length = f" {wording.casefold()} ", None, 0
    for kind in kinds:
        if kind.code == "other" and best is None:
            best = kind
        for keyword in kind.keywords:
            if len(keyword) > length and re.search(rf"\b{re.escape(keyword.casefold())}", words):
                best, length = kind, len(keyword)
    return best


def _several(who: str, found: list[Customer]) -> str:
    if len(found) <= customers.MOST:
        return f"Several customers fit “{who}”. Choose one."
    return (
        f"More than {customers.MOST} customers fit “{who}”; these are the first. "
        "Choose one, or write more of the name."
    )


def _told_apart(customer: Customer) -> str:
    address = customer.email or customer.phone
    return f"{customer.name}, {address}" if address else customer.name


def _rows(teams: list[Team]) -> QuerySet[Team]:
    found = Team.objects.filter(pk__in=[team.pk for team in teams])
    return found.select_related("calendar").order_by("name")
