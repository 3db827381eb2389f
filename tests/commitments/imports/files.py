"""Files as people bring them: rows with one thing changed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from commitments.imports import COLUMNS

GOOD = {
    "conversation": "case-1",
    "channel": "phone",
    "agent": "ana@larkfield.example",
    "customer": "Tom Okafor",
    "customer_email": "tom@customers.example",
    "promised_at": "2026-05-21T12:00:00+00:00",
    "wording": "Send the kettle's replacement part",
    "kind": "followup",
    "due": "tomorrow",
}


def a_row(**changed: str) -> dict[str, str]:
    return GOOD | changed


def csv_of(
    *rows: dict[str, str],
    columns: tuple[str, ...] = COLUMNS,
    separator: str = ",",
    end: str = "\n",
) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, columns, extrasaction="ignore", delimiter=separator, lineterminator=end
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def a_file(folder: Path, *rows: dict[str, str]) -> Path:
    return written(folder, csv_of(*rows).encode())


def written(folder: Path, data: bytes) -> Path:
    path = folder / "promises.csv"
    path.write_bytes(data)
    return path
