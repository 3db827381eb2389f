"""Which key presses a control, for those who have not switched the keys off."""

from __future__ import annotations

from functools import cache

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def key(context: Context, name: str) -> SafeString | str:
    """` aria-keyshortcuts="D"`, which keys.js looks for; nothing where the reader wants no keys."""
    return _pressed_by(name) if _wants_keys(context) else ""


@register.simple_tag(takes_context=True)
def hint(context: Context, name: str) -> SafeString | str:
    """The same key, to be seen on the control."""
    return _shown_as(name) if _wants_keys(context) else ""


def _wants_keys(context: Context) -> bool:
    return getattr(context.get("user"), "keys_on", False)


@cache
def _pressed_by(name: str) -> SafeString:
    return format_html(' aria-keyshortcuts="{}"', name)


@cache
def _shown_as(name: str) -> SafeString:
    return format_html('<kbd class="deskonly" aria-hidden="true">{}</kbd>', name)
