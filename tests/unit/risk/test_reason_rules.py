"""Reasons worked out by hand: what is strong enough to be said, in which unit, rounded how, from whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from risk.scoring.features import Features
from risk.scoring.reasons import Grounds, direction, grounds, of_areas, reasons

CODES = pd.Index(["98.01.01.2001", "98.01.01.2002", "98.02.01.2001"])


def said(values: dict[str, float] | None = None, **factors: float) -> list[dict[str, Any]]:
    """Reasons of one area with these factors and figures; every average is 1."""
    figures = {"penduduk": 1.0, **(values or {})}
    table = pd.DataFrame({name: [np.log(factor)] for name, factor in factors.items()}, index=["x"])
    own = pd.DataFrame(True, table.index, table.columns)
    spread = pd.DataFrame({"kabupaten": 0.005, "kecamatan": 0.005, "sekitar": 0.005}, index=["x"])
    found = Grounds(
        table,
        own,
        pd.DataFrame(figures, index=["x"]),
        dict.fromkeys(figures, 1.0),
        {"kabupaten": "BP3MI"},
        {"kemiskinan": (0.1, 0.01), "keterpencilan": (0.4, 0.1), "idm": (2.6, 3.0)},
        spread,
    )
    return list(reasons(found).iloc[0])


def keys(told: list[dict[str, Any]]) -> list[str]:
    return [".".join(filter(None, (one["faktor"], one["arah"]))) for one in told]


def test_a_factor_within_two_per_cent_is_no_reason() -> None:
    assert keys(said(kabupaten=1.019)) == ["tidak_menonjol"]
    assert keys(said(kabupaten=1.021)) == ["kabupaten.naik"]
    assert keys(said(kabupaten=0.979)) == ["kabupaten.turun"]


def test_the_three_strongest_are_said_strongest_first() -> None:
    told = said({"penduduk": 1.2}, kabupaten=1.1, kecamatan=0.5, sekitar=1.5, penduduk=1.2)
    assert keys(told) == ["kecamatan.turun", "sekitar.naik", "penduduk.naik"]


def test_what_only_differs_comes_after_what_has_a_direction() -> None:
    """The development index of 2.6 +- 3.0 speaks of more cases where it is high: no reason, however strong."""
    told = said({"idm": 1.5, "kemiskinan": 1.4}, idm=3.0, kemiskinan=1.1)
    assert keys(told) == ["kemiskinan.naik", "idm.beda"]
    assert told[1] | {"sumber": ""} == {
        "faktor": "idm",
        "nilai": 1.5,
        "rata": 1.0,
        "koef": 2.6,
        "sd": 3.0,
        "status": "diketahui",
        "arah": "beda",
        "sumber": "",
    }


def test_a_figure_shown_like_its_average_is_not_told() -> None:
    assert keys(said({"kemiskinan": 1.001}, kemiskinan=1.5)) == ["tidak_menonjol"]


@pytest.mark.parametrize(
    ("name", "value", "mean", "coef", "sd", "way"),
    [
        ("kemiskinan", 30.0, 20.0, 0.05, 0.01, "naik"),
        ("kemiskinan", 10.0, 20.0, 0.05, 0.01, "turun"),
        ("kemiskinan", 30.0, 20.0, 0.05, 0.03, "beda"),
        ("kemiskinan", 11.3, 19.5, -0.05, 0.001, "beda"),
        ("idm", 0.5, 0.63, -3.0, 1.0, "naik"),
        ("idm", 0.92, 0.63, 2.6, 0.1, "beda"),
        ("penduduk", 900.0, 1600.0, 1.0, 0.0, "turun"),
        ("kabupaten", 1.5, 1.0, 0.41, 0.1, "naik"),
        ("kabupaten", 0.5, 1.0, -0.69, 0.1, "turun"),
        ("kabupaten", 1.5, 1.0, 0.41, None, "beda"),
        ("kabupaten", 1.5, 1.0, 0.41, float("nan"), "beda"),
        ("kemiskinan", 20.0, 20.0, 0.05, 0.01, "beda"),
    ],
)
def test_a_direction_needs_a_clear_coefficient_of_the_known_sign(
    name: str, value: float, mean: float, coef: float, sd: float | None, way: str
) -> None:
    assert direction(name, value, mean, coef, sd) == way


def test_how_sure_an_effect_is_comes_from_the_draws() -> None:
    """Two kabupaten that differ in every draw by another factor; villages within them share it."""
    rng = np.random.default_rng(0)
    people = pd.Series(1000.0, CODES)
    wide = np.exp(np.outer(rng.normal(0, 0.5, 400), [1.0, 1.0, 0.0]))
    table = pd.DataFrame(1.0, CODES, ["baseline", "kab", "kec", "neighbours", "own_history"])
    level = pd.DataFrame("desa", CODES, ["penduduk"])
    known = Features(pd.DataFrame(index=CODES), people, level, {}, False)
    found = grounds(table, people, known, "BP3MI", draws=wide)
    assert found.spread["kecamatan"].tolist() == pytest.approx([0.0] * 3, abs=1e-12)
    assert found.spread["sekitar"].tolist() == pytest.approx([0.0] * 3, abs=1e-12)
    assert found.spread["kabupaten"].min() > 0.1


def test_a_factor_without_a_figure_says_how_many_times() -> None:
    (told,) = said(kabupaten=1.5)
    assert (told["nilai"], told["rata"], told["status"], told["sumber"]) == (1.5, 1.0, "perkiraan", "BP3MI")
    assert said(kabupaten=0.25)[0]["nilai"] == 0.25


@pytest.mark.parametrize(
    ("figure", "shown"),
    [(1638.4, 1638), (20.4, 20), (19.96, 20.0), (7.94, 7.9), (2.04, 2.0), (1.954, 1.95), (0.624, 0.62)],
)
def test_figures_are_rounded_to_about_three_places(figure: float, shown: float) -> None:
    nilai = said({"kemiskinan": figure}, kemiskinan=2.0)[0]["nilai"]
    assert nilai == shown
    assert isinstance(nilai, int) == (figure >= 20)


def test_remoteness_is_said_in_kilometres() -> None:
    told = said({"keterpencilan": np.log1p(45.0)}, keterpencilan=1.4)[0]
    assert (told["nilai"], told["rata"]) == (45, 1.72)


def made(source: str = "BPS NTT", **factors: list[float]) -> Grounds:
    """Grounds of three villages of 1,000, 3,000 and 2,000 people, whose poverty is 10, 20 and 40 per cent."""
    table = pd.DataFrame(1.0, CODES, ["baseline", "kemiskinan", "kab", "kec", "neighbours", "own_history"])
    table = table.assign(**factors)
    people = pd.Series([1000.0, 3000.0, 2000.0], CODES)
    level = pd.DataFrame("desa", CODES, ["kemiskinan", "penduduk"])
    values = pd.DataFrame({"kemiskinan": [10.0, 20.0, 40.0]}, CODES)
    return grounds(table, people, Features(values, people, level, {"kemiskinan": source}, False), "BP3MI")


def test_averages_are_over_people_and_size_is_against_the_average_village() -> None:
    found = made()
    assert found.means["kemiskinan"] == pytest.approx(25.0), "(10 + 3 x 20 + 2 x 40) / 6"
    assert found.means["penduduk"] == 2000
    assert np.exp(found.strength["penduduk"]).tolist() == pytest.approx([0.5, 1.5, 1.0])


def test_what_a_villages_own_effect_adds_goes_with_its_kecamatan_and_size_with_its_people() -> None:
    found = made(kec=[2.0, 1, 1], own_history=[3.0, 1, 1], area_size=[1.0, 2.0, 1])
    assert np.exp(found.strength["kecamatan"]).tolist() == pytest.approx([6, 1, 1])
    assert np.exp(found.strength["penduduk"]).tolist() == pytest.approx([0.5, 3.0, 1.0])
    assert "area_size" not in found.strength
    assert "baseline" not in found.strength


def test_a_source_is_named_without_its_road_and_not_at_any_length() -> None:
    assert made("BPS NTT via portal data").sources["kemiskinan"] == "BPS NTT"
    assert made("x" * 90).sources["kemiskinan"] == "x" * 90
    assert made("x" * 91).sources["kemiskinan"] == "x" * 89 + "…"


def test_a_larger_area_is_the_average_of_its_people_and_its_size_is_its_own() -> None:
    area = pd.Series(CODES.str[:5], CODES)
    people = pd.Series([1000.0, 3000.0, 2000.0], CODES)
    borrowed = pd.DataFrame({"kemiskinan": [False, True]}, ["98.01", "98.02"])
    found = of_areas(made(kemiskinan=[np.exp(1.0), 1, 1]), area, people, borrowed)
    assert found.values["kemiskinan"].tolist() == pytest.approx([17.5, 40.0])
    assert found.strength["kemiskinan"].tolist() == pytest.approx([0.25, 0.0])
    assert np.exp(found.strength["penduduk"]).tolist() == pytest.approx([4 / 3, 2 / 3])
    assert found.means["penduduk"] == 3000
    assert found.means["kemiskinan"] == pytest.approx(25.0)
    assert found.own["kemiskinan"].tolist() == [True, False]
