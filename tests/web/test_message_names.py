"""Where a list names a message, it does so in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from commitments.web import message_names
from tests.config.houses import CODE

FOLDERS = sorted(each for each in (CODE / "templates" / "messages").iterdir() if each.is_dir())
WORDS_ALREADY = {"done", "invitation", "new_password"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_every_message_of_the_house_has_a_name_of_its_own(folder: Path) -> None:
    guessed = folder.name.replace("_", " ").capitalize()
    names = [message_names.of(each.name) for each in FOLDERS]

    assert message_names.of(folder.name) != guessed or folder.name in WORDS_ALREADY
    assert names.count(message_names.of(folder.name)) == 1


def test_what_a_newer_version_has_written_is_named_by_its_template() -> None:
    assert message_names.of("quite_new") == "Quite new"
