"""The command line as another program sees it: exit codes, one JSON object, nothing half done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from data.workspace import Workspace

Run = Callable[..., tuple[int, dict[str, Any], str]]


def test_the_main_path_from_file_to_list(peta_aman: Run, demo_copy: Workspace, tmp_path: Path) -> None:
    store = demo_copy.store()
    village = store.gazetteer.villages().iloc[7]
    before = store.table_hashes()
    store.close()
    file = tmp_path / "kasus.csv"
    file.write_text(
        "Kode Desa;Desa;Kecamatan;Tahun;Jumlah Kasus\n"
        f"{village['kode']};{village['nama']};{village['kecamatan']};2024;2\n",
        encoding="utf-8",
    )
    code, checked, _ = peta_aman("import", "kasus", file, "--source", "Uji", "--dry-run", workspace=demo_copy)
    assert (code, checked["outcome"], checked["committed"], checked["batch"]) == (0, "ok", False, None)
    code, done, said = peta_aman("import", "kasus", file, "--source", "Uji", workspace=demo_copy)
    assert (code, done["committed"], done["rows_read"], done["rows_ok"]) == (0, True, 1, 1)
    assert done["batch"] in said
    code, made, _ = peta_aman("score", workspace=demo_copy)
    assert code == 0
    assert made["version"]
    code, wrote, _ = peta_aman("scores", "--out", tmp_path / "skor.csv", workspace=demo_copy)
    assert (code, wrote["rows"]) == (0, 3442)
    assert len(pd.read_csv(tmp_path / "skor.csv")) == 3442
    code, health, _ = peta_aman("check", workspace=demo_copy)
    assert (code, health["outcome"]) == (0, "ok"), health
    code, _, _ = peta_aman("undo", done["batch"], workspace=demo_copy)
    assert code == 0
    store = demo_copy.store()
    assert {k: v for k, v in store.table_hashes().items() if "skor" not in k} == {
        k: v for k, v in before.items() if "skor" not in k
    }
    store.close()


def test_rows_with_errors_store_nothing_and_exit_3(peta_aman: Run, demo_copy: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "kasus.csv"
    file.write_text("Kode Desa,Tahun,Jumlah\n99.99.99.9999,2024,1\n53.01.04.2003,2024,tiga\n", encoding="utf-8")
    code, body, _ = peta_aman("import", "kasus", file, workspace=demo_copy)
    assert (code, body["outcome"], body["committed"]) == (3, "row_errors", False)
    assert {(e["row"], e["reason"]) for e in body["errors"]} >= {(3, "NOT_A_NUMBER")}
    assert body["rows_read"] == body["rows_ok"] + body["rows_error"] + body["rows_skipped"] == 2
    assert all(e["message"] and e["message"] != e["reason"] for e in body["errors"])


def test_a_refused_file_exits_4(peta_aman: Run, demo_workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "kosong.csv"
    file.write_bytes(b"")
    code, body, _ = peta_aman("import", "kasus", file, workspace=demo_workspace)
    assert (code, body["outcome"], body["reason"]) == (4, "refused", "EMPTY_FILE")


def test_wrong_use_exits_2_with_a_sentence(peta_aman: Run, demo_workspace: Workspace, tmp_path: Path) -> None:
    for words, reason in [
        (("import", "batas", tmp_path / "tidak-ada.zip"), "NO_FILE"),
        (("scores", "--out", tmp_path / "a.doc"), "UNKNOWN_FORMAT"),
        (("terbang",), "USAGE"),
        (("init",), "WORKSPACE_EXISTS"),
    ]:
        code, body, said = peta_aman(*words, workspace=demo_workspace)
        assert (code, body["reason"]) == (2, reason)
        assert "Traceback" not in said


def test_without_a_workspace_the_command_says_how_to_make_one(peta_aman: Run, tmp_path: Path) -> None:
    code, body, said = peta_aman("score", workspace=tmp_path / "none")
    assert (code, body["reason"]) == (2, "NO_WORKSPACE")
    assert "peta-aman init" in said
    assert not (tmp_path / "none").exists()


def test_an_empty_installation_has_figures_but_no_sample_data(peta_aman: Run, tmp_path: Path) -> None:
    code, made, _ = peta_aman("init", "--empty", workspace=tmp_path / "ws")
    assert (code, made["villages"], made["kecamatan"], made["kabupaten"]) == (0, 3442, 315, 22)
    assert (made["data_contoh"], made["score_version"]) == (False, None)
    code, body, _ = peta_aman("scores", "--out", tmp_path / "a.csv", workspace=tmp_path / "ws")
    assert (code, body["reason"]) == (2, "NO_SCORE")
    code, made, _ = peta_aman("score", workspace=tmp_path / "ws")
    assert (code, made["data_contoh"]) == (0, False), "published kabupaten figures alone give a score, not sample data"


def test_another_province_by_its_own_gazetteer(peta_aman: Run, tmp_path: Path) -> None:
    lines = ["kode,kode_bps,nama,jenis,kode_kec,kecamatan,kode_kab,kabupaten,penduduk,kode_lama,lon,lat"]
    for kab in (1, 2):
        for kec in (1, 2, 3):
            for desa in range(1, 9):
                lines.append(
                    f"97.0{kab}.0{kec}.200{desa},,Sukamaju {desa},desa,97.0{kab}.0{kec},Kecamatan {kab}{kec},97.0{kab},"
                    f"Kabupaten {kab},{400 + 37 * desa},,{130 + kab + 0.1 * desa},{-2 - 0.1 * kec}"
                )
    (tmp_path / "g.csv").write_text("\n".join(lines), encoding="utf-8")
    code, made, _ = peta_aman("init", "--gazetteer", tmp_path / "g.csv", workspace=tmp_path / "ws")
    assert (code, made["villages"], made["kecamatan"], made["kabupaten"]) == (0, 48, 6, 2), made
    assert made["score_version"]


def test_a_failed_init_leaves_nothing_behind(peta_aman: Run, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("kode,nama\nx,y\n", encoding="utf-8")
    code, body, _ = peta_aman("init", "--gazetteer", tmp_path / "g.csv", workspace=tmp_path / "ws")
    assert code in (2, 4), body
    assert [p.name for p in tmp_path.iterdir()] == ["g.csv"]


def test_a_fault_of_ours_is_one_line_with_a_number(peta_aman: Run, demo_copy: Workspace) -> None:
    (demo_copy.path / "peta-aman.db").write_bytes(b"not a database at all" * 100)
    code, body, said = peta_aman("batches", workspace=demo_copy)
    assert code in (1, 4)
    assert "Traceback" not in said
    assert json.dumps(body)
