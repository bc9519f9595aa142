"""Exploring: shapes, zoom and level, trail, the table's row, years, differences, notes, tiles — and hostile names."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.batches import BatchMeta
from data.domain.actor import owner
from data.workspace import Workspace
from tests.browser.conftest import Tab

NewTab = Callable[..., Tab]
KEWAR = "53.04.01.2001"
CANARY = "`{{7*7}}` ${alert(1)} <img src=x onerror=alert(1)>"


def units(tab: Tab, n: int) -> None:
    """Waits until the map draws ``n`` areas."""
    tab.map.locator(f'html[data-units="{n}"]').wait_for(state="attached", timeout=20_000)
    tab.quiet()


def spot(tab: Tab, x: float, y: float) -> tuple[float, float]:
    box = tab.map.locator("#map_div").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def opened(tab: Tab, path: str) -> Tab:
    tab.open(path)
    tab.wait_painted()
    tab.quiet()
    return tab


def counts(tab: Tab) -> int:
    """Areas that the legend counts."""
    numbers = tab.map.locator(".pa-legenda .n").all_inner_texts()
    return sum(int(re.sub(r"\D", "", text)) for text in numbers[:5])


def test_a_shape_drawn_with_the_mouse_filters_and_travels_in_the_address(new_tab: NewTab) -> None:
    tab = opened(new_tab(), "peta")
    tab.map.get_by_role("button", name="Gambar bentuk").click()
    for x, y in ((0.7, 0.9), (0.97, 0.9), (0.97, 0.5), (0.7, 0.6)):
        tab.page.mouse.click(*spot(tab, x, y))
        tab.page.wait_for_timeout(120)
    tab.map.get_by_role("button", name="Selesai").click()
    tab.page.wait_for_url(re.compile("bentuk="))
    tab.quiet()
    inside = counts(tab)
    assert 200 < inside < 2_000
    # corners choose nothing
    assert tab.page.locator(".st-key-kartu_desa").get_by_text("Belum ada wilayah").count() == 1

    other = opened(new_tab(), tab.page.url.partition("/peta")[2].join(["peta", ""]))
    assert counts(other) == inside
    other.page.locator(".st-key-saringan button").first.click()
    other.page.get_by_role("button", name="Hapus bentuk").click()
    other.page.wait_for_url(lambda url: "bentuk=" not in url)
    other.quiet()
    assert counts(other) == 3_442
    assert tab.watch.faults == other.watch.faults == []


def test_a_shape_is_drawn_with_the_keyboard_and_given_up_with_escape(new_tab: NewTab) -> None:
    tab = opened(new_tab(), "peta")
    button = tab.map.get_by_role("button", name="Gambar bentuk")
    button.focus()
    tab.page.keyboard.press("Enter")
    for key in ("ArrowLeft", "ArrowDown", "ArrowRight"):
        tab.page.keyboard.press(" ")
        for _ in range(2):
            tab.page.keyboard.press(key)
            tab.page.wait_for_timeout(350)
    tab.page.keyboard.press(" ")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile("bentuk="))
    tab.quiet()
    button.click()
    tab.map.get_by_role("button", name="Batal").wait_for()
    tab.page.keyboard.press("Escape")
    tab.map.locator(".pa-gambar").wait_for(state="detached")
    assert "bentuk=" in tab.page.url


def test_the_level_follows_the_zoom_a_click_drills_and_the_trail_leads_back(new_tab: NewTab) -> None:
    tab = opened(new_tab(), "peta?tingkat=otomatis")
    units(tab, 22)
    whole = counts(tab)
    assert whole == 22
    tab.page.mouse.click(*spot(tab, 0.83, 0.62))
    units(tab, 315)
    card = tab.page.locator(".st-key-kartu_desa")
    card.get_by_text(re.compile(r"Kode 53\.\d\d$")).wait_for()
    for _ in range(3):
        tab.map.get_by_role("button", name="Perbesar").click()
        tab.page.wait_for_timeout(500)
    units(tab, 3442)
    tab.page.locator(".st-key-jejak").get_by_text("Seluruh provinsi").click()
    units(tab, 22)
    assert "desa=" not in tab.page.url
    assert tab.watch.faults == []


def test_a_click_on_the_map_marks_the_row_and_brings_it_to_the_top(new_tab: NewTab) -> None:
    tab = opened(new_tab(), "peta")
    tab.page.get_by_text("Tabel wilayah (isi yang sama").click()
    tab.page.locator(".st-key-tabel_desa canvas").first.wait_for()
    tab.map.locator("#map_div").scroll_into_view_if_needed()
    tab.quiet()
    tab.page.mouse.click(*spot(tab, 0.83, 0.62))
    tab.page.get_by_text(re.compile("Terpilih: .*, baris nomor")).wait_for()
    name = tab.page.locator(".st-key-kartu_desa h3").filter(has_not_text="Belum ada wilayah").inner_text()
    first = tab.page.locator(".st-key-tabel_desa [role=row][aria-rowindex='2']")
    first.filter(has_text=name).wait_for(state="attached")
    assert first.get_attribute("aria-selected") == "true"
    tab.page.get_by_role("button", name="Masukkan 1 baris terpilih ke keranjang").click()
    tab.page.get_by_text("Keranjang: 1 desa").wait_for()
    tab.page.get_by_role("link", name="Susun rencana").click()
    tab.page.wait_for_url(re.compile("/rencana"))
    tab.page.locator(".st-key-rencana_wajib").get_by_text(name).first.wait_for()


def test_a_year_beside_another_in_the_same_classes_and_what_differs(new_tab: NewTab) -> None:
    tab = opened(new_tab(), "peta?lapisan=kemiskinan&tingkat=kabupaten&tahun=2024&banding=2019&desa=53.02")
    other = tab.page.frame_locator(".st-key-peta_banding iframe")
    other.locator("html[data-painted]").wait_for(state="attached")
    texts = [frame.locator(".pa-legenda .baris span:first-of-type").all_inner_texts() for frame in (tab.map, other)]
    assert texts[0] == texts[1]
    assert "2019" in other.locator(".pa-legenda b").inner_text()
    tab.map.get_by_role("button", name="Perbesar").click()
    tab.page.wait_for_timeout(900)
    scales = [frame.locator(".leaflet-control-scale-line").inner_text() for frame in (tab.map, other)]
    assert scales[0] == scales[1]
    tab.page.mouse.move(*spot(tab, 0.5, 0.5))
    tab.page.mouse.move(*spot(tab, 0.51, 0.51))
    for frame in (tab.map, other):  # the same place, told on both
        frame.locator(".pa-tip b").wait_for()
    names = [frame.locator(".pa-tip b").inner_text() for frame in (tab.map, other)]
    assert names[0] == names[1]
    tab.page.mouse.move(5, 5)
    tab.page.locator(".st-key-saringan button").first.click()
    tab.page.get_by_text("Tampilkan selisih kedua peta").click()
    tab.page.wait_for_url(re.compile("selisih=1"))
    tab.quiet()
    assert "Selisih" in other.locator(".pa-legenda b").inner_text()
    assert other.get_by_text("turun 1 – 5").count() == 1
    assert tab.watch.faults == []


@pytest.fixture(scope="module")
def hostile(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, serve: Any) -> Iterator[str]:
    """A served workspace whose names, points and notes try to run on the server or in the browser."""
    from campaign.office.notes import write_note
    from geo.drawing.layers import build_layers

    place = tmp_path_factory.mktemp("hostile") / "workspace"
    shutil.copytree(demo_workspace.path, place)
    workspace = Workspace(place)
    store = workspace.store()
    villages = store.gazetteer.villages()
    for name in ("nama", "kecamatan", "kabupaten"):
        villages[name] = villages[name].astype(str) + " " + CANARY
    store.gazetteer.replace(villages)
    build_layers(store, workspace)
    meta = BatchMeta(jenis="titik", source=CANARY, file_name="t.csv", as_of=None, user="uji", rows_read=1, rows_ok=1)
    at = villages.set_index("kode").loc[KEWAR]
    store.records.commit(
        meta,
        pd.DataFrame(
            [
                {
                    "nama": f"LTSA {CANARY}",
                    "jenis": "ltsa",
                    "kode": "",
                    "lon": at["lon"],
                    "lat": at["lat"],
                    "source": CANARY,
                    "row": 2,
                }
            ]
        ),
    )
    write_note(owner(f"Bidang {CANARY}"), store, KEWAR, f"Catatan {CANARY}")
    store.close()
    with serve(place) as address:
        yield address


def test_hostile_names_are_shown_as_they_are_and_never_run(new_tab: NewTab, hostile: str) -> None:
    tab = new_tab(address=hostile)
    said: list[str] = []

    def refuse(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    tab.page.on("dialog", refuse)
    opened(tab, f"peta?desa={KEWAR}")
    card = tab.page.locator(".st-key-kartu_desa")
    assert f"Kewar {CANARY}" in card.inner_text()
    assert f"Catatan {CANARY}" in card.inner_text()
    assert CANARY in tab.page.locator(".st-key-jejak").inner_text()
    tab.page.mouse.move(*spot(tab, 0.5, 0.5))
    tab.map.locator(".pa-tip b").wait_for()
    assert CANARY in tab.map.locator(".pa-tip").inner_text()
    assert CANARY in tab.map.locator(".pa-nama").first.inner_text()
    tab.page.locator(".st-key-cari input").click()
    tab.page.keyboard.type("kewar", delay=30)
    tab.page.locator(".st-key-cari_hasil button").first.wait_for()
    assert CANARY in tab.page.locator(".st-key-cari_hasil button").first.inner_text()
    tab.page.get_by_text("Tabel wilayah (isi yang sama").click()
    tab.quiet()
    tab.page.goto(f"{hostile}/desa?kode={KEWAR}")
    tab.page.locator(".st-key-peta_desa img").nth(1).wait_for()
    tab.quiet()
    page = tab.page.locator("body").inner_text()
    assert page.count(CANARY) >= 4  # heading, place, service point, note
    assert "49" not in re.findall(r"Kewar (\S+)", page)
    assert tab.page.locator("img[src='x']").count() == 0
    assert tab.map.locator("img[src='x']").count() == 0
    assert said == []
    assert tab.watch.outside == []
    assert tab.watch.faults == []


def test_background_tiles_are_asked_for_only_when_the_office_set_them_and_somebody_switched_them_on(
    new_tab: NewTab, server: str, demo_workspace: Workspace, tmp_path: Path, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = opened(new_tab(), "peta")
    assert plain.map.get_by_role("button", name="Peta dasar daring").count() == 0
    asked: list[str] = []

    class Tiles(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    tiles = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=tiles.serve_forever, daemon=True).start()
    monkeypatch.setenv("PETA_AMAN_UBIN", f"http://127.0.0.1:{tiles.server_port}/{{z}}/{{x}}/{{y}}.png")
    monkeypatch.setenv("PETA_AMAN_UBIN_SUMBER", "© Penguji")
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    with serve(tmp_path / "workspace") as address:
        tab = opened(new_tab(address=address), "peta")
        assert asked == []
        tab.map.get_by_role("button", name="Peta dasar daring").click()
        tab.page.wait_for_timeout(1500)
        assert asked
        assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in asked)
        assert "© Penguji" in tab.map.locator(".pa-note").inner_text()
        assert tab.watch.faults == []
    tiles.shutdown()
