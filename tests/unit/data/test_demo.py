"""DATA CONTOH: invented below the kabupaten, published above it, of a known truth, and marked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batches import fact_frame
from data.demo.facts import PER_MILLION, YEARS, demo_batches, demo_truth
from data.demo.world import whole_numbers
from data.domain.capitals import distance_to_seat
from data.domain.distance import distance_km
from data.gazetteer import read_gazetteer
from data.published import published_batches
from data.store.store import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ntt() -> pd.DataFrame:
    return read_gazetteer()


@pytest.fixture(scope="module")
def rows(ntt: pd.DataFrame) -> pd.DataFrame:
    return all_rows(ntt)


def all_rows(gazetteer: pd.DataFrame, seed: int = 53) -> pd.DataFrame:
    found = pd.concat([fact_frame(rows, meta) for meta, rows in demo_batches(gazetteer, seed)], ignore_index=True)
    return found.assign(
        kab=found["kode"].str[:5], year=[day.year for day in found["period_start"]], value=found["value"].astype(float)
    )


def published(indikator: str) -> pd.DataFrame:
    parts = [part for meta, part in published_batches() if (part["level"] == "kabupaten").any()]
    facts = pd.concat(parts)
    return facts[facts["indikator"] == indikator].assign(year=lambda f: f["period_start"].dt.year)


def test_every_row_and_batch_is_marked(ntt: pd.DataFrame) -> None:
    for meta, part in demo_batches(ntt):
        assert meta.data_contoh
        assert part["data_contoh"].all()
        assert set(part["source"]) == {"DATA CONTOH (buatan, benih 53)"}
        assert (part["level"] == "desa").all()
        assert part["kode"].isin(ntt["kode"]).all()


def test_population_and_poor_people_add_up_to_the_published_kabupaten_figures(rows: pd.DataFrame) -> None:
    people = rows[rows["indikator"] == "penduduk"].groupby("kab")["value"].sum()
    want = published("penduduk").query("year == 2024").set_index("kode")["value"]
    pd.testing.assert_series_equal(people, want.sort_index(), check_names=False)
    poor = rows[rows["indikator"] == "penduduk_miskin"].groupby("kab")["value"].sum()
    rate = published("persen_miskin").query("year == 2024").set_index("kode")["value"]
    assert (100 * poor / people - rate.sort_index()).abs().max() < 0.01
    by_village = rows.pivot_table(index="kode", columns="indikator", values="value", aggfunc="sum")
    assert (by_village["penduduk_miskin"] <= by_village["penduduk"]).all()
    assert by_village["penduduk"].notna().sum() == 3442


def test_deaths_follow_the_published_lists(rows: pd.DataFrame) -> None:
    ours = rows[rows["indikator"] == "pmi_meninggal"].groupby(["year", "kab"])["value"].sum()
    lists = published("pmi_meninggal")
    lists = lists[lists["period_start"].dt.year == lists["period_end"].dt.year]
    checked = 0
    for _, figure in lists[lists["year"].isin(YEARS)].iterrows():
        invented = ours.get((figure["year"], figure["kode"]), 0.0)
        assert invented >= figure["value"]
        if figure["period_end"] == pd.Timestamp(2024, 11, 30):  # the complete list of that year
            assert invented == figure["value"]
            checked += 1
    assert checked == 17
    assert ours.loc[2024].sum() == 119


def test_official_departures_follow_the_published_ones(rows: pd.DataFrame) -> None:
    ours = rows[rows["indikator"] == "prosedural"].groupby("kab")["value"].sum()
    for _, figure in published("prosedural").query("year == 2023").iterrows():
        assert ours.get(figure["kode"], 0.0) == figure["value"]
    assert 1200 < ours.sum() < 1400


def test_cases_are_as_rare_as_they_are_in_life(rows: pd.DataFrame) -> None:
    cases = rows[rows["jenis"] == "kasus"]
    assert set(cases["indikator"]) == set(PER_MILLION)
    yearly = cases.groupby("year")["value"].sum()
    assert yearly.index.tolist() == list(YEARS)
    assert yearly.between(200, 330).all()
    with_cases = cases.groupby("year")["kode"].nunique() / 3442
    assert (with_cases < 0.1).all()
    assert (cases["value"] >= 1).all()


def test_the_truth_covers_every_village_and_explains_the_counts(ntt: pd.DataFrame, rows: pd.DataFrame) -> None:
    truth = demo_truth(ntt)
    assert list(truth.columns[:3]) == ["kode", "laju_sejati", "harapan_sejati"]
    assert truth["kode"].tolist() == sorted(ntt["kode"])
    numbers = truth.drop(columns="kode")
    assert (numbers > 0).all(axis=None)
    assert (truth["harapan_terlapor"] < truth["harapan_sejati"]).all()
    people = rows[rows["indikator"] == "penduduk"].set_index("kode")["value"].reindex(truth["kode"]).to_numpy()
    np.testing.assert_allclose(truth["laju_sejati"] * people / 1000, truth["harapan_sejati"])
    cases = rows[rows["jenis"] == "kasus"].groupby("kode")["value"].sum().reindex(truth["kode"], fill_value=0.0)
    assert truth["harapan_terlapor"].sum() * len(YEARS) == pytest.approx(cases.sum(), rel=0.03)
    high = (truth["harapan_terlapor"].rank(pct=True) > 0.9).to_numpy()
    assert cases.to_numpy()[high].mean() > 4 * cases.to_numpy()[~high].mean()


def test_the_same_seed_gives_the_same_province_in_any_order_of_rows_and_another_seed_another(ntt: pd.DataFrame) -> None:
    first = all_rows(ntt)
    again = all_rows(ntt.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(first, again)
    other = all_rows(ntt, seed=54)
    assert not first["value"].equals(other["value"])
    assert set(other["source"]) == {"DATA CONTOH (buatan, benih 54)"}


def test_another_provinces_villages_get_figures_of_their_own(gazetteer: pd.DataFrame, store: Store) -> None:
    """Province 98 has no published figures; villages whose population the gazetteer knows keep it."""
    store.gazetteer.replace(gazetteer)
    for meta, part in demo_batches(gazetteer):
        assert store.facts.commit(meta, part)
    people = store.facts.read(indikator="penduduk")
    assert set(people["kode"]) == set(gazetteer.loc[gazetteer["penduduk"].isna(), "kode"])
    assert len(store.facts.read(indikator="penduduk_miskin")) == len(gazetteer)
    assert len(demo_truth(gazetteer)) == len(gazetteer)
    assert store.facts.read()["data_contoh"].all()


def test_villages_without_coordinates_do_not_stop_it(gazetteer: pd.DataFrame) -> None:
    bare = gazetteer.assign(lon=np.nan, lat=np.nan, presisi_titik="")
    assert np.isfinite(demo_truth(bare)["harapan_sejati"]).all()


@settings(max_examples=60)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), st.integers(0, 5000))
def test_whole_numbers_keep_the_total_and_the_proportions(weights: list[float], total: int) -> None:
    share = np.array(weights)
    parts = whole_numbers(share, total)
    assert parts.sum() == total
    assert (np.abs(parts - share / share.sum() * total) <= 1).all()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0.01, 100), st.integers(0, 50)), min_size=1, max_size=20), st.integers(0, 900))
def test_whole_numbers_never_pass_their_limits(pairs: list[tuple[float, int]], total: int) -> None:
    weights, limits = (np.array(column, float) for column in zip(*pairs, strict=True))
    parts = whole_numbers(weights, total, upper=limits)
    assert (parts <= limits).all()
    assert parts.sum() == min(total, int(limits.sum()))


def test_distances_to_the_seat_are_kilometres(ntt: pd.DataFrame) -> None:
    assert distance_km(120.0, -9.0, 121.0, -9.0) == pytest.approx(111.19 * np.cos(np.radians(9)), rel=1e-3)
    away = distance_to_seat(ntt)
    assert away.notna().all()
    town = ntt["kode_kab"] == "53.71"
    assert away[town].max() < 25
    assert 5 < away[~town].median() < 40
    soe = ntt[(ntt["kode_kab"] == "53.02") & (ntt["kecamatan"] == "Kota Soe")]
    assert away[soe.index].max() < 8
