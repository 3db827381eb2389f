"""Charts in templates: `{% bars chart "How long they have waited" %}`.

A page loads charts.css, and has the pattern of `charts/hatch.html` in it once.
"""

from __future__ import annotations

from django import template

from commitments.web.reports.bars import Bars

register = template.Library()


@register.inclusion_tag("charts/bars.html")
def bars(chart: Bars | None, title: str = "") -> dict[str, object]:
    """The chart; under its `title` a sentence instead where it could not be worked out."""
    return {"chart": chart, "title": title}
