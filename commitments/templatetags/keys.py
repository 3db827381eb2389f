"""Which key presses a control, for those who have not switched the keys off."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def key(context: Context, name: str) -> SafeString | str:
    """` aria-keyshortcuts="D"`, which keys.js looks for; nothing where the reader wants no keys."""
    user = context.get("user")
    if not getattr(user, "keys_on", False):
        return ""
    return format_html(' aria-keyshortcuts="{}"', name)


@register.simple_tag(takes_context=True)
def hint(context: Context, name: str) -> SafeString | str:
    """The same key, to be seen on the control."""
    user = context.get("user")
    if not getattr(user, "keys_on", False):
        return ""
    return format_html('<kbd class="deskonly" aria-hidden="true">{}</kbd>', name)
