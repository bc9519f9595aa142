"""What the gazetteer says of the areas of one level, in the form the check of a boundary file needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.codes import digits_of

MARGIN = 0.5
"""Degrees around the gazetteer's points within which the province lies."""
INDONESIA = (94.5, -11.5, 141.5, 6.5)
"""Lon and lat within which any area lies when the gazetteer has no points."""
_CODE = {"desa": "kode", "kecamatan": "kode_kec", "kabupaten": "kode_kab", "provinsi": "kode_prov"}
_NAME = {"desa": "nama", "kecamatan": "kecamatan", "kabupaten": "kabupaten"}
_BPS_DIGITS = {"desa": 10, "kecamatan": 7, "kabupaten": 4, "provinsi": 2}


@dataclass(frozen=True)
class Areas:
    """Areas of ``level``: ``names`` and ``points`` (lon, lat; the mean of its villages') by code, ``successors`` of
    retired codes, ``bps`` from BPS digits to the code, the provinces' codes and the ``extent`` (degrees)."""

    level: str
    names: dict[str, str]
    points: dict[str, tuple[float, float]]
    provinces: frozenset[str]
    extent: tuple[float, float, float, float]
    successors: dict[str, str] = field(default_factory=dict)
    bps: dict[str, str] = field(default_factory=dict)


def areas_of(gazetteer: pd.DataFrame, level: str) -> Areas:
    """From the gazetteer in the store's columns (one row per village)."""
    codes = gazetteer[_CODE[level]].astype(str)
    names = gazetteer[_NAME[level]] if level in _NAME else pd.Series("", index=gazetteer.index)
    located = gazetteer["lon"].notna() & gazetteer["lat"].notna()
    means = gazetteer.loc[located, ["lon", "lat"]].astype(float).groupby(codes[located]).mean()
    return Areas(
        level=level,
        names=dict(zip(codes, names.fillna("").astype(str), strict=True)),
        points={str(code): (lon, lat) for code, (lon, lat) in zip(means.index, means.to_numpy().tolist(), strict=True)},
        provinces=frozenset(gazetteer["kode_prov"].astype(str)),
        extent=_extent(gazetteer.loc[located, ["lon", "lat"]].to_numpy(dtype=float)),
        successors=_successors(gazetteer) if level == "desa" else {},
        bps=_bps(gazetteer, codes, level),
    )


def _extent(points: np.ndarray) -> tuple[float, float, float, float]:
    if len(points) == 0:
        return INDONESIA
    west, south = points.min(axis=0) - MARGIN
    east, north = points.max(axis=0) + MARGIN
    return float(west), float(south), float(east), float(north)


def _successors(gazetteer: pd.DataFrame) -> dict[str, str]:
    """Retired code → the one village that took its place; a code that was split among several has no successor."""
    found: dict[str, set[str]] = {}
    for kode, old in zip(gazetteer["kode"], gazetteer["kode_lama"].fillna(""), strict=True):
        for retired in str(old).split(";"):
            if retired.strip():
                found.setdefault(retired.strip(), set()).add(str(kode))
    return {old: next(iter(new)) for old, new in found.items() if len(new) == 1}


def _bps(gazetteer: pd.DataFrame, codes: pd.Series, level: str) -> dict[str, str]:
    """BPS digits → code; for kecamatan and kabupaten from the beginning of their villages' codes, where all agree."""
    digits = gazetteer["kode_bps"].fillna("").astype(str).map(digits_of)
    heads = digits.where(digits.str.len() == 10, "").str[: _BPS_DIGITS[level]]
    pairs = pd.DataFrame({"bps": heads, "kode": codes})[heads != ""].drop_duplicates()
    pairs = pairs[~pairs["bps"].duplicated(keep=False)]
    return dict(zip(pairs["bps"], pairs["kode"], strict=True))
