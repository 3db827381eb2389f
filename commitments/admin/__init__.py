"""Django's admin, for what has no page of its own yet.

Promises, their events, conversations and check-ins are looked at here and never edited: a promise
changes by its verbs, and an event not at all. Policies are edited in versions, on a page of their
own.
"""

from __future__ import annotations

from django.contrib import admin

from . import hours, mails, people, policies, promises

__all__ = ["hours", "mails", "people", "policies", "promises"]

admin.site.site_header = admin.site.site_title = "Followthrough"
admin.site.index_title = "Administration"
