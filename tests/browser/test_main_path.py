"""The main path in Chromium with the internet shut: look, choose, click, read, take along, bring in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.workspace import Workspace

PATHS = {
    "ringkasan": "Ringkasan",
    "peta": "Peta",
    "sasaran": "Desa Sasaran",
    "data-masuk": "Data Masuk",
    "tentang": "Tentang",
}
SIZES = [(1366, 768), (390, 844)]
NewTab = Callable[..., Any]


@pytest.mark.parametrize("size", SIZES, ids=["laptop", "telephone"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_renders_at_every_size_and_asks_nobody_else(
    new_tab: NewTab, path: str, size: tuple[int, int]
) -> None:
    tab = new_tab(*size)
    tab.open(path)
    tab.page.get_by_role("heading", name=PATHS[path], level=1).wait_for()
    tab.quiet()
    assert tab.watch.outside == []
    assert tab.watch.failed == []
    assert tab.watch.faults == []
    assert tab.page.get_by_text("DATA CONTOH").locator("visible=true").count() > 0
    width = tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= size[0] + 1  # nothing to scroll sideways


def test_the_bare_address_leads_to_the_summary_in_bahasa(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("")
    tab.page.get_by_role("heading", name="Ringkasan", level=1).wait_for()
    assert tab.page.url.endswith("/ringkasan")
    assert tab.page.evaluate("document.documentElement.lang") == "id"
    assert tab.page.title() == "Ringkasan · Peta Aman"


def test_language_is_in_the_address_and_stays_over_pages(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("ringkasan?bahasa=en")
    tab.page.get_by_role("heading", name="Summary", level=1).wait_for()
    assert tab.page.evaluate("document.documentElement.lang") == "en"
    tab.page.get_by_role("link", name="About").click()
    tab.page.get_by_role("heading", name="What it is for").wait_for()
    tab.quiet()  # a switch pressed while the page still runs is taken back by what the run sends
    tab.page.locator(".st-key-bahasa").get_by_text("id").click()
    tab.page.get_by_role("heading", name="Untuk apa", exact=True).wait_for()


@pytest.mark.parametrize("size", SIZES, ids=["laptop", "telephone"])
def test_the_map_is_painted_on_the_first_screen(new_tab: NewTab, size: tuple[int, int]) -> None:
    tab = new_tab(*size)
    tab.open("peta")
    assert int(tab.wait_painted()) > 0
    assert tab.map.locator("html").get_attribute("data-units") == "3442"
    box = tab.map.locator("#map_div").bounding_box()
    assert box["y"] + box["height"] <= size[1] + 1
    assert box["height"] >= 300
    assert tab.map.get_by_text("Prioritas I", exact=True).count() == 1
    assert "perkiraan" in tab.map.locator(".pa-note").inner_text()


def test_another_colour_is_under_ten_kilobytes_and_no_request(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    painted = tab.wait_painted()
    tab.quiet()
    for layer in ("Skor", "Lebar selang (ketidakpastian)", "Kemiskinan", "Mutu data", "Prioritas"):
        tab.watch.requests.clear()
        tab.watch.received = 0
        tab.choose("lapisan", layer)
        painted = tab.wait_painted(after=painted)
        tab.quiet()
        assert 0 < tab.watch.received <= 10_000, layer
        assert tab.watch.requests == [], layer


def test_a_click_opens_the_card_and_another_colour_keeps_it_small(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    painted = tab.wait_painted()
    tab.choose("kabupaten", "Kabupaten Sumba Timur")
    painted = tab.wait_painted(after=painted)
    tab.page.wait_for_timeout(600)
    box = tab.map.locator("#map_div").bounding_box()
    middle = {"x": box["width"] / 2, "y": box["height"] / 2}
    tab.map.locator("#map_div").hover(position=middle)
    name = tab.map.locator(".pa-tip b").inner_text()
    tab.map.locator("#map_div").click(position=middle)
    card = tab.page.locator(".st-key-kartu_desa")
    card.get_by_role("heading", name=name, exact=True).wait_for()
    said = card.inner_text()
    assert "dari 100" in said
    assert "Alasan" in said
    assert re.search(r"Kode\s+53\.11\.", said)
    tab.quiet()
    tab.watch.received = 0
    tab.choose("lapisan", "Skor")
    tab.wait_painted(after=painted)
    tab.quiet()
    assert tab.watch.received <= 11_000  # the card is sent along, as references
    assert card.get_by_role("heading", name=name, exact=True).is_visible()


def test_the_same_village_can_be_opened_again_after_closing_its_card(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    painted = tab.wait_painted()
    tab.choose("kabupaten", "Kabupaten Sumba Timur")
    tab.wait_painted(after=painted)
    tab.page.wait_for_timeout(600)
    box = tab.map.locator("#map_div").bounding_box()
    middle = {"x": box["width"] / 2, "y": box["height"] / 2}
    for _ in range(2):
        tab.map.locator("#map_div").click(position=middle)
        tab.page.get_by_role("button", name="Tutup kartu").click()
        tab.page.get_by_text("Belum ada wilayah yang dipilih").wait_for()


def test_the_map_is_worked_by_keyboard(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    painted = tab.wait_painted()
    tab.choose("kabupaten", "Kabupaten Sumba Timur")
    tab.wait_painted(after=painted)
    tab.page.wait_for_timeout(600)
    canvas = tab.map.locator("#map_div")
    assert canvas.get_attribute("tabindex") == "0"
    assert "Enter" in canvas.get_attribute("aria-label")
    canvas.focus()
    tab.page.keyboard.press("ArrowLeft")
    tab.page.wait_for_timeout(500)
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("button", name="Tutup kartu").wait_for()
    assert tab.map.locator(".pa-suara").inner_text() != ""


def test_search_by_name_finds_the_right_one_of_two(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    tab.wait_painted()
    tab.page.locator(".st-key-cari input").click()
    tab.page.keyboard.type("oesao", delay=20)
    found = tab.page.locator(".st-key-cari_hasil button")
    found.nth(1).wait_for()
    assert [found.nth(i).inner_text().startswith("Oesao") for i in range(3)] == [True, True, False]
    tab.page.get_by_role("button", name=re.compile(r"Oesao \(kel\.\)")).click()
    card = tab.page.locator(".st-key-kartu_desa")
    card.get_by_text("Kelurahan").wait_for()
    assert "53.01.06.1004" in card.inner_text()


def test_a_row_of_the_table_opens_the_card_and_moves_the_map(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    painted = tab.wait_painted()
    tab.page.locator(".st-key-tabel summary").click()
    table = tab.page.locator(".st-key-tabel_desa")
    table.wait_for()
    tab.quiet()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    tab.page.mouse.click(box["x"] + 22, box["y"] + 54)  # the mark of the first row, under the heading
    tab.page.get_by_role("button", name="Tutup kartu").wait_for()
    assert "Prioritas I" in tab.page.locator(".st-key-kartu_desa").inner_text()
    tab.wait_painted(after=painted)
    assert tab.watch.faults == []


def test_place_and_choice_stay_when_one_leaves_the_map_and_returns(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    painted = tab.wait_painted()
    tab.choose("kabupaten", "Kabupaten Alor")
    tab.wait_painted(after=painted)
    tab.page.wait_for_timeout(800)
    scale = tab.map.locator(".leaflet-control-scale-line").inner_text()
    tab.page.get_by_role("link", name="Desa Sasaran").click()
    tab.page.get_by_role("heading", name="Desa Sasaran", level=1).wait_for()
    assert "Kabupaten Alor" in tab.page.locator(".st-key-kabupaten [role=combobox]").first.input_value()
    tab.page.get_by_role("link", name="Peta").click()
    tab.wait_painted()
    tab.page.wait_for_timeout(500)
    assert tab.map.locator(".leaflet-control-scale-line").inner_text() == scale
    assert "Kabupaten Alor" in tab.page.locator(".st-key-kabupaten [role=combobox]").first.input_value()


@pytest.mark.parametrize(("form", "start"), [("Excel", b"PK"), ("CSV", b"no,kode"), ("GeoPackage", b"SQLite format 3")])
def test_the_list_is_taken_along_as_a_file(new_tab: NewTab, form: str, start: bytes, tmp_path: Path) -> None:
    tab = new_tab(accept_downloads=True)
    tab.open("sasaran")
    tab.page.get_by_role("heading", name="Desa Sasaran", level=1).wait_for()
    tab.quiet()
    tab.page.locator(".st-key-format_unduh [role=combobox]").click()
    tab.page.get_by_role("option", name=re.compile(form)).click()
    tab.quiet()
    assert tab.page.get_by_role("button", name=re.compile("Unduh")).is_disabled(), "nobody has said what for"
    tab.page.locator(".st-key-tujuan_unduh [role=combobox]").click()
    tab.page.get_by_role("option", name="koordinasi antarinstansi").click()
    tab.quiet()
    with tab.page.expect_download(timeout=60_000) as waiting:
        tab.page.get_by_role("button", name=re.compile("Unduh")).click()
    download = waiting.value
    assert "DATA-CONTOH" in download.suggested_filename
    download.save_as(tmp_path / "berkas")
    assert (tmp_path / "berkas").read_bytes()[: len(start)] == start


def test_a_file_is_checked_stored_scored_and_taken_back(new_tab: NewTab, tmp_path: Path) -> None:
    good = tmp_path / "kasus.csv"
    good.write_text("Kode Desa,Tahun,Jumlah Kasus\n53.01.04.2003,2024,2\n53.01.04.2004,2024,1\n", encoding="utf-8")
    personal = tmp_path / "nama.csv"
    personal.write_text("NIK,Kode Desa,Tahun,Jumlah\n5301040101900001,53.01.04.2003,2024,1\n", encoding="utf-8")
    tab = new_tab()
    tab.open("data-masuk")
    uploader = tab.page.locator("[data-testid=stFileUploaderDropzoneInput]")
    uploader.wait_for(state="attached")
    uploader.set_input_files(personal)
    tab.page.get_by_text("memuat data pribadi").wait_for(timeout=30_000)
    assert "5301040101900001" not in tab.page.locator("[data-testid=stMain]").inner_text()
    tab.page.get_by_text("nama.csv").wait_for(state="detached")
    uploader.set_input_files(good)
    tab.page.get_by_role("button", name=re.compile("Simpan 2 baris")).click(timeout=30_000)
    tab.page.get_by_text("Tersimpan sebagai").wait_for()
    tab.page.get_by_role("button", name="Hitung skor").click()
    tab.page.get_by_text("selesai dihitung").wait_for(timeout=240_000)
    # The test of the score goes on beside; when it ends the page is drawn anew and an open list closes.
    tab.page.locator(".st-key-langkah_uji").wait_for(state="detached", timeout=400_000)
    tab.page.get_by_role("tab", name="Yang sudah tersimpan").click()
    tab.quiet()  # a list that opens while the page still moves closes again
    tab.page.locator(".st-key-batal_mana [role=combobox]").click()
    tab.page.get_by_role("option", name=re.compile("kasus.csv")).click()
    tab.page.locator(".st-key-batal_yakin").get_by_text("Saya yakin").click()
    tab.page.get_by_role("button", name="Batalkan", exact=True).click()
    tab.page.get_by_text("dibatalkan. Hitung ulang").wait_for()
    assert tab.watch.faults == []


def test_rows_with_errors_are_taken_along_and_a_template_comes_back_without_a_question(
    new_tab: NewTab, tmp_path: Path
) -> None:
    tab = new_tab(accept_downloads=True)
    tab.open("data-masuk")
    tab.page.get_by_text("Belum punya tabelnya").wait_for()
    tab.quiet()
    tab.page.get_by_text("Belum punya tabelnya").click()
    tab.quiet()
    with tab.page.expect_download(timeout=60_000) as waiting:
        tab.page.get_by_role("button", name="Unduh templat").click()
    waiting.value.save_as(tmp_path / "templat.xlsx")
    book = openpyxl.load_workbook(tmp_path / "templat.xlsx")
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    top = next(cell.row for row in sheet.iter_rows(max_row=12) for cell in row if str(cell.value).startswith("53.01."))
    amount = next(column for name, column in heads.items() if name.startswith("Jumlah"))
    sheet.cell(top, amount).value = 1
    book.save(tmp_path / "isi.xlsx")
    uploader = tab.page.locator("[data-testid=stFileUploaderDropzoneInput]")
    uploader.set_input_files(tmp_path / "isi.xlsx")
    tab.page.get_by_role("button", name=re.compile("Simpan")).wait_for(timeout=30_000)
    assert tab.page.get_by_text("Unduh baris yang bermasalah").count() == 0
    (tmp_path / "salah.csv").write_text("Kode Desa,Tahun,Jumlah Kasus\n53.01.04.2003,2024,tiga\n", encoding="utf-8")
    uploader.set_input_files(tmp_path / "salah.csv")
    with tab.page.expect_download(timeout=60_000) as waiting:
        tab.page.get_by_role("button", name="Unduh baris yang bermasalah").click(timeout=30_000)
    waiting.value.save_as(tmp_path / "perbaikan.xlsx")
    rest = openpyxl.load_workbook(tmp_path / "perbaikan.xlsx").active
    cells = {str(cell.value) for row in rest.iter_rows() for cell in row}
    assert "tiga" in cells
    assert "53.01.04.2003" in cells


def test_the_first_start_shows_progress_and_then_the_map(new_tab: NewTab, serve: Any, tmp_path: Path) -> None:
    with serve(tmp_path / "baru", ready="/healthz") as address:
        tab = new_tab(address=address)
        tab.open("peta")
        tab.page.get_by_text("Menyiapkan Peta Aman untuk pertama kali").wait_for()
        tab.page.get_by_role("progressbar").wait_for()
        tab.page.get_by_text("Menyiapkan Peta Aman untuk pertama kali").wait_for(state="detached", timeout=240_000)
        tab.wait_painted()
        assert tab.map.locator("html").get_attribute("data-units") == "3442"
        assert tab.watch.outside == []
    assert Workspace(tmp_path / "baru").exists()


def test_a_broken_database_gives_a_number_and_no_trace(new_tab: NewTab, serve: Any, demo_copy: Workspace) -> None:
    with serve(demo_copy.path) as address:
        for file in demo_copy.path.glob("peta-aman.db*"):
            file.unlink()
        (demo_copy.path / "peta-aman.db").write_bytes(b"3201234567890001 is no database " * 200)
        tab = new_tab(address=address)
        tab.open("ringkasan")
        said = tab.page.get_by_text("sampaikan nomor")
        said.wait_for()
        number = re.search(r"nomor ([0-9a-f]{8})", said.inner_text())
        assert number
        shown = tab.page.locator("body").inner_text()
        assert "Traceback" not in shown
        assert "sqlite" not in shown.lower()
        assert tab.page.request.get(f"{address}/readyz").status == 503
        assert tab.page.request.get(f"{address}/healthz").status == 200
        log = (demo_copy.path / "peta-aman.log").read_text(encoding="utf-8")
        assert number[1] in log
        assert "3201234567890001" not in log


def test_a_stranger_name_for_this_machine_gets_no_session(server: str) -> None:
    import http.client

    host, port = server.removeprefix("http://").split(":")
    wanted = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    answers = {}
    for name in ("evil.example", "localhost"):
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        connection.request("GET", "/_stcore/stream", headers={**wanted, "Host": f"{name}:{port}"})
        answers[name] = connection.getresponse().status
        connection.close()
    assert answers["localhost"] == 101
    assert answers["evil.example"] in {400, 403, 421}


@pytest.fixture(scope="session")
def real_server(
    shared: Path, demo_workspace: Workspace, serve: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server over the demonstration workspace with the published NTT boundaries imported."""
    from campaign.intake.importing import commit, examine

    place = tmp_path_factory.mktemp("real") / "workspace"
    shutil.copytree(demo_workspace.path, place)
    workspace = Workspace(place)
    store = workspace.store()
    found = examine(
        "batas", shared / "boundaries" / "wilayah_boundaries", store, workspace, ImportOptions(layer="desa")
    )
    commit(owner("uji"), found, "batas", store, workspace)
    store.close()
    with serve(place) as address:
        yield address


