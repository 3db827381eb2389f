"""What is installed with us: version, licence, and whether weaknesses of it are known.

The list is the lock's. Licences are what each distribution says of itself. Weaknesses are asked of
osv.dev; a version that is known to be weak is asked about in the same breath, and without the right
answer about that one no answer about the others is believed.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.txt"
_LINE = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;]+)(?: ; (.+?))? \\$", re.MULTILINE)
# None of these asks that what is built with it be given away.
_FREE = re.compile(
    r"\b(MIT|MIT-0|BSD|ISC|Apache|PSF|MPL|Mozilla Public License|LGPL|LGPLv3"
    r"|GNU Library or Lesser General Public License)\b"
)
_BINDING = re.compile(r"\bA?GPL|(?<!Lesser )General Public License|Proprietary")
SERVICE = "https://api.osv.dev/v1/querybatch"
_KNOWN_TO_BE_WEAK = ("jinja2", "2.4.1")
_PATIENCE = 20  # seconds


class NoAnswer(Exception):
    """The service could not be asked, or what it said proves nothing; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """`only_if`: the condition under which it is installed, if there is one."""

    name: str
    version: str
    only_if: str
    licence: str  # empty where it is not installed here

    @property
    def may_be_used(self) -> bool:
        """Licences of which one is offered may be chosen from."""
        if self.only_if and not self.licence:
            return True
        return bool(_FREE.search(self.licence)) and not _BINDING.search(self.licence)


def all_of_them(lock: Path = LOCK) -> list[Dependency]:
    return [
        Dependency(name=name, version=version, only_if=condition, licence=_licence_of(name))
        for name, version, condition in _LINE.findall(lock.read_text("utf-8"))
    ]


def _licence_of(name: str) -> str:
    try:
        said: PackageMetadata = metadata(name)
    except PackageNotFoundError:
        return ""
    if expression := said.get("License-Expression"):
        return str(expression)
    in_words = str(said.get("License") or "").strip()
    if _FREE.search(in_words) and "\n" not in in_words:
        return in_words
    listed = [each for each in said.get_all("Classifier", []) if each.startswith("License ::")]
    return "; ".join(each.rpartition(" :: ")[2] for each in listed) or in_words[:60]


def known_weaknesses(asked: Sequence[Dependency], *, service: str = "") -> list[str]:
    """A line for each that is known. Raises NoAnswer."""
    questions = [*((each.name, each.version) for each in asked), _KNOWN_TO_BE_WEAK]
    body = {
        "queries": [
            {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
            for name, version in questions
        ]
    }
    service = service or SERVICE
    request = urllib.request.Request(
        service, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            results = json.load(answer)["results"]
    except (OSError, ValueError, KeyError, TypeError) as no:
        raise NoAnswer(f"{service} could not be asked: {no}") from no
    return _weak(results, questions)


def _weak(results: object, questions: Sequence[tuple[str, str]]) -> list[str]:
    if not isinstance(results, list) or len(results) != len(questions):
        raise NoAnswer("The service answered about other packages than it was asked about.")
    *ours, control = [
        [each["id"] for each in (result or {}).get("vulns", [])] for result in results
    ]
    if not control:
        name, version = _KNOWN_TO_BE_WEAK
        raise NoAnswer(f"The service knows nothing against {name} {version}, which is weak.")
    return [
        f"{name} {version}: {', '.join(found)}"
        for (name, version), found in zip(questions, ours, strict=False)
        if found
    ]
