from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.scoring.bands import bands, quality_grades
from risk.scoring.features import Features
from risk.scoring.ranks import percentiles, rank_table, top
from risk.scoring.reasons import REASONS, Reason, grounds, of_areas, reasons

NAMES = ["kemiskinan", "keterpencilan", "idm", "rata_lama_sekolah", "pengangguran_terbuka"]


def features(n: int, rng: np.random.Generator, borrowed: float = 0.0) -> tuple[Features, pd.Series]:
    index = pd.Index([f"98.01.0{1 + i % 3}.{2001 + i}" for i in range(n)])
    people = pd.Series(rng.uniform(200, 5000, n), index)
    values = pd.DataFrame(rng.uniform(0.1, 4, (n, len(NAMES))), index, NAMES)
    level = pd.DataFrame("desa", index, [*NAMES, "penduduk"])
    level = level.mask(rng.random(level.shape) < borrowed, "provinsi")
    return Features(values, people, level, dict.fromkeys([*NAMES, "penduduk"], "BPS uji"), False), people


def factors(index: pd.Index, rng: np.random.Generator, spread: float) -> pd.DataFrame:
    names = ["baseline", *NAMES, "kab", "kec", "neighbours", "own_history"]
    return pd.DataFrame(np.exp(spread * rng.normal(size=(len(index), len(names)))), index, names)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.01, 0.3, 2.0]), st.sampled_from([0.0, 0.4, 1.0]))
def test_each_reason_says_the_direction_of_its_factor(seed: int, spread: float, borrowed: float) -> None:
    rng = np.random.default_rng(seed)
    known, people = features(12, rng, borrowed)
    table = factors(people.index, rng, spread)
    found = grounds(table, people, known, "BP3MI uji")
    # the grounds are the exact factors: together they are the prediction, relative to the average village
    exact = np.log(table.drop(columns="baseline").prod(axis=1)) + np.log(people / people.mean())
    np.testing.assert_allclose(found.strength.sum(axis=1), exact)
    for kode, said in reasons(found).items():
        assert 1 <= len(said) <= REASONS
        sizes: list[tuple[bool, float]] = []
        for reason in said:
            name, strength = reason["faktor"], 0.0
            if reason["arah"]:
                strength = found.strength[name][kode]
                assert found.own[name][kode]
                sizes.append((reason["arah"] == "beda", -abs(strength)))
            if reason["arah"] in ("naik", "turun"):
                assert (reason["arah"] == "naik") == (strength > 0)
        assert sizes == sorted(sizes), "what has a direction first, each the strongest first"


def test_what_is_stored_is_numbers_and_codes_and_never_a_count_of_cases() -> None:
    rng = np.random.default_rng(4)
    seen = set()
    for borrowed in (0.0, 0.5, 1.0):
        known, people = features(300, rng, borrowed)
        for said in reasons(grounds(factors(people.index, rng, 1.0), people, known, "BP3MI uji")):
            for reason in said:
                seen.add((reason["faktor"], reason["arah"]))
                assert set(reason) == set(Reason.__annotations__)
                assert json.loads(json.dumps(reason)) == reason
                assert all(value is None or np.isfinite(value) for value in map(reason.get, ("nilai", "rata", "koef")))
    everything = [*NAMES, "penduduk", "kabupaten", "kecamatan", "sekitar"]
    assert {name for name, _ in seen} - {"tidak_menonjol"} == set(everything)
    assert {name for name, way in seen if way in ("naik", "turun")} == {"penduduk"}, "nothing else has a coefficient"


def test_what_is_missing_is_said_instead_of_explained() -> None:
    rng = np.random.default_rng(5)
    known, people = features(1, rng)
    level = known.level.assign(kemiskinan="kabupaten")
    table = pd.DataFrame(1.0, people.index, ["baseline", *NAMES, "kab", "kec", "neighbours", "own_history"])
    table["kemiskinan"] = 3.0
    said = reasons(grounds(table, people, Features(known.values, people, level, known.sources, False), "uji")).iloc[0]
    (told,) = said
    assert (told["faktor"], told["nilai"], told["status"], told["arah"]) == ("kemiskinan", None, "tidak_diketahui", "")