def test_real_ntt_is_3352_polygons_and_90_flagged_points(new_tab: NewTab, real_server: str) -> None:
    tab = new_tab(address=real_server)
    tab.open("peta")
    painted = tab.wait_painted()
    assert tab.map.locator("html").get_attribute("data-units") == "3442"
    topo = next(url for url in tab.watch.requests if url.endswith(".topo.json"))
    objects = tab.page.request.get(topo).json()["objects"]
    assert len(objects["desa"]["geometries"]) == 3352
    assert len(objects["titik"]["geometries"]) == 90
    assert "90 desa belum punya poligon" in tab.page.locator("[data-testid=stMain]").inner_text()
    tab.watch.received = 0
    tab.choose("lapisan", "Skor")
    tab.wait_painted(after=painted)
    tab.quiet()
    assert tab.watch.received <= 10_000
    assert tab.watch.outside == []
    tab.page.locator(".st-key-cari input").click()
    first = objects["titik"]["geometries"][0]["properties"]["k"]
    names = next(url for url in tab.watch.requests if ".names.json" in url)
    tab.page.keyboard.type(tab.page.request.get(names).json()[first], delay=10)
    tab.page.locator(f".st-key-cari_{first.replace('.', '-')} button").click()
    tab.page.locator(".st-key-kartu_desa").get_by_text("tidak punya poligon batas resmi").wait_for()
