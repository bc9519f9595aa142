"""What the seas and the neighbours around a province are called, and where to write it on a map."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

EMBEDDED = Path(__file__).parents[1] / "embedded"


@cache
def surroundings(province: str) -> list[list[str | float]]:
    """[``laut`` or ``negeri``, longitude, latitude, name in Bahasa, name in English, zoom from which it is written];
    empty where none are known.

    Degrees (EPSG:4326), placed by hand for a readable map: they mark no border.
    """
    path = EMBEDDED / f"surroundings_{province}.csv"
    if not province.isdigit() or not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            [row["jenis"], float(row["lon"]), float(row["lat"]), row["id"], row["en"], float(row["zum"])]
            for row in csv.DictReader(file)
        ]
