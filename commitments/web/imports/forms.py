"""What is asked about a file: for which team, what its columns mean, and how it is to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField

from commitments import imports, lengths
from commitments.imports import Asked, Order, Table
from commitments.models import Import, Kind, Team
from commitments.rules import spreadsheets
from commitments.web import fields
from commitments.web.settings.parts import PartsForm

ACCEPT: Final = ".csv,.txt,.tsv,.xlsx,text/csv"
_MEGABYTE: Final = 1024 * 1024
_SAMPLE: Final = 60
_ORDERS: Final = (
    (Order.YEAR.value, "2026-05-21 only"),
    (Order.DAY.value, "Day first, as in 21/05/2026"),
    (Order.MONTH.value, "Month first, as in 05/21/2026"),
)


class UploadForm(PartsForm):
    """A file, and the team that makes its promises."""

    marks_optional = False

    file = forms.FileField(
        label="CSV file or workbook (.xlsx)",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "empty": "That file is empty.",
            "required": "Choose a file.",
            "max_length": "Choose a file with a shorter name.",
        },
    )
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label="Choose a team")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        teams: Sequence[Team],
        files: Any = None,  # Any: likewise
    ) -> None:
        super().__init__(data, files=files)
        most = lengths.current()
        self.fields["file"].help_text = (
            f"Up to {most.import_rows_at_most:,} rows and"
            f" {most.import_bytes_at_most // _MEGABYTE} MB."
        )
        mine = Team.objects.filter(pk__in=[team.pk for team in teams]).order_by("name")
        fields.offer_rows(self, "team", mine)
        if len(teams) == 1:
            self.initial["team"] = teams[0].pk
            self.fields["team"].widget = forms.HiddenInput()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that a row can say: where it stands in this file, and what stands there."""

    column: Any  # Any: `imports.columns.Column`
    field: BoundField
    samples: Sequence[str]

    @property
    def is_read(self) -> bool:
        return bool(self.samples) or bool(self.field.value()) or self.column.is_needed


class ReadForm(fields.SpokenForm):
    """Each thing that a row can say has a field `column_` and its code."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        table: Table,
        asked: Asked,
    ) -> None:
        super().__init__(data, initial=_initial(asked), label_suffix="")
        self.table = table
        self._samples = table.samples()
        columns = [("", "Not in this file"), *_named(table.header)]
        for column in imports.ALL:
            self.fields[_field(column.code)] = forms.ChoiceField(
                choices=columns, label=column.label, required=False
            )
        kinds = [(kind.code, kind.name) for kind in Kind.objects.for_customers().order_by("name")]
        self.fields["usual_kind"] = forms.ChoiceField(
            choices=[("", "Leave those rows out"), *kinds],
            label="Rows that name no kind",
            required=False,
        )
        self.fields["order"] = forms.ChoiceField(choices=_ORDERS, label="Dates are written")
        if len(table.sheets) > 1:
            sheets = [(name, name) for name in table.sheets]
            self.fields["sheet"] = forms.ChoiceField(choices=sheets, label="Sheet")
            self.initial["sheet"] = table.sheet

    def lines(self) -> Iterator[Line]:
        """Those of the table, with what the first rows say there."""
        for column in imports.ALL:
            bound = self[_field(column.code)]
            place = str(bound.value() or "")
            yield Line(column=column, field=bound, samples=self._said(place))

    def read(self) -> list[Line]:
        return [line for line in self.lines() if line.is_read]

    def unread(self) -> list[Line]:
        return [line for line in self.lines() if not line.is_read]

    def left_over(self) -> str:
        """The columns that nobody reads."""
        places = {line.field.value() for line in self.lines()}
        names = [name for place, name in enumerate(self.table.header) if str(place) not in places]
        return imports.quoted(name for name in names if name)

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            columns={
                column.code: int(said[_field(column.code)])
                for column in imports.ALL
                if said[_field(column.code)]
            },
            sheet=self.table.sheet,
            usual_kind=said["usual_kind"],
            order=Order(said["order"]),
        )

    def _said(self, place: str) -> list[str]:
        if not place.isdecimal():
            return []
        at = int(place)
        said = [spreadsheets.plain(row[at]).strip() for row in self._samples if at < len(row)]
        return [_short(imports.shown(cell)) for cell in said if cell]


def as_kept(held: Import) -> Asked:
    """How a file was asked to be read last."""
    return Asked(
        columns=held.columns,
        sheet=held.sheet,
        usual_kind=held.choices.get("usual_kind", ""),
        order=Order(held.choices.get("order", Order.YEAR)),
    )


def _initial(asked: Asked) -> dict[str, str]:
    places = {_field(code): str(place) for code, place in asked.columns.items()}
    return places | {"usual_kind": asked.usual_kind, "order": asked.order.value}


def _field(code: str) -> str:
    return f"column_{code}"


def _named(header: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A column by its name; those of one name, or of none, by their numbers too."""
    for place, name in enumerate(header):
        shown = _short(name)
        number = f"column {place + 1}"
        if not shown:
            shown = number.capitalize()
        elif header.count(name) > 1:
            shown = f"{shown} ({number})"
        yield str(place), shown


def _short(text: str) -> str:
    return text if len(text) <= _SAMPLE else f"{text[: _SAMPLE - 1]}…"
