"""Area codes as the home ministry (Kemendagri) writes them: dotted text, ``53.01.04.2003``.

A code is 2 digits (provinsi), 4 (kabupaten), 6 (kecamatan) or 10 (desa or kelurahan), dotted 2.2.2.4. Shape says
nothing about the code *system*: a BPS code of ten digits looks the same and means another place, so whoever reads
a file decides the system first (``data.intake.places.resolve``).
"""

from __future__ import annotations

import re

from data.domain.levels import Level
from data.errors import PetaAmanError

_LEVEL_OF_DIGITS = {2: Level.PROVINSI, 4: Level.KABUPATEN, 6: Level.KECAMATAN, 10: Level.DESA}
_DIGITS_OF_LEVEL = {level: digits for digits, level in _LEVEL_OF_DIGITS.items()}
_DOTTED = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?", re.ASCII)
_PLAIN = re.compile(r"\d+", re.ASCII)


class CodeError(PetaAmanError):
    """Text that is not an area code; ``reason`` is ``BAD_CODE``."""

    exit_code = 3


def parse_code(text: str) -> str:
    """The dotted code of ``text``, which may have its dots or lack them (``5301042003``).

    Raises `CodeError` for anything else, a number of seven digits (BPS kecamatan) included.
    """
    plain = text.strip()
    if _DOTTED.fullmatch(plain):
        return plain
    if _PLAIN.fullmatch(plain) and len(plain) in _LEVEL_OF_DIGITS:
        return dotted(plain)
    raise CodeError("BAD_CODE", value=plain[:40])


def dotted(digits: str) -> str:
    """``5301042003`` → ``53.01.04.2003``; the digits must be 2, 4, 6 or 10."""
    parts = [digits[0:2], digits[2:4], digits[4:6], digits[6:]]
    return ".".join(part for part in parts if part)


def digits_of(kode: str) -> str:
    """The code without its dots."""
    return kode.replace(".", "")


def level_of(kode: str) -> Level:
    """The level a dotted code names; raises `CodeError` when it names none."""
    if not _DOTTED.fullmatch(kode):
        raise CodeError("BAD_CODE", value=kode[:40])
    return _LEVEL_OF_DIGITS[len(digits_of(kode))]


def parent(kode: str) -> str | None:
    """The code one level up, ``None`` for a province."""
    level_of(kode)
    head, _, _ = kode.rpartition(".")
    return head or None


def up_to(kode: str, level: str) -> str:
    """The code of the area of ``level`` that holds ``kode`` (itself when it is of that level)."""
    own = level_of(kode)
    wanted = Level(level)
    if wanted.finer_than(own):
        raise CodeError("WRONG_LEVEL", value=kode, level=level)
    return dotted(digits_of(kode)[: _DIGITS_OF_LEVEL[wanted]])
