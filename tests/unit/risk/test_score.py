"""The whole way from what is stored to a score table, on fictional villages and on NTT's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.batches import BatchMeta
from data.demo.facts import demo_batches
from data.gazetteer import read_gazetteer
from data.published import published_batches
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation.evaluate import evaluate, evaluate_briefly
from risk.scoring.inputs import NoCases
from risk.scoring.ranks import rate_table
from risk.scoring.score import score

pytestmark = pytest.mark.slow

Fill = Callable[..., Store]
BANDS = {"I", "II", "III", "pemantauan", "data_belum_cukup"}


@pytest.fixture
def contoh(fill: Fill, province: pd.DataFrame) -> Store:
    return fill(province, *demo_batches(province))


def test_every_village_gets_a_score_an_interval_a_band_reasons_and_a_grade(
    contoh: Store, workspace: Workspace, province: pd.DataFrame
) -> None:
    versi = score(contoh, workspace, n_top=20)
    table = contoh.scores.table("desa")
    assert table["kode"].tolist() == province["kode"].tolist()
    assert set(table["versi"]) == {versi}
    numbers = table[["skor", "skor_bawah", "skor_atas"]]
    assert numbers.notna().all(axis=None)
    assert ((table["skor_bawah"] <= table["skor"]) & (table["skor"] <= table["skor_atas"])).all()
    assert numbers.min(axis=None) >= 0
    assert numbers.max(axis=None) <= 100
    assert table["p_top"].sum() == pytest.approx(20, rel=0.01)
    assert set(table["prioritas"]) <= BANDS
    assert (table["prioritas"] == "I").sum() == 20
    assert table.nlargest(20, "skor")["prioritas"].eq("I").all()
    assert set(table["kualitas_data"]) <= set("ABCD")
    assert table["alasan"].map(len).between(1, 3).all()
    for reason in table["alasan"].iloc[0]:
        assert set(reason) == {"faktor", "nilai", "rata", "koef", "sd", "status", "arah", "sumber"}
    assert table["data_contoh"].all()
    assert contoh.scores.needed_version().data_contoh


def test_larger_areas_are_scored_from_their_villages(
    contoh: Store, workspace: Workspace, province: pd.DataFrame
) -> None:
    score(contoh, workspace, n_top=20)
    for level, column in (("kecamatan", "kode_kec"), ("kabupaten", "kode_kab")):
        table = contoh.scores.table(level)
        assert table["kode"].tolist() == sorted(province[column].unique())
        assert table["skor"].max() == 100
        assert (table["prioritas"] == "I").sum() == table["n_top"].iloc[0] >= 3
    inner = contoh.scores.internal("desa")
    expected = pd.Series([one["harapan"] for one in inner["internal"]], inner["kode"])
    by_kab = expected.groupby(expected.index.str[:5]).sum()
    kab = contoh.scores.table("kabupaten").set_index("kode")["skor"]
    assert by_kab.corr(kab, method="spearman") > 0.8


def test_the_same_data_give_the_same_scores(contoh: Store, workspace: Workspace) -> None:
    first, second = score(contoh, workspace, n_top=20), score(contoh, workspace, n_top=20)
    assert first != second
    one, two = (contoh.scores.table("desa", versi).drop(columns="versi") for versi in (first, second))
    pd.testing.assert_frame_equal(one, two)
    other = score(contoh, workspace, n_top=20, seed=9)
    pd.testing.assert_series_equal(contoh.scores.table("desa", other)["skor"], one["skor"])


def test_nothing_of_the_full_model_is_in_what_readers_get(contoh: Store, workspace: Workspace) -> None:
    score(contoh, workspace, n_top=20)
    assert "internal" not in contoh.scores.table("desa")
    cases = contoh.facts.read(jenis="kasus").groupby("kode")["value"].sum()
    shown = contoh.scores.table("desa").set_index("kode")
    params = contoh.scores.needed_version().params
    del params["kelas"]  # classes of the map's layers, from the published model
    text = json.dumps(shown["alasan"].tolist()) + json.dumps(params, default=str)
    assert "harapan" not in text
    # villages of a kecamatan that differ in nothing public but their cases cannot be told apart by their order
    with_case = shown.index.isin(cases.index[cases > 0])
    within = shown["skor"] - shown.groupby(shown.index.str[:8])["skor"].transform("mean")
    people = contoh.facts.read(indikator="penduduk").set_index("kode")["value"].reindex(shown.index)
    size = np.log(people) - np.log(people).groupby(people.index.str[:8]).transform("mean")
    left = within - size * (within @ size) / (size @ size)
    assert abs(left[with_case].mean() - left[~with_case].mean()) < 0.6 * left.std()


def test_without_any_case_there_is_no_score_and_the_reason_is_told(
    fill: Fill, province: pd.DataFrame, workspace: Workspace
) -> None:
    store = fill(province, *[batch for batch in demo_batches(province) if batch[0].jenis != "kasus"])
    with pytest.raises(NoCases) as caught:
        score(store, workspace)
    assert caught.value.reason == "NO_CASES"
    assert store.scores.version() is None


def test_kabupaten_figures_alone_give_a_wide_score_of_all_villages(
    fill: Fill, province: pd.DataFrame, workspace: Workspace
) -> None:
    batches = list(demo_batches(province))
    cases = pd.concat([rows for meta, rows in batches if meta.jenis == "kasus"])
    sums = (
        cases.assign(kode=cases["kode"].str[:5], level="kabupaten")
        .groupby(["indikator", "level", "kode", "period_start", "period_end"], as_index=False)["value"]
        .sum()
    )
    others = [batch for batch in batches if batch[0].jenis != "kasus"]
    store = fill(province, *others, (BatchMeta("kasus", "rekap kabupaten"), sums))
    score(store, workspace, n_top=20)
    coarse = store.scores.table("desa")
    assert len(coarse) == len(province)
    assert coarse["kualitas_data"].eq("D").all()  # no case is known below the kabupaten
    assert coarse["prioritas"].eq("data_belum_cukup").all()
    assert coarse["tingkat_bukti"].eq("kabupaten").all()
    for meta, rows in batches:
        if meta.jenis == "kasus":
            store.facts.commit(meta, rows.assign(data_contoh=False))
    score(store, workspace, n_top=20)
    fine = store.scores.table("desa")
    assert (fine["kualitas_data"] == "A").all()

    def width(table: pd.DataFrame) -> float:
        return float((table["skor_atas"] - table["skor_bawah"]).median())

    assert width(coarse) > 20
    assert width(coarse) > 0.8 * width(fine)


def invented_ntt(folder: Path, seed: int, judge: Callable[[Store, Workspace], dict]) -> dict:
    workspace = Workspace(folder / "kerja").create()
    store = Store.open(f"sqlite:///{workspace.path / 'uji.db'}")
    try:
        gazetteer = read_gazetteer()
        store.gazetteer.replace(gazetteer)
        for meta, rows in [*published_batches(), *demo_batches(gazetteer, seed)]:
            store.facts.commit(meta, rows)
        return judge(store, workspace)
    finally:
        store.close()


def stored_evaluation(store: Store, workspace: Workspace) -> dict:
    score(store, workspace)
    return evaluate_briefly(store, workspace)


@pytest.fixture(scope="module")
def thorough(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return invented_ntt(tmp_path_factory.mktemp("ntt"), 53, evaluate)


@pytest.fixture(scope="module")
def found(thorough: dict, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    """Evaluations of four invented NTTs."""
    others = [invented_ntt(tmp_path_factory.mktemp("ntt"), seed, stored_evaluation) for seed in (54, 55, 56)]
    return [thorough, *others]


def test_the_published_score_finds_the_truth_better_than_counting_poverty_population_or_departures(
    found: list[dict],
) -> None:
    tables = [pd.DataFrame(one["rankings"]).set_index("key") for one in found]
    assert all(one["mode"] == "truth" for one in found)
    mean = pd.concat(tables).groupby(level="key").mean(numeric_only=True)
    for baseline in ("past_counts", "poverty", "poor_people", "population", "departures"):
        for measure in ("oracle_100", "oracle_300", "oracle_true_100"):
            assert mean[measure]["published"] > mean[measure][baseline] * 1.05
    assert mean["oracle_100"]["published"] > 0.7
    assert mean["oracle_300"]["full"] > mean["oracle_300"]["past_counts"] * 1.15


def test_its_intervals_keep_their_word(found: list[dict]) -> None:
    sure = pd.DataFrame([one["calibration"] for one in found]).mean()
    assert 0.86 <= sure["coverage_90"] <= 0.98
    assert sure["coverage_90_top"] >= 0.8
    assert abs(sure["claimed_top"] - sure["real_top"]) < 15


def test_the_price_of_protection_is_told_and_the_cheapest_safe_way_was_chosen(thorough: dict) -> None:
    ways = pd.DataFrame(thorough["disclosure"]).set_index("key")
    safe = ways[(ways["auc_gain_over_public"] < 0.01) & (ways["auc_gain_within_kecamatan"] < 0.01)]
    assert safe["oracle_100"].idxmax() == "released_totals" == ways["chosen"].idxmax()
    assert ways["auc_gain_within_kecamatan"]["full"] > 0.1
    assert ways["oracle_100"]["released_totals"] > ways["oracle_100"]["own_kecamatan_left_out"]


def test_it_is_tested_on_years_it_has_not_seen(thorough: dict) -> None:
    assert [year["year"] for year in thorough["rolling"]] == [2024, 2023, 2022]
    hits = pd.DataFrame([ranking for year in thorough["rolling"] for ranking in year["rankings"]])
    mean = hits.groupby("key")[["hit_100", "hit_300"]].mean()
    assert (mean.loc["published"] > mean.loc["population"]).all()
    assert mean["hit_300"]["published"] > mean["hit_300"]["past_counts"]
    json.dumps(thorough)  # plain values, as the command prints them


def test_a_province_smaller_than_the_campaign_is_scored_too(
    fill: Fill, province: pd.DataFrame, workspace: Workspace
) -> None:
    few = province[province["kode_kab"].isin(["98.01", "98.02"]) & province["kode_kec"].str.endswith(("01", "02"))]
    few = few.reset_index(drop=True)
    store = fill(few.assign(penduduk=3000.0), *demo_batches(few.assign(penduduk=3000.0)))
    score(store, workspace, n_top=100)
    table = store.scores.table("desa")
    assert len(table) == len(few) == 40
    assert (table["p_top"] == 1).all()
    assert len(store.scores.table("kabupaten")) == 2
    assert evaluate(store, workspace)["mode"] == "truth"


def test_rates_are_expected_cases_per_thousand_people_and_twice_the_provinces_is_counted_in_draws() -> None:
    people = np.array([1000.0, 500.0, 2000.0])
    draws = np.array([[1.0, 4.0, 1.0], [1.0, 1.0, 3.0]])
    table = rate_table(np.array([1.234567, 2.0, 0.0]), draws, people)
    assert table["harapan"].tolist() == [1.2346, 2.0, 0.0]
    assert table["laju"].tolist() == [1.2346, 4.0, 0.0]
    assert table["p_rr2"].tolist() == [0.0, 0.5, 0.0]
