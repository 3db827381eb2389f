"""What a door needs besides its name: what stands in its address, and what is sent there.

A form is read off its page as whoever may send it, and some of it filled in; so what everybody
sends is what would work, if they might.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from commitments.helpdesks import systems

# Of help desks: one that is given a secret of ours, so that all there is to press can be pressed.
A_SYSTEM: Final = max(name for name, each in systems.known().items() if not each.makes_secret)


@dataclass(frozen=True, kw_only=True)
class Way:
    """`given` names the facts in the address, `query` and `said` have them in braces.

    `form` is some text of the form that is sent, found as `by` on its own page or the page `on`;
    None: there is no form, and only what is `said` is sent. Where it is answered by another form,
    that is what counts, filled in with what is said `then`. `opens` is what those who may are
    answered, where that is no page and not the way to one.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    form: str | None = ""
    on: str = ""
    by: str = "administrator"
    said: Mapping[str, Any] = field(default_factory=dict)  # Any: text, texts, a file, or JSON
    then: Mapping[str, Any] | None = None  # Any: likewise
    opens: int = 0


def to(*, by: str = "administrator", **given: str) -> Way:
    """What stands in the address is all that it needs."""
    return Way(given=given, by=by)


def press(*, by: str = "administrator", said: Mapping[str, Any] | None = None, **given: str) -> Way:
    """No form is read: a button says all."""
    return Way(given=given, form=None, by=by, said=said or {})


def fill(
    said: Mapping[str, Any], *, by: str = "administrator", query: str = "", on: str = "",
    form: str = "", then: Mapping[str, Any] | None = None, **given: str,
) -> Way:  # fmt: skip
    """The form on the page, filled in with this."""
    return Way(given=given, by=by, said=said, then=then, query=query, on=on, form=form)


def spoken(said: Mapping[str, Any], **given: str) -> Way:
    """A call of the API with this as its body."""
    return Way(given=given, said=said, form=None)
