"""Pages that have no address to visit: they stand at the end of a press, for an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.browser.tour.routes import Stop


@dataclass(frozen=True, kw_only=True)
class Press:
    """Where it begins, what is filled in there (by label; a fact, or as it is), what is pressed,
    and the heading of what is then shown.
    """

    name: str
    stop: Stop = field(default_factory=Stop)
    filled: Mapping[str, str] = field(default_factory=dict)
    button: str
    shows: str


PRESSES: Final = (
    Press(
        name="web:add_holiday",
        filled={"Day": "day ahead", "Name": "Power cut"},
        button="Look at the days",
        shows="Is this right?",
    ),
    Press(
        name="web:calendar",
        stop=Stop(given={"pk": "calendar"}),
        filled={"Monday": "13:00-17:30", "Wednesday": "", "Friday": "9:00-12:00"},
        button="Preview",
        shows="Promises that were counted by other hours",
    ),
    Press(
        name="web:wording",
        stop=Stop(given={"template": "done", "language": "es"}),
        filled={"Subject": "Listo: {wording}"},
        button="Preview",
        shows="What you typed",
    ),
    Press(
        name="web:person",
        stop=Stop(given={"pk": "invited"}),
        button="Show a link to hand over",
        shows="A link for Wei",
    ),
    Press(
        name="web:help_desk",
        stop=Stop(given={"pk": "help desk"}),
        button="Make a new secret",
        shows="Its new secret",
    ),
    Press(
        name="web:webhook",
        stop=Stop(given={"pk": "endpoint"}),
        button="Give it a new secret",
        shows="Its secret",
    ),
)
