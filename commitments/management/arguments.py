"""What commands take from the command line."""

from __future__ import annotations

from argparse import ArgumentTypeError


def name(given: str) -> str:
    """A name as it was typed. Raises ArgumentTypeError where its bytes are no UTF-8."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise ArgumentTypeError(
            "This is not readable text: type it as UTF-8, or copy the name from the settings."
        ) from None
    return given
