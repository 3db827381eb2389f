"""What a spreadsheet would run: on the way out it is led by an apostrophe, on the way in it is not.

A spreadsheet takes what begins like this for a formula. Led by an apostrophe it is text, and the
apostrophe is not shown.
"""

from __future__ import annotations

from typing import Final

# The last four are the same signs as East Asian keyboards write them.
SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What the last line of an export begins with.
END: Final = "End of the export"


def harmless(text: str) -> str:
    """As it may stand in a file for a spreadsheet."""
    return f"'{text}" if _would_run(text) else text


def plain(text: str) -> str:
    """As it was before `harmless`."""
    return text[1:] if text.startswith("'") and _would_run(text[1:]) else text


def _would_run(text: str) -> bool:
    return text.startswith(SIGNS) or text.lstrip().startswith(SIGNS)
