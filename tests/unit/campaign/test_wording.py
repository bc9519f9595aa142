"""A document somebody edited is looked through before it is signed: words, colours, and what to write instead."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from docx.shared import RGBColor
from pptx import Presentation

from campaign.documents.briefing.note import write_briefing
from campaign.handover.lists import listed
from campaign.office.wording import look_through
from campaign.reading.snapshot import Snapshot
from data.errors import PetaAmanError
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, export_list


def written(folder: Path, suffix: str, text: str) -> Path:
    path = folder / f"surat{suffix}"
    if suffix == ".docx":
        document = Document()
        document.add_paragraph("Pembukaan")
        halves = document.add_table(1, 1).rows[0].cells[0].paragraphs[0]
        halves.add_run(text[:8])
        halves.add_run(text[8:]).bold = True
        document.save(str(path))
    elif suffix == ".pptx":
        deck = Presentation()
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text_frame.text = text
        deck.save(str(path))
    elif suffix == ".xlsx":
        book = xlsxwriter.Workbook(str(path))
        book.add_worksheet().write_string(4, 2, text)
        book.close()
    else:
        path.write_text(f"Pembukaan\n{text}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".txt", ".md", ".csv"])
def test_a_term_is_found_wherever_it_stands_with_what_to_write(tmp_path: Path, suffix: str) -> None:
    (found,) = look_through(written(tmp_path, suffix, "daftar zona merah kita"))
    assert found.words == "zona merah"
    assert found.instead[0] == "wilayah dengan kebutuhan layanan tinggi"
    assert look_through(written(tmp_path, suffix, "daftar desa prioritas kita")) == []


def test_red_letters_are_found(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph().add_run("Desa A").font.color.rgb = RGBColor(0xC0, 0, 0)
    document.add_paragraph().add_run("Desa B").font.color.rgb = RGBColor(0x2D, 0x1E, 0x6B)
    document.save(str(tmp_path / "a.docx"))
    assert [one.words for one in look_through(tmp_path / "a.docx")] == ["#C00000"]


def test_our_own_documents_are_clean(planned_once: Planned, tmp_path: Path) -> None:
    store, workspace = planned_once.store, planned_once.workspace
    known, snapshot = listed(store, planned_once.plan, today=MADE), Snapshot.load(workspace, store)
    for name in ("daftar.xlsx", "daftar.docx", "daftar.csv"):
        export_list(known, tmp_path / name, store, workspace)
    for name in ("nota.docx", "nota.pptx"):
        write_briefing(tmp_path / name, snapshot, store, workspace, known)
    for path in tmp_path.iterdir():
        assert look_through(path) == [], path.name


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.pdf", b"", "UNKNOWN_FORMAT"), ("tidak-ada.docx", None, "NO_FILE"), ("a.docx", b"bukan zip", "CORRUPT_FILE")],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PetaAmanError) as caught:
        look_through(tmp_path / name)
    assert caught.value.reason == reason


def test_a_file_with_entities_is_not_unfolded(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as file:
        file.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "zona merah">]><x>&a;</x>')
    with pytest.raises(PetaAmanError) as caught:
        look_through(tmp_path / "a.docx")
    assert caught.value.reason == "CORRUPT_FILE"
