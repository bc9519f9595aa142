"""Why A is above B: exact ratios, sure only where the draws are, and answered from what a version keeps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from data.demo.facts import demo_batches
from data.store.store import Store
from data.workspace import Workspace
from risk.pairs import RESULT, compare, kept
from risk.scoring.score import score


@pytest.fixture
def content() -> dict:
    rng = np.random.default_rng(0)
    codes = [f"98.0{1 + i // 4}.01.200{i}" for i in range(8)]
    strength = pd.DataFrame(
        {"penduduk": np.linspace(-0.5, 0.5, 8), "kemiskinan": [0.0, 0.7] * 4, "kabupaten": 0.1}, codes
    )
    expected = np.exp(strength.sum(axis=1).to_numpy() - 1)
    return kept(codes, expected, expected * np.exp(0.1 * rng.standard_normal((300, 8))), strength)


def test_factors_of_two_villages_multiply_to_their_ratio(content: dict) -> None:
    found = compare(content, "98.02.01.2007", "98.01.01.2000")
    assert found is not None
    assert found.verdict == "di_atas"
    assert found.p > 0.99
    assert dict(found.factors)["kemiskinan"] == pytest.approx(np.exp(0.7), rel=0.01)
    assert np.prod([times for _, times in found.factors]) == pytest.approx(found.ratio, rel=0.01)
    assert "kabupaten" not in dict(found.factors)  # the same for both
    other = compare(content, "98.01.01.2000", "98.02.01.2007")
    assert other is not None
    assert other.verdict == "di_bawah"
    assert other.p == pytest.approx(1 - found.p)


def test_what_the_draws_cannot_tell_apart_is_called_so(content: dict) -> None:
    draws = np.exp(np.random.default_rng(1).standard_normal((300, 8)))
    other = kept(content["kode"], np.ones(8), draws, pd.DataFrame({"penduduk": np.zeros(8)}))
    found = compare(content | {"undian": other["undian"]}, "98.02.01.2007", "98.01.01.2000")
    assert found is not None
    assert found.verdict == "seri"
    assert found.ratio > 2  # the middle differs all the same
    same = compare(content, "98.01.01.2000", "98.01.01.2000")
    assert same is not None
    assert (same.p, same.verdict, same.ratio, same.factors) == (0.5, "seri", 1.0, ())


def test_larger_areas_are_sums_and_levels_are_not_mixed(content: dict) -> None:
    found = compare(content, "98.02", "98.01")
    assert found is not None
    assert found.verdict == "di_atas"
    assert dict(found.factors)["penduduk"] == pytest.approx(
        np.exp(np.linspace(-0.5, 0.5, 8))[4:].sum() / np.exp(np.linspace(-0.5, 0.5, 8))[:4].sum(), rel=0.01
    )
    assert compare(content, "98.02", "98.01.01.2000") is None
    assert compare(content, "98.02.01.2999", "98.01.01.2000") is None


@pytest.mark.slow
def test_every_score_version_can_answer(
    fill: Callable[..., Store], province: pd.DataFrame, workspace: Workspace
) -> None:
    store = fill(province, *demo_batches(province))
    content = store.results.get(RESULT, score(store, workspace, n_top=20))
    ranked = store.scores.table("desa").sort_values("skor", ascending=False)["kode"].tolist()
    first_last = compare(content, ranked[0], ranked[-1])
    assert first_last is not None
    assert first_last.verdict == "di_atas"
    assert first_last.factors
    neighbours_in_rank = compare(content, ranked[100], ranked[101])
    assert neighbours_in_rank is not None
    assert neighbours_in_rank.verdict == "seri"
    expected = store.scores.table("desa").set_index("kode")["harapan"]
    assert first_last.ratio == pytest.approx(expected[ranked[0]] / expected[ranked[-1]], rel=0.02)


def test_comparing_loads_no_model_library() -> None:
    told = "import sys, risk.pairs; print([m for m in ('sklearn', 'scipy', 'geopandas') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
