"""What a score is made from, and the two models that are fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.errors import PetaAmanError
from risk.features import Features, build_features
from risk.model import VillageRiskRegressor
from risk.observed import Observed, observe
from risk.released import fit_released

DRAWS = 500
GROUPS = ("kab", "kec")


class NoCases(PetaAmanError):
    """There is nothing to learn from: no case is stored at any level (reason ``NO_CASES``)."""

    exit_code = 4


@dataclass(frozen=True)
class Inputs:
    """All that a score is made from: ``gazetteer`` and, per village in its order, features and observed cases."""

    gazetteer: pd.DataFrame
    features: Features
    observed: Observed

    def table(self) -> pd.DataFrame:
        """X of the estimator (index ``kode``): labels, exposure ``paparan`` (persons x years observed), covariates."""
        villages = self.gazetteer.set_index("kode", drop=False)
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


def read_inputs(gazetteer: pd.DataFrame, facts: pd.DataFrame, until: pd.Timestamp | None = None) -> Inputs:
    """From the store's gazetteer and facts: what is known now, or which cases were known by ``until``."""
    features = build_features(facts, gazetteer)
    return Inputs(gazetteer, features, observe(facts, gazetteer, features.population, until=until))


def fit_models(inputs: Inputs, seed: int = 0, graph: pd.DataFrame | None = None) -> Models:
    """Both models. Raises `NoCases` when no case is known at any level."""
    if inputs.observed.total <= 0:
        raise NoCases("NO_CASES")
    X = inputs.table()
    full = VillageRiskRegressor(exposure="paparan", groups=GROUPS, area="desa", graph=graph, random_state=seed)
    full.fit(X, inputs.observed.village.to_numpy(),
             aggregates={"kec": inputs.observed.kecamatan, "kab": inputs.observed.kabupaten})  # fmt: skip
    return Models(full, fit_released(X, inputs.observed, full))
