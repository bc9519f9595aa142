"""An officer brings in a recap with a misspelt village, settles it on the screen, and is not asked again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl

from data.workspace import Workspace
from tests.browser.test_main_path import NewTab


def recap(path: Path, year: int, rows: list[tuple[str, str, str, int]]) -> Path:
    """As BP3MI sends it: titles above, where they came from, people by sex, a total, whose figures they are."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rekap"
    sheet.append(["REKAPITULASI PEMULANGAN PMI MENINGGAL DUNIA"])
    sheet.append([f"BP3MI NTT TAHUN {year}"])
    sheet.append([])
    sheet.append(["No", "Asal Kabupaten", "Kecamatan Asal", "Desa Asal", "Jumlah (Orang)", "Laki-laki", "Perempuan"])
    for number, (kabupaten, kecamatan, desa, people) in enumerate(rows, start=1):
        sheet.append([number, kabupaten, kecamatan, desa, people, people, 0])
    total = sum(row[3] for row in rows)
    sheet.append([None, None, None, "JUMLAH", total, total, 0])
    sheet.append(["Sumber: BP3MI NTT"])
    book.save(path)
    return path


def test_a_misspelt_village_is_settled_once(new_tab: NewTab, serve: Any, demo_copy: Workspace, tmp_path: Path) -> None:
    first = recap(
        tmp_path / "rekap-2023.xlsx",
        2023,
        [
            ("Kab. Kupang", "Semau", "Bokonussan", 2),
            ("Kab. Kupang", "Semau", "Otan", 1),
            ("Kab. Kupang", "Kupang Timur", "Oesao", 1),
        ],
    )
    later = recap(
        tmp_path / "rekap-2024.xlsx",
        2024,
        [("Kab. Kupang", "Semau", "Bokonussan", 1), ("Kab. Kupang", "Kupang Timur", "Oesao", 3)],
    )
    with serve(demo_copy.path) as address:
        tab = new_tab(address=address)
        tab.open("data-masuk")
        uploader = tab.page.locator("[data-testid=stFileUploaderDropzoneInput]")
        uploader.wait_for(state="attached")
        tab.page.locator(".st-key-sumber input").fill("BP3MI NTT")
        tab.page.locator(".st-key-sumber input").press("Enter")
        tab.quiet()
        uploader.set_input_files(first)
        panel = tab.page.locator(".st-key-cocokkan_nama")
        panel.get_by_text("Cocokkan nama (2)").wait_for(timeout=30_000)
        panel.get_by_text("Baris 5 · tertulis di Semau, Kab. Kupang").wait_for()
        panel.get_by_text("bertetangga dengan Huilelot").wait_for()
        panel.get_by_text("Bokonusan · 53.01.04.2003").click()
        panel.get_by_text("Oesao · 53.01.06.2015").click()
        panel.get_by_role("button", name="Pakai 2 pilihan").click()
        tab.page.get_by_text("2 nama diingat").wait_for()
        tab.page.get_by_role("button", name=re.compile("Simpan 3 baris")).click(timeout=30_000)
        tab.page.get_by_text("Tersimpan sebagai").wait_for()
        tab.page.get_by_text("rekap-2023.xlsx").wait_for(state="detached")
        tab.quiet()
        uploader.set_input_files(later)
        tab.page.get_by_role("button", name=re.compile("Simpan 2 baris")).wait_for(timeout=30_000)
        assert panel.count() == 0, "a settled name is not asked about again"
        assert tab.page.get_by_text("Baris yang salah").count() == 0
        tab.page.get_by_role("tab", name="Yang diingat").click()
        tab.page.get_by_role("heading", name="Nama wilayah (2)").wait_for()
        assert tab.watch.outside == []
        assert tab.watch.faults == []


def test_the_panel_stands_on_a_telephone(new_tab: NewTab, serve: Any, demo_copy: Workspace, tmp_path: Path) -> None:
    file = recap(tmp_path / "rekap.xlsx", 2023, [("Kab. Kupang", "Semau", "Bokonussan", 2)])
    with serve(demo_copy.path) as address:
        tab = new_tab(390, 844, address=address)
        tab.open("data-masuk")
        uploader = tab.page.locator("[data-testid=stFileUploaderDropzoneInput]")
        uploader.wait_for(state="attached")
        uploader.set_input_files(file)
        panel = tab.page.locator(".st-key-cocokkan_nama")
        panel.get_by_text("Bokonusan · 53.01.04.2003").click(timeout=30_000)
        button = panel.get_by_role("button", name="Pakai 1 pilihan")
        button.wait_for()
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
