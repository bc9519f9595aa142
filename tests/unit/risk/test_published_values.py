"""Statistics and predictions on published data, against the values in print (sources: ``published/README.md``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
from esda.moran import Moran, Moran_Rate
from scipy.special import gammaln

from risk.clusters.local import _weights, gi_star, local_moran, smoothed_rates
from risk.model import VillageRiskRegressor

PUBLISHED = Path(__file__).parent / "published"


def bordering(neighbours: pd.Series) -> pd.DataFrame:
    """Pairs of positions from the row numbers of a published table, each pair once."""
    pairs = [(i, int(j) - 1) for i, near in enumerate(neighbours.fillna("")) for j in str(near).split()]
    assert all((b, a) in set(pairs) for a, b in pairs)
    return pd.DataFrame([pair for pair in pairs if pair[0] < pair[1]], columns=["a", "b"])


@pytest.fixture(scope="module")
def carolina() -> pd.DataFrame:
    return pd.read_csv(PUBLISHED / "nc_sids.csv")


def test_moran_of_empirical_bayes_rates_in_north_carolina(carolina: pd.DataFrame) -> None:
    """spdep, vignette "sids": EBImoran of 1974-78, binary weights of Cressie & Chan, 0.25789."""
    pairs = bordering(carolina["neighbours"])
    assert 2 * len(pairs) == 394
    weights = _weights(pairs, carolina.index)
    births, deaths = carolina["births_74"].to_numpy(float), carolina["deaths_74"].to_numpy(float)
    found = Moran_Rate(deaths, births, weights, transformation="B", permutations=0)
    assert pytest.approx(0.25789, abs=5e-6) == found.I
    # the local ones of the hot spots add up to the global one (of rows that sum to one)
    local = local_moran(deaths, births, pairs, carolina.index, permutations=9)["lisa_i"]
    connected = (carolina["neighbours"].notna()).to_numpy()
    whole = Moran_Rate(deaths, births, _weights(pairs, carolina.index), transformation="R", permutations=0)
    assert local.sum() / connected.sum() == pytest.approx(whole.I, rel=0.02)


def test_gi_star_of_getis_and_ord() -> None:
    """Getis & Ord 1996 (and spdep, localG): 136th cell from the top, neighbours within 30 m, 1.4508."""
    values = pd.read_csv(PUBLISHED / "getis_ord.csv", header=None).to_numpy(float).ravel()
    cells = np.arange(256).reshape(16, 16)
    pairs = pd.DataFrame(
        np.vstack(
            [
                np.column_stack([cells[:, :-1].ravel(), cells[:, 1:].ravel()]),
                np.column_stack([cells[:-1].ravel(), cells[1:].ravel()]),
            ]
        ),
        columns=["a", "b"],
    )
    found = gi_star(values, pairs, pd.RangeIndex(256))
    assert found["gi_z"].iloc[256 - 136 - 1] == pytest.approx(1.4508, abs=5e-5)


def test_moran_of_conflict_in_africa() -> None:
    """Anselin 1995, table 1: 0.417."""
    table = pd.read_csv(PUBLISHED / "african_conflict.csv")
    weights = _weights(bordering(table["neighbours"]), table.index)
    assert pytest.approx(0.417, abs=5e-4) == Moran(table["conflict"].to_numpy(float), weights, permutations=0).I


def log_score(cases: np.ndarray, expected: np.ndarray) -> float:
    """Mean log probability per area of what came, from expected numbers."""
    return float((cases * np.log(expected) - expected - gammaln(cases + 1)).mean())


def predicted(past: np.ndarray, exposure: np.ndarray, pairs: pd.DataFrame) -> np.ndarray:
    X = pd.DataFrame({"desa": np.arange(len(past)), "penduduk": exposure})
    return VillageRiskRegressor(groups=(), graph=pairs).fit(X, past).predict(X) / exposure


def test_sudden_infant_deaths_of_the_next_years_are_foretold_as_well_as_by_gamma_shrinkage(
    carolina: pd.DataFrame,
) -> None:
    """Flat rates, few of them lasting: the constant is hard to beat there (-2.503), past counts are worst."""
    past, births = carolina["deaths_74"].to_numpy(float), carolina["births_74"].to_numpy(float)
    then, due = carolina["deaths_79"].to_numpy(float), carolina["births_79"].to_numpy(float)
    ours = log_score(then, predicted(past, births, bordering(carolina["neighbours"])) * due)
    assert ours > log_score(then, smoothed_rates(past, births) * due) - 0.015
    assert ours > log_score(then, (past + 0.5) / births * due) + 0.3
    assert ours == pytest.approx(-2.55, abs=0.02)


def test_homicides_around_saint_louis_are_foretold_better_than_by_gamma_shrinkage() -> None:
    """1979-84 to 1988-93 in 78 counties (Messner et al. 2000), as libpysal carries them."""
    counties = gpd.read_file(libpysal.examples.get_path("stl_hom.shp"))
    queen = libpysal.weights.Queen.from_dataframe(counties, use_index=False, silence_warnings=True)
    pairs = pd.DataFrame([(a, b) for a, near in queen.neighbors.items() for b in near if a < b], columns=["a", "b"])
    past, people = counties["HC7984"].to_numpy(float), counties["PO7984"].to_numpy(float)
    then, due = counties["HC8893"].to_numpy(float), counties["PO8893"].to_numpy(float)
    ours = log_score(then, predicted(past, people, pairs) * due)
    assert ours > log_score(then, smoothed_rates(past, people) * due) + 0.2
    assert ours > log_score(then, (past + 0.5) / people * due) + 0.2


def test_the_coefficient_of_lip_cancer_in_scotland() -> None:
    """Breslow & Clayton 1993, table 6, people in agriculture, fishing and forestry in tens of percent: independent
    effects .68 (.14), intercept -.44, SD .60; intrinsic autoregression .35 (.12). Freni-Sterrantino, Ventrucci & Rue
    2018, BYM2 with islands: .37 (.13). A plain Poisson regression gives .737 (.060)."""
    table = pd.read_csv(PUBLISHED / "scotland_lip.csv")
    pairs = bordering(table["neighbours"])
    assert (len(table), 2 * len(pairs), table["observed"].sum()) == (56, 234, 536)
    X = pd.DataFrame({"county": table.index, "expected": table["expected"], "aff": table["aff"] / 10})
    told: dict[str, Any] = {"exposure": "expected", "groups": (), "area": "county"}
    alone = VillageRiskRegressor(**told).fit(X, table["observed"])
    assert (alone.coef_[0], alone.coef_sd_[0]) == pytest.approx((0.68, 0.14), abs=0.01)
    assert alone.intercept_ == pytest.approx(-0.44, abs=0.01)
    assert np.sqrt(alone.variance_components_["own_history"]) == pytest.approx(0.60, abs=0.03)
    field = VillageRiskRegressor(**told, graph=pairs).fit(X, table["observed"])
    assert field.coef_[0] == pytest.approx(0.36, abs=0.13 / 2)
    assert field.coef_sd_[0] == pytest.approx(0.13, abs=0.01)
    plain = VillageRiskRegressor(exposure="expected", groups=(), area=None).fit(
        X.drop(columns="county"), table["observed"]
    )
    assert (plain.coef_[0], plain.coef_sd_[0]) == pytest.approx((0.737, 0.060), abs=0.002)
