"""Coordinates as offices write them: decimal degrees, degrees and minutes, hemispheres in Indonesian and English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.intake.files.raw import Cell

_HEMISPHERES = {
    "ls": ("lat", -1),
    "lintang selatan": ("lat", -1),
    "selatan": ("lat", -1),
    "s": ("lat", -1),
    "south": ("lat", -1),
    "lu": ("lat", 1),
    "lintang utara": ("lat", 1),
    "utara": ("lat", 1),
    "u": ("lat", 1),
    "n": ("lat", 1),
    "north": ("lat", 1),
    "bt": ("lon", 1),
    "bujur timur": ("lon", 1),
    "timur": ("lon", 1),
    "t": ("lon", 1),
    "e": ("lon", 1),
    "east": ("lon", 1),
    "bb": ("lon", -1),
    "bujur barat": ("lon", -1),
    "barat": ("lon", -1),
    "b": ("lon", -1),
    "w": ("lon", -1),
    "west": ("lon", -1),
}
_WORDS = re.compile(r"[A-Za-z][A-Za-z ]*[A-Za-z]|[A-Za-z]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MARKS = re.compile(r"[°º˚′’'″”\"`´]|\bderajat\b|\bdeg\b|\bmenit\b|\bmin\b|\bdetik\b|\bsec\b", re.IGNORECASE)
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,;/ ]\s*(-?\d+(?:\.\d+)?)|(-?\d+,\d+)\s*[;/ ]\s*(-?\d+,\d+)")


@dataclass(frozen=True)
class Coordinate:
    """Degrees (EPSG:4326 axes), ``axis`` when the text says which it is; or the ``reason`` it cannot be read.

    ``value`` None without a reason is a blank cell.
    """

    value: float | None = None
    axis: str | None = None
    reason: str | None = None


def read_coordinate(cell: Cell) -> Coordinate:
    """One cell: ``-10,1772`` · ``10°10'38" LS`` · ``10 10.63 S`` · ``BT 123° 36'``. Reasons: ``NOT_A_NUMBER``,
    ``OUT_OF_RANGE`` (61 minutes), ``AMBIGUOUS_NUMBER`` (``-10.177.212``), ``CELL_ERROR``.
    """
    if cell is None:
        return Coordinate()
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return Coordinate(reason="NOT_A_NUMBER")
    if not isinstance(cell, str):
        return Coordinate(float(cell))
    text = cell.strip().replace("−", "-").replace("–", "-")
    if text in ("", "-"):
        return Coordinate()
    if text.startswith("#"):
        return Coordinate(reason="CELL_ERROR")
    bare = " ".join(_MARKS.sub(" ", text).split())
    axis, sign = None, 1
    for word in _WORDS.findall(bare):
        found = _HEMISPHERES.get(word.lower())
        if found is None or (axis is not None and axis != found[0]):
            return Coordinate(reason="NOT_A_NUMBER")
        axis, sign = found
    digits = _WORDS.sub(" ", bare).strip()
    negative = digits.startswith("-")
    digits = digits.removeprefix("-").removeprefix("+").strip()
    if re.fullmatch(r"\d+(?:[.,]\d+){2,}", digits):
        return Coordinate(reason="AMBIGUOUS_NUMBER")
    parts = re.split(r"\s*[:]\s*|\s+", digits)
    if not 1 <= len(parts) <= 3 or not all(_NUMBER.fullmatch(part) for part in parts):
        return Coordinate(reason="NOT_A_NUMBER")
    numbers = [float(part.replace(",", ".")) for part in parts]
    if any(number >= 60 for number in numbers[1:]) or any(not number.is_integer() for number in numbers[:-1]):
        return Coordinate(reason="OUT_OF_RANGE")
    value = sum(number / 60**place for place, number in enumerate(numbers))
    # A minus beside LS says the same thing twice.
    return Coordinate(-value if negative or sign < 0 else value, axis)


def is_pair(text: str) -> bool:
    """Whether a text is two decimal numbers that can be degrees, and nothing else."""
    one, other = read_pair(text) if _PAIR.fullmatch(text.strip().strip("()[]").replace("−", "-")) else (None, None)
    return bool(one and other and abs(one.value or 0) <= 180 and abs(other.value or 0) <= 180)


def read_pair(cell: Cell) -> tuple[Coordinate, Coordinate]:
    """Latitude and longitude from one cell (``-10.1772, 123.6070``; ``10°10' LS 123°36' BT``)."""
    if not isinstance(cell, str) or not cell.strip():
        return Coordinate(), Coordinate()
    text = cell.strip().strip("()[]").replace("−", "-")
    if found := _PAIR.fullmatch(text):
        first, second = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
        return read_coordinate(first), read_coordinate(second)
    halves = re.split(r"(?<=[A-Za-z])\s*[,;/]?\s*(?=\d)|\s*[;/]\s*|,\s+", text)
    if len(halves) == 2:
        one, other = read_coordinate(halves[0]), read_coordinate(halves[1])
        return (other, one) if one.axis == "lon" and other.axis == "lat" else (one, other)
    return Coordinate(reason="NOT_A_NUMBER"), Coordinate(reason="NOT_A_NUMBER")
