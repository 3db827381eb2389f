"""Times in templates, as `<time datetime>`, in the reader's zone: for staff as `rules.saying` says
them, for customers in their language.

Every page that uses these tags has `now` and `zone` in its context, and `audience` when it is not
for staff.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments import spoken
from commitments.rules import saying

register = template.Library()


@register.simple_tag(takes_context=True)
def time(context: Context, at: datetime) -> SafeString:
    """`Fri 22 May, 10:00 am`."""
    return _element(context, at, saying.say_time, spoken.say_time)


@register.simple_tag(takes_context=True)
def time_nearby(context: Context, at: datetime) -> SafeString:
    """`Today, 12:50 pm`."""
    return _element(context, at, saying.say_time_nearby, spoken.say_time_nearby)


@register.simple_tag(takes_context=True)
def time_inside(context: Context, at: datetime) -> SafeString:
    """`today at 12:50 pm`, within a sentence."""
    return _element(context, at, saying.say_time_inside, spoken.say_time_inside)


@register.simple_tag(takes_context=True)
def day(context: Context, at: datetime) -> SafeString:
    """`Fri 22 May`."""
    return _element(context, at, saying.say_day, spoken.say_day)


@register.simple_tag(takes_context=True)
def day_nearby(context: Context, at: datetime) -> SafeString:
    """`Today`, `Tomorrow`, `Fri 22 May`."""
    return _element(context, at, saying.say_day_nearby, spoken.say_day_nearby)


@register.simple_tag(takes_context=True)
def clock(context: Context, at: datetime) -> SafeString:
    """`10:00 am`."""
    say = spoken.say_clock if _is_for_customers(context) else saying.say_clock
    return _time(at, say(at, zone=context["zone"]))


@register.simple_tag(takes_context=True)
def left(context: Context, due_at: datetime) -> str:
    """`In 1 h 20 min`, `1 h 20 min late`: a companion of the time, never alone."""
    return saying.say_left(due_at, zone=context["zone"], now=context["now"])


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime) -> str:
    """`1 h 20 min ago`: a companion of the time, never alone."""
    return saying.say_ago(at, now=context["now"])


def _element(
    context: Context, at: datetime, to_staff: Callable[..., str], to_customer: Callable[..., str]
) -> SafeString:
    say = to_customer if _is_for_customers(context) else to_staff
    return _time(at, say(at, zone=context["zone"], now=context["now"]))


def _is_for_customers(context: Context) -> bool:
    return context.get("audience", "staff") == "customer"


def _time(at: datetime, words: str) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', at.astimezone(UTC).isoformat(timespec="seconds"), words
    )
