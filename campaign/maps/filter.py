"""Which areas pass the map's filters: where they lie, band, reasons, quality of data, level of evidence, a shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from campaign.reading.snapshot import Snapshot
from campaign.statements.factors import key_way, reason_keys
from risk.scoring.reasons import Way

Shape = tuple[tuple[float, float], ...]
CORNERS = 60
WAYS = (Way.UP, Way.DOWN, Way.DIFFERS, "belum_ada")
"""What a factor does: raise, lower, only differ, or lack its figure."""
_SHAPE = re.compile(r"-?\d{1,3}\.\d{1,4},-?\d{1,2}\.\d{1,4}(?:;-?\d{1,3}\.\d{1,4},-?\d{1,2}\.\d{1,4}){2,59}")


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty fields ask for nothing. ``within`` is the code of a kabupaten or kecamatan, ``reasons``
    short keys as in `reason_options`, ``shape`` longitude and latitude of corners."""

    within: str = ""
    bands: tuple[str, ...] = ()
    island: str = ""
    grades: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    shape: Shape = ()


def kept_codes(snapshot: Snapshot, level: str, wanted: Filters) -> set[str] | None:
    """Codes of a level that pass every filter that is set; None when none is.

    An area above the village lies on each island, and in the shape, that one of its villages lies on or in.
    """
    if wanted == Filters():
        return None
    scores, codes = snapshot.scores[level], snapshot.places[level].index
    kept = {kode for kode in codes if kode.startswith(wanted.within) or wanted.within.startswith(kode)}
    if wanted.bands:
        kept &= set(scores.index[scores["prioritas"].isin(wanted.bands)])
    if wanted.grades:
        kept &= set(scores.index[scores["kualitas_data"].isin(wanted.grades)])
    if wanted.evidence:
        kept &= set(scores.index[scores["tingkat_bukti"].isin(wanted.evidence)])
    if wanted.reasons:
        asked = set(wanted.reasons)
        kept &= {kode for kode, own in _reasons(snapshot, level).items() if own & asked}
    length = len(codes[0]) if len(codes) else 0
    if wanted.island:
        kept &= set(snapshot.islands.index[snapshot.islands == wanted.island].str[:length])
    if wanted.shape:
        villages = snapshot.places["desa"]
        kept &= set(villages.index[inside(villages, wanted.shape)].str[:length])
    return kept


def reason_options(snapshot: Snapshot) -> list[str]:
    """Short keys of the reasons that any village has (``kemiskinan.naik``, ``idm.beda``), sorted: what raises comes
    first."""
    known = set().union(*_reasons(snapshot, "desa").values()) if len(snapshot.scores["desa"]) else set()
    order = [*WAYS, ""]
    return sorted(known, key=lambda key: (order.index(key_way(key)), key))


@lru_cache(maxsize=6)
def _reasons(snapshot: Snapshot, level: str) -> dict[str, frozenset[str]]:
    scores = snapshot.scores[level]
    return {str(kode): reason_keys(own) for kode, own in zip(scores.index, scores["alasan"], strict=True)}


def read_shape(text: str) -> Shape:
    """The corners written as ``lon,lat;lon,lat;…`` (three to sixty, degrees); empty for anything else."""
    if not _SHAPE.fullmatch(text):
        return ()
    corners = tuple((float(lon), float(lat)) for lon, lat in (pair.split(",") for pair in text.split(";")))
    return corners if all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in corners) else ()


def rectangle(text: str) -> str:
    """``west south east north`` (four numbers, any separators) as a shape's text; empty for anything else."""
    numbers = re.findall(r"-?\d+(?:\.\d+)?", text)
    if len(numbers) != 4 or re.sub(r"[-\d.,;\s°]", "", text):
        return ""
    west, south, east, north = (float(number) for number in numbers)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        return ""
    corners = ((west, south), (east, south), (east, north), (west, north))
    return ";".join(f"{lon:.3f},{lat:.3f}" for lon, lat in corners)


def inside(places: pd.DataFrame, shape: Shape) -> np.ndarray:
    """Whether the point of each place (``lon, lat``) lies in the shape; one without coordinates does not."""
    x, y = places["lon"].to_numpy(float), places["lat"].to_numpy(float)
    within = np.zeros(len(places), dtype=bool)
    for (ax, ay), (bx, by) in zip(shape, (*shape[1:], shape[0]), strict=True):
        if ay != by:
            crosses = (ay > y) != (by > y)
            within ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return within
