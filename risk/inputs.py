"""What a score is made from, and the two models that are fitted to it.

Everything about villages comes from the village frame, cases and departures from the store's facts.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.errors import PetaAmanError
from data.store.store import Store
from data.workspace import Workspace
from geo.frame import village_frame
from risk.features import Features, build_features
from risk.model import VillageRiskRegressor
from risk.observed import Observed, observe
from risk.released import fit_released

DRAWS = 500
GROUPS = ("kab", "kec")
COUNTED = ("kasus", "keberangkatan")
"""Kinds of fact that are counted, not features of places: what is learned from, and what rankings are compared with."""


class NoCases(PetaAmanError):
    """There is nothing to learn from: no case is stored at any level (reason ``NO_CASES``)."""

    exit_code = 4


@dataclass(frozen=True)
class Inputs:
    """All that a score is made from: the village ``frame`` and, in its order, features and observed cases."""

    frame: pd.DataFrame
    features: Features
    observed: Observed

    def table(self) -> pd.DataFrame:
        """X of the estimator (index ``kode``): labels, exposure ``paparan`` (persons x years observed), covariates."""
        villages = self.frame.set_index("kode", drop=False)
        years = villages["kode_kab"].map(self.observed.years).astype(float)
        return pd.DataFrame(
            {
                "desa": villages["kode"],
                "kec": villages["kode_kec"],
                "kab": villages["kode_kab"],
                "paparan": self.features.population * years,
            }
        ).join(self.features.values)

    def a_year(self) -> pd.DataFrame:
        """The same rows with one year's exposure: what predictions are for."""
        return self.table().assign(paparan=self.features.population)


@dataclass(frozen=True)
class Models:
    """The two fits: ``full`` knows village counts and stays in the house, ``published`` knows released totals."""

    full: VillageRiskRegressor
    published: VillageRiskRegressor


def read_store(store: Store, workspace: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The village frame (without geometry) and the facts of cases and departures now stored."""
    counted = [store.facts(jenis=kind) for kind in COUNTED]
    return village_frame(store, workspace, geometry=False), pd.concat(counted, ignore_index=True)


def build_inputs(frame: pd.DataFrame, facts: pd.DataFrame, until: pd.Timestamp | None = None) -> Inputs:
    """From the village frame and the facts of cases: what is known now, or which cases were known by ``until``."""
    features = build_features(frame)
    return Inputs(frame, features, observe(facts, frame, features.population, until=until))


def fit_models(inputs: Inputs, seed: int = 0, graph: pd.DataFrame | None = None) -> Models:
    """Both models. Raises `NoCases` when no case is known at any level."""
    if inputs.observed.total <= 0:
        raise NoCases("NO_CASES")
    X = inputs.table()
    full = VillageRiskRegressor(exposure="paparan", groups=GROUPS, area="desa", graph=graph, random_state=seed)
    full.fit(X, inputs.observed.village.to_numpy(),
             aggregates={"kec": inputs.observed.kecamatan, "kab": inputs.observed.kabupaten})  # fmt: skip
    return Models(full, fit_released(X, inputs.observed, full))
