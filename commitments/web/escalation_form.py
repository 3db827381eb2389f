"""The steps of a policy as fields: a row each, that can be moved without a script."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from commitments.errors import CommitmentError
from commitments.models import User
from commitments.rules import audiences
from commitments.rules.ladder import Basis, Step

_MOST_ROWS = 40
_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600

# How an offset is written: what it counts, and how many of that make one.
_UNITS: Mapping[str, tuple[str, Basis, int]] = {
    "working_hours": ("working hours", Basis.WORKING, _HOUR),
    "working_minutes": ("working minutes", Basis.WORKING, _MINUTE),
    "working_days": ("working days", Basis.WORKING_DAYS, 1),
    "days": ("days by the clock", Basis.ELAPSED, _DAY),
    "hours": ("hours by the clock", Basis.ELAPSED, _HOUR),
    "minutes": ("minutes by the clock", Basis.ELAPSED, _MINUTE),
    "percent": ("% of the time given", Basis.PERCENT, 1),
}
_AGAIN = {"hours": _HOUR, "minutes": _MINUTE}
_SIDES = (("before", "before it is due"), ("after", "after it was due"))
_BOXES = (
    ("owner", "Owner"),
    ("deputy", "Deputy"),
    ("lead", "Team lead"),
    ("manager", "Manager"),
    ("customer", "Customer"),
)


class WholeForm(forms.Form):
    """What is sent beside the steps; together it is what is done once."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(required=False, strip=False)
    based_on = forms.IntegerField(required=False)
    seen = forms.CharField()
    replan_open = forms.BooleanField(required=False)


class StepForm(forms.Form):
    """One step. Names and e-mails are read where the rows are read together."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    amount = forms.DecimalField(
        label="How long", min_value=0, max_digits=9, decimal_places=3, initial=1
    )
    unit = forms.ChoiceField(
        label="Of what", choices=[(name, said) for name, (said, _, _) in _UNITS.items()]
    )
    side = forms.ChoiceField(label="Before or after", choices=_SIDES, initial="after")
    audience = forms.MultipleChoiceField(
        label="Who is told", choices=_BOXES, widget=forms.CheckboxSelectMultiple, required=False
    )
    others = forms.CharField(
        label="Who else",
        required=False,
        help_text="E-mails of colleagues; role:agent or another role; webhook:1. Divide by commas.",
    )
    words = forms.CharField(
        label="What the customer reads",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why it is late, in plain words. For steps that tell the customer.",
    )
    hands_to = forms.CharField(
        label="Hand the promise to",
        required=False,
        help_text="lead, manager, deputy, role:agent, or a colleague's e-mail.",
    )
    again = forms.IntegerField(label="Say it again every", required=False, min_value=1)
    again_unit = forms.ChoiceField(
        label="Counted in", choices=[(each, each) for each in _AGAIN], required=False
    )
    times = forms.IntegerField(label="So many times", required=False, min_value=0)
    pierces = forms.BooleanField(label="Send it in quiet hours too", required=False)

    def step(self, people: Mapping[str, User]) -> Step:
        """What the row says; `people` by their e-mails. Raises CommitmentError."""
        said = self.cleaned_data
        basis, offset = _offset(said["amount"], said["unit"])
        again = said["again"]
        return Step(
            number=said["number"],
            basis=basis,
            offset=-offset if said["side"] == "before" and basis is not Basis.PERCENT else offset,
            audience=(
                *said["audience"],
                *(_token(each, people) for each in _split(said["others"])),
            ),
            words=said["words"],
            hands_to=_token(said["hands_to"].strip(), people) if said["hands_to"].strip() else "",
            repeat_every=again * _AGAIN[said["again_unit"] or "hours"] if again else None,
            repeat_cap=said["times"] or 0,
            pierces_quiet=said["pierces"],
        )


def rows_of(steps: Iterable[Step]) -> list[dict[str, Any]]:  # Any: what fields hold
    """The steps as the rows' first values."""
    steps = list(steps)
    tokens = [token for step in steps for token in (*step.audience, step.hands_to) if token]
    known = User.objects.in_bulk(audiences.pks_of(tokens, "person"))
    emails = {f"person:{pk}": user.email for pk, user in known.items()}
    return [_row(step, emails) for step in steps]


