"""The estimator on a published data set: lip cancer in Scotland 1975-1980 (Clayton & Kaldor 1987; neighbours as in
Breslow & Clayton 1993), 56 districts with observed and expected cases and the share working outdoors (AFF)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from risk.model import VillageRiskRegressor

OBSERVED = """
9 39 11 9 15 8 26 7 6 20 13 5 3 8 17 9 2 7 9 7 16 31 11 7 19 15 7 10 16 11 5 3 7 8 11 9 11 8 6 4 10 8 2 6 19 3
2 3 28 6 1 1 1 1 0 0"""
EXPECTED = """
1.4 8.7 3.0 2.5 4.3 2.4 8.1 2.3 2.0 6.6 4.4 1.8 1.1 3.3 7.8 4.6 1.1 4.2 5.5 4.4 10.5 22.7 8.8 5.6 15.5 12.5 6.0
9.0 14.4 10.2 4.8 2.9 7.0 8.5 12.3 10.1 12.7 9.4 7.2 5.3 18.8 15.8 4.3 14.6 50.7 8.2 5.6 9.3 88.7 19.6 3.4 3.6 5.7 7.0
4.2 1.8"""
AFF = """
16 16 10 24 10 24 10 7 7 16 7 16 10 24 7 16 10 7 7 10 7 16 10 7 1 1 7 7 10 10 7 24 10 7 7 0 10 1 16 0 1 16 16 0 1 7 1
1 0 1 1 0 1 1 16 10"""
NEXT_TO = """19 9 5|10 7|12|28 20 18|19 12 1||17 16 13 10 2||29 23 19 17 1|22 16 7 2||5 3|19 17 7|35 32 31|29 25|
29 22 21 17 10 7|29 19 16 13 9 7|56 55 33 28 20 4|17 13 9 5 1|56 18 4|50 29 16|16 10|39 34 29 9|
56 55 48 47 44 31 30 27|29 26 15|43 29 25|56 32 31 24|45 33 18 4|50 43 34 26 25 23 21 17 16 15 9|55 45 44 42 38 24|
47 46 35 32 27 24 14|31 27 14|55 45 28 18|54 52 51 43 42 40 39 29 23|46 37 31 14|41 37|46 41 36 35|54 51 49 44 42 30|
40 34 23|52 49 39 34|53 49 46 37 36|51 43 38 34 30|42 34 29 26|49 48 38 30 24|55 33 30 28|53 47 41 37 35 31|
53 49 48 46 31 24|49 47 44 24|54 53 52 48 47 44 41 40 38|29 21|54 42 38 34|54 49 40 34|49 47 46 41|52 51 49 38 34|
56 45 33 30 24 18|55 27 24 20 18"""


@pytest.fixture(scope="module")
def scotland() -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    table = pd.DataFrame(
        {
            "desa": range(1, 57),
            "penduduk": list(map(float, EXPECTED.split())),
            "aff": [int(x) / 10 for x in AFF.split()],
        }
    )
    lists = [[int(x) for x in one.split()] for one in NEXT_TO.replace("\n", "").split("|")]
    pairs = pd.DataFrame([(i, j) for i, near in enumerate(lists, 1) for j in near], columns=["a", "b"])
    return table, np.array(list(map(float, OBSERVED.split()))), pairs


def test_the_data_are_those_published(scotland: tuple[pd.DataFrame, np.ndarray, pd.DataFrame]) -> None:
    table, observed, pairs = scotland
    assert observed.sum() == 536
    assert table["penduduk"].sum() == pytest.approx(536, abs=1)
    ends = set(pairs.itertuples(index=False, name=None))
    assert len(ends) == 234
    assert all((b, a) in ends for a, b in ends)


def test_independent_effects_give_the_coefficient_of_breslow_and_clayton(
    scotland: tuple[pd.DataFrame, np.ndarray, pd.DataFrame],
) -> None:
    """PQL: intercept -0.44 (0.16), AFF 0.68 (0.14), SD 0.62."""
    table, observed, _ = scotland
    model = VillageRiskRegressor(groups=()).fit(table, observed)
    assert model.intercept_ == pytest.approx(-0.44, abs=0.05)
    assert model.coef_[0] == pytest.approx(0.68, abs=0.03)
    assert model.coef_sd_[0] == pytest.approx(0.14, abs=0.02)
    assert np.sqrt(model.variance_components_["own_history"]) == pytest.approx(0.62, abs=0.05)


def test_a_neighbour_field_gives_the_coefficient_of_bym2(
    scotland: tuple[pd.DataFrame, np.ndarray, pd.DataFrame],
) -> None:
    """BYM2, islands scaled by part (Freni-Sterrantino et al. 2018): intercept -0.21 (0.12), AFF 0.37 (0.13)."""
    table, observed, pairs = scotland
    model = VillageRiskRegressor(groups=(), graph=pairs).fit(table, observed)
    assert model.coef_[0] == pytest.approx(0.37, abs=0.065)  # within half of its SD
    assert model.coef_sd_[0] == pytest.approx(0.13, abs=0.02)
    assert model.intercept_ == pytest.approx(-0.21, abs=0.06)
    assert model.variance_components_["neighbours"] > 2 * model.variance_components_["own_history"]
    assert np.exp(np.log(model.decompose(table)["neighbours"]).mean()) == pytest.approx(1.0, abs=0.02)
