"""A line over weeks, and counts by weekday and hour, drawn in the page."""

from __future__ import annotations

from django import template

from commitments.web.reports.heat import Heat
from commitments.web.reports.lines import Line

register = template.Library()


@register.inclusion_tag("charts/line.html")
def line_chart(chart: Line | None, title: str = "") -> dict[str, object]:
    """Its title, the picture, and the same figures as a table; None could not be worked out."""
    return {"chart": chart, "title": title}


@register.inclusion_tag("charts/heat.html")
def heat_map(chart: Heat | None, title: str = "") -> dict[str, object]:
    """A table whose cells are the darker the more they count; None could not be worked out."""
    return {"chart": chart, "title": title}
