"""What a file that a customer sends really is, by its content.

Photos, PDF and plain text are taken; all else is refused. A name is believed only where it says
the same as the content: whoever opens the file later goes by its name. Nothing is ever unpacked, so
what is packed, or hides an archive behind a picture, is refused unopened.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from typing import Final

from commitments.errors import CommitmentError

LARGEST: Final = 5 * 1024 * 1024
_MOST_PIXELS: Final = 100_000_000  # a few bytes may stand for a picture that no machine can show
_NAME: Final = 100


class WrongFile(CommitmentError):
    """This file is not taken."""


@dataclass(frozen=True)
class FileType:
    """`endings` are what its name may end with; the first is given where a photo has another."""

    media_type: str
    words: str
    endings: tuple[str, ...]

    @property
    def is_photo(self) -> bool:
        return self.media_type.startswith("image/")


JPEG: Final = FileType("image/jpeg", "a JPEG photo", ("jpg", "jpeg", "jfif"))
PNG: Final = FileType("image/png", "a PNG picture", ("png",))
GIF: Final = FileType("image/gif", "a GIF picture", ("gif",))
WEBP: Final = FileType("image/webp", "a WebP picture", ("webp",))
HEIC: Final = FileType("image/heic", "an HEIC photo", ("heic", "heif"))
PDF: Final = FileType("application/pdf", "a PDF", ("pdf",))
TEXT: Final = FileType("text/plain", "plain text", ("txt", "text", "log", "csv"))
_TYPES: Final = (JPEG, PNG, GIF, WEBP, HEIC, PDF, TEXT)

TAKEN: Final = "photos (JPEG, PNG, HEIC, WebP, GIF), PDF and plain text"
ACCEPT: Final = "image/jpeg,image/png,image/heic,image/webp,image/gif,application/pdf,text/plain"
_BEGIN_WITH: Final = ((b"\xff\xd8\xff", JPEG), (b"GIF8", GIF), (b"%PDF-", PDF))
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc"})


def checked(name: str, content: bytes) -> tuple[str, FileType]:
    """The name to show and the type of a file; WrongFile says in a sentence what to do."""
    shown = shown_name(name)
    if not content:
        raise WrongFile(f"{shown} is empty. Please choose another file.", field="file")
    if len(content) > LARGEST:
        raise too_large(shown)
    found = _type_of(content)
    if found is None:
        raise WrongFile(f"{shown} is nothing that we can take. We take {TAKEN}.", field="file")
    return _named(shown, found), found


def too_large(name: str) -> WrongFile:
    most = LARGEST // 1024 // 1024
    return WrongFile(f"{name} is larger than {most} MB. Please send a smaller one.", field="file")


def _type_of(content: bytes) -> FileType | None:
    if zipfile.is_zipfile(io.BytesIO(content)):  # also where one hides behind a picture
        return None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if _is_sane_png(content) else None
    for begins, found in _BEGIN_WITH:
        if content.startswith(begins):
            return found
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return HEIC
    return TEXT if _is_text(content) else None


def _is_sane_png(content: bytes) -> bool:
    if len(content) < 24 or content[12:16] != b"IHDR":
        return False
    width, height = struct.unpack(">II", content[16:24])
    return 0 < int(width) * int(height) <= _MOST_PIXELS


def _is_text(content: bytes) -> bool:
    """Plain text in UTF-8, and none that a browser or an office program would run or draw."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(character < " " and character not in "\t\n\r\f" for character in text):
        return False
    return not text.lstrip().startswith("<") and "<script" not in text.lower()


def shown_name(name: str) -> str:
    """The last part of a name, without what could mislead whoever reads or saves it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in last if character.isprintable())
    kept = kept.replace('"', "").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 8:
        kept = f"{stem[: _NAME - len(ending) - 1]}.{ending}"
    return kept[:_NAME] or "The file"


def _named(shown: str, found: FileType) -> str:
    stem, _, ending = shown.rpartition(".")
    said = next((each for each in _TYPES if ending.lower() in each.endings), None)
    if said is found:
        return shown
    if said is not None and said.is_photo and found.is_photo:
        return f"{stem}.{found.endings[0]}"  # phones do that
    if not stem:
        return f"{shown}.{found.endings[0]}"
    what = f"is named like {said.words}" if said else f"ends with .{ending}"
    raise WrongFile(
        f"{shown} {what}, but holds {found.words}. Please send it under its right name.",
        field="file",
    )
