"""The commands that hand documents over, as the command line runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import main
from tests.unit.campaign.conftest import Planned


@pytest.fixture
def plan_file(planned: Planned, tmp_path: Path) -> Path:
    path = tmp_path / "rencana.json"
    path.write_text(json.dumps(planned.plan, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], planned: Planned, *words: str | Path) -> tuple[int, dict[str, Any], str]:
    code = main([*map(str, words), "--workspace", str(planned.workspace.path), "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def test_a_plan_is_exported_frozen_signed_and_exported_by_its_version(
    planned: Planned, plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, said = run(capsys, planned, "export", plan_file, "--out", tmp_path / "a.csv")
    assert (code, told["status"], told["rows"]) == (0, "usulan", 30)
    assert told["hash"].startswith(planned.plan["version"][-8:])
    assert "DATA CONTOH" in said
    assert "berlaku sampai" in said
    code, frozen, _ = run(capsys, planned, "freeze", plan_file, "--user", "staf")
    assert code == 0
    code, told, _ = run(capsys, planned, "approve", frozen["list"], "--user", "kadis")
    assert (code, told["reason"]) == (2, "LIST_ORDER")
    for words in (("--checked", "--user", "kabid"), ("--user", "kadis")):
        assert run(capsys, planned, "approve", frozen["list"], *words)[0] == 0
    code, told, _ = run(capsys, planned, "lists")
    assert [(one["list"], one["status"], one["chain"]) for one in told["lists"]] == [
        (frozen["list"], "ditetapkan", [frozen["list"]])
    ]
    code, told, _ = run(capsys, planned, "export", frozen["list"], "--out", tmp_path / "b.csv")
    assert (code, told["status"], told["list"]) == (0, "ditetapkan", frozen["list"])


def test_an_edited_plan_file_is_refused_with_a_reason(
    planned: Planned, plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_file.write_text(plan_file.read_text(encoding="utf-8").replace('"tegas"', '"wajib"', 1), encoding="utf-8")
    code, told, said = run(capsys, planned, "export", plan_file, "--out", tmp_path / "a.xlsx")
    assert (code, told["reason"]) == (2, "PLAN_CHANGED")
    assert "sidiknya tidak cocok" in said
    assert not (tmp_path / "a.xlsx").exists()
    code, told, _ = run(capsys, planned, "export", tmp_path / "tidak-ada.json", "--out", tmp_path / "a.xlsx")
    assert (code, told["reason"]) == (2, "PLAN_FILE")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_briefing_atlas_and_clarification(
    planned: Planned, plan_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    code, told, _ = run(capsys, planned, "briefing", "--out", tmp_path / "nota.pdf", "--lang", lang)
    assert (code, told["list"]) == (0, planned.plan["version"])
    assert (tmp_path / "nota.pdf").stat().st_size < 400_000
    code, told, _ = run(capsys, planned, "atlas", "--kabupaten", "53.71", "--out", tmp_path / "a.pdf", "--lang", lang)
    assert (code, told["pages"]) == (0, 6)
    code, told, _ = run(capsys, planned, "clarify", "--plan", plan_file, "--out", tmp_path / "k.pdf", "--lang", lang)
    assert (code, told["pages"]) == (0, 30)
    acts = planned.store.audit.trail()
    assert list(acts["act"].head(3)) == ["export"] * 3


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("briefing", "--out", "nota.odt"), "UNKNOWN_FORMAT"),
        (("atlas", "--out", "tidak/ada/a.pdf"), "NO_FOLDER"),
        (("clarify", "--out", "k.pdf"), "USAGE_CLARIFY"),
        (("clarify", "53.00", "--out", "k.pdf"), "AREA_UNKNOWN"),
        (("approve", "D20200101-01"), "LIST_UNKNOWN"),
    ],
)
def test_wrong_use_is_told(
    planned: Planned,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told, _ = run(capsys, planned, *words)
    assert (code, told["reason"]) == (2, reason)


def test_no_document_is_made_from_scores_that_give_counts_away(
    planned: Planned, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = planned.store
    table, version = store.scores.table("desa"), store.scores.version()
    cases = store.facts.read(jenis="kasus").groupby("kode")["value"].sum().reindex(table["kode"], fill_value=0.0)
    leaky = (cases + np.random.default_rng(2).random(len(cases))).rank(pct=True) * 100
    meta = {name: getattr(version, name) for name in ("input_version", "boundary_version", "n_top", "data_contoh")}
    store.scores.save(meta, table.assign(skor=leaky.to_numpy()))
    sheet = ("clarify", table["kode"][0], "--out", tmp_path / "k.pdf")
    for words in (("briefing", "--out", tmp_path / "nota.pdf"), sheet):
        code, told, _ = run(capsys, planned, *words)
        assert (code, told["reason"]) == (4, "SCORE_LEAKS")
    assert list(tmp_path.glob("*.pdf")) == []