def test_a_kabupaten_gives_reasons_of_its_own_size() -> None:
    rng = np.random.default_rng(6)
    known, people = features(60, rng)
    area = pd.Series(people.index.str[:5], people.index)
    found = of_areas(
        grounds(factors(people.index, rng, 0.5), people, known, "uji"),
        area,
        people,
        known.borrowed("kabupaten").groupby(area).any(),
        join=("kecamatan", "kabupaten"),
    )
    assert "kecamatan" not in found.strength
    assert found.values.loc["98.01", "penduduk"] == pytest.approx(people.sum())


def test_percentiles_run_from_0_to_100_and_ties_share() -> None:
    assert percentiles(np.array([3.0, 1.0, 2.0])).tolist() == [100, 0, 50]
    assert percentiles(np.array([1.0, 1.0, 5.0])).tolist() == [25, 25, 100]
    assert percentiles(np.array([7.0])).tolist() == [50]


def test_the_interval_holds_the_score_and_p_top_adds_up_to_the_places() -> None:
    rng = np.random.default_rng(7)
    expected = np.exp(rng.normal(size=40))
    draws = expected * np.exp(0.5 * rng.normal(size=(500, 40)))
    table = rank_table(expected, draws, 8)
    assert (table["skor_bawah"] <= table["skor"]).all()
    assert (table["skor"] <= table["skor_atas"]).all()
    assert table[["skor", "skor_bawah", "skor_atas"]].stack().between(0, 100).all()
    assert table["p_top"].sum() == pytest.approx(8)
    assert table["p_top"].corr(table["skor"]) > 0.7


@settings(max_examples=60)
@given(st.lists(st.floats(0.001, 50), min_size=12, max_size=60), st.integers(1, 4), st.integers(0, 99))
def test_bands_hold_as_many_as_they_say(expected: list[float], n_top: int, seed: int) -> None:
    values = np.array(expected)
    grade = np.random.default_rng(seed).choice(list("ABCD"), len(values))
    found = bands(values, grade, n_top)
    assert ((found == "data_belum_cukup") == (grade == "D")).all()
    ranked = grade != "D"
    equals = pd.Series(values[ranked]).groupby(values[ranked]).transform("size").max() if ranked.any() else 0
    if equals <= 1:
        assert (found == "I").sum() == min(n_top, ranked.sum())
        assert (found == "II").sum() == min(2 * n_top, max(ranked.sum() - n_top, 0))
    off = abs(int((found == "I").sum()) - min(n_top, ranked.sum()))
    assert off <= equals / 2, "whole groups of equals, the nearest"
    assert all(len(set(found[ranked & (values == one)])) == 1 for one in values[ranked])
    for upper, lower in (("I", "II"), ("II", "III"), ("III", "pemantauan")):
        if (found == upper).any() and (found == lower).any():
            assert values[found == upper].min() > values[found == lower].max()


def test_equal_values_keep_their_order() -> None:
    assert top(np.array([1.0, 2.0, 2.0, 0.0]), 3).tolist() == [1, 2, 0]


def test_grades_fall_as_data_get_poorer() -> None:
    areas = ["baik", "sedang", "kurang", "tak_teramati", "tak_terbedakan"]
    borrowed = pd.DataFrame(
        {
            "penduduk": [False, True, True, False, True],
            "kemiskinan": [False, False, True, False, True],
            "idm": [False, False, False, False, True],
        },
        index=areas,
    )
    years = pd.Series([4, 2, 4, 0, 4], areas)
    precision = pd.Series([0.9, 0.6, 1.0, 1.0, 1.0], areas)
    assert quality_grades(years, borrowed, precision).tolist() == ["A", "B", "C", "D", "C"]
    nowhere = pd.Series([True, False, True, True, False], areas)
    assert quality_grades(years, borrowed, precision, nowhere).tolist() == ["A", "D", "C", "D", "D"]
