"""Words and colours that mark a village, looked for in a document somebody edited: before it is signed or shown.

Texts of Word, PowerPoint and Excel files, and of plain text. What to write instead comes with each finding.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from data.errors import Refused, WrongUse
from words.stigma import is_red, stigma

OFFICE = {".docx": "word/", ".pptx": "ppt/slides/", ".xlsx": "xl/"}
PLAIN = (".txt", ".md", ".csv")
WORDING_FORMATS = (*OFFICE, *PLAIN)
MOST_BYTES = 100_000_000
_BLOCKS = ("p", "si", "is")
"""Elements that hold one piece of text: a paragraph, a cell."""
_PAINTED = ("color", "shd", "srgbClr", "fgColor", "bgColor")
_ASIDE = ("theme", "styles", "settings", "fontTable", "webSettings", "numbering")
"""Parts an office program fills with colours of its own."""


@dataclass(frozen=True)
class Finding:
    """``where`` it stands (a line's number, or a part of the file and the number of its paragraph), the words as they
    stand there or the colour, and what to write instead (Bahasa, English; empty for a colour)."""

    where: str
    words: str
    instead: tuple[str, str] = ("", "")


def look_through(path: Path) -> list[Finding]:
    """Everything found in a file, in its order.

    Raises `WrongUse` (``NO_FILE``, ``UNKNOWN_FORMAT``) and `Refused` (``CORRUPT_FILE``, ``TOO_LARGE``).
    """
    suffix = path.suffix.lower()
    if suffix not in WORDING_FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=suffix or path.name, allowed=", ".join(WORDING_FORMATS))
    if not path.is_file():
        raise WrongUse("NO_FILE", path=path.name)
    if suffix in PLAIN:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return [one for i, line in enumerate(lines, start=1) for one in _marks(str(i), line)]
    try:
        with zipfile.ZipFile(path) as file:
            return [one for name, root in _parts(file, OFFICE[suffix]) for one in _of_part(name, root)]
    except (zipfile.BadZipFile, ParseError, KeyError):
        raise Refused("CORRUPT_FILE") from None


def _parts(file: zipfile.ZipFile, folder: str) -> Iterator[tuple[str, Element]]:
    own = [one for one in file.infolist() if one.filename.startswith(folder) and one.filename.endswith(".xml")]
    if sum(one.file_size for one in own) > MOST_BYTES:
        raise Refused("TOO_LARGE", size=sum(one.file_size for one in own), limit=MOST_BYTES)
    for one in sorted(own, key=lambda part: part.filename):
        if any(aside in one.filename for aside in _ASIDE):
            continue
        content = file.read(one)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:  # no office program writes one; bombs need them
            raise Refused("CORRUPT_FILE")
        yield Path(one.filename).stem, fromstring(content)


def _of_part(name: str, root: Element) -> Iterator[Finding]:
    number = 0
    for element in root.iter():
        kind = element.tag.rpartition("}")[2]
        if kind in _BLOCKS:
            number += 1
            yield from _marks(f"{name} {number}", "".join(element.itertext()))
        elif kind in _PAINTED:
            for attribute, value in element.attrib.items():
                if attribute.rpartition("}")[2] in ("val", "fill", "rgb") and _red(value):
                    yield Finding(name, f"#{value[-6:].upper()}")


def _marks(where: str, text: str) -> Iterator[Finding]:
    for words, term in stigma(text):
        yield Finding(where, words, term.instead)


def _red(value: str) -> bool:
    digits = value[-6:]
    return len(value) in (6, 8) and all(sign in "0123456789abcdefABCDEF" for sign in digits) and is_red(f"#{digits}")
