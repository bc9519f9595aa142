"""The numbers that bands, grades, intervals and rates turn on, each from both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from risk.scoring.bands import bands, quality_grades
from risk.scoring.evidence import told_apart
from risk.scoring.ranks import rank_table, rate_table

FIGURES = ["penduduk", "kemiskinan", "idm", "rata_lama_sekolah"]


def grade(years: int, precision: float, *borrowed: str) -> str:
    flags = pd.DataFrame({name: [name in borrowed] for name in FIGURES}, index=["desa"])
    return str(quality_grades(pd.Series([years], ["desa"]), flags, pd.Series([precision], ["desa"])).iloc[0])


@pytest.mark.parametrize(("years", "expected"), [(0, "D"), (1, "C"), (2, "B"), (3, "A"), (9, "A")])
def test_years_of_cases_that_each_grade_asks_for(years: int, expected: str) -> None:
    assert grade(years, 1.0) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.0, "C"), (0.49, "C"), (0.5, "B"), (0.79, "B"), (0.8, "A")])
def test_share_of_located_cases_that_each_grade_asks_for(share: float, expected: str) -> None:
    assert grade(5, share) == expected


@pytest.mark.parametrize(
    ("borrowed", "expected"),
    [
        ([], "A"),
        (["rata_lama_sekolah"], "B"),
        (["penduduk", "rata_lama_sekolah"], "C"),
        (["penduduk", "kemiskinan"], "C"),
        (["penduduk", "kemiskinan", "idm"], "C"),
        (FIGURES, "C"),
    ],
)
def test_figures_that_are_not_its_own_lower_an_areas_grade(borrowed: list[str], expected: str) -> None:
    assert grade(5, 1.0, *borrowed) == expected


def test_how_many_areas_each_band_holds_and_where_the_third_ends() -> None:
    expected = np.array([10.0, 9, 8, 7, 6, 5, 4, 4, 4, 3, 2, 1, 0, 0, 0, 1])  # mean 4
    assert expected.mean() == 4
    found = bands(expected, np.full(16, "A"), 1).tolist()
    assert found == ["I", "II", "II", "III", "III", "III", *["pemantauan"] * 10], "the average itself is no more need"
    assert bands(expected, np.full(16, "A"), 2).tolist() == [*["I"] * 2, *["II"] * 4, *["pemantauan"] * 10]


def test_the_third_band_starts_at_the_mean_not_at_the_middle_area() -> None:
    found = bands(np.array([100.0, 9, 8, 7, 6, 5, 4, 3, 2]), np.full(9, "A"), 1)
    assert found.tolist() == ["I", "II", "II", *["pemantauan"] * 6]


def test_areas_of_grade_d_take_no_place_in_a_band() -> None:
    found = bands(np.array([9.0, 8, 7, 6, 1]), np.array(["D", "C", "B", "A", "A"]), 1)
    assert found.tolist() == ["data_belum_cukup", "I", "II", "II", "pemantauan"]


def test_the_interval_leaves_out_a_twentieth_of_the_draws_on_either_side() -> None:
    n = 101
    draws = np.empty((n, n))
    for place in range(n):  # in draw number k area 0 is at place k, so its percentile is k
        others = [area for area in range(n) if area != 0]
        order = [*others[:place], 0, *others[place:]]
        draws[place, order] = np.arange(n)
    expected = np.arange(n, dtype=float)
    expected[0] = 50.5
    table = rank_table(expected, draws, 10)
    assert table.loc[0, "skor_bawah"] == pytest.approx(5.0)
    assert table.loc[0, "skor_atas"] == pytest.approx(95.0)
    assert table.loc[0, "p_top"] == pytest.approx(10 / n)


def test_a_score_outside_its_draws_widens_the_interval_to_hold_it() -> None:
    table = rank_table(np.array([9.0, 1.0, 2.0]), np.tile([1.0, 2.0, 3.0], (20, 1)), 1)
    assert table["skor_bawah"].tolist() == [0, 0, 50]
    assert table["skor_atas"].tolist() == [100, 50, 100]
    assert table["p_top"].tolist() == [0, 0, 1]


def test_rates_are_per_thousand_people_and_twice_the_average_is_counted_over_draws() -> None:
    people = np.array([1000.0, 3000.0, 4000.0])
    draws = np.array([[3.0, 3.0, 2.0], [1.9, 3.0, 3.1], [2.1, 3.0, 2.9], [0.0, 4.0, 4.0]])  # 8 in all: 1 per 1,000
    table = rate_table(np.array([2.0, 3.0, 1.23456789]), draws, people)
    assert table["laju"].tolist() == [2.0, 1.0, 0.30864]
    assert table["harapan"].tolist() == [2.0, 3.0, 1.2346]
    assert table["p_rr2"].tolist() == [0.5, 0.0, 0.0]


def test_no_name_decides_between_villages_whose_kabupaten_alone_is_known() -> None:
    codes = [f"53.01.01.{2000 + i}" for i in range(6)] + [f"53.02.01.{2000 + i}" for i in range(6)]
    expected = np.array([9.0, 8.9, 8.8, 8.7, 8.6, 8.5, 8.7, 1, 1, 1, 1, 1])
    evidence = pd.Series(["kabupaten"] * 6 + ["desa"] * 6, codes)
    people = np.full(12, 1000.0)
    found = bands(told_apart(expected, people, evidence), np.full(12, "B"), 4)
    assert found[:7].tolist() == ["I"] * 6 + ["II"], "six equals come before the one, and the middle of them is in I"
    assert bands(expected, np.full(12, "B"), 4)[:6].tolist() == ["I"] * 4 + ["II"] * 2
    # What is known of each, its people, still counts.
    people[5] = 100.0
    assert told_apart(expected, people, evidence)[5] < told_apart(expected, people, evidence)[0] / 9
    by_kecamatan = told_apart(expected, np.full(12, 1.0), evidence.replace("kabupaten", "kecamatan"))
    np.testing.assert_allclose(by_kecamatan[:6], np.full(6, expected[:6].mean()))
    np.testing.assert_allclose(by_kecamatan[6:], expected[6:])
