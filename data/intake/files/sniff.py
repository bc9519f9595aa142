"""What a file is, by its content; its name is only believed when both agree."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from data.errors import Refused
from data.intake.files.limits import MAX_BYTES, too_large
from data.intake.files.zips import open_checked, read_member, refuse_entities
from data.intake.report import RowIssue

_SPREADSHEET_NAMES = {
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "xls": "xls",
    "ods": "ods",
    "csv": "text",
    "tsv": "text",
    "txt": "text",
}
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b", re.I | re.S
)
_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
    (b"II*\x00", "TIFF"),
    (b"BM", "BMP"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)


@dataclass
class Sniffed:
    """A file that may be read: its ``container`` ∈ text, xlsx, xls, ods, and the opened archive of a zip."""

    container: str
    archive: zipfile.ZipFile | None = None
    warnings: list[RowIssue] = field(default_factory=list)


def sniff(content: bytes, file_name: str) -> Sniffed:
    """Decides the container.

    Raises `Refused`: ``EMPTY_FILE``, ``TOO_LARGE``, ``ENCRYPTED``, ``CORRUPT_FILE``, ``ZIP_BOMB``, ``ZIP_PATH``,
    ``XML_BOMB``; ``TYPE_MISMATCH`` when the name promises a table but the content is something else that cannot be
    read, ``UNSUPPORTED_FORMAT`` when the content is no table and the name does not say it is.
    """
    promised = _SPREADSHEET_NAMES.get(file_name.rpartition(".")[2].lower())
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Refused("EMPTY_FILE")
    if len(content) > MAX_BYTES:
        raise too_large()
    if content.startswith(b"PK"):
        found = _zip(content, promised)
    elif content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        found = _ole(content, promised)
    else:
        found = _text(content, promised)
    if promised and promised != found.container:
        found.warnings.append(RowIssue(None, None, "TYPE_NAME", {"found": found.container.upper()}))
    return found


def _zip(content: bytes, promised: str | None) -> Sniffed:
    archive = open_checked(content)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        refuse_entities(archive)
        return Sniffed("xlsx", archive)
    if "mimetype" in names and b"opendocument.spreadsheet" in read_member(archive, "mimetype"):
        refuse_entities(archive)
        manifest = read_member(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b"encryption-data" in manifest:
            raise Refused("ENCRYPTED")
        return Sniffed("ods", archive)
    inside = "XLSB" if "xl/workbook.bin" in names else "DOCX" if "word/document.xml" in names else "ZIP"
    raise _other(inside, promised)


def _ole(content: bytes, promised: str | None) -> Sniffed:
    def stream(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if stream("EncryptedPackage"):
        raise Refused("ENCRYPTED")
    if stream("Workbook") or stream("Book"):
        return Sniffed("xls")
    if stream("WordDocument"):
        raise _other("DOC", promised)
    raise Refused("CORRUPT_FILE")


def _text(content: bytes, promised: str | None) -> Sniffed:
    beginning = content[:64].lstrip()
    for magic, name in _MAGIC:
        if content.startswith(magic) or (len(magic) > 3 and beginning.startswith(magic)):
            raise _other(name, promised)
    head = content[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    elif head.count(b"\x00") > len(head) // 4:
        head = head.replace(b"\x00", b"")
    elif b"\x00" in head:
        raise _other("BIN", promised)
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.lstrip()[:13].lower() == b"mime-version:" or _HTML.match(head):
        raise _other("HTML", promised)
    start = head.lstrip()
    if start.startswith(b"<?xml") or start.startswith(b"<"):
        raise _other("XML", promised)
    if start.startswith((b"{", b"[{", b"[\n", b"[ ")):
        raise _other("JSON", promised)
    if promised in ("xlsx", "xls", "ods") and not any(mark in head for mark in (b",", b";", b"\t", b"|")):
        raise Refused("CORRUPT_FILE")
    return Sniffed("text")


def _other(found: str, promised: str | None) -> Refused:
    return Refused("TYPE_MISMATCH" if promised else "UNSUPPORTED_FORMAT", found=found)
