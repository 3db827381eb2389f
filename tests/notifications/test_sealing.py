"""Secrets at rest, and what becomes of them when the key is changed."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest
from django.conf import LazySettings

from notifications import sealing

OLD, NEW = "an old key " * 5, "a new key " * 5


def test_what_was_sealed_opens_again_and_shows_nothing(settings: LazySettings):
    settings.SECRET_KEY = OLD

    sealed = sealing.seal("whsec_cold-kettle")

    assert "kettle" not in sealed
    assert sealing.unseal(sealed) == "whsec_cold-kettle"
    assert sealing.seal("whsec_cold-kettle") != sealed


def test_the_old_key_opens_for_as_long_as_it_is_a_fallback(settings: LazySettings):
    settings.SECRET_KEY = OLD
    sealed = sealing.seal("kettle")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert sealing.unseal(sealed) == "kettle"
    settings.SECRET_KEY_FALLBACKS = []

    with pytest.raises(sealing.CannotOpen, match="SECRET_KEY_FALLBACKS"):
        sealing.unseal(sealed)


def test_what_is_sealed_anew_takes_the_new_key(settings: LazySettings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    sealed = sealing.seal("kettle")

    settings.SECRET_KEY_FALLBACKS = []

    assert sealing.unseal(sealed) == "kettle"


@pytest.mark.parametrize("nonsense", ["", "kettle", "é", "gAAAAA=="])
def test_what_nobody_sealed_cannot_be_opened(nonsense: str):
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(nonsense)


def test_what_somebody_changed_opens_nothing(settings: LazySettings):
    """Whatever letter it is: the MAC is over all of it."""
    settings.SECRET_KEY = OLD
    sealed = sealing.seal("kettle")

    changed = [
        sealed[:place] + ("B" if sealed[place] == "A" else "A") + sealed[place + 1 :]
        for place in (0, 12, 40, 70)
    ]

    assert urlsafe_b64decode(sealed)[0] == 0x80  # Fernet's mark
    for each in changed:
        with pytest.raises(sealing.CannotOpen):
            sealing.unseal(each)
