"""What offices open: LibreOffice reads every document as it is, and gives the same codes back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from campaign.documents.action_row import write_action_row
from campaign.documents.briefing.note import write_briefing
from campaign.documents.listing.columns import sheet_columns
from campaign.handover.lists import listed
from campaign.reading.snapshot import Snapshot
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, export_list

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def converted(path: Path, kind: str, folder: Path) -> Path:
    """``path`` opened and saved as ``kind`` in a profile of its own; a file that needs repair is not converted."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder}/profil"
    done = subprocess.run(
        [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", folder, path],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    out = folder / f"{path.stem}.{kind}"
    assert out.exists(), done.stderr
    return out


def test_libreoffice_opens_list_decree_letter_and_slides(planned_once: Planned, tmp_path: Path) -> None:
    store, workspace = planned_once.store, planned_once.workspace
    known, snapshot = listed(store, planned_once.plan, today=MADE), Snapshot.load(workspace, store)
    book, decree = tmp_path / "daftar.xlsx", tmp_path / "sk.docx"
    letter, slides = tmp_path / "nota.docx", tmp_path / "nota-salindia.pptx"
    export_list(known, book, store, workspace)
    export_list(known, decree, store, workspace)
    for path in (letter, slides):
        write_briefing(path, snapshot, store, workspace, known)
    rows = tmp_path / "rad.docx", tmp_path / "rad.xlsx"
    for path in rows:
        write_action_row(known, store, path)
    again = openpyxl.load_workbook(converted(book, "xlsx", tmp_path / "buku"))
    assert again.sheetnames == ["Daftar", "Metadata", "Kamus", "Rekap_Kab", "Override"]
    sheet = again["Daftar"]
    assert tuple(cell.value for cell in sheet[1]) == tuple(column.name for column in sheet_columns())
    codes = {row[1].value for row in sheet.iter_rows(min_row=2)}
    assert codes == {row["kode"] for row in known.plan["villages"]}, "codes stay text with their dots"
    assert openpyxl.load_workbook(converted(rows[1], "xlsx", tmp_path / "rad-buku")).sheetnames[0] == "RAD"
    for path in (decree, letter, slides, rows[0]):
        pdf = converted(path, "pdf", tmp_path / path.stem)
        if shutil.which("pdfinfo"):
            told = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
            pages = int(told.split("Pages:")[1].split()[0])
            assert pages == {slides: 6, rows[0]: 1}.get(path, pages)
            assert pages >= 2 or path == rows[0]
