"""The model card: what it says, when it expires, and that nothing of a village is in it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from campaign.model.card import ModelCard, model_card, read_card, write_card
from campaign.model.card_parts import Table
from campaign.model.forecast_picture import Mark, forecast_picture
from data.errors import WrongUse
from data.workspace import Workspace
from tests.stand_ins import as_store, score_version

Run = Callable[..., tuple[int, dict[str, Any], str]]


class FakeStore:
    """A store that answers what a card asks, with one score version."""

    def __init__(self, contoh: bool = False, made: str = "2026-01-10", stands: str = "", **results: Any) -> None:
        version = score_version(
            created_at=dt.datetime.fromisoformat(made),
            data_contoh=contoh,
            evaluation={"mode": "rolling", "lists": [100, 300], "rankings": [], "pengganti": stands},
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
    followed = model_card(as_store(FakeStore(evaluasi=back, stands="population")), today=TODAY)
    assert "Urutan bawaan memakai" in followed.verdict
    for store in (FakeStore(evaluasi=back), FakeStore(evaluasi=judged(), stands="population")):
        waiting = model_card(as_store(store), today=TODAY)
        assert waiting.warns
        assert "Hitung skor lagi" in waiting.verdict, "the order is not what the test asks for yet"
    closed = model_card(as_store(FakeStore(evaluasi=judged(beaten=("gamma_eb",), surely=("gamma_eb",)))), today=TODAY)
    assert "tidak boleh diterbitkan" in closed.verdict


def level(alarm: bool = False) -> dict[str, Any]:
    row = {"log_score": -2.6, "spearman": 0.9, "hit": 0.4}
    seen = {"kind": "pmi_meninggal", "year": 2025, "areas": 22, "above": 6, "below": 1, "p": 0.003, "alarm": alarm}
    return {
        "unit": "nat_per_case",
        "n_list": 3,
        "years": [2024, 2025],
        "methods": {"published": {**row, "crps": 1.3, "coverage_90": 0.95}, "eb": {**row, "log_score": -2.65}},
        "tests": [{"kind": "pmi_meninggal", "year": 2025, "cases": 77.0, "dated": True, "public": True}],
        "left_out": {"pmi_meninggal": {"2023": "sebagian"}},
        "pit": [0.2] * 5,
        "alarm": seen,
        "areas": [{"kode": "53.01", "predicted": 3.6, "low": 1, "high": 7, "recorded": 3}],
        "groups": [],
    }


def test_on_the_first_day_the_card_has_a_table_of_what_could_be_tested() -> None:
    price = {"level": "kabupaten", "years": [2024, 2025], "n": 3, "cases": 196.0}
    price |= {"published": 0.4, "full": 0.41, "past_counts": None}
    card = model_card(
        as_store(FakeStore(evaluasi={"tanggal": "2026-11-01", "levels": {"kabupaten": level()}, "price": price})),
        today=TODAY,
    )
    assert "Harga kerahasiaan" in card.price
    assert all(said in card.price for said in ("40%", "41%", "<10"))
    assert "kabupaten" in card.verdict
    assert "tidak satu pun" in card.verdict
    table = next(part for part in card.chapters["uji"] if isinstance(part, Table))
    assert [row[1] for row in table.rows] == ["-2,600", "-2,650"]
    text = read_card(card).decode()
    assert text.index("Harga kerahasiaan") < text.index("\n## "), "the first figure of the card"
    assert "data:image/svg+xml;base64," in text
    assert "2023: rekap terakhirnya" in text


def test_what_was_not_tested_is_no_verdict() -> None:
    card = model_card(as_store(FakeStore()), today=TODAY)
    assert card.verdict == ""
    assert not card.warns
    assert "Belum ada tahun" in card.untested


def test_a_year_that_fell_out_of_what_was_predicted_is_told() -> None:
    loud = model_card(
        as_store(FakeStore(evaluasi={"tanggal": "2026-11-01", "levels": {"kabupaten": level(alarm=True)}})), today=TODAY
    )
    assert "6 di atas dan 1 di bawah" in loud.alarms[0]
    quiet = model_card(
        as_store(FakeStore(evaluasi={"tanggal": "2026-11-01", "levels": {"kabupaten": level()}})), today=TODAY
    )
    assert quiet.alarms == ()


def test_the_picture_stays_within_its_frame_and_lets_no_markup_in() -> None:
    svg = forecast_picture([Mark("<b>Desa & co", 2.0, 0.0, 9.0, 30.0, "30")], "kunci")
    assert "<b>" not in svg
    dots = [float(found) for found in re.findall(r'cx="([\d.]+)"', svg)]
    assert dots
    assert max(dots) <= 360


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
