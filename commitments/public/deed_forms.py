"""One form for each thing a customer can do on their page. A form asks; `services` decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from commitments import messages, services, spoken
from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.rules import file_types, slots, words

from . import refusals

_LONGEST = 4000
_FREE = "other"


class Words(forms.CharField):
    """What a customer writes, kept and refused as `rules.words` says."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> str:  # Any: as Django declares it
        text = str(value or "")
        if self.required and not text.strip():
            raise forms.ValidationError(self.error_messages["required"], code="required")
        what = gettext("What you write")
        try:
            return words.clean(text, what=what, limit=_LONGEST, required=self.required, lines=True)
        except CommitmentError as no:
            raise forms.ValidationError(refusals.of_words(no)) from no


class DeedForm(forms.Form):
    """The base: what its page says, and the verb that it calls.

    `shown_at` is when the page was shown: what it offered then may still be chosen.
    """

    title: ClassVar[StrOrPromise]
    intro: ClassVar[StrOrPromise] = ""
    button: ClassVar[StrOrPromise]
    said: ClassVar[StrOrPromise]  # on their page, once it is done
    is_answered: ClassVar[bool] = False  # with a word of ours, in a time that the page names

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        files: Any = None,
        *,
        commitment: Commitment,
        shown_at: datetime,
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.commitment, self.shown_at = commitment, shown_at
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to this promise."""

    @property
    def marks_optional(self) -> bool:
        return True

    def answers(self) -> list[tuple[str, str]]:
        """What was filled in, in words, for the page that asks once more."""
        said = ((name, self.said_of(name)) for name in self.fields)
        return [(str(self.fields[name].label), words) for name, words in said if words]

    def said_of(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        return value if isinstance(value, str) else ""

    def carried(self) -> list[forms.BoundField]:
        """The fields that the page which asks once more hands on unseen."""
        return [self[name] for name, field in self.fields.items() if name != "file"]

    def act(self, *, now: datetime) -> object:
        """Do it; raises CommitmentError where a rule says no."""
        raise NotImplementedError


class ReplyForm(DeedForm):
    title = gettext_lazy("Add something or ask a question")
    button = gettext_lazy("Send")
    said = gettext_lazy("Thank you, your message has reached us.")
    is_answered = True
    words = Words(
        label=gettext_lazy("Your message"),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("A photo or a document"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": file_types.ACCEPT}),
        help_text=gettext_lazy("One file of up to 5 MB: a photo, a PDF or plain text."),
    )
    sent_along: services.SentAlong | None = None

    def prepare(self) -> None:
        if self.commitment.is_waiting:
            self.fields["words"].label = self.commitment.waiting_for
            self.fields["words"].help_text = gettext("Write it here, or send a photo of it below.")

    def clean_file(self) -> UploadedFile[Any] | None:
        sent: UploadedFile[Any] | None = self.cleaned_data["file"]
        if sent is None:
            return None
        try:
            if sent.size is None or sent.size > file_types.LARGEST:
                raise file_types.too_large(gettext("This file"))
            content = sent.read()
            name, found = file_types.checked(sent.name or "", content)
        except CommitmentError as no:
            raise forms.ValidationError(refusals.of_file(no)) from no
        self.sent_along = services.SentAlong(
            name=name, media_type=found.media_type, content=content
        )
        return sent

    def clean(self) -> None:
        has_words = self.cleaned_data.get("words") or "words" in self.errors
        if not has_words and not self.sent_along and "file" not in self.errors:
            self.add_error("words", gettext("Write something, or choose a file."))

    @property
    def lost_file(self) -> str:
        """The name of a file that has to be chosen once more: browsers hand none on."""
        return self.sent_along.name if self.sent_along else ""

    def act(self, *, now: datetime) -> object:
        return services.reply(
            self.commitment.pk,
            words=self.cleaned_data["words"],
            sent_along=self.sent_along,
            now=now,
        )


class OtherTimeForm(DeedForm):
    title = gettext_lazy("That time does not work for me")
    intro = gettext_lazy(
        "Tell us what would suit you. The time stays until we have agreed on another."
    )
    button = gettext_lazy("Send")
    said = gettext_lazy(
        "Thank you, we have your wish. The time stays until we have agreed on another."
    )
    is_answered = True
    slot = forms.ChoiceField(
        label=gettext_lazy("What would suit you?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": gettext_lazy("Choose one of the times, or write your own.")
        },
    )
    words = Words(
        label=gettext_lazy("Anything we should know?"),
        required=False,
    )

    def prepare(self) -> None:
        zone = messages.customer.zone_of(self.commitment)
        hours = self.commitment.team.calendar.hours()
        found = slots.after(self.commitment.due_at, hours=hours, now=self.shown_at)
        times = {at.isoformat(): spoken.say_time(at, zone=zone, now=self.shown_at) for at in found}
        self.offered = times | {_FREE: gettext("Another time, which I write below")}
        field = self.fields["slot"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(self.offered.items())
        if not times:
            del self.fields["slot"]
            self.fields["words"].label = gettext("What would suit you?")

    def clean(self) -> None:
        chosen, said = self.cleaned_data.get("slot", ""), self.cleaned_data.get("words", "")
        if self.errors or said:
            return
        if chosen == _FREE or "slot" not in self.fields:
            self.add_error("words", gettext("Write which time would suit you."))
        elif not chosen:
            self.add_error("slot", gettext("Choose a time, or write your own."))

    def said_of(self, name: str) -> str:
        value = super().said_of(name)
        return self.offered.get(value, value) if name == "slot" else value

    def act(self, *, now: datetime) -> object:
        chosen = self.cleaned_data.get("slot", "")
        return services.ask_other_time(
            self.commitment.pk,
            wanted_at=parse_datetime(chosen) if chosen not in {"", _FREE} else None,
            words=self.cleaned_data["words"],
            now=now,
        )


class RightForm(DeedForm):
    title = gettext_lazy("That's right")
    intro = gettext_lazy("You tell us that this is what we agreed. Nothing else changes.")
    button = gettext_lazy("That's right")
    said = gettext_lazy("Thank you. Good to know that we agree.")

    def act(self, *, now: datetime) -> object:
        return services.confirm(self.commitment.pk, now=now)


class WrongForm(DeedForm):
    title = gettext_lazy("Something's off")
    intro = gettext_lazy(
        "Tell us what is not right: the time, the thing itself, or that you never agreed to it."
    )
    button = gettext_lazy("Tell us")
    said = gettext_lazy("Thank you for telling us.")
    is_answered = True
    words = Words(
        label=gettext_lazy("What is not right?"),
        error_messages={"required": gettext_lazy("Write in a sentence what is not right.")},
    )

    def act(self, *, now: datetime) -> object:
        return services.dispute(self.commitment.pk, words=self.cleaned_data["words"], now=now)


class NotNeededForm(DeedForm):
    title = gettext_lazy("I no longer need this")
    intro = gettext_lazy(
        "We stop working on it, and nobody calls or writes about it any more. If you change your "
        "mind within two weeks, you can take it back on your page."
    )
    button = gettext_lazy("I no longer need this")
    said = gettext_lazy("Thank you for telling us. We have closed it.")
    words = Words(label=gettext_lazy("Would you like to tell us why?"), required=False)

    def act(self, *, now: datetime) -> object:
        return services.need_no_more(self.commitment.pk, words=self.cleaned_data["words"], now=now)


class NeededForm(DeedForm):
    title = gettext_lazy("I need it after all")
    intro = gettext_lazy("We open it again and go on with it. Your page then shows by when.")
    button = gettext_lazy("I need it after all")
    said = gettext_lazy("We are on it again.")

    def act(self, *, now: datetime) -> object:
        return services.need_after_all(self.commitment.pk, now=now)


class NotDoneForm(DeedForm):
    title = gettext_lazy("It is not done")
    intro = gettext_lazy(
        "We are sorry that something is missing. We open it again, and your page then shows by "
        "when we see to it."
    )
    button = gettext_lazy("It is not done")
    said = gettext_lazy("Thank you for telling us. It is open again.")
    words = Words(
        label=gettext_lazy("What is missing?"),
        error_messages={"required": gettext_lazy("Write in a sentence what is missing.")},
    )

    def act(self, *, now: datetime) -> object:
        return services.not_done(self.commitment.pk, words=self.cleaned_data["words"], now=now)


FORMS: Mapping[str, type[DeedForm]] = {
    "reply": ReplyForm,
    "other-time": OtherTimeForm,
    "right": RightForm,
    "wrong": WrongForm,
    "not-needed": NotNeededForm,
    "needed": NeededForm,
    "not-done": NotDoneForm,
}
