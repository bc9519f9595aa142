"""Hot spots: the published clusters are found, the statistics are the textbook's, and no village's count is in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multinomial

from data.demo.facts import demo_batches
from data.store.store import Store
from data.workspace import Workspace
from risk.clusters import hotspots as hot
from risk.clusters.local import false_discovery, gi_star, local_moran, smoothed_rates
from risk.clusters.scan import scan
from risk.evaluation.attack import gains
from risk.evaluation.leak import secret_of
from risk.scoring.inputs import Inputs, build_inputs, read_store
from risk.scoring.released import released_cells, released_spread

Fill = Callable[..., Store]


@pytest.fixture(scope="module")
def carolina() -> pd.DataFrame:
    """Sudden infant deaths in the 100 counties of North Carolina, as `libpysal` carries them."""
    counties = gpd.read_file(libpysal.examples.get_path("sids2.shp"))
    middle = counties.to_crs(32119).geometry.centroid if counties.crs else counties.geometry.centroid
    x, y = (np.asarray(middle.x), np.asarray(middle.y))
    if not counties.crs:
        x = x * np.cos(np.radians(35.5))
    return pd.DataFrame(counties.drop(columns="geometry")).assign(x=x, y=y)


@pytest.fixture(scope="module")
def bordering() -> pd.DataFrame:
    weights = libpysal.weights.Queen.from_dataframe(
        gpd.read_file(libpysal.examples.get_path("sids2.shp")), use_index=False, silence_warnings=True
    )
    return pd.DataFrame([(a, b) for a, near in weights.neighbors.items() for b in near if a < b], columns=["a", "b"])


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_scan_finds_the_published_clusters_of_1974_to_1984(carolina: pd.DataFrame, share: float) -> None:
    """Kulldorff 1997: Bladen, Columbus, Hoke, Robeson, Scotland, and Bertie, Halifax, Hertford, Northampton."""
    cases = (carolina["SID74"] + carolina["SID79"]).to_numpy()
    births = (carolina["BIR74"] + carolina["BIR79"]).to_numpy()
    found = scan(cases, births, carolina[["x", "y"]].to_numpy(), max_share=share)
    first, second = ({*carolina["NAME"].iloc[cluster.members]} for cluster in found[:2])
    assert first == {"Bladen", "Hoke", "Robeson", "Scotland"}  # Columbus, further by centroid than by county seat,
    assert second == {"Bertie", "Halifax", "Hertford", "Northampton"}
    assert {"Columbus"} == {*carolina["NAME"].iloc[found[2].members]}  # comes as the third
    assert found[0].p == found[1].p == 0.001
    assert found[0].llr > found[1].llr > found[2].llr
    inside = found[0].members
    rate_in = cases[inside].sum() / births[inside].sum()
    rate_out = np.delete(cases, inside).sum() / np.delete(births, inside).sum()
    assert found[0].rr == pytest.approx(rate_in / rate_out)


def test_the_likelihood_ratio_is_the_one_of_the_definition() -> None:
    rng = np.random.default_rng(0)
    due, xy = rng.uniform(1, 3, 12), rng.uniform(size=(12, 2))
    cases = rng.poisson(due).astype(float)
    cases[3] += 9
    best = scan(cases, due, xy, max_share=0.4, replicates=9)[0]
    due = due * cases.sum() / due.sum()
    inside, expected, total = cases[best.members].sum(), due[best.members].sum(), cases.sum()
    p = np.array([inside / total, 1 - inside / total])
    q = np.array([expected / total, 1 - expected / total])
    split = [inside, total - inside]
    assert best.llr == pytest.approx(multinomial.logpmf(split, total, p) - multinomial.logpmf(split, total, q))
    assert 3 in best.members
    assert expected <= 0.4 * total


def test_without_a_cluster_the_scan_calls_one_as_seldom_as_it_says() -> None:
    rng = np.random.default_rng(1)
    due, xy = rng.uniform(1, 5, 60), rng.uniform(size=(60, 2))
    share = due / due.sum()
    called = [
        any(cluster.p <= 0.05 for cluster in scan(rng.multinomial(200, share), due, xy, replicates=99, seed=k))
        for k in range(60)
    ]
    assert np.mean(called) <= 0.15


def test_the_scan_repeats_itself_and_its_clusters_share_no_area(carolina: pd.DataFrame) -> None:
    arguments = carolina["SID74"].to_numpy(), carolina["BIR74"].to_numpy(), carolina[["x", "y"]].to_numpy()
    once, again = scan(*arguments, seed=5), scan(*arguments, seed=5)
    assert [(c.members.tolist(), c.p) for c in once] == [(c.members.tolist(), c.p) for c in again]
    members = np.concatenate([cluster.members for cluster in once])
    assert len(members) == len(set(members))
    assert scan(np.zeros(100), *arguments[1:]) == []


def test_gi_star_is_the_textbooks(carolina: pd.DataFrame, bordering: pd.DataFrame) -> None:
    rates = smoothed_rates(carolina["SID74"].to_numpy(), carolina["BIR74"].to_numpy())
    codes = carolina.index
    found = gi_star(rates, bordering, codes)
    near = np.eye(100)
    near[bordering["a"], bordering["b"]] = near[bordering["b"], bordering["a"]] = 1
    n, size = 100, near.sum(axis=1)
    spread = np.sqrt((rates**2).mean() - rates.mean() ** 2)
    z = (near @ rates - rates.mean() * size) / (spread * np.sqrt((n * size - size**2) / (n - 1)))
    np.testing.assert_allclose(found["gi_z"], z, rtol=1e-9)
    assert carolina.loc[found["gi_z"] == found["gi_z"].max(), "NAME"].tolist() == [
        "Northampton"
    ]  # in one of the two published clusters


def test_local_moran_of_rates_adds_up_to_the_published_global_one(
    carolina: pd.DataFrame, bordering: pd.DataFrame
) -> None:
    from esda.moran import Moran_Rate

    cases, births = carolina["SID79"].to_numpy(float), carolina["BIR79"].to_numpy(float)
    weights = libpysal.io.open(libpysal.examples.get_path("sids2.gal")).read()
    weights.transform = "r"
    published = pytest.approx(0.16622343552567395)  # in the manual of esda
    assert published == Moran_Rate(cases, births, weights, permutations=0).I
    found = local_moran(cases, births, bordering, carolina.index, permutations=999)
    again = local_moran(cases, births, bordering, carolina.index, permutations=999)
    pd.testing.assert_frame_equal(found, again)
    high = found[(found["lisa_kuadran"] == "tinggi_tinggi") & (found["lisa_p"] <= 0.05)]
    assert len(high) > 0
    assert (found["lisa_p"] >= 2 / 1000).all(), "two-sided: twice the smallest one-sided share"
    assert (found["lisa_q"] >= found["lisa_p"]).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_discovery_keeps_what_benjamini_and_hochberg_keep(p: list[float]) -> None:
    p_sorted, n = np.sort(p), len(p)
    below = np.flatnonzero(p_sorted <= 0.05 * np.arange(1, n + 1) / n)
    kept = below.max() + 1 if len(below) else 0
    q = false_discovery(np.array(p))
    assert (q <= 0.05 + 1e-12).sum() >= kept
    assert (q <= 0.05 - 1e-9).sum() <= kept
    assert ((q >= np.array(p) - 1e-12) & (q <= 1)).all()


def test_smoothed_rates_lie_between_the_raw_ones_and_their_mean() -> None:
    cases, due = np.array([0.0, 1.0, 40.0, 9.0]), np.array([0.1, 10.0, 10.0, 9.9])
    smooth, raw, mean = smoothed_rates(cases, due), cases / due, cases.sum() / due.sum()
    assert (np.minimum(raw, mean) - 1e-9 <= smooth).all()
    assert (smooth <= np.maximum(raw, mean) + 1e-9).all()
    assert abs(smooth[0] - mean) < 0.2 * abs(raw[0] - mean), "what rests on next to nothing says next to nothing"


@pytest.fixture
def contoh(fill: Fill, province: pd.DataFrame) -> Store:
    return fill(province, *demo_batches(province))


@pytest.mark.slow
def test_every_area_of_each_level_has_its_figures_and_they_are_kept(
    contoh: Store, workspace: Workspace, province: pd.DataFrame
) -> None:
    villages = hot.hotspots(contoh, workspace, "desa")
    assert sorted(villages.index) == province["kode"].tolist()
    assert villages["p_rr2"].between(0, 1).all()
    assert contoh.results.get(hot.RESULT, contoh.input_version()) is not None
    pd.testing.assert_frame_equal(hot.hotspots(contoh, workspace, "desa"), villages)
    kecamatan = hot.hotspots(contoh, workspace, "kecamatan")
    assert sorted(kecamatan.index) == sorted(province["kode_kec"].unique())
    carried = kecamatan.loc[villages.index.str[:8], "gi_z"].to_numpy()
    np.testing.assert_array_equal(villages["gi_z"], carried)
    kabupaten = hot.hotspots(contoh, workspace, "kabupaten")
    assert (kabupaten["dihitung_pada"] == "kabupaten").all()


def test_released_totals_are_spread_without_loss(contoh: Store, workspace: Workspace) -> None:
    inputs = build_inputs(*read_store(contoh, workspace))
    exposure = inputs.table().set_index("desa")["paparan"]
    spread, cells = released_spread(inputs.observed, exposure), released_cells(inputs.observed)
    assert spread["cases"].sum() == pytest.approx(cells.totals.sum() + cells.kabupaten.sum())
    own = spread["cases"].groupby(cells.of_village).sum()
    np.testing.assert_allclose(own[cells.totals.index], cells.totals)


def shuffled(inputs: Inputs) -> Inputs:
    rng = np.random.default_rng(2)
    village = inputs.observed.village
    moved = village.groupby(village.index.str[:8], group_keys=False).transform(lambda c: rng.permutation(c.to_numpy()))
    assert not moved.equals(village)
    return Inputs(inputs.frame, inputs.features, replace(inputs.observed, village=moved))


@pytest.mark.slow
def test_villages_of_a_kecamatan_that_swap_their_cases_leave_every_statistic_as_it_was(
    contoh: Store, workspace: Workspace
) -> None:
    inputs = build_inputs(*read_store(contoh, workspace))
    codes = sorted(inputs.frame["kode_kec"].unique())
    pairs = pd.DataFrame({"a": codes[:-1], "b": codes[1:]})
    pd.testing.assert_frame_equal(
        hot.statistics(shuffled(inputs), "kecamatan", pairs), hot.statistics(inputs, "kecamatan", pairs)
    )


def test_an_attacker_gains_nothing_from_the_hot_spots_of_ntt(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    try:
        table = hot.hotspots(store, demo_copy, "desa")
        inputs = build_inputs(*read_store(store, demo_copy))
    finally:
        store.close()
    kode = pd.Index(inputs.frame["kode"])
    secret = secret_of(inputs)
    shown = table.reindex(kode)[["p_rr2", "gi_z", "gi_p", "gi_q", "lisa_i", "lisa_p", "lisa_q", "klaster"]]
    found = gains({"hot": shown.astype(float)}, secret.covariates, secret.totals, secret.has_case, secret.kecamatan)
    assert found["hot"]["over_public"] < 0.01
    assert found["hot"]["within_kecamatan"] < 0.01
