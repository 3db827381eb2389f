"""Icons, drawn in the page itself so that they take the colour of the words beside them."""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, style: str = "i") -> str:
    """One icon of the `lucide` set by its name. Always beside a word: it says nothing by itself.

    `style` is a class of ours: "i", or "i-s" for the smaller one.
    """
    return lucide(str(name), size=None, **{"class": style, "aria-hidden": "true"})
