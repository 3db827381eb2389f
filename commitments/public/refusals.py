"""Why something was refused, in the customer's language.

Our rules give their reasons in English, each to the letter. Whoever reads another language is told
in a general way what to do.
"""

from __future__ import annotations

from django.utils.translation import gettext

from commitments import spoken
from commitments.errors import CommitmentError


def of_words(no: CommitmentError) -> str:
    """Of a text that cannot be kept."""
    if spoken.is_english():
        return str(no)
    return gettext("We cannot keep this text as it is. Please make it shorter, or type it again.")


def of_file(no: CommitmentError) -> str:
    """Of a file that cannot be taken."""
    if spoken.is_english():
        return str(no)
    return gettext("We cannot take this file. Please send a photo, a PDF or plain text.")
