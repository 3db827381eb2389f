"""The judge of the pages with hostile words in them: it sees one that was let through."""

from __future__ import annotations

from html import escape

import pytest

from tests.safety import planted

USUAL = {("p", ""), ("p", "class"), ("a", ""), ("a", "href"), ("img", ""), ("img", "src")}
# Words, however they are put: they are hostile to something else than a page.
WORDS = {each for each in planted.PAYLOADS if each.startswith(("&lt", "%3C", "[x]", "<!--"))}


def judged(page: str) -> list[object]:
    found = planted.Skeleton(page)
    return [*(found.parts - USUAL), *found.wrong]


@pytest.mark.parametrize("payload", planted.PAYLOADS)
def test_let_through_it_is_seen_and_escaped_it_is_words(payload: str) -> None:
    pages = [f"<p>{payload}</p>", f'<p class="{payload}">x</p>', f"<p class='{payload}'>x</p>"]
    pages += [f"<p class={payload}>x</p>", f'<a href="{payload}">x</a>']

    seen = [page for page in pages if judged(page)]

    assert seen or payload in WORDS
    assert judged(f'<p class="{escape(payload)}">{escape(payload)}</p>') == []


def test_what_a_template_worked_out_is_not_among_the_words() -> None:
    assert planted.WORKED_OUT not in " ".join(planted.PAYLOADS)


def test_every_text_of_every_table_has_forty_of_them_at_its_door() -> None:
    assert len(set(planted.PAYLOADS)) >= 40
    assert sum(len(columns) for _, columns in planted.places()) > 60


def test_what_is_not_filled_is_a_column_of_ours() -> None:
    """A reason for a column that is gone excuses the next one of its name."""
    there = {
        name
        for model in planted.tables()
        for column in model._meta.concrete_fields
        for name in (column.name, f"{model.__name__}.{column.name}")
    }

    assert planted.STRUCTURE.keys() - there == set()