def rows_in(data: QueryDict) -> list[dict[str, Any]]:  # Any: what fields hold
    """What was typed, row by row, right or wrong."""
    count = data.get("rows", "")
    found = min(int(count), _MOST_ROWS) if count.isascii() and count.isdigit() else 0
    return [
        {
            name: data.getlist(f"{place}-{name}")
            if name == "audience"
            else data.get(f"{place}-{name}", "")
            for name in StepForm.base_fields
        }
        for place in range(found)
    ]


def pressed(rows: list[dict[str, Any]], button: str) -> list[dict[str, Any]]:  # Any: as above
    """The rows after Up, Down, Take out or Add a step; what was typed in them is kept."""
    what, _, which = button.partition("-")
    place = int(which) if which.isascii() and which.isdigit() else -1
    rows = list(rows)
    if what == "add":
        return [*rows, {}]
    if not 0 <= place < len(rows):
        return rows
    row = rows.pop(place)
    if what == "up":
        rows.insert(max(place - 1, 0), row)
    elif what == "down":
        rows.insert(place + 1, row)
    return rows


def unbound(rows: Sequence[Mapping[str, Any]]) -> list[StepForm]:  # Any: as above
    return [StepForm(prefix=str(place), initial=dict(row)) for place, row in enumerate(rows)]


def bound(data: QueryDict) -> list[StepForm]:
    return [StepForm(data, prefix=str(place)) for place in range(len(rows_in(data)))]


def steps_in(forms_: Sequence[StepForm]) -> tuple[Step, ...]:
    """What valid rows say. Raises CommitmentError that names the step."""
    emails = {
        each.casefold()
        for form in forms_
        for each in (*_split(form.cleaned_data["others"]), form.cleaned_data["hands_to"].strip())
        if "@" in each
    }
    people = {user.email: user for user in User.objects.filter(email__in=emails)}
    steps = []
    for place, form in enumerate(forms_, start=1):
        try:
            steps.append(form.step(people))
        except CommitmentError as no:
            raise CommitmentError(f"Step {place}: {no}", field=no.field) from no
    return tuple(steps)


def seen(steps: Sequence[Step]) -> str:
    """A mark of these very steps: what is saved is what was shown."""
    return hashlib.sha256(repr(tuple(steps)).encode()).hexdigest()[:16]


def _row(step: Step, emails: Mapping[str, str]) -> dict[str, Any]:  # Any: what fields hold
    boxes = {token for token, _ in _BOXES}
    unit, amount = _written(step)
    hourly = not (step.repeat_every or 0) % _HOUR
    again = (step.repeat_every or 0) // (_HOUR if hourly else _MINUTE)
    return {
        "number": step.number,
        "amount": amount,
        "unit": unit,
        "side": "before" if step.is_before_due else "after",
        "audience": [token for token in step.audience if token in boxes],
        "others": ", ".join(
            emails.get(token, token) for token in step.audience if token not in boxes
        ),
        "words": step.words,
        "hands_to": emails.get(step.hands_to, step.hands_to),
        "again": again or "",
        "again_unit": "hours" if hourly else "minutes",
        "times": step.repeat_cap or "",
        "pierces": step.pierces_quiet,
    }


def _written(step: Step) -> tuple[str, float]:
    """In the largest unit that comes out even; `2 working hours`."""
    fitting = [(name, size) for name, (_, basis, size) in _UNITS.items() if basis is step.basis]
    fitting.sort(key=lambda each: -each[1])
    amount = abs(step.offset)
    name, size = next((each for each in fitting if not amount % each[1]), fitting[-1])
    if not amount:
        name, size = fitting[0] if step.basis is not Basis.ELAPSED else ("hours", _HOUR)
    return name, amount // size if not amount % size else amount / size


def _offset(amount: Decimal, unit: str) -> tuple[Basis, int]:
    """Only what can be written again as it was typed: whole minutes, days, per cent."""
    called, basis, size = _UNITS[unit]
    offset = amount * size
    if offset % (_MINUTE if size >= _MINUTE else 1):
        smallest = called if size == 1 else "minutes"
        raise CommitmentError(f"Give a length that comes to whole {smallest}.", field="amount")
    return basis, int(offset)


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]


def _token(written: str, people: Mapping[str, User]) -> str:
    if "@" not in written:
        return written.casefold()
    person = people.get(written.casefold())
    if person is None:
        raise CommitmentError(f"Nobody here has the e-mail {written}.", field="audience")
    return f"person:{person.pk}"
