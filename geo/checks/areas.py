"""What the gazetteer says of the areas of one level, in the form the check of a boundary file needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from data.domain.codes import digits_of, dotted
from data.domain.levels import Level
from data.intake.cells.text import name_key, numeral_of

ALIKE = 0.8
"""Likeness from which two spellings of a name agree (only ever to tell code systems apart)."""
MARGIN = 0.5
"""Degrees around the gazetteer's points within which the province lies."""
INDONESIA = (94.5, -11.5, 141.5, 6.5)
"""Lon and lat within which any area lies when the gazetteer has no points."""
_NAME = {"desa": "nama", "kecamatan": "kecamatan", "kabupaten": "kabupaten"}
_BPS_DIGITS = {"desa": 10, "kecamatan": 7, "kabupaten": 4, "provinsi": 2}


@dataclass(frozen=True)
class Areas:
    """Areas of ``level``: ``names`` and ``points`` (lon, lat; the mean of its villages') by code, ``precise`` the codes
    whose point is known to lie in the area itself, ``successors`` of retired codes, ``bps`` from BPS digits to the
    code, ``older`` names, the provinces' codes and the ``extent`` (degrees)."""

    level: str
    names: dict[str, str]
    points: dict[str, tuple[float, float]]
    provinces: frozenset[str]
    extent: tuple[float, float, float, float]
    precise: frozenset[str] = frozenset()
    successors: dict[str, str] = field(default_factory=dict)
    bps: dict[str, str] = field(default_factory=dict)
    older: dict[str, list[str]] = field(default_factory=dict)

    def named(self, kode: str, name: str | None) -> bool:
        """Whether a name may be that of an area, as it is spelled today or was before."""
        return any(agree(name, own) for own in (self.names.get(kode), *self.older.get(kode, ())))


def areas_of(gazetteer: pd.DataFrame, level: str, crosswalk: pd.DataFrame | None = None) -> Areas:
    """From the gazetteer in the store's columns (one row per village) and the crosswalk imported since (``jenis, nilai,
    kode``: BPS codes, retired codes, older names); what the gazetteer itself says stays.
    """
    if crosswalk is not None and len(crosswalk):
        gazetteer = _completed(gazetteer, crosswalk)
    codes = gazetteer[Level(level).column].astype(str)
    names = gazetteer[_NAME[level]] if level in _NAME else pd.Series("", index=gazetteer.index)
    located = gazetteer["lon"].notna() & gazetteer["lat"].notna()
    means = gazetteer.loc[located, ["lon", "lat"]].astype(float).groupby(codes[located]).mean()
    return Areas(
        level=level,
        names=dict(zip(codes, names.fillna("").astype(str), strict=True)),
        points={str(code): (lon, lat) for code, (lon, lat) in zip(means.index, means.to_numpy().tolist(), strict=True)},
        provinces=frozenset(gazetteer["kode_prov"].astype(str)),
        extent=_extent(gazetteer.loc[located, ["lon", "lat"]].to_numpy(dtype=float)),
        precise=frozenset(codes[located & (gazetteer["presisi_titik"] == "desa")]) if level == "desa" else frozenset(),
        successors=_successors(gazetteer) if level == "desa" else {},
        bps=_bps(gazetteer, codes, level),
        older=_older(crosswalk) if level == "desa" else {},
    )


def agree(one: str | None, other: str | None) -> bool:
    """Whether two spellings may be one name: alike after folding, and not numbered apart (``Oesao I``, ``Oesao II``).

    Empty agrees with nothing.
    """
    a, b = name_key(one or ""), name_key(other or "")
    if not a or not b or numeral_of(a) != numeral_of(b):
        return False
    return a == b or SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE


def _completed(gazetteer: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """The gazetteer with the crosswalk's BPS codes where it has none, and its retired codes added."""
    crosswalk = crosswalk[["jenis", "nilai", "kode"]].drop_duplicates()
    codes = crosswalk[crosswalk["jenis"] == "bps"]
    codes = codes[~codes["nilai"].duplicated(keep=False) & ~codes["nilai"].isin(gazetteer["kode_bps"])]
    bps = gazetteer["kode"].map(codes.drop_duplicates("kode").set_index("kode")["nilai"]).fillna("")
    retired = crosswalk[crosswalk["jenis"] == "lama"]
    old = retired["nilai"].map(digits_of).map(dotted).groupby(retired["kode"]).agg(";".join)
    own = gazetteer["kode_lama"].fillna("").astype(str)
    return gazetteer.assign(
        kode_bps=gazetteer["kode_bps"].fillna("").astype(str).where(lambda known: known != "", bps),
        kode_lama=own.str.cat(gazetteer["kode"].map(old).fillna(""), sep=";").str.strip(";"),
    )


def _older(crosswalk: pd.DataFrame | None) -> dict[str, list[str]]:
    """The names each village had or has elsewhere."""
    if crosswalk is None or not len(crosswalk):
        return {}
    older: dict[str, list[str]] = {}
    for kode, name in crosswalk.loc[crosswalk["jenis"] == "nama", ["kode", "nilai"]].itertuples(index=False):
        older.setdefault(str(kode), []).append(str(name))
    return older


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
