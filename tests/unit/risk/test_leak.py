"""The leak test lets the published score pass and stops every score that knows villages' own counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.demo.facts import demo_batches
from data.errors import Refused
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation.leak import Secret, judge, secret_of
from risk.evaluation.leak_verdict import NOTHING_TO_TELL, RESULT, guard, leak_verdict
from risk.scoring.inputs import build_inputs, read_store
from risk.scoring.score import score

pytestmark = pytest.mark.slow

Fill = Callable[..., Store]


@pytest.fixture(scope="module")
def ntt(demo_workspace: Workspace) -> tuple[pd.DataFrame, Secret]:
    store = demo_workspace.store()
    try:
        return store.scores.table("desa").set_index("kode"), secret_of(build_inputs(*read_store(store, demo_workspace)))
    finally:
        store.close()


def counts_of(table: pd.DataFrame, secret: Secret) -> pd.Series:
    return pd.Series(secret.counts, secret.covariates.index).reindex(table.index)


def test_the_published_score_passes(ntt: tuple[pd.DataFrame, Secret]) -> None:
    verdict = judge(*ntt)
    assert verdict["measured"]
    assert verdict["leaks"] == []
    assert all(gain < 0.01 for gain in verdict["gain"].values())
    assert all(share < 0.01 for share in verdict["read"].values())
    assert {"skor", "skor_bawah", "skor_atas", "p_top", "harapan", "laju", "p_rr2", "prioritas"} <= set(verdict["read"])


@pytest.mark.parametrize(
    ("column", "leak"),
    [
        ("skor", lambda own, n: own + 5 * n),
        ("skor", lambda own, n: (-own - 3 * n).rank()),
        ("skor", lambda own, n: own.round(1) + n.clip(upper=9) / 1000),  # in digits nobody looks at
        ("laju", lambda own, n: own * np.exp(0.3 * n)),
        ("p_top", lambda own, n: (own + 0.05 * (n > 0)).round(2)),
        ("skor_atas", lambda own, n: own.where(n == 0, 100.0)),
    ],
)
def test_a_column_that_knows_the_counts_is_named(
    ntt: tuple[pd.DataFrame, Secret], column: str, leak: Callable[[pd.Series, pd.Series], pd.Series]
) -> None:
    table, secret = ntt
    leaky = table.assign(**{column: leak(table[column], counts_of(table, secret))})
    assert column in judge(leaky, secret)["leaks"]


def test_a_column_nobody_thought_of_is_tried_too(ntt: tuple[pd.DataFrame, Secret]) -> None:
    table, secret = ntt
    rng = np.random.default_rng(0)
    verdict = judge(table.assign(catatan=rng.normal(size=len(table)) + 2 * counts_of(table, secret)), secret)
    assert "catatan" in verdict["leaks"]


def test_noise_is_no_leak(ntt: tuple[pd.DataFrame, Secret]) -> None:
    table, secret = ntt
    assert judge(table.assign(catatan=np.random.default_rng(1).normal(size=len(table))), secret)["leaks"] == []


@pytest.fixture
def scored(fill: Fill, province: pd.DataFrame, workspace: Workspace) -> Store:
    store = fill(province, *demo_batches(province))
    score(store, workspace, n_top=20)
    return store


def leaky_version(store: Store) -> str:
    """A version as somebody might make it who ranks by the cases themselves."""
    table, version = store.scores.table("desa"), store.scores.version()
    cases = store.facts.read(jenis="kasus").groupby("kode")["value"].sum().reindex(table["kode"], fill_value=0.0)
    place = (cases + np.random.default_rng(2).random(len(cases))).rank(pct=True) * 100
    meta = {name: getattr(version, name) for name in ("input_version", "boundary_version", "n_top", "data_contoh")}
    return store.scores.save(meta, table.assign(skor=place.to_numpy()))


def test_a_leaky_version_is_refused_and_the_verdict_is_kept(scored: Store, workspace: Workspace) -> None:
    assert guard(scored, workspace)["leaks"] == []
    kept = f"{scored.scores.needed_version().versi}:{scored.input_version()}"
    assert scored.results.get(RESULT, kept)["leaks"] == []
    versi = leaky_version(scored)
    with pytest.raises(Refused) as caught:
        guard(scored, workspace)
    assert caught.value.reason == "SCORE_LEAKS"
    assert caught.value.params == {"version": versi, "columns": "skor"}
    assert caught.value.exit_code == 4


def test_no_file_leaves_from_a_leaky_version(scored: Store, workspace: Workspace, tmp_path: Path) -> None:
    from tests.unit.campaign.papers import export_scores

    leaky_version(scored)
    with pytest.raises(Refused):
        export_scores(tmp_path / "daftar.csv", scored, workspace)
    assert list(tmp_path.glob("daftar*")) == []


def test_too_few_cases_to_measure_is_said(scored: Store, workspace: Workspace) -> None:
    secret = secret_of(build_inputs(*read_store(scored, workspace)))
    few = np.zeros(len(secret.counts))
    few[:5] = 1
    verdict = judge(scored.scores.table("desa").set_index("kode"), replace(secret, counts=few))
    assert not verdict["measured"]
    assert verdict["gain"] == {}


def test_a_score_outlives_the_batches_it_was_made_from(scored: Store, workspace: Workspace) -> None:
    for batch in scored.batches.all().query("jenis == 'kasus'")["batch"]:
        scored.batches.undo(batch, "ani")
    assert guard(scored, workspace) == NOTHING_TO_TELL


def test_the_verdict_of_the_scoring_job_holds_when_data_come_later(
    scored: Store, workspace: Workspace, province: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from risk.evaluation import leak

    kept = leak_verdict(scored, workspace)
    assert kept["measured"]
    meta, rows = next(iter(demo_batches(province)))
    scored.facts.commit(replace(meta, file_name="kemudian.csv", sha256="0" * 64), rows.head(1))
    monkeypatch.setattr(leak, "judge", None)  # reading must not test again
    assert guard(scored, workspace) == kept
