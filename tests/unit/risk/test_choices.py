"""What an office chooses about its score holds until it chooses otherwise, and is said wherever the score is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
import pytest

from data.demo.facts import demo_batches
from data.errors import PetaAmanError
from data.store.store import Store
from data.workspace import Workspace
from risk.pairs import compare
from risk.scoring.choices import RANKINGS, choices, choose_curve, choose_ranking
from risk.scoring.score import score

WHY = "Diganti sampai penilaian berikut selesai"


@pytest.mark.slow
def test_a_retired_model_gives_way_to_the_named_ranking_and_says_so(
    fill: Callable[..., Store], province: pd.DataFrame, workspace: Workspace
) -> None:
    store = fill(province, *demo_batches(province))
    own = score(store, workspace, n_top=20)
    choose_ranking(store, "population", WHY, "dinas", dt.date(2026, 11, 22))
    instead = score(store, workspace, n_top=20)
    table = store.scores.table("desa", instead).set_index("kode")
    expected = table["harapan"]
    assert table["laju"].to_numpy() == pytest.approx(table["laju"].iloc[0], rel=1e-3), "alike for everybody"
    assert expected.nunique() > 100
    assert {row["faktor"] for rows in table["alasan"] for row in rows} == {"pilihan.population"}
    version = store.scores.version(instead)
    assert version is not None
    assert version.evaluation["choice"] == {
        "curve": "",
        "ranking": "population",
        "reason": WHY,
        "by": "dinas",
        "since": "2026-11-22",
    }
    most, fewest = expected.idxmax(), expected.idxmin()
    found = compare(store.results.get("banding", instead), str(most), str(fewest))
    assert found is not None
    assert [name for name, _ in found.factors] == ["penduduk"], "the model's reasons explain nothing of this order"
    assert found.ratio == pytest.approx(expected.max() / expected.min(), rel=0.01)
    choose_ranking(store, "")
    back = score(store, workspace, n_top=20)
    pd.testing.assert_frame_equal(
        store.scores.table("desa", own).drop(columns="versi"), store.scores.table("desa", back).drop(columns="versi")
    )


@pytest.mark.parametrize(
    ("ranking", "reason", "fault"),
    [
        ("past_counts", WHY, "UNKNOWN_RANKING"),
        ("population", "singkat", "REASON_SHORT"),
        ("population", "x" * 301, "REASON_LONG"),
        ("population", "tanya dulu ke 0812 3456 7890 sebelum dipakai", "PII_VALUE"),
    ],
)
def test_a_choice_that_cannot_be_kept_changes_nothing(store: Store, ranking: str, reason: str, fault: str) -> None:
    with pytest.raises(PetaAmanError) as told:
        choose_ranking(store, ranking, reason)
    assert told.value.reason == fault
    assert "0812" not in str(told.value)
    assert choices(store).ranking == ""


def test_a_curve_that_cannot_be_read_changes_nothing(store: Store) -> None:
    choose_curve(store, "0.5=0.8 3=0.35")
    with pytest.raises(PetaAmanError):
        choose_curve(store, "dekat=banyak")
    assert choices(store).curve == "0.5=0.8 3=0.35"
    assert set(RANKINGS).isdisjoint({"past_counts", "last_year", "gamma_eb", "kernel_rate", "full", "departures"})


def test_a_ranking_without_figures_is_refused(
    fill: Callable[..., Store], province: pd.DataFrame, workspace: Workspace
) -> None:
    cases = [(meta, rows) for meta, rows in demo_batches(province) if meta.jenis == "kasus"]
    store = fill(province, *cases)
    choose_ranking(store, "poverty", WHY)
    with pytest.raises(PetaAmanError) as told:
        score(store, workspace, n_top=20)
    assert told.value.reason == "RANKING_MISSING"
    assert store.scores.version() is None
