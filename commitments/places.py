"""Places that time zones are called after, where a language may have a name of its own for them.

What is not among them, or has no name in the catalogue, is called what the zone calls it.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

RENAMED: Final = frozenset({
    _("Addis Ababa"), _("Adelaide"), _("Algiers"), _("Amman"), _("Amsterdam"), _("Asuncion"),
    _("Athens"), _("Azores"), _("Baghdad"), _("Baku"), _("Belgrade"), _("Berlin"), _("Bermuda"),
    _("Bogota"), _("Brussels"), _("Bucharest"), _("Cairo"), _("Canary"), _("Cancun"),
    _("Cape Verde"), _("Cayenne"), _("Chisinau"), _("Copenhagen"), _("Cordoba"), _("Curacao"),
    _("Damascus"), _("Dhaka"), _("Dubai"), _("Dublin"), _("Guadeloupe"), _("Havana"),
    _("Isle of Man"), _("Istanbul"), _("Jakarta"), _("Jerusalem"), _("Johannesburg"),
    _("Kathmandu"), _("Khartoum"), _("Kolkata"), _("Kyiv"), _("Lisbon"), _("Ljubljana"),
    _("London"), _("Los Angeles"), _("Luxembourg"), _("Martinique"), _("Mazatlan"), _("Merida"),
    _("Mexico City"), _("Monaco"), _("Moscow"), _("New York"), _("Panama"), _("Paris"),
    _("Port of Spain"), _("Port-au-Prince"), _("Prague"), _("Qatar"), _("Reykjavik"), _("Riyadh"),
    _("Rome"), _("Sao Paulo"), _("Seoul"), _("Shanghai"), _("Singapore"), _("Skopje"), _("Sofia"),
    _("Stockholm"), _("Sydney"), _("Tahiti"), _("Taipei"), _("Tallinn"), _("Tashkent"),
    _("Tbilisi"), _("Tehran"), _("Tirane"), _("Tokyo"), _("Tripoli"), _("Tucuman"), _("Tunis"),
    _("Vatican"), _("Vienna"), _("Vilnius"), _("Warsaw"), _("Yangon"), _("Yerevan"), _("Zurich"),
})  # fmt: skip


def say_place(place: str) -> str:
    """In the language that is active: `Londres`."""
    return gettext(place) if place in RENAMED else place
