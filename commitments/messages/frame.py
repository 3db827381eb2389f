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
_CALENDAR: Final = ("calendar.ics", _("Add to calendar"))
_OTHER_TIME: Final = ("other-time/?about={ref}", _("That time does not work for me"))
_SEND: Final = ("reply/?about={ref}", _("Send it to us"))
_REPLY: Final = ("reply/?about={ref}", _("Write to us"))
_STOP: Final = ("stop/", _("Stop e-mails about this"))
_LINKS: Final[dict[Template, tuple[tuple[str, str], ...]]] = {
    Template.AGREEMENT: (_STATUS, _CALENDAR),
    Template.RECAP: (_STATUS, _CALENDAR),
    Template.PROGRESS: (_STATUS, _REPLY),
    Template.NEW_TIME: (_STATUS, _OTHER_TIME),
    Template.SLIP: (_STATUS, _OTHER_TIME),
    Template.SLIP_REASON: (_STATUS, _REPLY),
    Template.SLIP_NOTE: (_STATUS, _REPLY),
    Template.NEED: (_SEND, _STATUS),
    Template.NUDGE: (_SEND, _STATUS),
    Template.CHECK_IN: (_ALL,),
    Template.CANNOT_KEEP: (_STATUS, _REPLY),
}
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
    links = _links(_LINKS.get(template, (_STATUS,)), newest, page=page)
    may_be_stopped = template in MAY_BE_STOPPED
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
        "stop": _links((_STOP,), newest, page=page) if may_be_stopped else [],
        "stop_url": f"{page}{_STOP[0]}" if may_be_stopped else "",
        "why": _why(newest, values.said["promised_on"]),
        "contact_line": " · ".join(each for each in (brand.name, brand.address) if each),
        "phone": brand.phone,
        "threads": [each.about for each in commitments],
        "sender": gettext("%(name)s at %(company)s")
        % {"name": values.said["owner"], "company": brand.name},
    }


def _links(found: Sequence[tuple[str, str]], commitment: Commitment, *, page: str) -> list[JSON]:
    """The first is the mail's button, but for a check-in, which has buttons of its own."""
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
