"""The levels of location, the finest first, and the column of the village frame that holds each level's code."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """A level of administration; compares and serialises as its own word."""

    DESA = "desa"
    KECAMATAN = "kecamatan"
    KABUPATEN = "kabupaten"
    PROVINSI = "provinsi"

    @property
    def column(self) -> str:
        """The column of the village frame with the code of the area of this level."""
        return _COLUMN[self]

    @property
    def code_length(self) -> int:
        """Characters of the dotted code of an area of this level."""
        return _CODE_LENGTH[self]

    def finer_than(self, other: str) -> bool:
        """Whether this level lies below ``other``."""
        return LEVELS.index(self) < LEVELS.index(Level(other))


LEVELS = tuple(Level)
DRAWN = (Level.DESA, Level.KECAMATAN, Level.KABUPATEN)
"""Levels that are scored, mapped and listed."""
BELOW_KABUPATEN = (Level.DESA, Level.KECAMATAN)
"""Levels at which a count points at few people."""
_COLUMN = {Level.DESA: "kode", Level.KECAMATAN: "kode_kec", Level.KABUPATEN: "kode_kab", Level.PROVINSI: "kode_prov"}
_CODE_LENGTH = {Level.DESA: 13, Level.KECAMATAN: 8, Level.KABUPATEN: 5, Level.PROVINSI: 2}
