"""Scoring tests nothing but leaks; a version says that it is not tested until it was evaluated, and then tells how."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.documents.briefing.facts import briefing_facts
from campaign.model.card import model_card, read_card
from campaign.model.scoring import compute_score, evaluate_score
from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import missing
from data.domain.actor import owner
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation import evaluate as evaluating
from risk.evaluation.leak_verdict import guard
from risk.scoring.score import STEPS
from tests.said import faults_of
from words import LANGUAGES, t

ACTOR = owner("uji")


@pytest.fixture
def first_day(sums_only: Workspace, tmp_path: Path) -> Iterator[tuple[Workspace, Store]]:
    shutil.copytree(sums_only.path, tmp_path / "kerja")
    workspace = Workspace(tmp_path / "kerja")
    store = workspace.store()
    yield workspace, store
    store.close()


def test_a_version_is_not_tested_until_it_was_evaluated(first_day: tuple[Workspace, Store]) -> None:
    workspace, store = first_day
    told: list[str] = []
    versi = compute_score(ACTOR, store, workspace, tell=told.append)
    assert told == [*(f"langkah.skor.{step}" for step in STEPS), "langkah.skor.bocor"]
    assert guard(store, workspace)["leaks"] == [], "the leak verdict is there before anything leaves"
    assert set(store.scores.needed_version().evaluation) == {"choice", "pengganti"}

    before = Snapshot.load(workspace, store)
    assert not before.tested
    assert "kurang.belum_diuji" in {key for key, _ in missing(before)}
    for lang in LANGUAGES:
        card = read_card(model_card(store, lang), lang).decode()
        assert t("model.putusan.belum_diuji", lang) in card
        assert t("model.harga_belum_diuji", lang) in card
        assert t("nota.belum_diuji", lang) in briefing_facts(before, store, None, lang).sure
        assert faults_of(card) == []

    steps: list[tuple[str, float]] = []
    evaluate_score(ACTOR, store, workspace, lambda step, share: steps.append((step, share)))
    assert [step for step, _ in steps] == list(evaluating.STEPS[:-1]), "each step once, and no other order asked for"
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    after = Snapshot.load(workspace, store)
    assert after.versi == versi
    assert after.tested
    assert "kurang.belum_diuji" not in {key for key, _ in missing(after)}
    card = read_card(model_card(store)).decode()
    assert "belum diuji" not in card
    assert "Diuji di tingkat kabupaten/kota pada 2024, 2025" in card
    assert "kabupaten" in " ".join(briefing_facts(after, store, None).sure)
    assert t("nota.belum_diuji") not in briefing_facts(after, store, None).sure


def test_what_the_years_say_is_kept_though_nobody_waits_for_the_rest(first_day: tuple[Workspace, Store]) -> None:
    workspace, store = first_day

    class Gone(Exception):
        """Whoever waited is gone."""

    def tell(step: str, share: float) -> None:
        if step == "rahasia":
            raise Gone

    with pytest.raises(Gone):
        evaluate_score(ACTOR, store, workspace, tell)
    shown = Snapshot.load(workspace, store)
    assert shown.tested
    assert "kabupaten" in shown.evaluation["levels"]
    assert "disclosure" not in shown.evaluation


def test_scoring_loads_neither_scikit_learn_nor_shapes(first_day: tuple[Workspace, Store]) -> None:
    workspace, _ = first_day
    ask = (
        "import sys, cli\n"
        f"assert cli.main(['--workspace', {str(workspace.path)!r}, 'score']) == 0\n"
        "print([name for name in ('sklearn', 'scipy.stats', 'scipy.optimize', 'geopandas', 'shapely') "
        "if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", ask], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
    assert "belum diuji" in done.stderr
