"""The filters of all promises: a GET form, so that every selection has an address."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from commitments.house import audits
from commitments.models.commitment import CommitmentQuerySet
from commitments.reports import search, standing
from commitments.reports.live import WAITS
from commitments.reports.scope import ReportError
from commitments.rules import wall_clock
from commitments.web import fields, states
from commitments.web.filters import Filters

from . import counted, sorting

STATES = [
    ("", "Any state"),
    ("live", "Open or waiting"),
    ("open", "Open"),
    ("overdue", "Overdue"),
    *((f"waited_{code}", f"Overdue: {label.lower()}") for code, label in reversed(WAITS)),
    ("today", "Due today"),
    ("soon", "Due in the next 4 hours"),
    ("off_shift", "The same, owner not on shift"),
    ("due_soon", states.DUE_SOON.words),
    ("upcoming", states.COMING_UP.words),
    ("waiting", states.WAITING.words),
    ("nobody", "Open, without an owner"),
    ("disputed", "Not right, says the customer"),
    ("unanswered", "The customer waits for an answer"),
    ("done", "Done"),
    *((outcome.value, state.words) for outcome, state in states.ENDINGS.items()),
    ("closed", "Closed, in any way"),
]
_TOLD = [("", "Told or not"), ("no", "Not told"), ("yes", "Told")]
_PERIODS = [
    ("", "Any time"),
    ("today", "Today"),
    ("tomorrow", "Tomorrow"),
    ("week", "This week"),
    ("next7", "The next 7 days"),
    ("last7", "The last 7 days"),
    ("last30", "The last 30 days"),
]
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


def _day(label: str) -> forms.DateField:
    wrong = f"“{label}” needs a day between 2000 and 2199, such as 2026-05-22."
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": wrong},
        validators=[MinValueValidator(_FIRST, wrong), MaxValueValidator(_LAST, wrong)],
    )


class PlainSelect(forms.Select):
    """As Django's, in one template for all of its options."""

    template_name = "commitments/web/lists/select.html"


class ListFilters(counted.CountedFields, Filters):
    """With words to look for, a state, a time, what a report counted, and the order of the list."""

    q = fields.Words(
        label="Customer, case, wording or reference", what="What you look for",
        limit=search.LONGEST, required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "aria-keyshortcuts": "/"}
        ),
    )  # fmt: skip
    state = forms.ChoiceField(choices=STATES, required=False, widget=PlainSelect)
    due = forms.ChoiceField(choices=_PERIODS, required=False, widget=PlainSelect)
    told = forms.ChoiceField(label="Customer", choices=_TOLD, required=False, widget=PlainSelect)
    first = _day("Due from")
    last = _day("Due until")
    sort = forms.ChoiceField(
        choices=[(name, name) for name in sorting.SORTS],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "There is no such order of the list."},
    )
    team = forms.TypedChoiceField(required=False, empty_value=None, widget=PlainSelect)
    owner = forms.TypedChoiceField(required=False, empty_value=None, widget=PlainSelect)
    kind = forms.TypedChoiceField(required=False, empty_value=None, widget=PlainSelect)
    narrowed_by = ("owner", "kind")  # by team where it is asked who may see what
    is_cut = False  # whether words were looked for among the newest promises only
    counted_words = ""  # what is listed where a report led here
    field_order = ["q", "state", "due", "team", "owner", "kind", "told", "first", "last", "sort"]

    def choose(
        self, among: CommitmentQuerySet, *, hasty: bool = False, now: datetime
    ) -> CommitmentQuerySet:
        """Those that fit every choice made; none where a choice does not exist.

        In a hurry, common words are looked for among the newest promises only: `is_cut`.
        """
        among = self.narrow(among)
        if self.errors:
            return among
        chosen = self.cleaned_data
        if chosen["counted"]:
            among = self._counted(among, now=now)
        if chosen["state"]:
            among = standing.narrow(among, chosen["state"], zone=self.user.zone, now=now)
        if chosen["told"]:
            among = among.told(now) if chosen["told"] == "yes" else among.not_told(now)
        among = self._within(among, now=now)
        if not chosen["q"]:
            return among
        audited = audits.audited_by(self.user)
        if not hasty:
            return search.wholly(among, chosen["q"], audited=audited)
        few = bool(chosen["owner"]) or self._state_asked() in standing.FEW
        teams = None if self.user.is_superuser else [team.pk for team in self.teams]
        found, self.is_cut = search.hastily(
            among, chosen["q"], few=few, teams=teams, audited=audited
        )
        return found

    def _counted(self, among: CommitmentQuerySet, *, now: datetime) -> CommitmentQuerySet:
        """What a report counted; where it counts nothing for this reader, the form says why."""
        self.counted_words = counted.words(self.cleaned_data, now=now)
        try:
            return counted.narrow(among, self.cleaned_data, user=self.user, now=now)
        except ReportError as no:
            self.add_error("counted", str(no))
            return among.none()

    def _within(self, among: CommitmentQuerySet, *, now: datetime) -> CommitmentQuerySet:
        """Due on the days asked for, as the reader's calendar has them."""
        chosen, zone = self.cleaned_data, ZoneInfo(self.user.zone)
        first, last = _period(chosen["due"], today=now.astimezone(zone).date())
        for day in (first, chosen["first"]):
            among = among.filter(due_at__gte=wall_clock.midnight(day, zone)) if day else among
        for day in (last, chosen["last"]):
            if day:
                ends = wall_clock.midnight(day + timedelta(days=1), zone)
                among = among.filter(due_at__lt=ends)
        return among

    @property
    def counted_fields(self) -> list[forms.BoundField]:
        """Carried along when something else is chosen."""
        return [self[name] for name in counted.CountedFields.base_fields if self[name].value()]

    @property
    def without_counted(self) -> str:
        """The other choices, as a query string."""
        kept = {name: self[name].value() for name in self.fields if name not in counted.NAMES}
        return urlencode({name: value for name, value in kept.items() if value}, errors="replace")

    @property
    def exact_days(self) -> bool:
        """Whether the fields for a day of one's own are in use."""
        return any(self.data.get(name) or name in self.errors for name in ("first", "last"))

    def has_words(self) -> bool:
        return bool(self.cleaned_data.get("q"))

    def has_owner(self) -> bool:
        return bool(self.cleaned_data.get("owner"))

    def shows_closed(self) -> bool:
        """Whether closed promises may be among the chosen, and open ones."""
        return self._state_asked() not in _OPEN_STATES and not self.cleaned_data.get("told")

    def shows_live(self) -> bool:
        return self._state_asked() not in _CLOSED_STATES

    def _state_asked(self) -> str:
        return str(self.cleaned_data.get("state", ""))


_OPEN_STATES = standing.FEW | {"live", "open", "upcoming"}
_CLOSED_STATES = frozenset(("done", "closed", *(outcome.value for outcome in states.ENDINGS)))


def _period(name: str, *, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of it."""
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    first, last = _DAYS.get(name, (None, None))
    if first is None or last is None:
        return None, None
    return today + timedelta(days=first), today + timedelta(days=last)


_DAYS = {  # of the seven or thirty, today is one
    "today": (0, 0),
    "tomorrow": (1, 1),
    "next7": (0, 6),
    "last7": (-6, 0),
    "last30": (-29, 0),
}
