"""The form behind every way to log a promise, and what it understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar

from django import forms
from django.db.models import QuerySet

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Channel, Commitment, Conversation, Customer, Kind, Team, User
from commitments.reading import deadlines, unread_times
from commitments.reading.quick_add import Line
from commitments.rules import saying
from commitments.understanding import kinds

from . import colleagues, customers, doors, fields
from .beforehand_form import ToldBeforehand
from .customers import Newcomer
from .reads import Due
from .understood import Understood
from .value_fields import Valued

T = TypeVar("T")
How: TypeAlias = Literal["chosen", "guessed", "other"]

_SOMEONE_NEW = "new"
TEAM_KEEPS_IT = "team"
_HOW = "Enter a name, an e-mail or a phone number."
_SUMMARY_ON = {"yes": True, "no": False}
_SUMMARY = [("", "As usual for this kind"), ("yes", "Send one"), ("no", "Send none")]


class PromiseForm(Valued, ToldBeforehand):
    """Who, what and when come first; everything else has a usual answer."""

    marks_optional = False
    opened = ""  # the field to be shown first

    who = fields.Words(
        label="To whom?",
        what="The name",
        limit=200,
        required=False,
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
        help_text="Such as 4pm, fri 10am, in 2 hours or between 2 and 4pm.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ModelChoiceField(
        Kind.objects.none(),
        required=False,
        empty_label="Guess it from the words",
        help_text="A guess is marked as one.",
    )
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label=None)
    owner = forms.ChoiceField(choices=[("", "Me")], required=False, label="Who keeps it?")
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
    suggested = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        user: User,
        now: datetime,
        initial: Mapping[str, str] | None = None,
        refusals: Sequence[CommitmentError] = (),
        line: Line | None = None,
    ) -> None:
        """`refusals` are what a line could not say clearly; `line` the one that was sent."""
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.user, self.now = user, now
        self.refusals, self.line, self.is_line = refusals, line, line is not None
        self.understood: Understood | None = None
        self.teams = doors.makes_promises_in(user)
        self.colleagues = colleagues.of(user, teams=self.teams)
        self.candidates: list[Customer] = []
        self.newcomer: Newcomer | None = None
        fields.offer_rows(self, "kind", Kind.objects.for_customers())
        fields.offer_rows(self, "team", _rows(self.teams))
        known = [(str(one.pk), str(one)) for one in self.colleagues]
        fields.offer(self, "owner", [("", "Me"), *known, (TEAM_KEEPS_IT, "Nobody yet, the team")])

    @property
    def has_choice_of_teams(self) -> bool:
        return len(self.teams) > 1

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        for no in self.refusals:
            self.refuse(no, places={})
        if self.teams and self._has_sound_fields():
            self._understand()
        return self.cleaned_data

    def _has_sound_fields(self) -> bool:
        """Whether each field can be used; what a line could not say is asked all together."""
        said = {no.field for no in self.refusals}
        return not set(self.errors) - said

    def _asked(self, question: Callable[[], T]) -> T | None:
        """The answer; None where a rule says no, which is then shown beside its field."""
        try:
            return question()
        except CommitmentError as no:
            self.refuse(no, places={})
            return None

    def _understand(self) -> None:
        who = self._asked(self._customer)
        kind = None if "kind" in self.errors else self._asked(self._kind)
        if kind is None:
            return
        team = self._team(None if who is None else who[0])
        for read_at in dict.fromkeys((self.started_at(), self.now)):
            due = self._asked(partial(self._due, team, kind, read_at=read_at))
            if who is None or due is None or self.errors:
                return
            understood = self._put_together(who, team, kind, due)
            fingerprint = understood.line_fingerprint if self.is_line else understood.fingerprint
            if fingerprint == self.cleaned_data["shown"]:
                break
        self.understood = understood
        self.show(fingerprint, read_at=read_at, due=understood.due)
        self.write({"shown": understood.fingerprint, "team": str(team.pk)})

    def _put_together(
        self, who: tuple[Customer | Newcomer, str], team: Team, kind: tuple[Kind, How], due: Due
    ) -> Understood:
        cleaned, owner = self.cleaned_data, self._owner()
        return Understood(
            customer=who[0],
            recognised_by=who[1],
            team=team,
            has_choice_of_teams=self.has_choice_of_teams,
            kind=kind[0],
            kind_is_guess=kind[1] != "chosen",
            wording=saying.sentence_case(cleaned["wording"]) or kind[0].usual_wording,
            due=due,
            due_is_usual=not cleaned["when"],
            summary=_SUMMARY_ON.get(cleaned["summary"], kind[0].summary_on),
            owner=owner,
            is_mine=owner == self.user,
            case=cleaned["case"],
            case_note=self._case_note(who[0]),
            keep_by=cleaned["keep_by"],
            is_urgent=cleaned["urgent"],
            team_note=cleaned["team_note"],
        )

    def _customer(self) -> tuple[Customer | Newcomer, str]:
        """The one who is meant, and by what somebody called new was recognised."""
        who, chosen = self.cleaned_data["who"], self.cleaned_data["customer"]
        found = self._fitting()
        if not found and (self.is_line or chosen not in ("", _SOMEONE_NEW)):
            found = self._near(who, chosen)
        self.candidates = found[: customers.MOST]
        fitting = [one for one in self.candidates if chosen in ("", str(one.pk))]
        if chosen != _SOMEONE_NEW and len(fitting) == 1:
            return fitting[0], ""
        if self.candidates and chosen != _SOMEONE_NEW:
            said = who or f"case {self.cleaned_data['case']}"
            raise CommitmentError(_several(said, found), field="customer")
        newcomer = self._introduce(customers.newcomer(who))
        if self.is_line:
            raise CommitmentError(_nobody(who, self.teams), field="who")
        known = customers.known_by(self._team(None), email=newcomer.email, phone=newcomer.phone)
        if known is None:
            return newcomer, ""
        return known, newcomer.email or newcomer.phone

    def _fitting(self) -> list[Customer]:
        """Customers who fit what was typed; of several, those of the case."""
        who, case, team = (self.cleaned_data[name] for name in ("who", "case", "team"))
        if not who and not case:
            raise CommitmentError(f"To whom? {_HOW}", field="who")
        of_case = customers.of_case(case, teams=self.teams) if case else []
        if who:
            found = customers.matching(who, teams=[team]) if team else []
            found = found or customers.matching(who, teams=self.teams)
            both = [one for one in found if one in of_case]
            return both or found
        if not of_case:
            raise CommitmentError(f"To whom? We do not know case {case} yet. {_HOW}", field="who")
        return of_case

    def _near(self, who: str, chosen: str) -> list[Customer]:
        """Those of whose name a line says a beginning: they are asked about, and never taken."""
        found, wrong = customers.near(who, teams=self.teams)
        self.candidates = found[: customers.MOST]
        if not self.candidates or chosen:
            return found
        names = kinds.either(one.name for one in self.candidates)
        raise CommitmentError(
            f"Is it {names}? “{wrong}” is not part of that name. "
            "If it begins the promise, put it in quotes.",
            field="customer",
        )

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

    def _case_note(self, customer: Customer | Newcomer) -> str:
        """A sentence where the case was somebody else's until now."""
        case = self.cleaned_data["case"]
        others = customers.of_case(case, teams=self.teams) if case else []
        if not others or customer in others:
            return ""
        return f"Until now, case {case} was about {kinds.either(one.name for one in others)}."

    def _team(self, customer: Customer | Newcomer | None) -> Team:
        """The one chosen; else the first in which the owner may act, and which knows them."""
        chosen: Team | None = self.cleaned_data["team"]
        if chosen is not None or len(self.teams) == 1:
            return chosen or self.teams[0]
        theirs = doors.makes_promises_in(self._owner() or self.user)
        fitting = [team for team in self.teams if team in theirs]
        if isinstance(customer, Customer):
            talks = Conversation.objects.filter(customer=customer, team__in=fitting)
            known = set(talks.values_list("team_id", flat=True))
            fitting.sort(key=lambda team: team.pk not in known)
        return (fitting or self.teams)[0]

    def _owner(self) -> User | None:
        """Who keeps it; None for nobody yet."""
        chosen = self.cleaned_data.get("owner", "")
        if chosen == TEAM_KEEPS_IT:
            return None
        return next((one for one in self.colleagues if str(one.pk) == chosen), self.user)

    def _kind(self) -> tuple[Kind, How]:
        chosen: Kind | None = self.cleaned_data["kind"]
        if chosen is not None:
            return chosen, "chosen"
        wording, known = self.cleaned_data["wording"], list(Kind.objects.for_customers())
        if not wording:
            asks = "What did you promise? Enter it in words, or choose a kind."
            raise CommitmentError(asks, field="wording")
        guess = kinds.guessed(wording, known)
        if guess is not None:
            return guess, "guessed"
        fallback = kinds.other(known)
        if fallback is None:
            raise CommitmentError("Which kind of promise is it? Choose one.", field="kind")
        return fallback, "other"

    def _due(self, team: Team, kind: tuple[Kind, How], *, read_at: datetime) -> Due:
        hours, zone, text = team.calendar.hours(), self.user.zone, self.cleaned_data["when"]
        if kind[1] == "other" and not text and not self.cleaned_data["taken"]:
            raise self.ask_when(kind[0], hours=hours, zone=zone, read_at=read_at, said="")
        return self.due_in(text, kind=kind[0], hours=hours, zone=zone, read_at=read_at)

    @property
    def unread_note(self) -> str:
        """Names words that look like a time, where none was read."""
        when = self.cleaned_data.get("when", "") if self.is_bound else ""
        if not self.is_bound or (when and not deadlines.is_vague(when)):
            return ""
        said = self.cleaned_data.get("wording", "")
        unread = self.line.unread if self.line else unread_times.first_in(said)
        return f"We did not read “{unread}” as a time." if unread else ""

    def draft(self, understood: Understood, *, customer_id: int) -> services.Draft:
        """What the verb is asked to make."""
        cleaned = self.cleaned_data
        return services.Draft(
            customer_id=customer_id,
            team_id=understood.team.pk,
            kind_id=understood.kind.pk,
            wording=understood.wording,
            due_at=understood.due.at,
            due_said=understood.due.said,
            due_steps=understood.due.steps,
            window_start=understood.due.begins_at,
            owner_id=understood.owner.pk if understood.owner else None,
            team_note=self.note_for_the_team(),
            urgent=cleaned["urgent"],
            summary=understood.summary,
            case=cleaned["case"],
            case_url=cleaned["case_url"],
            channel=cleaned["channel"] or Channel.PHONE,
            difficult=cleaned["difficult"],
            keep_by=cleaned["keep_by"],
            **self.worth(team_id=understood.team.pk),
        )

    def open_at(self, name: str) -> None:
        """Show this field first: a chip of the line was pressed."""
        if name in self.fields:
            self.opened = name
            self.fields[name].widget.attrs["autofocus"] = True

    @property
    def due_read(self) -> Due | None:
        return self.understood.due if self.understood else None

    @property
    def button_label(self) -> str:
        """Saves what was understood."""
        if self.understood is None or not self.understood.recognised_by:
            return "Log it"
        return f"Log it for {self.understood.customer.name}"

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


def _several(who: str, found: list[Customer]) -> str:
    if len(found) <= customers.MOST:
        return f"Several customers fit “{who}”. Choose one."
    return (
        f"More than {customers.MOST} customers fit “{who}”; these are the first. "
        "Choose one, or write more of the name."
    )


def _nobody(who: str, teams: list[Team]) -> str:
    names = customers.alike(who, teams=teams)
    ask = f" Did you mean {kinds.either(names)}?" if names else ""
    return f"We know nobody who fits “{who}”.{ask} Correct it, or add them as somebody new below."


def _told_apart(customer: Customer) -> str:
    address = customer.email or customer.phone
    return f"{customer.name}, {address}" if address else customer.name


def _rows(teams: list[Team]) -> QuerySet[Team]:
    found = Team.objects.filter(pk__in=[team.pk for team in teams])
    return found.select_related("calendar").order_by("name")
