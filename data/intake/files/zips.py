"""Zip containers (XLSX, ODS) looked at before anything opens them: no bombs, no escapes, no XML entities."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO

from data.errors import Refused

MAX_MEMBERS = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 10 * 1024 * 1024
"""Small files of blanks compress well; the ratio counts from this unpacked size on."""

_CHUNK = 1 << 18
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".vml")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_checked(content: bytes) -> zipfile.ZipFile:
    """The archive, when it may be opened.

    Raises `Refused`: ``CORRUPT_FILE``, ``ENCRYPTED``, ``ZIP_PATH``, ``ZIP_BOMB``. Sizes are those declared in the
    directory; Python's reader never unpacks beyond the declared size.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise Refused("CORRUPT_FILE") from fault
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("ENCRYPTED")
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise Refused("ZIP_PATH")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    too_dense = unpacked > RATIO_FROM and unpacked / packed > MAX_RATIO
    overlapping = unpacked > RATIO_FROM and packed > len(content)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or too_dense or overlapping:
        raise Refused("ZIP_BOMB", megabytes=unpacked // (1024 * 1024), allowed=MAX_UNPACKED // (1024 * 1024))
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member, unpacked; a damaged or absent one is ``CORRUPT_FILE``."""
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as fault:
        raise Refused("CORRUPT_FILE") from fault
    except Exception as fault:  # zlib.error is not exported by zipfile
        raise Refused("CORRUPT_FILE") from fault


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Raises `Refused` (``XML_BOMB``) when an XML part declares a document type: office files never do."""
    for member in archive.infolist():
        if not member.filename.lower().endswith(_PICTURES):
            try:
                with archive.open(member) as part:
                    declares = _declares(part)
            except Exception as fault:
                raise Refused("CORRUPT_FILE") from fault
            if declares:
                raise Refused("XML_BOMB")


def _declares(part: IO[bytes]) -> bool:
    """Whether a document type stands anywhere in a part: long comments may come before it."""
    tail = b""
    while chunk := part.read(_CHUNK):
        text = tail + chunk.replace(b"\x00", b"")
        if _DOCTYPE.search(text):
            return True
        tail = text[-16:]
    return False
