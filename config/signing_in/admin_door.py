"""Django's administration has no door of its own.

Its sign-in would take a password without counting tries and without a second step, and its change
of a password likewise. What it could do to accounts beside the pages of people is taken out, too.
"""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@secure_admin_login  # type: ignore[untyped-decorator]  # allauth carries no types
def enter(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Whoever is in goes on; nobody else gets this far."""
    return redirect("admin:index")


def close() -> None:
    """Let everybody in by our own door only. Called once, when the addresses are laid."""
    admin.site.login = enter  # type: ignore[method-assign]
    for model in list(admin.site._registry):
        if model.__module__.startswith("allauth."):
            admin.site.unregister(model)
