"""Evaluation at every level: the published deaths as first case, only what was known then, raw counts decide."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.demo.facts import demo_batches
from data.gazetteer import read_gazetteer
from data.published import published_batches
from data.store.store import Store
from data.workspace import Workspace
from geo.figures import known_by, places_known_by
from risk.evaluation.evaluate import frames_of
from risk.evaluation.known import Origins
from risk.evaluation.levels import by_level, price_of
from risk.evaluation.predictive import Forecast, alarm, forecast, pit_shares
from risk.evaluation.series import tests_of as years_that_test
from risk.evaluation.validation import as_shown, verdict
from risk.scoring.inputs import read_store

pytestmark = pytest.mark.slow

Fill = Callable[..., Store]


@pytest.fixture
def first_day(fill: Fill, shared: Path) -> Store:
    """What an office has at first: the gazetteer and the published figures, no case known to a village."""
    deaths = pd.read_csv(shared / "figures" / "pmi_deaths_kab.csv")
    ours = pd.concat([rows for meta, rows in published_batches() if meta.jenis == "kasus"])
    ours = ours[(ours["indikator"] == "pmi_meninggal") & (ours["level"] == "kabupaten")]
    assert ours["value"].sum() == deaths.loc[deaths["indicator"] == "pmi_deaths", "value"].sum(), "the same snapshots"
    return fill(read_gazetteer(), *published_batches())


def test_the_published_deaths_test_the_score_on_the_first_day(first_day: Store, workspace: Workspace) -> None:
    frame, facts, _ = read_store(first_day, workspace)
    levels, price = by_level(Origins(frame, facts, None, frames_of(first_day, workspace)))
    assert list(levels) == ["kabupaten"], "a level without data is absent"
    found = levels["kabupaten"]
    assert found["years"] == [2024, 2025]
    assert found["left_out"]["pmi_meninggal"]["2023"] == "sebagian", "seven names of 22 are no test"
    ways = found["methods"]
    assert ways["published"]["log_score"] >= ways["eb"]["log_score"]
    assert ways["published"]["spearman"] >= ways["eb"]["spearman"]
    assert ways["eb"] == pytest.approx({"log_score": -2.649, "spearman": 0.834, "hit": 0.403}, abs=0.002)
    assert ways["full"]["spearman"] > 0.87
    assert ways["poverty"]["spearman"] < 0 < ways["mean"]["spearman"]
    assert 0.8 <= ways["published"]["coverage_90"] <= 1
    recorded = {area["kode"]: area["recorded"] for area in found["areas"]}
    assert recorded["53.21"] == 14, "of 2025 the last recap, not a sum of recaps"
    assert not found["alarm"]["alarm"]
    assert price["level"] == "kabupaten"
    assert {"published", "full", "past_counts"} <= price.keys()
    json.dumps([levels, price], allow_nan=False)


@pytest.fixture
def contoh(fill: Fill, province: pd.DataFrame) -> Store:
    return fill(province, *demo_batches(province))


def test_figures_and_records_dated_after_the_day_change_nothing(contoh: Store, workspace: Workspace) -> None:
    frame, facts, _ = read_store(contoh, workspace)
    at = frames_of(contoh, workspace)
    day = pd.Timestamp(2024, 1, 1)
    before = Origins(frame, facts, None, at).of(2024)
    late = facts["as_of"] >= day
    changed = facts.assign(value=facts["value"].where(~late, facts["value"] * 7))
    # a register of earlier years that was written down and dated only later
    old = facts[facts["period_end"] < day].assign(as_of=pd.Timestamp(2025, 6, 1), value=50.0)
    after = Origins(frame, pd.concat([changed, old], ignore_index=True), None, at).of(2024)
    assert before is not None
    assert after is not None
    np.testing.assert_allclose(
        after.models.published.predict(after.inputs.a_year()), before.models.published.predict(before.inputs.a_year())
    )
    assert not before.late


def test_a_register_written_down_later_is_tested_by_its_periods_though_deaths_were_dated_then(
    contoh: Store, workspace: Workspace
) -> None:
    frame, facts, _ = read_store(contoh, workspace)
    cases = facts["jenis"] == "kasus"
    register = cases & (facts["indikator"] == "tppo")
    assert register.any()
    assert (cases & ~register & (facts["period_end"] < pd.Timestamp(2024, 1, 1))).any()
    facts = facts.assign(as_of=facts["as_of"].mask(register, pd.Timestamp(2026, 1, 15)))
    facts = facts.assign(created_at=facts["created_at"].mask(register, pd.Timestamp(2026, 1, 15)))
    # A sum of the whole province that was told in time teaches nothing of its areas.
    early = pd.Timestamp(2023, 6, 1)
    province = facts[register].head(1).assign(level="provinsi", kode="53", as_of=early, created_at=early, value=90.0)
    facts = pd.concat([facts, province], ignore_index=True)
    origin = Origins(frame, facts, None, frames_of(contoh, workspace)).of(2024)
    assert origin is not None
    assert origin.late == {"tppo"}
    known = origin.facts[origin.facts["indikator"] == "tppo"]
    assert len(known)
    assert known["period_end"].max() < pd.Timestamp(2024, 1, 1)


def test_a_figure_of_a_place_is_known_from_the_day_it_is_dated() -> None:
    day = pd.Timestamp(2024, 1, 1)
    rows = pd.DataFrame(
        {
            "indikator": ["idm", "idm", "idm", "penduduk", "penduduk"],
            "level": "desa",
            "value": [0.5, 0.6, 0.7, 1000.0, 1100.0],
            "as_of": pd.to_datetime(["2023-12-31", "2024-02-01", "", "2024-06-30", "2025-06-30"]),
            "period_end": pd.to_datetime(["2023-12-31", "2023-12-31", "2023-06-30", "2024-12-31", "2025-12-31"]),
            "created_at": pd.Timestamp(2026, 1, 1),
        }
    )
    assert known_by(rows, day)["value"].tolist() == [0.5, 0.7]
    assert places_known_by(rows, day)["value"].tolist() == [0.5, 0.7, 1000.0], "the oldest population stands in"
    stored = rows.assign(created_at=pd.Timestamp(2023, 1, 1))
    assert len(known_by(stored, day)) == 5, "what was stored was known"


def test_a_year_of_parts_or_without_an_earlier_one_tests_nothing(contoh: Store) -> None:
    from data.domain.levels import Level

    facts = contoh.facts.read(jenis="kasus")
    tests, left = years_that_test(facts, Level.DESA)
    assert tests
    newest = max(test.year for test in tests)
    parts = facts.assign(completeness=np.where(facts["period_end"].dt.year == newest, "sebagian", ""))
    again, why = years_that_test(parts, Level.DESA)
    assert newest not in {test.year for test in again}
    assert {years[str(newest)] for years in why.values() if str(newest) in years} == {"sebagian"}
    assert any("tanpa_tahun_lalu" in years.values() for years in left.values())


def test_no_village_count_is_in_what_is_stored(contoh: Store, workspace: Workspace) -> None:
    frame, facts, _ = read_store(contoh, workspace)
    levels, price = by_level(Origins(frame, facts))
    assert levels["desa"]["areas"] == [] == levels["kecamatan"]["areas"]
    told = [group["recorded"] for level in levels.values() for group in level["groups"]]
    assert all(one == "<10" or (one >= 10 and one % 5 == 0) for one in told)
    assert price["level"] == "desa"
    assert not [key for year in as_shown([{"year": 1, "raw": {}}]) for key in year if key == "raw"]


# --- verdicts -----------------------------------------------------------------------------------------------


def year_with(hits: dict[str, list[float]], behind: float) -> dict[str, Any]:
    hidden = {"hit_100": None, "hit_300": None}
    return {
        "year": 2024,
        "rankings": [{"key": "published", **hidden}, {"key": "population", "hit_100": 0.33, "hit_300": 0.33}],
        "paired": {"population": [{"n": 100, "better": 0.5}]},
        "raw": {"hits": hits, "behind": {"population": [behind, behind]}},
    }


def test_nine_hits_against_ten_do_not_retire_the_model() -> None:
    """9 is told as ``<10`` and 10 as 10: what is told decides nothing."""
    near = year_with({"published": [9 / 30, 9 / 30], "population": [10 / 30, 10 / 30]}, behind=0.6)
    judged = verdict([near, near])
    assert (judged["tested"], judged["surely"], judged["fallback"]) == (2, [], None)
    ahead = year_with({"published": [10 / 30, 10 / 30], "population": [9 / 30, 9 / 30]}, behind=0.95)
    assert verdict([ahead, ahead])["beaten_by"] == []
    shown = as_shown([near, near])
    assert verdict(shown)["surely"] == [], "a hidden share is unknown, not 0"
    assert verdict(shown)["tested"] == 0


# --- forecasts ----------------------------------------------------------------------------------------------


def test_an_honest_forecast_has_an_even_pit_and_a_wrong_one_raises_the_alarm() -> None:
    rng = np.random.default_rng(4)
    rates = rng.gamma(4, 1, (400, 300))
    then = rng.poisson(rng.gamma(4, 1, 300)).astype(float)
    honest = forecast(rates, np.ones(300), then)
    assert max(abs(one - 0.2) for one in pit_shares(honest.pit())) < 0.08
    assert not alarm(honest)["alarm"]
    moved = forecast(rates, np.ones(300), then[::-1] * 3 + 4)
    found = alarm(moved)
    assert found["alarm"]
    assert found["above"] > found["below"]


def test_the_crps_is_the_mean_distance_for_a_certain_forecast_and_rewards_an_honest_width() -> None:
    then = np.array([0.0, 3.0])
    assert Forecast(np.full((50, 2), 2.0), then).crps().tolist() == [2.0, 1.0]
    rng = np.random.default_rng(5)
    came = rng.poisson(4, 400).astype(float)
    wide, narrow = rng.poisson(4, (500, 400)).astype(float), np.full((500, 400), 4.0)
    assert Forecast(wide, came).crps().mean() < Forecast(narrow, came).crps().mean()


def test_without_a_test_there_is_no_price() -> None:
    assert price_of([]) == {}
