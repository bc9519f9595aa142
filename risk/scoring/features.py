"""What may explain risk: the covariates of `risk.scoring.covariates` per village, with gaps filled and marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.domain.levels import LEVELS, Level
from risk.scoring.covariates import COVARIATES, PEOPLE

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

    def borrowed(self, level: str = Level.DESA) -> pd.DataFrame:
        """Which figures are not an area of ``level``'s own but of a larger one (bool per village and figure; a figure
        that exists from the kabupaten up is a village's own when it is its kabupaten's)."""
        rank = {str(one): i for i, one in enumerate(LEVELS)}
        native = {name: one.native for name, one in COVARIATES.items()} | {PEOPLE: Level.DESA}
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
    for name, covariate in COVARIATES.items():
        column = covariate.source
        if column not in origins:
            continue
        contoh |= origins[column]["data_contoh"]
        value = covariate.made(villages[column])
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
