"""The covariates of the score: a short list of public figures that may explain risk, each declared in one row.

Adding one takes a row and the texts that `Covariate.texts` names; the score, the reasons, the model card and the map's
filter loop over the rows. Counts of people that are not public (cases, non-procedural departures) are never covariates,
nor are religion, ethnicity, names or anything about single persons: what is not in `COVARIATES` does not enter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain.levels import Level

FIFTHS = 5
CLEAR = 2.0
"""Posterior SDs that a coefficient is away from 0 before its direction is told."""


@dataclass(frozen=True, kw_only=True)
class Covariate:
    """A figure of villages that may explain risk.

    ``name`` in the model, in reasons and in text keys; ``native`` the finest level at which the figure exists at its
    source; ``unit`` in which it is shown; ``why`` it may explain anything, with its source; ``step`` the difference the
    model card tells its factor for, in the model's measure.

    ``sign``: whether more of it is known to go with more cases (1) or with fewer (-1); 0 where nothing is known. A
    coefficient of another sign, or one that is not `CLEAR`, makes the figure a difference to be told, never a reason.
    ``estimated``: a figure that is not the area's own is an estimate of it, not another area's figure.

    ``column`` of the village frame, where that is named otherwise; ``made`` from it for the model, and ``shown`` back
    in its unit; ``decimals`` shown, None for about three figures. ``compared``: the model card compares the
    fifths of villages by it. ``layer`` of the map that shows it, "" for none.
    """

    name: str
    native: Level
    unit: str
    why: str
    step: float
    sign: int = 0
    estimated: bool = False
    column: str = ""
    made: Callable[[pd.Series], pd.Series] = pd.Series.copy
    shown: Callable[[float], float] = float
    decimals: int | None = None
    compared: bool = False
    layer: str = ""

    @property
    def source(self) -> str:
        """The column of the village frame it is made from."""
        return self.column or self.name

    @property
    def texts(self) -> tuple[str, ...]:
        """The text keys it needs: wherever reasons are told, in the map's filter and the atlas, where two villages are
        compared and in the governor's note, on the model card."""
        fifths = (f"model.kelompok.{self.name}", *(f"model.{self.name}.{i + 1}" for i in range(FIFTHS)))
        return (*factor_texts(self.name), f"alasan.belum_ada.{self.name}", f"model.langkah.{self.name}") + (
            fifths if self.compared else ()
        )


_ROWS = (
    Covariate(
        name="kemiskinan",
        native=Level.DESA,
        unit="persen",
        why="share of poor people: sending villages of TTS, Usbobo & Sogen 2018",
        step=10.0,
        sign=1,
        compared=True,
        layer="kemiskinan",
    ),
    Covariate(
        name="keterpencilan",
        native=Level.DESA,
        unit="km",
        why="log(1 + km to the kabupaten's seat): services and documents are hard to reach",
        step=math.log(2),
        sign=1,
        estimated=True,
        column="jarak_km",
        made=np.log1p,
        shown=np.expm1,
        compared=True,
    ),
    Covariate(
        name="idm",
        native=Level.DESA,
        unit="indeks",
        why="Indeks Desa Membangun (0-1), where loaded: access to basic services",
        step=0.1,
        sign=-1,
        layer="idm",
    ),
    Covariate(
        name="rata_lama_sekolah",
        native=Level.KABUPATEN,
        unit="tahun",
        why="mean years of schooling: BP3MI names lack of education",
        step=1.0,
        sign=-1,
    ),
    Covariate(
        name="pengangguran_terbuka",
        native=Level.KABUPATEN,
        unit="persen",
        why="open unemployment: BP3MI names lack of work",
        step=1.0,
        sign=1,
    ),
)
COVARIATES = {one.name: one for one in _ROWS}
"""The rows by name, in the order of the model."""
PEOPLE = "penduduk"
"""The factor that stands for how many people live there; like a covariate it is a figure that may be borrowed."""
EFFECTS = {"kab": "kabupaten", "kec": "kecamatan", "neighbours": "sekitar"}
"""The model's parts that are no figures but what was reported around, and the names of their factors."""


def factor_texts(name: str) -> tuple[str, ...]:
    """The text keys that every factor of a score needs, covariate or not; none of them says a direction."""
    return (f"alasan.{name}", f"peta.faktor.{name}", f"banding.faktor.{name}")


def score_texts() -> list[str]:
    """All text keys that the factors of a score need."""
    others = [key for name in (PEOPLE, *EFFECTS.values()) for key in factor_texts(name)]
    return [*(key for one in COVARIATES.values() for key in one.texts), *others, f"alasan.belum_ada.{PEOPLE}"]
