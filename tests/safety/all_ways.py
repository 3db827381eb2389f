"""How each door is come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.safety import calls, doors, pages, settings_pages
from tests.safety.doors import Door
from tests.safety.ways import Way

_KNOWN: Final[Mapping[str, Way]] = {
    **pages.ACCOUNTS,
    **pages.CUSTOMERS,
    **pages.PROGRAMS,
    **pages.PROMISES,
    **pages.VERBS,
    **pages.REVIEWS,
    **pages.ONESELF,
    **settings_pages.SETTINGS,
    **calls.CALLS,
}
# In Django's own pages nothing is filled in: there it is about who may come.
_BARE: Final = Way(form=None)
_OF_ONE: Final = Way(given={"object_id": "1"}, form=None)
_DJANGOS: Final[Mapping[str, Way]] = {
    "admin:app_list": Way(given={"app_label": "commitments"}, form=None),
    "admin:view_on_site": Way(given={"content_type_id": "1", "object_id": "1"}, form=None),
}


def to(door: Door) -> Way:
    """What is needed to come there."""
    if not door.name.startswith("admin:"):
        return _KNOWN.get(door.name, _BARE)
    is_of_one = (
        door.name.endswith(("_change", "_delete", "_history")) and "password" not in door.name
    )
    return _DJANGOS.get(door.name, _OF_ONE if is_of_one else _BARE)


def unknown() -> set[str]:
    """Doors that are gone, and ways still lead to them."""
    return set(_KNOWN) - doors.addresses()
