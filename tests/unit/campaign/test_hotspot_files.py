"""The command `hotspots`: a row for every area, corrected significance beside each statistic, no count anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.workspace import Workspace
from risk.clusters.hotspots import HOTSPOT_COLUMNS

Run = Callable[..., tuple[int, dict[str, Any], str]]


def test_every_area_is_in_the_file_of_its_level(demo_copy: Workspace, tmp_path: Path, peta_aman: Run) -> None:
    expected = {"desa": 3442, "kecamatan": 315, "kabupaten": 22}
    tables = {}
    for level, n in expected.items():
        code, answer, said = peta_aman(
            "hotspots", "--out", tmp_path / f"{level}.csv", "--level", level, workspace=demo_copy
        )
        assert code == 0
        assert answer["rows"] == n
        assert "DATA CONTOH" in said
        tables[level] = pd.read_csv(tmp_path / f"{level}.csv", dtype={"kode": str}, keep_default_na=False)
        assert len(tables[level]) == n
        assert set(HOTSPOT_COLUMNS) <= set(tables[level].columns)
    villages = tables["desa"]
    assert villages["kode"].is_unique
    assert (villages["dihitung_pada"] == "kecamatan").all()
    for p, q in (("gi_p", "gi_q"), ("lisa_p", "lisa_q")):
        corrected = tables["kecamatan"].astype({p: float, q: float})
        assert (corrected[q] >= corrected[p] - 1e-9).all()
    significant = villages[villages["gi_kelas"] == "tinggi"].astype({"gi_q": float, "gi_z": float})
    assert len(significant) > 0
    assert (significant["gi_q"] <= 0.05).all()
    assert (significant["gi_z"] > 0).all()
    whole = villages.drop(columns=["kode", "kode_kec", "kode_kab"])
    assert not [name for name in whole.columns if name in ("jumlah", "kasus", "cases", "counts", "value")]


@pytest.mark.parametrize("suffix", [".xlsx", ".geojson"])
def test_other_formats_say_what_the_table_is(demo_copy: Workspace, tmp_path: Path, peta_aman: Run, suffix: str) -> None:
    path = tmp_path / f"konsentrasi{suffix}"
    code, answer, _ = peta_aman("hotspots", "--out", path, "--level", "kabupaten", workspace=demo_copy)
    assert code == 0
    assert answer["clusters"] >= 0
    if suffix == ".geojson":
        assert "Konsentrasi kejadian" in path.read_text(encoding="utf-8")
    else:
        from openpyxl import load_workbook

        book = load_workbook(path)
        assert book["Metadata"]["B1"].value.startswith("Konsentrasi kejadian")
        assert "gi_q" in [row[0].value for row in book["Kamus"].iter_rows()]


def test_without_a_score_the_command_says_what_to_do(tmp_path: Path, peta_aman: Run) -> None:
    folder = tmp_path / "kosong"
    assert peta_aman("init", "--empty", workspace=folder)[0] == 0
    code, answer, _ = peta_aman("hotspots", "--out", tmp_path / "x.csv", workspace=folder)
    assert (code, answer["reason"]) == (2, "NO_SCORE")
