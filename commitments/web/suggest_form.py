"""A pasted conversation as a form: who speaks in it, and the promises that seem to be in it.

Everything travels in the form: the paste, whom it was spoken with, who is one of us, and each card
as it was edited. Nothing of it is kept anywhere before the accepted ones are saved.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Final

from django import forms
from django.core.exceptions import ValidationError

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Channel, Customer, Kind, Team
from commitments.reading import languages, transcript
from commitments.reading.transcript import Side, Transcript
from commitments.rules import saying
from commitments.understanding import conversations, keepers, kinds, remarks, why
from commitments.understanding.conversations import Heard

from . import colleagues, suggest_counts
from .customers import Newcomer
from .promise_form import TEAM_KEEPS_IT, PromiseForm
from .suggest_cards import CardForm, Desk, Said
from .suggest_paste import Pasted

_LONGEST_NOTE: Final = 2_000
_SIDES: Final[tuple[tuple[Side, str], ...]] = (("agent", "One of us"), ("customer", "The customer"))
_NO_NAME: Final = "Words without a name"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A speaker, with the field in which their side is chosen."""

    name: str
    turns: str
    field: str
    side: Side
    is_guess: bool
    sides: tuple[tuple[Side, str], ...] = _SIDES


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """What somebody said, in pieces: plain text, and sentences that have a card.

    `is_first` of several in a row of the same speaker.
    """

    speaker: str
    is_ours: bool
    is_first: bool
    at: datetime | None
    pieces: tuple[tuple[str, CardForm | None], ...]


