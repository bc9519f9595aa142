"""Crosswalk, points and sessions through the command line, in and out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.workspace import Workspace

Run = Callable[..., tuple[int, dict[str, Any], str]]

FILES = {
    "padanan": (
        "kode,kode_bps,nama_lama\n53.01.04.2003,5303100005,Kampung Uji\n",
        {"kode_bps": 1, "kode_lama": 0, "nama_lama": 1},
    ),
    "titik": ("nama,jenis,lat,lon\nPos Semau,pelabuhan,-10.2275,123.3796\n", {"titik": 1}),
    "sesi": (
        "kode desa,tanggal,peserta l,peserta p\n53.01.04.2003,14/03/2025,1,2\n",
        {"sesi": 1, "peserta": 3, "rujukan": 0},
    ),
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_in_and_out(peta_aman: Run, demo_copy: Workspace, tmp_path: Path, kind: str) -> None:
    store = demo_copy.store()
    before = store.table_hashes()
    text, totals = FILES[kind]
    path = tmp_path / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    code, body, _ = peta_aman("import", kind, path, "--dry-run", workspace=demo_copy)
    assert (code, body["outcome"], body["committed"]) == (0, "ok", False), body
    assert store.table_hashes() == before
    code, body, _ = peta_aman("import", kind, path, "--source", "Uji", workspace=demo_copy)
    assert (code, body["committed"], body["rows_ok"], body["totals"]) == (0, True, 1, totals)
    assert len(store.records.read(kind)) == (2 if kind == "padanan" else 1)
    code, listed, _ = peta_aman("batches", workspace=demo_copy)
    assert body["batch"] in {batch["batch"] for batch in listed["batches"] if batch["jenis"] == kind}
    assert peta_aman("undo", body["batch"], workspace=demo_copy)[0] == 0
    assert store.table_hashes() == before
    store.close()


def test_a_point_in_another_province_is_told(peta_aman: Run, demo_workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "titik.csv"
    path.write_text("nama,jenis,lat,lon\nDili,pelabuhan,-8.553,125.578\n", encoding="utf-8")
    code, body, _ = peta_aman("import", "titik", path, workspace=demo_workspace)
    assert (code, [(error["row"], error["reason"]) for error in body["errors"]]) == (3, [(2, "OUTSIDE_PROVINCE")])
    assert "provinsi" in body["errors"][0]["message"]
