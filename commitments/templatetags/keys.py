"""Which key presses a control, for those who have not switched the keys off."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.tag
def key(parser: Parser, token: Token) -> Node:
    """` aria-keyshortcuts="D"`, which keys.js looks for; nothing where the reader wants no keys."""
    return _Key(parser.compile_filter(token.split_contents()[1]), _pressed_by)


@register.tag
def hint(parser: Parser, token: Token) -> Node:
    """The same key, to be seen on the control."""
    return _Key(parser.compile_filter(token.split_contents()[1]), _shown_as)


class _Key(Node):
    """Not a simple tag, which costs several times as much: a list has hundreds of them."""

    def __init__(self, name: FilterExpression, say: Callable[[str], SafeString]) -> None:
        self.name = name
        self.say = say

    def render(self, context: Context) -> SafeString:
        wants_keys = getattr(context.get("user"), "keys_on", False)
        return self.say(str(self.name.resolve(context))) if wants_keys else SafeString()


@cache
def _pressed_by(name: str) -> SafeString:
    return format_html(' aria-keyshortcuts="{}"', name)


@cache
def _shown_as(name: str) -> SafeString:
    return format_html('<kbd class="deskonly" aria-hidden="true">{}</kbd>', name)
