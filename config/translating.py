"""What customers read, in other languages: found in code and templates, kept in `locale/`.

A fresh machine has Python and nothing else: no gettext tools. So the catalogue that Django reads
(.mo) is written here, from the one that people edit (.po), and lies beside it in the repository;
a test holds the two together.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template import Engine
from django.template.base import Token
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.text import normalize_newlines
from django.utils.translation import trim_whitespace

_ONE: Final = frozenset({"_", "gettext", "gettext_noop", "gettext_lazy"})
_MANY: Final = frozenset({"ngettext", "ngettext_lazy"})
_IN_ARGUMENTS: Final = re.compile(r"""_\((?P<quote>["'])(?P<words>.+?)(?P=quote)\)""")
_PLURALS: Final = "nplurals=2; plural=(n != 1);"
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_UNESCAPES: Final = {short: plain for plain, short in _ESCAPES.items()}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that is said, and how it is said in another language: once, or for one and many."""

    words: str
    many: str = ""
    said: tuple[str, ...] = ("",)
    is_fuzzy: bool = False

    @property
    def key(self) -> str:
        return f"{self.words}\0{self.many}" if self.many else self.words


def found() -> list[Entry]:
    """Everything that customers read and that is marked to be translated, in order of place."""
    entries: dict[str, Entry] = {}
    for entry in (*_in_code(), *_in_templates()):
        entries.setdefault(entry.key, entry)
    return list(entries.values())


def path(language: str) -> Path:
    """Of the catalogue that people edit."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> list[Entry]:
    """What the catalogue of a language says now; nothing where there is none."""
    file = path(language)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    blocks = [block for block in text.split("\n\n") if "msgid" in block]
    return [entry for entry in map(_entry, blocks) if entry.words]


def updated(language: str) -> list[Entry]:
    """What is found, each with what the catalogue says for it; new ones have nothing yet."""
    known = {entry.key: entry for entry in read(language)}
    return [known.get(entry.key, entry) for entry in found()]


def as_text(language: str, entries: Iterable[Entry]) -> str:
    """The catalogue as people edit it."""
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n{_content_type()}'
    return "\n".join([f"{head}", *map(_block, entries)])


def compiled(language: str, entries: Iterable[Entry]) -> bytes:
    """The catalogue as Django reads it: GNU's .mo, sorted, little-endian, without a hash table."""
    head = f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\n"
    said = {"": f"{head}Plural-Forms: {_PLURALS}\n"}
    said |= {each.key: "\0".join(each.said) for each in entries if all(each.said)}
    keys = sorted(said)
    ids, strings = _table(keys), _table([said[key] for key in keys])
    count, start = len(keys), 28
    body = start + 16 * count
    header = struct.pack("<7I", 0x950412DE, 0, count, start, start + 8 * count, 0, start)
    first, texts = ids
    second, translations = strings
    return b"".join(
        [
            header,
            _offsets(first, body),
            _offsets(second, body + len(texts)),
            texts,
            translations,
        ]
    )


def _in_code() -> Iterator[Entry]:
    for file in sorted((settings.BASE_DIR / "commitments").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "gettext" in text:
            yield from _calls(ast.parse(text))


def _calls(tree: ast.AST) -> Iterator[Entry]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        said = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
        words = [each for each in said if isinstance(each, str)]
        if node.func.id in _MANY and len(words) == 2:
            yield Entry(words=words[0], many=words[1], said=("", ""))
        elif node.func.id in _ONE and words:
            yield Entry(words=words[0])


def _in_templates() -> Iterator[Entry]:
    engine = Engine.get_default()
    root = settings.BASE_DIR / "templates"
    for file in sorted(root.rglob("*")):
        text = file.read_text(encoding="utf-8") if file.suffix in {".html", ".txt"} else ""
        if "i18n" not in text:
            continue
        nodes = engine.from_string(text).nodelist
        for node in nodes.get_nodes_by_type(TranslateNode):
            if isinstance(node, TranslateNode):
                yield Entry(words=str(node.filter_expression.var.literal))
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            if isinstance(node, BlockTranslateNode):
                yield _of_block(node)
        yield from (Entry(words=each["words"]) for each in _IN_ARGUMENTS.finditer(text))


def _of_block(node: BlockTranslateNode) -> Entry:
    words, many = (_joined(node, tokens) for tokens in (node.singular, node.plural or []))
    return Entry(words=words, many=many, said=("", "") if many else ("",))


def _joined(node: BlockTranslateNode, tokens: list[Token]) -> str:
    text, _ = node.render_token_list(tokens)
    return trim_whitespace(text) if node.trimmed else normalize_newlines(text)


def _entry(block: str) -> Entry:
    """One entry of a catalogue; the comments above it but for "fuzzy" mean nothing here."""
    found: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        if line.startswith("msg"):
            keyword = line.split('"', 1)[0].strip()
        if keyword and (quoted := _QUOTED.search(line)):
            found[keyword] = found.get(keyword, "") + _unescape(quoted[1])
    many = found.get("msgid_plural", "")
    said = (
        (found.get("msgstr[0]", ""), found.get("msgstr[1]", ""))
        if many
        else (found.get("msgstr", ""),)
    )
    fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
    return Entry(words=found.get("msgid", ""), many=many, said=said, is_fuzzy=fuzzy)


def _block(entry: Entry) -> str:
    lines = ["#, fuzzy"] if entry.is_fuzzy else []
    lines.append(f'msgid "{_escape(entry.words)}"')
    if entry.many:
        lines.append(f'msgid_plural "{_escape(entry.many)}"')
        lines += [f'msgstr[{n}] "{_escape(said)}"' for n, said in enumerate(entry.said)]
    else:
        lines.append(f'msgstr "{_escape(entry.said[0])}"')
    return "\n".join([*lines, ""])


def _content_type() -> str:
    return f'"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {_PLURALS}\\n"\n'


def _escape(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)


def _unescape(text: str) -> str:
    return re.sub(r"\\.", lambda match: _UNESCAPES.get(match[0], match[0]), text)


def _table(texts: Sequence[str]) -> tuple[list[tuple[int, int]], bytes]:
    """Length and place of each, and all of them one after another."""
    places: list[tuple[int, int]] = []
    data = b""
    for text in texts:
        encoded = text.encode()
        places.append((len(encoded), len(data)))
        data += encoded + b"\0"
    return places, data


def _offsets(places: Sequence[tuple[int, int]], start: int) -> bytes:
    return b"".join(struct.pack("<2I", length, start + place) for length, place in places)
