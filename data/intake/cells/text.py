"""Text as people type it, made comparable: invisible characters out, names and headers folded to a key."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0x00AD, 0xFEFF]
)
"""Zero-width and direction marks: seen by no reader, carried along by copy and paste."""

_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
"""Quotes and dashes of Windows-1252 that an earlier program took for Latin-1 control characters."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʹʻ\"")
_LONGEST_NAME = 300
_BRACKETED = re.compile(r"\((?![^)]*\b(?i:persiapan)\b)[^)]*\)")
"""Remarks behind a name; ``(persiapan)`` is none: such a village is not yet one, and not the one it is split from."""
_RUN_ON = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]|[IVX]+\s*$)")
"""Between words written without a blank: ``WaeReboII``, ``KembarSatu`` (GADM writes all names so)."""

_TITLES = re.compile(
    r"^(?:(?:pemerintah )?(?:kabupaten|kab|kota adm|desa|ds|kelurahan|kel|kecamatan|kec|provinsi|prov|propinsi)\b ?)+"
)
_NUMERALS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
    "satu": "1",
    "dua": "2",
    "tiga": "3",
    "empat": "4",
    "lima": "5",
    "enam": "6",
    "tujuh": "7",
    "delapan": "8",
}


def clean(text: str) -> str:
    """The text as it is kept: NFC, no invisible characters, every run of white space one blank, trimmed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(INVISIBLE).translate(_WINDOWS)).strip()


def has_control(text: str) -> bool:
    """Whether a control character is left (tabs and line ends are white space, not control)."""
    return bool(_CONTROL.search(text))


def words_of(text: str) -> str:
    """Lower-case ASCII words with single blanks: accents and punctuation gone (``Jml. Kasus`` → ``jml kasus``)."""
    plain = unicodedata.normalize("NFKD", text.translate(INVISIBLE)).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub(" ", plain.lower()).strip()


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header made comparable: ``KODE_DESA``, ``kodeDesa`` and ``Kode  Desa *)`` are all ``kode desa``."""
    plain = clean(text).replace("%", " persen ")
    return words_of(plain if text.isupper() else _CAMEL.sub(" ", plain))


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """A place name made comparable: ``Ds. Oe'sapa II`` and ``OESAPA DUA`` are both ``oesapa2``.

    Office titles in front, bracketed remarks, apostrophes, blanks (also in ``W U L L A``) and accents do not count;
    a Roman numeral or number word at the end is a number.
    """
    text = text[:_LONGEST_NAME]
    plain = _RUN_ON.sub(" ", unicodedata.normalize("NFKD", _BRACKETED.sub(" ", text.translate(INVISIBLE))))
    words = _NOT_WORD.sub(" ", plain.encode("ascii", "ignore").decode().lower().translate(_APOSTROPHES)).strip()
    parts = (_TITLES.sub("", words) or words).split()
    if len(parts) > 1 and parts[-1] in _NUMERALS and not all(len(part) == 1 for part in parts):
        parts[-1] = _NUMERALS[parts[-1]]
    return "".join(parts)


def numeral_of(key: str) -> str:
    """The number a name key ends in, or nothing (``oesapa2`` → ``2``)."""
    return key[len(key.rstrip("0123456789")) :]


def shorten(text: str, length: int = 40) -> str:
    """The text as a message may quote it."""
    return text if len(text) <= length else text[: length - 1] + "…"
