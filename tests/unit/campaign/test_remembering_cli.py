"""Names and columns settled on the command line, as on the screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import main
from data.workspace import Workspace

Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def peta_aman(capsys: pytest.CaptureFixture[str]) -> Run:
    """As the shared fixture of this name, without a process for each of the many commands here."""

    def run(*words: str | Path, workspace: Workspace) -> tuple[int, dict[str, Any], str]:
        code = main([*map(str, words), "--workspace", str(workspace.path), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return run


def test_a_name_is_confirmed_listed_and_forgotten(peta_aman: Run, demo_copy: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "kasus.csv"
    file.write_text("Desa;Kecamatan;Kabupaten;Tahun;Jumlah Kasus TPPO\nBokonussan;Semau;Kab. Kupang;2024;2\n")
    send = ("import", "kasus", file, "--source", "Polres")
    code, body, said = peta_aman(*send, workspace=demo_copy)
    assert (code, body["proposals"][0]["kode"]) == (3, "53.01.04.2003")
    assert "--confirm 2=53.01.04.2003" in said
    for wrong, reason in (
        (("--confirm", "2=53.02.01.2001"), "CHOICE_OUTSIDE"),
        (("--confirm", "dua=53.01.04.2003"), "USAGE_CONFIRM"),
        (("--confirm", "7=53.01.04.2003"), "NOT_CONFIRMABLE"),
        (("--confirm", "2=53.01.04.2003", "--dry-run"), "REMEMBER_DRY_RUN"),
    ):
        code, body, _ = peta_aman(*send, *wrong, workspace=demo_copy)
        assert (code, body["reason"]) == (2, reason)
    code, body, _ = peta_aman("remembered", workspace=demo_copy)
    assert (code, body["names"], body["columns"]) == (0, [], [])
    code, body, _ = peta_aman(*send, "--confirm", "2=53.01.04.2003", "--user", "ani", workspace=demo_copy)
    assert (code, body["committed"], body["rows_ok"]) == (0, True, 1)
    code, body, said = peta_aman("remembered", workspace=demo_copy)
    (name,) = body["names"]
    assert (name["id"], name["teks"], name["kode"], name["sumber"], name["user"]) == (
        "N1",
        "Bokonussan",
        "53.01.04.2003",
        "polres",
        "ani",
    )
    assert "N1  Bokonussan (Semau) = Bokonusan 53.01.04.2003" in said
    assert peta_aman("forget", "N1", workspace=demo_copy)[0] == 0
    for forgotten, why in (("N1", "UNKNOWN_ALIAS"), ("K9", "UNKNOWN_MAPPING"), ("satu", "USAGE_FORGET")):
        code, body, _ = peta_aman("forget", forgotten, workspace=demo_copy)
        assert (code, body["reason"]) == (2, why)
    assert peta_aman(*send, "--dry-run", workspace=demo_copy)[0] == 3


def test_columns_are_remembered_on_request(peta_aman: Run, demo_copy: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "kasus.csv"
    file.write_text("Kampung;Kec;Kab;Thn;Hitungan;Hitungan\nOtan;Semau;Kab. Kupang;2024;2;9\n", encoding="utf-8")
    send = ("import", "kasus", file, "--dry-run")
    assert peta_aman(*send, workspace=demo_copy)[0] == 4
    named = ("--column", "desa=Kampung", "--column", "nilai=Hitungan (kolom F)")
    code, body, _ = peta_aman(*send, *named, workspace=demo_copy)
    assert (code, body["totals"]) == (0, {"jumlah": 9})
    assert peta_aman(*send, workspace=demo_copy)[0] == 4, "naming columns once does not remember them"
    assert peta_aman("import", "kasus", file, *named, "--remember", workspace=demo_copy)[0] == 0
    assert peta_aman(*send, workspace=demo_copy)[0] == 0
    code, body, _ = peta_aman("remembered", workspace=demo_copy)
    assert body["columns"][0]["kolom"] == {"desa": "Kampung", "nilai": "Hitungan (kolom F)"}
    assert peta_aman("forget", "k1", workspace=demo_copy)[0] == 0
    assert peta_aman(*send, workspace=demo_copy)[0] == 4
