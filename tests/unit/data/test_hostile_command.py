"""Dirty files through the command a clerk types, in a workspace of a fictional province with its own boundaries."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile_world import Case, make_province
from test_hostile_files import CASES

EXITS = {"ok": 0, "row_errors": 3, "refused": 4}
SAMPLE = [case for case in CASES if "_ends" not in case.options and not case.options][::67]
"""Every sixty-seventh file: some of every group."""


@pytest.fixture(scope="module")
def province97(tmp_path_factory: pytest.TempPathFactory, peta_aman: Callable[..., Any]) -> Path:
    folder = tmp_path_factory.mktemp("perintah")
    table = make_province()
    columns = "kode kode_bps nama jenis kode_kec kecamatan kode_kab kabupaten penduduk kode_lama lon lat"
    table[columns.split()].to_csv(folder / "gazetir.csv", index=False)
    features = [
        {
            "type": "Feature",
            "properties": {"kode": row.kode, "nama": row.nama},
            "geometry": {"type": "Polygon", "coordinates": [_square(row.lon, row.lat)]},
        }
        for row in table.itertuples()
    ]
    (folder / "batas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    words = ("--gazetteer", folder / "gazetir.csv", "--boundaries", folder / "batas.geojson", "--empty")
    status, body, said = peta_aman("init", *words, workspace=folder / "kerja")
    assert status == 0, (body, said)
    return folder / "kerja"


@pytest.mark.parametrize("case", SAMPLE, ids=[case.name for case in SAMPLE])
def test_the_command_says_the_same_and_a_trial_run_leaves_no_trace(
    case: Case, province97: Path, peta_aman: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / Path(case.file_name).name
    file.write_bytes(case.content)
    before = _traces(province97)
    started = time.perf_counter()
    status, body, said = peta_aman("import", case.kind, file, "--dry-run", workspace=province97)
    seconds = time.perf_counter() - started
    assert _traces(province97) == before
    assert body["outcome"] == ("refused" if case.want.reasons else "row_errors" if case.want.errors else "ok")
    assert status == EXITS[body["outcome"]]
    assert body["rows_read"] == body["rows_ok"] + body["rows_error"] + body["rows_skipped"]
    assert body["message"]
    assert body["committed"] is False
    if case.want.reasons:
        assert body["reason"] in case.want.reasons
        assert seconds < 20, "a busy machine starts slowly; the reading itself is timed elsewhere"
    assert {(error["row"], error["reason"]) for error in body["errors"]} == set(case.want.errors)
    assert all(error["message"] for error in body["errors"])
    assert [secret for secret in case.secrets if secret in json.dumps(body, ensure_ascii=False) + said] == []


def test_a_refused_identity_number_is_nowhere_afterwards(
    province97: Path, peta_aman: Callable[..., Any], tmp_path: Path
) -> None:
    nik = "9701015208900003"
    file = tmp_path / f"korban {nik}.csv"
    file.write_text(f"Kode Desa;Jumlah;Tahun;Ket\n97.01.01.2001;3;2024;{nik}\n", encoding="utf-8")
    status, body, said = peta_aman("import", "kasus", file, workspace=province97)
    assert (status, body["reason"]) == (4, "PII_VALUE")
    assert nik not in json.dumps(body) + said
    assert not [path for path in province97.rglob("*") if path.is_file() and nik.encode() in path.read_bytes()]


def _square(lon: float, lat: float) -> list[list[float]]:
    half = 0.004
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return [[lon + east, lat + north] for east, north in corners]


def _traces(folder: Path) -> dict[str, str]:
    """Every file of a workspace with the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
