"""What may explain risk: a short, documented list of public covariates per village, with gaps filled and marked.

Counts of people that are not public (cases, non-procedural departures) are never covariates, nor are religion,
ethnicity, names or anything about single persons: what is not in `ALLOWED` does not enter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.figures import LEVELS


@dataclass(frozen=True)
class Covariate:
    """``name`` in the model and in reasons; ``native`` the finest level at which the figure exists at its source."""

    name: str
    native: str
    why: str


ALLOWED = (
    Covariate("kemiskinan", "desa", "share of poor people (%): sending villages of TTS, Usbobo & Sogen 2018"),
    Covariate("keterpencilan", "desa", "log(1 + km to the kabupaten's seat): services and documents are hard to reach"),
    Covariate("idm", "desa", "Indeks Desa Membangun (0-1), where loaded: access to basic services"),
    Covariate("rata_lama_sekolah", "kabupaten", "mean years of schooling: BP3MI names lack of education"),
    Covariate("pengangguran_terbuka", "kabupaten", "open unemployment (%)"),
)
_COLUMN = {"keterpencilan": "jarak_km"}
"""Columns of the village frame that a covariate is made from, where the names differ."""
_MADE: dict[str, Callable[[pd.Series], pd.Series]] = {"keterpencilan": np.log1p}
_GAZETTEER = "gazetir"


@dataclass(frozen=True)
class Features:
    """Per village (index ``kode``): ``values`` in natural units, no gaps; ``population`` persons, > 0; ``level`` from
    which level each of them and ``penduduk`` was taken ("" where it was filled); ``sources`` by covariate."""

    values: pd.DataFrame
    population: pd.Series
    level: pd.DataFrame
    sources: dict[str, str]
    data_contoh: bool

    def borrowed(self, level: str = "desa") -> pd.DataFrame:
        """Which figures are not an area of ``level``'s own but of a larger one (bool per village and figure; a figure
        that exists from the kabupaten up is a village's own when it is its kabupaten's)."""
        rank = {name: i for i, (name, _) in enumerate(LEVELS)}
        native = {covariate.name: covariate.native for covariate in ALLOWED} | {"penduduk": "desa"}
        coarseness = self.level.apply(lambda column: column.map(rank)).fillna(len(rank))
        allowed = pd.Series({name: max(rank[level], rank[native[name]]) for name in self.level.columns})
        return coarseness.gt(allowed, axis=1)


def build_features(frame: pd.DataFrame) -> Features:
    """Covariates of every village from the village frame (`geo.frame.village_frame`, geometry not needed).

    Which figure stands for a village was decided there. What is missing is filled with the mean of the kabupaten, else
    of the province. A covariate without any figure, or the same everywhere, is left out.
    """
    villages = frame.set_index("kode", drop=False)
    origins, villages.attrs = frame.attrs["angka"], {}
    population = villages["penduduk_taksiran"].rename("penduduk")
    values: dict[str, pd.Series] = {}
    levels = {"penduduk": villages["penduduk_taksiran__level"]}
    sources = {"penduduk": _publishers(origins["penduduk"])}
    contoh = origins["penduduk"]["data_contoh"]
    for covariate in ALLOWED:
        name = covariate.name
        column = _COLUMN.get(name, name)
        if column not in origins:
            continue
        contoh |= origins[column]["data_contoh"]
        value = _MADE.get(name, pd.Series.copy)(villages[column])
        value = value.fillna(value.groupby(villages["kode_kab"]).transform("mean")).fillna(
            float(np.average(value.dropna(), weights=population[value.notna()]))
        )
        if np.ptp(value.to_numpy()) <= 1e-12:
            continue
        values[name], levels[name] = value, villages[f"{column}__level"]
        sources[name] = _publishers(origins[column])
    return Features(
        pd.DataFrame(values, index=villages.index),
        population,
        pd.DataFrame(levels, index=villages.index),
        sources,
        bool(contoh),
    )


def _publishers(origin: dict[str, Any]) -> str:
    return "; ".join(origin["sumber"]) or _GAZETTEER
