"""What a score is made from, and the two models that are fitted to it.

Everything about villages comes from the village frame, cases and departures from the store's facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from data.errors import PetaAmanError
from data.store.store import Store
from data.workspace import Workspace
from geo.frame import village_frame
from risk.estimator.hierarchy import HierarchicalPoisson
from risk.scoring.features import Features, build_features
from risk.scoring.observed import Observed, observe
from risk.scoring.released import Published, fit_released

DRAWS = 500
GROUPS = ("kab", "kec")
COUNTED = ("kasus", "keberangkatan")
"""Kinds of fact that are counted, not features of places: what is learned from, and what rankings are compared with."""


class NoCases(PetaAmanError):
    """There is nothing to learn from: no case is stored at any level (reason ``NO_CASES``)."""

    exit_code = 4


@dataclass(frozen=True)
class Inputs:
    """All that a score is made from: the village ``frame``, in its order features and observed cases, and ``graph``,
    pairs of neighbouring villages (columns a, b), or None where no boundaries say who is next to whom."""

    frame: pd.DataFrame
    features: Features
    observed: Observed
    graph: pd.DataFrame | None = None

    def table(self) -> pd.DataFrame:
        """X of the estimator (index ``kode``): labels, exposure ``paparan`` (persons x years observed), covariates."""
        villages = self.frame.set_index("kode", drop=False)
        years = self.observed.years.reindex(villages.index)
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

    full: HierarchicalPoisson
    published: Published

    @cached_property
    def rates(self) -> np.ndarray:
        """`DRAWS` draws of the published model's rates (draws, villages), made once; not to be changed."""
        return self.published.sample(DRAWS)


def read_store(store: Store, workspace: Workspace) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """The village frame (without geometry), the facts of cases and departures now stored, and who is next to whom."""
    counted = [store.facts.read(jenis=kind) for kind in COUNTED]
    frame = village_frame(store, workspace, geometry=False)
    return frame, pd.concat(counted, ignore_index=True), neighbours(store, workspace)


def neighbours(store: Store, workspace: Workspace) -> pd.DataFrame | None:
    """Pairs of neighbouring villages by the boundaries in force (columns a, b); None without boundaries."""
    from geo.drawing.layers import current_layers

    layers = current_layers(store, workspace)
    if layers is not None:  # reckoned when the map was made
        codes = np.array(layers["units"]["desa"])
        ends = np.array(layers["tetangga"], dtype=int).reshape(-1, 2)
        return pd.DataFrame({"a": codes[ends[:, 0]], "b": codes[ends[:, 1]]})
    if not store.boundaries.newest("desa"):
        return None
    from geo.proximity.neighbours import neighbour_pairs

    return neighbour_pairs(village_frame(store, workspace)[["kode", "geometry"]])[["a", "b"]]


def build_inputs(
    frame: pd.DataFrame, facts: pd.DataFrame, graph: pd.DataFrame | None = None, until: pd.Timestamp | None = None
) -> Inputs:
    """From what `read_store` gives: what is known now, or which cases were known by ``until``."""
    features = build_features(frame)
    return Inputs(frame, features, observe(facts, frame, features.population, until=until), graph)


def fit_models(inputs: Inputs, seed: int = 0) -> Models:
    """Both models. Raises `NoCases` when no case is known at any level."""
    if inputs.observed.total <= 0:
        raise NoCases("NO_CASES")
    X = inputs.table()
    full = HierarchicalPoisson(exposure="paparan", groups=GROUPS, area="desa", graph=inputs.graph, random_state=seed)
    full.fit(
        X,
        inputs.observed.village.to_numpy(),
        aggregates={"kec": inputs.observed.kecamatan, "kab": inputs.observed.kabupaten},
    )
    return Models(full, fit_released(X, inputs.observed, full, inputs.features.population))
