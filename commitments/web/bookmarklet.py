"""A bookmark that logs a promise from any page: it opens the form with the text that is selected.

It runs in other people's pages, so it is one line without anything of ours: it reads the selection
and opens a window. What it read is shown in the form, and nothing is saved before that is sent.
"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from . import doors
from .doors import StaffRequest, signed_in

LONGEST: Final = 500  # characters of the selection; what the form takes for a promise

# The half of a character that cutting may leave would stop the encoding of an address.
_CODE: Final = (
    "(()=>{const s=String(getSelection()).replace(/\\s+/g,' ').trim()"
    ".slice(0,%(longest)d).replace(/[\\ud800-\\udbff]$/,'');"
    "open(%(form)s+'?customer=&case=&q='+encodeURIComponent(s),'_blank','noopener')})()"
)


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """What it is, and the bookmark itself."""
    context = {"bookmark": bookmark(), "longest": LONGEST, "form_url": form_url()}
    return doors.page(request, "bookmarklet.html", context, now=timezone.now())


def bookmark() -> str:
    """The address of the bookmark: a script, written as an address."""
    code = _CODE % {"longest": LONGEST, "form": json.dumps(form_url())}
    return f"javascript:{quote(code, safe='')}"


def form_url() -> str:
    """Where the form is, for pages that are not ours."""
    return f"{settings.PUBLIC_URL}{reverse('web:new')}"
