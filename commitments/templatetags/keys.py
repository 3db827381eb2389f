"""Which key presses a control, for those who have not switched the keys off."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape, escape, format_html
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


@register.tag
def opens(parser: Parser, token: Token) -> Node:
    """A link's `{% opens url "done/" "D" %}`: where it leads, what a script shows in place of that,
    and its key. The end of the address and the key stand in the template.
    """
    _, base, end, *keys = token.split_contents()
    pressed = _pressed_by(keys[0].strip('"')) if keys else SafeString()
    return _Opens(parser.compile_filter(base), end.strip('"'), pressed)


class _Key(Node):
    """Not a simple tag, which costs several times as much: a list has hundreds of them."""

    def __init__(self, name: FilterExpression, say: Callable[[str], SafeString]) -> None:
        self.name = name
        self.say = say
        self.said = SafeString() if name.is_var else say(str(name.resolve(Context())))

    def render(self, context: Context) -> SafeString:
        if not _wants(context):
            return SafeString()
        return self.said or self.say(str(self.name.resolve(context)))


class _Opens(Node):
    """Written once, where seven nodes would say the same address twice."""

    def __init__(self, base: FilterExpression, end: str, pressed: SafeString) -> None:
        self.base = base
        self.end = escape(end)
        self.pressed = pressed

    def render(self, context: Context) -> str:
        url = conditional_escape(self.base.resolve(context)) + self.end
        pressed = self.pressed if self.pressed and _wants(context) else ""
        return f' href="{url}" hx-get="{url}"{pressed}'


def _wants(context: Context) -> bool:
    """Whether the reader has left the keys on."""
    return getattr(context.get("user"), "keys_on", False)


@cache
def _pressed_by(name: str) -> SafeString:
    return format_html(' aria-keyshortcuts="{}"', name)


@cache
def _shown_as(name: str) -> SafeString:
    return format_html('<kbd class="deskonly" aria-hidden="true">{}</kbd>', name)
