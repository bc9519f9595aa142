"""Commands around documents, in a process of their own: sheets that come back, the RAD row, what was handed over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from campaign.sessions.sheet_code import sheet_code
from tests.unit.campaign.conftest import Planned

Run = Callable[..., tuple[int, dict[str, Any], str]]


def test_a_sheet_goes_from_code_to_decision(planned: Planned, peta_aman: Run) -> None:
    kode, workspace = planned.plan["villages"][0]["kode"], planned.workspace
    code = sheet_code(kode, planned.plan["version"])
    outcome, told, said = peta_aman("corrections", "add", code.lower(), workspace=workspace)
    assert (outcome, told["kode"], told["list"]) == (0, kode, planned.plan["version"])
    assert "pulau" in told["lines"]
    assert "Pulau" in said
    outcome, told, _ = peta_aman("corrections", "add", code, "pulau=Semau", "lain=jembatan putus", workspace=workspace)
    assert (outcome, told["numbers"]) == (0, [1, 2])
    assert peta_aman("corrections", "decide", "1", "--accept", workspace=workspace)[1]["state"] == "diterima"
    rejected = ("corrections", "decide", "2", "--reject", "--reason", "sudah diperbaiki bulan lalu")
    assert peta_aman(*rejected, workspace=workspace)[0] == 0
    outcome, told, _ = peta_aman("corrections", workspace=workspace)
    assert [(row["id"], row["keadaan"], row["impor"]) for row in told["requests"]] == [
        (2, "ditolak", ""),
        (1, "diterima", "batas"),
    ]
    outcome, told, _ = peta_aman("corrections", "decide", "1", workspace=workspace)
    assert (outcome, told["reason"]) == (2, "USAGE_CORRECTIONS")


def test_the_action_row_is_written_and_the_record_says_so(planned: Planned, peta_aman: Run, tmp_path: Path) -> None:
    plan = tmp_path / "rencana.json"
    plan.write_text(json.dumps(planned.plan), encoding="utf-8")
    outcome, told, _ = peta_aman("rad", plan, "--out", tmp_path / "rad.docx", workspace=planned.workspace)
    assert (outcome, told["rows"]) == (0, len(planned.plan["villages"]))
    assert (tmp_path / "rad.docx").read_bytes().startswith(b"PK")
    outcome, told, said = peta_aman("audit", "--list", planned.plan["version"], workspace=planned.workspace)
    assert outcome == 0
    assert [row["tujuan"] for row in told["files"] if row["dokumen"] == "rad"] == ["pelaporan"]
    assert "rad.docx" in said


def test_a_marking_word_fails_the_look_through(planned: Planned, peta_aman: Run, tmp_path: Path) -> None:
    letter = tmp_path / "surat.txt"
    letter.write_text("Daftar zona merah tahun ini\n", encoding="utf-8")
    outcome, told, said = peta_aman("wording", letter, workspace=planned.workspace)
    assert (outcome, told["findings"][0]["words"]) == (3, "zona merah")
    assert "kebutuhan layanan" in said
    letter.write_text("Daftar desa prioritas tahun ini\n", encoding="utf-8")
    assert peta_aman("wording", letter, workspace=planned.workspace)[0] == 0
