"""The second list: an assumption told aloud, averaged over what is unsure, that moves far villages up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.batches import BatchMeta
from data.demo.facts import demo_batches
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from risk.scoring.choices import choose_curve
from risk.scoring.ranks import top
from risk.scoring.reporting import KM_PER_HOUR, Curve, corrected, second_list, travel_hours
from risk.scoring.score import score

TOLD = "0.5=0.6/0.8/0.9 3=0.2/0.35/0.5 8=0.03/0.1/0.25"


def test_the_curve_meets_what_was_told_and_never_rises_with_the_hours() -> None:
    shares = Curve.parse(TOLD).draws(np.array([0.0, 0.5, 1.5, 3.0, 5.0, 8.0, 20.0]), 4000)
    np.testing.assert_allclose(np.quantile(shares[:, 1], [0.05, 0.5, 0.95]), [0.6, 0.8, 0.9], atol=0.03)
    np.testing.assert_allclose(np.quantile(shares[:, 3], [0.05, 0.5, 0.95]), [0.2, 0.35, 0.5], atol=0.05)
    assert (np.diff(shares, axis=1) <= 1e-12).all()
    np.testing.assert_array_equal(shares[:, 0], shares[:, 1])  # before the first time told nothing changes
    np.testing.assert_array_equal(shares[:, -1], shares[:, -2])


def test_a_middle_alone_is_taken_as_unsure_and_decimal_commas_are_read() -> None:
    one = Curve.parse("0,5=0,8 8=0,1")
    assert [point[2] for point in one.points] == pytest.approx([0.8, 0.1])
    assert one.points[0][1] < 0.7 < 0.8 < one.points[0][3]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3=0.5",
        "3=0.5 3=0.4",
        "a=0.5 3=0.2",
        "1=0.5/0.2/0.9 3=0.1",
        "1=1.5 3=0.2",
        "1=0.5/0.6 3=0.1",
        "1:0.5 3:0.1",
        "-1=0.5 3=0.1",
        "1=nan 2=0.5",
        "1=0.5 2=1",
        "1=0.5 3=0.2; miskin",
        "1=0.5 3=0.2; miskin 10=1",
        "1=0.5 3=0.2; kaya 10=1 30=0.6",
        "1=0.5 3=0.2; miskin 10=1 30=1.2",
        "1=0.5 3=0.2; miskin 10=1 130=0.5",
        "1=0.5 3=0.2;",
    ],
)
def test_an_unclear_curve_is_refused(text: str) -> None:
    with pytest.raises(WrongUse) as caught:
        Curve.parse(text)
    assert caught.value.reason == "REPORTING_CURVE"


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        curve = Curve.parse(text)
    except WrongUse:
        return
    assert len(curve.points) >= 2


def test_correcting_keeps_the_total_and_finds_more_of_the_true_cases() -> None:
    rng = np.random.default_rng(1)
    n = 400
    hours = rng.uniform(0, 8, n)
    true = rng.gamma(1.0, 1.0, n)
    share = 1 / (1 + np.exp(-(1.2 - 0.5 * hours)))
    reported = true * share
    draws = reported * np.exp(0.3 * rng.standard_normal((200, n)))
    mean, drawn = corrected(reported, draws, Curve.parse(TOLD).draws(hours, 200))
    assert mean.sum() == pytest.approx(reported.sum())
    assert drawn.shape == draws.shape
    assert true[top(mean, 50)].sum() > 1.1 * true[top(reported, 50)].sum()


BOTH = TOLD + "; miskin 10=1 30=0.4/0.6/0.8"


def test_poverty_takes_away_from_what_distance_leaves() -> None:
    curve = Curve.parse(BOTH)
    hours, poor = np.full(5, 3.0), np.array([0.0, 10.0, 20.0, 30.0, 50.0])
    plain = curve.draws(hours, 4000)
    np.testing.assert_array_equal(plain, Curve.parse(TOLD).draws(hours, 4000))
    left = curve.draws(hours, 4000, poor=poor) / plain
    np.testing.assert_array_equal(left[:, :2], 1.0)
    np.testing.assert_allclose(np.quantile(left[:, 3], [0.05, 0.5, 0.95]), [0.4, 0.6, 0.8], atol=0.06)
    assert np.median(left[:, 2]) == pytest.approx(np.sqrt(0.6), abs=0.02)
    assert (np.diff(left, axis=1) <= 1e-12).all()
    np.testing.assert_allclose(left[:, 3], left[:, 4])


@pytest.mark.parametrize("text", [TOLD, BOTH, "0,5=0,8 8=0,1; Miskin 10=1 30=0,6"])
def test_a_curve_is_written_as_it_is_read(text: str) -> None:
    curve = Curve.parse(text)
    again = Curve.parse(curve.text())
    np.testing.assert_allclose(np.array(again.points), np.array(curve.points), rtol=1e-4)
    np.testing.assert_allclose(np.array(again.poor), np.array(curve.poor), rtol=1e-4)
    assert bool(again.poor) == ("iskin" in text)


def places(n: int = 30) -> pd.DataFrame:
    index = pd.Index([f"98.01.0{1 + i // 10}.20{i:02d}" for i in range(n)], name="kode")
    return pd.DataFrame({"lon": 120 + np.arange(n) / 20, "lat": -9.0, "jarak_km": np.arange(n) * 5.0}, index)


def test_hours_go_to_the_nearest_desk_else_to_the_seat() -> None:
    villages = places()
    desks = pd.DataFrame({"jenis": ["polisi", "bandara", "ltsa"], "lon": [120.0, 120.7, 121.45], "lat": [-9.0] * 3})
    hours, basis = travel_hours(villages, desks)
    assert basis == "meja"
    assert hours.iloc[0] == pytest.approx(0)
    assert hours.iloc[-1] == pytest.approx(0)
    assert hours.idxmax() in villages.index[13:17]  # an airport is no desk
    hours, basis = travel_hours(
        villages.assign(jarak_km=villages["jarak_km"].where(villages["jarak_km"] != 10)), desks.iloc[1:2]
    )
    assert basis == "pusat"
    assert hours.iloc[-1] == pytest.approx(145 / KM_PER_HOUR)
    assert hours.notna().all()


def test_both_lists_are_told_and_what_is_on_both() -> None:
    villages = places()
    expected = np.linspace(2.0, 1.0, 30)  # the nearest first
    draws = expected * np.exp(0.2 * np.random.default_rng(0).standard_normal((100, 30)))
    found = second_list(Curve.parse(TOLD), villages, pd.DataFrame({"jenis": []}), expected, draws, n_top=10)
    assert len(found["kukuh"]) + len(found["hanya_asumsi"]) == 10
    assert len(found["hanya_asumsi"]) == len(found["hanya_terlapor"]) > 0
    assert set(found["hanya_asumsi"]) <= set(villages.index[10:])
    assert found["jarak"] == "pusat"
    for skor, low, high, p_top, _ in found["desa"].values():
        assert 0 <= low <= skor <= high <= 100
        assert 0 <= p_top <= 1


def test_poor_villages_move_up_and_unknown_poverty_is_said() -> None:
    villages = places().assign(jarak_km=20.0)
    expected = np.linspace(2.0, 1.0, 30)
    draws = expected * np.exp(0.2 * np.random.default_rng(0).standard_normal((100, 30)))
    curve, nowhere = Curve.parse(BOTH), pd.DataFrame({"jenis": []})
    poor = villages.assign(kemiskinan=np.where(np.arange(30) >= 25, 60.0, np.where(np.arange(30) < 3, np.nan, 5.0)))
    found = second_list(curve, poor, nowhere, expected, draws, n_top=10)
    assert len(found["hanya_asumsi"]) >= 3
    assert set(found["hanya_asumsi"]) <= set(villages.index[25:])
    assert found["miskin_ada"]
    unknown = second_list(curve, villages, nowhere, expected, draws, n_top=10)
    assert not unknown["miskin_ada"]
    assert unknown["hanya_asumsi"] == []


@pytest.mark.slow
def test_it_is_stored_beside_the_score_only_when_asked_for(
    fill: Callable[..., Store], province: pd.DataFrame, workspace: Workspace
) -> None:
    store = fill(province, *demo_batches(province))
    desks = pd.DataFrame(
        {"nama": ["Polres"], "jenis": ["polisi"], "kode": [""], "lon": [120.0], "lat": [-9.0], "source": ["uji"]}
    )
    store.records.commit(BatchMeta("titik", "uji"), desks)
    plain = score(store, workspace, n_top=20)
    choose_curve(store, TOLD)
    told = score(store, workspace, n_top=20)
    assert store.results.get("pelaporan", plain) is None
    second = store.results.get("pelaporan", told)
    assert len(second["desa"]) == len(province)
    assert second["jarak"] == "meja"
    pd.testing.assert_frame_equal(
        store.scores.table("desa", plain).drop(columns="versi"), store.scores.table("desa", told).drop(columns="versi")
    )
    choose_curve(store, "")
    assert store.results.get("pelaporan", score(store, workspace, n_top=20)) is None
