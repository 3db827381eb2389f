"""Files that say much of people at once: which they are, and how one comes to whoever was asked.

Names, e-mails, telephone numbers, wordings, and the figures of each colleague. Files that hold
counts alone are none of these.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from commitments.web.doors import StaffRequest, signed_in

OF_PEOPLE: Final = frozenset(
    {
        *("web:export", "web:overdue_csv", "web:overdue_xlsx", "web:import_left_out"),
        *("web:values_csv", "web:workload_csv", "web:personal_data_file"),
    }
)


def way_to(file: str, *, back: str) -> str:
    """The page behind which the file at this address comes, and from which it leads back."""
    return f"{reverse('account_file')}?{urlencode({'file': file, 'back': back})}"


@require_safe
@signed_in
def begin(request: StaffRequest) -> HttpResponse:
    """A browser stays where it was while a file comes. That must not be the form of a password."""
    file, back = request.GET.get("file", ""), request.GET.get("back", "")
    if not _is_here(file) or resolve(urlsplit(file).path).view_name not in OF_PEOPLE:
        raise Http404("No such file.")
    back = back if _is_here(back) else resolve_url(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/file.html", {"file": file, "back": back})


def _is_here(address: str) -> bool:
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
