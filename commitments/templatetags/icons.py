"""Icons, drawn in the page itself so that they take the colour of the words beside them."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.context import Context
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """One icon of the `lucide` set by its name. Always beside a word: it says nothing by itself.

    A second argument is a class of ours: "i", or "i-s" for the smaller one. An icon that a template
    names is drawn once, when the template is read: a page of fifty promises holds six hundred.
    """
    _, name, *style = token.split_contents()
    drawn = _Icon(parser.compile_filter(name), style[0].strip('"') if style else "i")
    return drawn if drawn.name.is_var else TextNode(drawn.render(Context()))


class _Icon(Node):
    def __init__(self, name: FilterExpression, style: str) -> None:
        self.name = name
        self.style = style

    def render(self, context: Context) -> str:
        return _drawn(str(self.name.resolve(context)), self.style)


@lru_cache(maxsize=256)
def _drawn(name: str, style: str) -> str:
    return lucide(name, size=None, **{"class": style, "aria-hidden": "true"})
