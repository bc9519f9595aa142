"""An officer's afternoon in Chromium: what storing would do, sources that differ, the card, the choice, the undo."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from campaign.intake.importing import Upload, commit, examine
from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.workspace import Workspace

NewTab = Callable[..., Any]
SHOTS = os.environ.get("PETA_AMAN_GAMBAR")
"""A folder for pictures of the steps, to be looked at."""


@pytest.fixture
def place(demo_workspace: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(demo_workspace.path, tmp_path / "kerja")
    return Workspace(tmp_path / "kerja")


@pytest.fixture
def tab(new_tab: NewTab, serve: Any, place: Workspace, request: pytest.FixtureRequest) -> Iterator[Any]:
    with serve(place.path) as address:
        yield new_tab(*request.param, address=address)


def table(place: Workspace, value: float, n: int = 60) -> bytes:
    """A table of a village index as an office sends it."""
    store = place.store()
    villages = store.gazetteer.villages().head(n)
    store.close()
    frame = pd.DataFrame({"Kode Desa": villages["kode"], "Desa": villages["nama"], "Tahun": 2024, "Nilai IDM": value})
    return frame.to_csv(index=False).encode()


def picture(tab: Any, name: str) -> None:
    if SHOTS:
        tab.page.wait_for_timeout(900)
        size = tab.page.viewport_size
        tab.page.set_viewport_size({"width": size["width"], "height": 2600})
        tab.page.wait_for_timeout(900)
        tab.page.screenshot(path=f"{SHOTS}/{size['width']}-{name}.png")
        tab.page.set_viewport_size(size)


def bring(tab: Any, name: str, content: bytes, source: str) -> None:
    field = tab.page.locator(".st-key-sumber input")
    field.fill(source)
    field.press("Enter")
    # The widget of the upload before goes when the page is drawn anew.
    one = "document.querySelectorAll('[data-testid=stFileUploaderDropzoneInput]').length == 1"
    tab.page.wait_for_timeout(1200)
    tab.page.wait_for_function(one, timeout=30_000)
    tab.page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    tab.page.locator(".st-key-pratinjau").wait_for(timeout=30_000)
    tab.quiet()


def pick(tab: Any, place: str, option: str) -> None:
    box = tab.page.locator(f"{place} [role=combobox]").first
    box.evaluate("element => element.scrollIntoView({block: 'center'})")  # room for the list below it
    box.click()
    tab.page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.parametrize("tab", [(1366, 768), (390, 844)], ids=["laptop", "telephone"], indirect=True)
def test_preview_store_card_preference_and_undo(tab: Any, place: Workspace) -> None:
    page = tab.page
    tab.open("data-masuk")
    page.get_by_text("Belum punya tabelnya").wait_for(timeout=30_000)
    tab.choose("jenis", "Indikator lain per wilayah")
    bring(tab, "kemendes.csv", table(place, 0.5), "Kemendes")
    told = page.locator(".st-key-pratinjau").inner_text()
    assert "60 wilayah. Baru 60" in told
    assert "60 dari 3.442 wilayah punya angka (sekarang 0)" in told
    page.get_by_role("button", name="Simpan 60 baris").click()
    page.get_by_text("Tersimpan sebagai").wait_for(timeout=30_000)

    bring(tab, "dinas.csv", table(place, 0.7, 20), "Dinas PMD")
    told = page.locator(".st-key-pratinjau").inner_text()
    assert "Sumber lain, Kemendes: 20 wilayah" in told
    assert "Selisih lazim 0,20, terbesar 0,20" in told
    assert "berubah 20" in told
    picture(tab, "pratinjau")
    page.get_by_role("button", name="Simpan 20 baris").click()
    page.get_by_text("Tersimpan sebagai").wait_for(timeout=30_000)

    page.get_by_role("tab", name="Yang sudah tersimpan").click()
    pick(tab, ".st-key-kartu_asal_mana", named(place, "kemendes.csv"))
    card = page.locator(".st-key-kartu_asal")
    card.get_by_text("SHA-256").wait_for()
    said = card.inner_text()
    assert "60 dibaca = 60 tersimpan + 0 ditolak + 0 dilewati" in said
    assert "Dipakai 40" in said
    assert "Tidak dipakai 20: ada yang disimpan kemudian" in said

    page.get_by_text("IDM, tingkat desa/kelurahan: 20 wilayah, 2 sumber").click()
    page.wait_for_timeout(1200)  # the expander opens slowly
    pick(tab, "[class*=st-key-pilih_sumber_idm]", "Kemendes")
    reason = page.locator("[class*=st-key-alasan_sumber_idm] input").first
    reason.fill("Angka resmi kementerian")
    picture(tab, "sumber")
    page.locator("[class*=st-key-simpan_sumber_idm] button").first.click()
    page.get_by_text("kini diutamakan").wait_for(timeout=30_000)
    page.get_by_text("Skor yang ada dihitung sebelum data terakhir masuk.").wait_for()
    card.get_by_text("sumbernya dipilih petugas").first.wait_for()
    picture(tab, "diutamakan")
    page.get_by_role("button", name="Batalkan pilihan").click()
    page.get_by_text("Pilihan sumber dibatalkan").wait_for(timeout=30_000)

    pick(tab, ".st-key-batal_mana", named(place, "dinas.csv"))
    page.get_by_text("Saya yakin").click()
    page.get_by_role("button", name="Batalkan", exact=True).click()
    page.get_by_text("dibatalkan. Hitung ulang").wait_for(timeout=30_000)
    page.get_by_text("Dipakai 60").wait_for()
    assert tab.watch.outside == []
    assert tab.watch.faults == []


def named(place: Workspace, file_name: str) -> str:
    """A batch as the lists name it."""
    store = place.store()
    known = store.batches.all()
    store.close()
    return f"{known.loc[known['file_name'] == file_name, 'batch'].iloc[0]} · {file_name}"


@pytest.mark.parametrize("tab", [(1366, 768)], ids=["laptop"], indirect=True)
def test_the_second_officer_is_told_and_looks_again_with_one_click(tab: Any, place: Workspace) -> None:
    page = tab.page
    tab.open("data-masuk")
    page.get_by_text("Belum punya tabelnya").wait_for(timeout=30_000)
    tab.choose("jenis", "Indikator lain per wilayah")
    bring(tab, "dinas.csv", table(place, 0.7, 20), "Dinas PMD")
    other = place.store()
    found = examine(
        "indikator", Upload("kemendes.csv", table(place, 0.5)), other, place, ImportOptions(source="Kemendes")
    )
    won = commit(owner("ani"), found, "indikator", other, place)
    other.close()
    page.get_by_role("button", name="Simpan 20 baris").click()
    box = page.locator(".st-key-data_berubah")
    box.wait_for(timeout=30_000)
    said = box.inner_text()
    assert f"ani menyimpan {won}" in said
    assert "Kemendes" in said
    page.get_by_role("button", name="Simpan 20 baris").wait_for(state="detached")
    picture(tab, "sela")
    page.get_by_role("button", name="Periksa lagi").click()
    page.get_by_text("berubah 20").wait_for(timeout=30_000)
    page.get_by_role("button", name="Simpan 20 baris").click()
    page.get_by_text("Tersimpan sebagai").wait_for(timeout=30_000)
