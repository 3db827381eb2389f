"""Style sheets and scripts stay small: read over a phone's line, before anything is shown."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.config.houses import CODE

STYLES = CODE / "commitments" / "static" / "commitments"
OF_EVERY_PAGE = [STYLES / f"{name}.css" for name in ("tokens", "base", "app")]
SCRIPTS = sorted(STYLES.glob("*.js"))
OF_A_PAGE = [["keys.js", each] for each in ("line.js", "passkeys.js", "suggest.js")]  # the most
OF_SOME_PAGES = sorted(set(STYLES.glob("*.css")) - set(OF_EVERY_PAGE))


def test_every_page_loads_these_three() -> None:
    linked = re.findall(r"commitments/(\w+\.css)", (CODE / "templates" / "base.html").read_text())

    assert linked == [each.name for each in OF_EVERY_PAGE]


def test_what_every_page_loads_is_small() -> None:
    together = b"".join(each.read_bytes() for each in OF_EVERY_PAGE)

    assert len(together) < 35 * 1024
    assert len(gzip.compress(together)) < 9 * 1024


@pytest.mark.parametrize("style", OF_SOME_PAGES, ids=lambda style: str(style.name))
def test_what_some_pages_load_besides_is_smaller(style: Path) -> None:
    assert len(style.read_bytes()) < 5 * 1024


@pytest.mark.parametrize("names", OF_A_PAGE, ids=" ".join)
def test_the_scripts_of_a_page_are_small_together(names: list[str]) -> None:
    together = b"".join((STYLES / name).read_bytes() for name in names)

    assert {each.name for each in SCRIPTS} == {name for page in OF_A_PAGE for name in page}
    assert len(gzip.compress(together)) < 4 * 1024
