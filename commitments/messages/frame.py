"""What stands around the text of every mail to a customer: greeting, links, and why they get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from commitments.models import Commitment
from notifications.envelope import JSON

from . import writing
from .texts import Template
from .voice import Voice
from .writing import Values

# Beneath the customer's page: an address each, and what its link says.
_STATUS: Final = ("", _("See how it stands"))
_ALL: Final = ("", _("See everything we agreed"))
_LINKS: Final[dict[Template, tuple[tuple[str, str], ...]]] = {}
# Those that answer to nothing the customer did: whoever wants no more of them says so in one press.
MAY_BE_STOPPED: Final = frozenset(
    {Template.PROGRESS, Template.NEED, Template.NUDGE, Template.CHECK_IN}
)


def around(
    template: Template,
    values: Values,
    commitments: Sequence[Commitment],
    *,
    page: str,
    voice: Voice,
) -> dict[str, JSON]:
    """All that both twins of a mail show, in the language that is active."""
    newest, text, brand = commitments[-1], voice.text(template), voice.brand
    asks = template is Template.CHECK_IN
    links = _links(template, newest, page=page)
    return {
        "language": translation.get_language() or "en",
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "company": brand.name,
        "subject": writing.line(text.subject, values),
        "heading": writing.line(text.heading, values),
        "greeting": gettext("Hello %(customer)s,") % {"customer": values.said["customer"]},
        "blocks": writing.blocks(text, values),
        "button": None if asks else links[0],
        "links": links if asks else links[1:],
        "why": _why(newest, values.said["promised_on"]),
        "contact_line": " · ".join(
            each for each in (brand.name, brand.address, brand.phone) if each
        ),
        "threads": [each.about for each in commitments],
        "sender": gettext("%(name)s at %(company)s")
        % {"name": values.said["owner"], "company": brand.name},
    }


def _links(template: Template, commitment: Commitment, *, page: str) -> list[JSON]:
    """The first is the mail's button, but for a check-in, which has buttons of its own."""
    first = _ALL if template is Template.CHECK_IN else _STATUS
    found = _LINKS.get(template, (first,))
    return [
        {"url": f"{page}{address.format(ref=commitment.reference)}", "label": gettext(label)}
        for address, label in found
    ]


def _why(commitment: Commitment, promised_on: str) -> str:
    case = commitment.conversation.outside_reference
    if case:
        said = gettext("You get this because we made you a promise on %(day)s (case %(case)s).")
        return said % {"day": promised_on, "case": case}
    return gettext("You get this because we made you a promise on %(day)s.") % {"day": promised_on}
