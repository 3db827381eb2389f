"""The tour in docs/api.md, walked: each line is run by a real shell with a real curl, against an
installation, and what the page shows as an answer is compared with the answer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.houses import CODE, House, an_environment
from tests.wire.conftest import RECEIVER

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

PAGE = CODE / "docs" / "api.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "-- the end of a block --"
# As the page calls them; Python is ours, which has the library that the receiver uses.
OURS = f"""
manage.py() {{ python "{CODE}/manage.py" "$@" 2> refused.txt; }}
set -e -o pipefail
trap 'kill $(jobs -p) 2> ended.txt' EXIT
"""


def test_every_line_of_the_tour_does_what_the_page_says(house: House, tmp_path: Path) -> None:
    page = PAGE.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{house.port}")
    blocks = BLOCK.findall(page.replace("9000", str(RECEIVER)))
    for kind, text in blocks:
        if kind == "python":
            (tmp_path / text.split()[1]).write_text(text)

    answers = run([text for kind, text in blocks if kind == "sh"], house=house, folder=tmp_path)

    for shown, answer in zip(shown_after_each(blocks), answers, strict=True):
        assert matches(shown, pretty(answer)), f"shown:\n{shown}\nanswered:\n{pretty(answer)}"


def run(scripts: list[str], *, house: House, folder: Path) -> list[str]:
    """What each wrote; one shell runs all, so that what one sets the next has."""
    told = subprocess.run(
        ["bash"],
        input=OURS + "".join(f"{script}\necho '{END}'\n" for script in scripts),
        cwd=folder,
        env=an_environment(
            VAR_DIR=str(house.folder),
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert (told.returncode, told.stderr) == (0, "")
    return told.stdout.split(f"{END}\n")[:-1]


def shown_after_each(blocks: list[tuple[str, str]]) -> list[str]:
    """What stands below each script, up to the next."""
    shown: list[str] = []
    for kind, text in blocks:
        if kind == "sh":
            shown.append("")
        elif kind in ("json", "text"):
            shown[-1] += text
    return shown


def pretty(answer: str) -> str:
    """JSON as the page shows it, value for value; other lines as they are."""
    decoder, said, rest = json.JSONDecoder(), "", answer
    while rest:
        if not rest.startswith("{"):
            line, _, rest = rest.partition("\n")
            said += f"{line}\n"
            continue
        value, end = decoder.raw_decode(rest)
        said += json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        rest = rest[end:].lstrip("\n")
    return said


def matches(shown: str, answered: str) -> bool:
    """`…` alone on a line stands for some lines, and in one for anything up to its end."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in shown.splitlines()
    ]
    return re.fullmatch("".join(lines), answered) is not None
