"""The systems we understand: each file here is one, and the list is what is here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from commitments.helpdesks.adapter import System


@cache
def known() -> dict[str, System]:
    """By the name of its file, in the order of the alphabet."""
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return {module.__name__.rpartition(".")[2]: module.SYSTEM for module in modules}