class ConversationForm(PromiseForm):
    """Whom the promises were made to, and where, is of them all; the rest is each card's own."""

    text = Pasted(
        label="The conversation",
        help_text="A call, a chat or a mail, with who said what. Only what you accept is saved.",
    )
    on = forms.DateField(
        label="On which day?",
        required=False,
        help_text="Only where the text says none.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    do = forms.ChoiceField(choices=[("read", "Read"), ("save", "Save")], required=False)

    use_required_attribute = False  # of a folded field no browser could ask
    heard: Heard | None = None
    cards: Sequence[CardForm] = ()
    customer_meant: Customer | Newcomer | None = None
    recognised_by = ""
    team_meant: Team | None = None

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        try:
            if on is not None:
                conversations.check_day(on, now=self.now)
        except CommitmentError as no:
            raise ValidationError(str(no)) from no
        return on

    def _understand(self) -> None:
        who = self._asked(self._customer)
        if who is None:
            return
        self.customer_meant, self.recognised_by = who
        team = self.team_meant = self._team(who[0])
        self.write({"team": str(team.pk), "text": self.cleaned_data["text"]})
        names = [*self._ours, self.customer_meant.name]
        conversation = self._asked(
            partial(conversations.taken_apart, self.cleaned_data["text"], known=names)
        )
        if conversation is None:
            return
        self.heard = self._hear(conversation, team=team, theirs=[self.customer_meant.name])
        self._asked(partial(self._lay_out, self.heard, team=team))

    @property
    def _ours(self) -> list[str]:
        return [self.user.name, *(each.name for each in self.colleagues)]

    def _hear(self, conversation: Transcript, *, team: Team, theirs: Sequence[str]) -> Heard:
        chosen = {
            name: side
            for name in map(transcript.key_of, conversation.speakers)
            for side, _ in _SIDES
            if self.data.get(_field_of(name)) == side
        }
        return conversations.hear(
            conversation,
            ours=self._ours,
            theirs=theirs,
            chosen=chosen,
            zone=team.calendar.zone,
            on=self.cleaned_data["on"],
            now=self.now,
        )

    def _lay_out(self, heard: Heard, *, team: Team) -> None:
        """A card for each suggestion, read as of when it was shown; else as of now."""
        desk = self._desk(team)
        if not desk.kinds:
            raise CommitmentError("No kind of promise is in use. Please ask an administrator.")
        for read_at in dict.fromkeys((self.started_at(), self.now)):
            here = replace(desk, read_at=read_at)
            self.cards = [
                CardForm(self._said(heard, number, desk=desk), desk=here, sent=self.data)
                for number in range(len(heard.shown))
            ]
            for card in self.cards:
                card.full_clean()
            if self._is_as_shown:
                break
        shown, fingerprint = self.cleaned_data["shown"], self._fingerprint(heard)
        is_wanted = self.cleaned_data["do"] == "save"
        is_shown = shown == fingerprint and self._is_as_shown
        self.is_confirmed = is_wanted and is_shown and bool(self.kept)
        self.is_changed = is_wanted and not is_shown and not self.faulty
        self.write({"shown": fingerprint, "read_at": read_at.isoformat()})
        if is_wanted and self.cards and not self.kept:
            self.add_error(None, "Nothing is accepted yet. Accept a promise, or cancel.")

    def _desk(self, team: Team) -> Desk:
        return Desk(
            kinds=list(Kind.objects.for_customers()),
            owners=[(value, str(name)) for value, name in self.fields["owner"].choices],  # type: ignore[attr-defined]  # a ChoiceField
            hours=team.calendar.hours(),
            holidays=why.holidays_of(team.calendar),
            people={"": self.user.name}
            | {str(one.pk): one.name for one in colleagues.of(self.user, teams=[team])},
            zone=self.user.zone,
            now=self.now,
            read_at=self.now,
        )

    def _said(self, heard: Heard, number: int, *, desk: Desk) -> Said:
        suggestion = heard.shown[number]
        named = keepers.named(suggestion, people=desk.people)
        unnamed = TEAM_KEEPS_IT if suggestion.promisor == "team" else ""
        said = heard.transcript.said[suggestion.turn]
        return Said(
            key=f"p{said.origins[suggestion.start]}x{_digest(suggestion.quote)[:6]}",
            number=number + 1,
            suggestion=suggestion,
            speaker=said.speaker,
            at=heard.turns[suggestion.turn].at,
            owner=unnamed if named is None else named,
        )

    def _fingerprint(self, heard: Heard) -> str:
        """Differs whenever another conversation, or with another customer, would be saved."""
        who = self.customer_meant
        parts = (
            who.pk if isinstance(who, Customer) else who,
            self.team_meant.pk if self.team_meant else None,
            [(turn.speaker, turn.text, turn.at) for turn in heard.turns],
        )
        return _digest(repr(parts))

    @property
    def _is_as_shown(self) -> bool:
        return not self.faulty and all(card.is_as_shown for card in self.kept)

    @property
    def kept(self) -> list[CardForm]:
        return [card for card in self.cards if card.is_kept]

    @property
    def faulty(self) -> list[CardForm]:
        """Accepted ones that cannot be saved like this."""
        return [card for card in self.kept if card.errors]

    @property
    def headline(self) -> str:
        if not self.cards and not self.is_english:
            return "We read only English"
        found = saying.say_count(len(self.heard.suggestions) if self.heard else 0, "promise")
        return saying.sentence_case(f"{found} in this conversation")

    @property
    def in_part(self) -> str:
        """A sentence where not all of them have a card."""
        unshown = self.heard.unshown if self.heard else 0
        return suggest_counts.in_part(cards=len(self.cards), unshown=unshown)

    @property
    def count_said(self) -> str:
        return suggest_counts.status(kept=len(self.kept), cards=len(self.cards))

    @property
    def save_said(self) -> str:
        return suggest_counts.button(kept=len(self.kept), cards=len(self.cards))

    @property
    def left_out_said(self) -> str:
        return suggest_counts.left_out(len(self.cards) - len(self.kept), verb="were")

    @property
    def guess(self) -> str:
        """A sentence about who is taken for one of us, where nothing says so."""
        ours = [
            v.name for v in self.voices if v.is_guess and v.side == "agent" and v.name != _NO_NAME
        ]
        return f"We take {kinds.either(ours)} for one of us." if ours else ""

    @property
    def is_english(self) -> bool:
        return languages.is_english(self.cleaned_data["text"])

    @property
    def notes(self) -> list[str]:
        """What somebody should know before they save; nothing here stands in the way."""
        if self.heard is None or self.customer_meant is None or self.team_meant is None:
            return []
        notes = [
            remarks.of_somebody_else(self.heard.speakers, customer=self.customer_meant.name),
            self.in_part,
            "" if self.is_english else remarks.ONLY_ENGLISH,
        ]
        return [note for note in notes if note]

    @property
    def note_of_day(self) -> str:
        """How clocks without a day were read, where that could surprise."""
        if self.heard is None or self.team_meant is None or self.cleaned_data["on"]:
            return ""
        return remarks.of_yesterday(
            self.heard.transcript,
            [turn.at for turn in self.heard.turns],
            zone=self.team_meant.calendar.zone,
            now=self.now,
        )

    @property
    def is_newcomer(self) -> bool:
        return isinstance(self.customer_meant, Newcomer)

    @property
    def voices(self) -> Iterator[Voice]:
        """Everybody who speaks, loudest first as they came."""
        if self.heard is None:
            return
        times = Counter(said.key for said in self.heard.transcript.said)
        for speaker in self.heard.speakers:
            yield Voice(
                name=speaker.name or _NO_NAME,
                turns=saying.say_count(times[speaker.key], "turn"),
                field=_field_of(speaker.key),
                side=speaker.side,
                is_guess=speaker.is_guess,
            )

    @property
    def bubbles(self) -> Iterator[Bubble]:
        """The conversation as it was pasted, each suggested promise in its place."""
        if self.heard is None:
            return
        cards: dict[int, list[CardForm]] = {}
        for card in self.cards:
            cards.setdefault(card.said.suggestion.turn, []).append(card)
        before = None
        for number, (said, turn) in enumerate(
            zip(self.heard.transcript.said, self.heard.turns, strict=True)
        ):
            yield Bubble(
                speaker=said.speaker or _NO_NAME,
                is_ours=turn.speaker == "agent",
                is_first=said.key != before,
                at=turn.at,
                pieces=tuple(_pieces(said.text, cards.get(number, []))),
            )
            before = said.key

    def drafts(self, customer_id: int) -> list[services.Draft]:
        """What the verb is asked to make, in the order of the cards."""
        return [self._draft_of(card, customer_id=customer_id) for card in self.kept]

    def _draft_of(self, card: CardForm, *, customer_id: int) -> services.Draft:
        if card.due is None or self.team_meant is None:
            raise CommitmentError("Read the conversation again, then save.")
        cleaned = self.cleaned_data
        return services.Draft(
            customer_id=customer_id,
            team_id=self.team_meant.pk,
            kind_id=card.kind_meant.pk,
            wording=saying.sentence_case(card.cleaned_data["wording"]),
            due_at=card.due.at,
            due_said=card.due.said,
            due_steps=card.due.steps,
            owner_id=self._owner_called(card.cleaned_data["owner"]),
            team_note=_note_of(card.said.suggestion.quote),
            case=cleaned["case"],
            channel=cleaned["channel"] or Channel.PHONE,
            difficult=cleaned["difficult"],
            promised_at=card.said.at,
        )

    def _owner_called(self, chosen: str) -> int | None:
        return None if chosen == TEAM_KEEPS_IT else int(chosen or self.user.pk)


def _pieces(text: str, cards: Sequence[CardForm]) -> Iterator[tuple[str, CardForm | None]]:
    done = 0
    for card in cards:
        suggestion = card.said.suggestion
        yield text[done : suggestion.start], None
        yield suggestion.quote, card
        done = suggestion.end
    yield text[done:], None


def _note_of(quote: str) -> str:
    """The words as they were said, for the record; nothing in them that no line can hold."""
    said = f"Said: “{' '.join(quote.split())}”"
    return said if len(said) <= _LONGEST_NOTE else f"{said[: _LONGEST_NOTE - 2]}…”"


def _field_of(speaker: str) -> str:
    """The same field for the same speaker, whatever else changes in the paste."""
    return f"side-{_digest(speaker)[:12]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
