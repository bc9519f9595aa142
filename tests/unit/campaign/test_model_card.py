"""The model card: what it says, when it expires, and that nothing of a village is in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from campaign.model.card import ModelCard, model_card, write_card
from campaign.model.card_parts import Table
from data.errors import WrongUse
from data.workspace import Workspace
from tests.stand_ins import as_store, score_version

Run = Callable[..., tuple[int, dict[str, Any], str]]


class FakeStore:
    """A store that answers what a card asks, with one score version."""

    def __init__(self, contoh: bool = False, made: str = "2026-01-10", **results: Any) -> None:
        version = score_version(
            created_at=dt.datetime.fromisoformat(made),
            data_contoh=contoh,
            evaluation={"mode": "rolling", "lists": [100, 300], "rankings": []},
            params={"case_sources": [], "covariates": {}, "period": None},
        )
        kabupaten = pd.DataFrame({"kode": ["53.01"], "nama": ["Kabupaten Kupang"]})
        self.scores = SimpleNamespace(version=lambda: version)
        self.results = SimpleNamespace(get=lambda jenis, versi: results.get(jenis))
        self.gazetteer = SimpleNamespace(areas=lambda level: kabupaten)


def judged(
    tested: int = 3,
    beaten: tuple[str, ...] = (),
    surely: tuple[str, ...] = (),
    fallback: str | None = None,
    day: str = "2026-02-01",
) -> dict[str, Any]:
    verdict = {"tested": tested, "beaten_by": list(beaten), "surely": list(surely), "fallback": fallback}
    return {"tanggal": day, "verdict": verdict}


TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("store", "maturity"),
    [
        (FakeStore(), "belum_dinilai"),
        (FakeStore(evaluasi=judged()), "teruji"),
        (FakeStore(evaluasi=judged(tested=1)), "awal"),
        (FakeStore(evaluasi=judged(beaten=("population",), surely=("population",))), "kalah"),
        (FakeStore(contoh=True, evaluasi=judged()), "contoh"),
        (FakeStore(evaluasi=judged(day="2025-05-01")), "kedaluwarsa"),
        (FakeStore(made="2025-05-01"), "kedaluwarsa"),
        (FakeStore(made="2025-05-01", evaluasi=judged(day="2026-11-01")), "teruji"),
    ],
)
def test_the_badge_says_how_far_the_score_can_be_trusted(store: FakeStore, maturity: str) -> None:
    assert model_card(as_store(store), today=TODAY).maturity == maturity


def test_eighteen_months_without_evaluation_and_not_a_day_less() -> None:
    store = FakeStore(evaluasi=judged(day="2025-05-22"))
    assert model_card(as_store(store), today=dt.date(2026, 11, 22)).maturity == "teruji"
    assert model_card(as_store(store), today=dt.date(2026, 11, 23)).maturity == "kedaluwarsa"


def test_when_it_does_not_win_the_card_says_so_loudly() -> None:
    won = model_card(as_store(FakeStore(evaluasi=judged())), today=TODAY)
    assert not won.warns
    tied = model_card(as_store(FakeStore(evaluasi=judged(beaten=("past_counts",)))), today=TODAY)
    assert tied.warns
    assert "Jumlah kejadian tercatat sebelumnya" in tied.verdict
    back = judged(beaten=("population",), surely=("population",), fallback="population")
    assert "Urutan bawaan memakai" in model_card(as_store(FakeStore(evaluasi=back)), today=TODAY).verdict
    closed = model_card(as_store(FakeStore(evaluasi=judged(beaten=("gamma_eb",), surely=("gamma_eb",)))), today=TODAY)
    assert "tidak boleh diterbitkan" in closed.verdict


@pytest.fixture(scope="module")
def evaluated(
    demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, peta_aman: Run
) -> tuple[Workspace, Path, dict[str, Any]]:
    import shutil

    folder = tmp_path_factory.mktemp("dinilai")
    shutil.copytree(demo_workspace.path, folder / "workspace")
    workspace = Workspace(folder / "workspace")
    code, answer, _ = peta_aman("evaluate", "--out", folder / "kartu.md", workspace=workspace)
    assert code == 0
    return workspace, folder / "kartu.md", answer["evaluation"]


def test_the_command_writes_the_card_of_the_sample_data(
    evaluated: tuple[Workspace, Path, dict[str, Any]], peta_aman: Run
) -> None:
    _, path, found = evaluated
    text = path.read_text(encoding="utf-8")
    for chapter in ("## Seberapa baik", "## Kerahasiaan", "## Siapa terjangkau", "## Sumber"):
        assert chapter in text
    assert "DATA CONTOH" in text.splitlines()[2]
    for rival in ("Jumlah penduduk", "Persen kemiskinan", "Kejadian tercatat tahun terakhir", "Angka sekitar 15 km"):
        assert rival in text
    assert found["band_changes"] <= 0.05
    chosen = next(way for way in found["disclosure"] if way["chosen"])
    assert chosen["auc_gain_over_public"] < 0.01
    assert chosen["auc_gain_within_kecamatan"] < 0.01
    closed = [
        way for way in found["disclosure"] if max(way["auc_gain_over_public"], way["auc_gain_within_kecamatan"]) < 0.01
    ]
    assert max(closed, key=lambda way: way["oracle_100"])["key"] == chosen["key"], "the cheapest safe way is published"


def test_the_card_on_the_screen_is_the_stored_one(evaluated: tuple[Workspace, Path, dict[str, Any]]) -> None:
    store = evaluated[0].store()
    try:
        card, english = (model_card(as_store(store), lang) for lang in ("id", "en"))
    finally:
        store.close()
    assert isinstance(card, ModelCard)
    assert {"mutu", "rahasia", "adil", "sumber"} <= set(card.chapters)
    tables = [part for parts in card.chapters.values() for part in parts if isinstance(part, Table)]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert not [cell for table in tables for row in table.rows for cell in row if cell.startswith(("nan", "None"))]
    villages = next(table for table in tables if table.key == "adil_pulau")
    assert any(row[0] == "Flores" for row in villages.rows)
    assert english.chapters.keys() == card.chapters.keys()
    assert "Released" in json.dumps([p for p in english.chapters["rahasia"] if isinstance(p, str)])


def test_the_file_follows_its_extension(tmp_path: Path) -> None:
    card = model_card(as_store(FakeStore(evaluasi=judged())), today=TODAY)
    write_card(card, {"mode": "rolling"}, tmp_path / "kartu.json")
    assert json.loads((tmp_path / "kartu.json").read_text())["kematangan"] == "teruji"
    with pytest.raises(WrongUse):
        write_card(card, {}, tmp_path / "kartu.pdf")
    with pytest.raises(WrongUse):
        write_card(card, {}, tmp_path / "tidak-ada" / "kartu.md")
