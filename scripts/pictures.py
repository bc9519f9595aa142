"""Pictures for the officer's page in docs: a recap comes in, a name is settled, it is stored and taken back.

    uv run --group dev python scripts/pictures.py [FOLDER]

Needs a Chromium of the system. The workspace is a demonstration one made for it; the recap is invented.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import openpyxl

from benchmarks.browser import ROOT, chromium, free_port, server
from scripts.screenshots import wait_quiet

SIZE = (1366, 768)
RECAP: list[list[Any]] = [
    ["REKAPITULASI PEMULANGAN PMI MENINGGAL DUNIA"],
    ["TAHUN 2024"],
    [],
    ["No", "Asal Kabupaten", "Kecamatan Asal", "Desa Asal", "Jumlah (Orang)"],
    [1, "Kab. Kupang", "Semau", "Bokonussan", 2],
    [2, "Kab. Kupang", "Semau", "Otan", 1],
    [3, "Kab. Kupang", "Kupang Timur", "Oesao", 1],
    [None, None, None, "JUMLAH", 4],
]
ODD: list[list[Any]] = [
    ["Kampung", "Kec", "Kab", "Thn", "Hitungan", "Uraian"],
    ["Otan", "Semau", "Kab. Kupang", 2024, 1, "dijemput keluarga"],
    ["Uitao", "Semau", "Kab. Kupang", 2024, 2, "dirujuk"],
]
"""Headers nobody can know."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "gambar"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(Path(place) / "ws")]
        subprocess.run([*command, "init"], check=True, stderr=subprocess.DEVNULL)
        recap, odd = Path(place) / "rekap-2024.xlsx", Path(place) / "catatan-2024.xlsx"
        recap.write_bytes(_book(RECAP))
        odd.write_bytes(_book(ODD))
        port = free_port()
        who = {"LOGNAME": "petugas"}
        with server([*command, "run", "--port", str(port)], port, "/readyz", who), chromium() as browser:
            page = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme="light").new_page()
            page.goto(f"http://127.0.0.1:{port}/data-masuk")
            walk(page, recap, odd, folder)


def walk(page: Any, recap: Path, odd: Path, folder: Path) -> None:
    """The officer's way, a picture a step."""
    page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
    page.locator(".st-key-sumber input").fill("BP3MI NTT, rekap tahunan")
    page.locator(".st-key-sumber input").press("Enter")
    wait_quiet(page)
    take(page, folder / "masuk-1-unggah.png", 490)
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(recap)
    panel = page.locator(".st-key-cocokkan_nama")
    panel.wait_for(timeout=60_000)
    panel.get_by_text("Bokonusan · 53.01.04.2003").click()
    panel.get_by_text("Oesao · 53.01.06.2015").click()
    wait_quiet(page)
    panel.screenshot(path=folder / "masuk-2-nama.png")
    panel.get_by_role("button", name="Pakai 2 pilihan").click()
    page.get_by_text("2 nama diingat").wait_for(timeout=30_000)
    wait_quiet(page)
    take(page, folder / "masuk-3-pratinjau.png", None)
    page.get_by_role("button", name="Simpan 3 baris").click()
    page.get_by_text("Tersimpan sebagai").wait_for(timeout=30_000)
    page.get_by_role("tab", name="Yang sudah tersimpan").click()
    wait_quiet(page)
    which = page.locator(".st-key-batal_mana [role=combobox]")
    which.scroll_into_view_if_needed()
    wait_quiet(page)  # a list that opens while the page still moves closes again
    which.click()
    page.get_by_role("option", name="rekap-2024.xlsx").click()
    page.locator(".st-key-batal_yakin").get_by_text("Saya yakin").click()
    wait_quiet(page)
    take(page, folder / "masuk-4-batalkan.png", 810)
    page.get_by_role("button", name="Batalkan", exact=True).click()
    page.get_by_text("dibatalkan. Hitung ulang").wait_for(timeout=30_000)
    page.get_by_role("tab", name="Masukkan berkas").click()
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(odd)
    panel = page.locator(".st-key-cocokkan_kolom")
    panel.wait_for(timeout=60_000)
    wait_quiet(page)
    panel.screenshot(path=folder / "masuk-5-kolom.png")
    page.get_by_role("tab", name="Yang diingat").click()
    wait_quiet(page)
    take(page, folder / "masuk-6-ingatan.png", 520)


def take(page: Any, path: Path, height: int | None) -> None:
    """The page from its top, down to ``height``, or whole."""
    whole = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
    page.set_viewport_size({"width": SIZE[0], "height": int(whole) if height is None else height})
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    wait_quiet(page)
    page.screenshot(path=path)
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    wait_quiet(page)


def _book(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


if __name__ == "__main__":
    main()
