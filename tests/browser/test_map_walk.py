"""A planner's walk: search, card, filter, another layer, compare, basket, the address sent on, pictures taken along."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.browser.conftest import Tab

NewTab = Callable[..., Tab]


def choose(tab: Tab, key: str, option: str) -> None:
    """Long lists show only a part until one types."""
    tab.page.locator(f".st-key-{key} [role=combobox]").first.click()
    tab.page.keyboard.type(option[:8], delay=20)
    tab.page.get_by_role("option", name=option, exact=True).first.click()


def test_search_card_filter_compare_basket_share_reopen(new_tab: NewTab, tmp_path: Path) -> None:
    tab = new_tab(accept_downloads=True)
    tab.open("peta")
    tab.wait_painted()
    tab.page.locator(".st-key-cari input").click()
    tab.page.keyboard.type("oseao", delay=30)  # two letters swapped
    tab.page.locator(".st-key-cari_hasil button").first.wait_for()
    tab.quiet()
    tab.page.keyboard.press("Tab")  # the cross that empties the field, or the first result
    if "cari_hasil" not in str(tab.page.evaluate("document.activeElement.closest('[class*=cari_hasil]')?.className")):
        tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    card = tab.page.locator(".st-key-kartu_desa")
    card.get_by_text("53.01.06.1004").wait_for()
    card.get_by_role("button", name="Masukkan keranjang").click()
    tab.page.get_by_text("Keranjang: 1 desa").wait_for()
    choose(tab, "lapisan", "Laju per 1.000 penduduk")
    tab.quiet()
    tab.page.locator(".st-key-saringan button").first.click()
    tab.page.locator(".st-key-pulau").wait_for()
    tab.quiet()
    choose(tab, "pulau", "Timor")
    tab.quiet()
    choose(tab, "banding", "Kemiskinan")
    tab.quiet()
    tab.page.keyboard.press("Escape")
    tab.page.locator(".st-key-peta_banding iframe").wait_for()
    second = tab.page.frame_locator(".st-key-peta_banding iframe")
    second.locator("html[data-painted]").wait_for(state="attached")
    assert "Kelurahan" in card.inner_text()

    tab.map.get_by_role("button", name="Perbesar").click()
    tab.page.wait_for_timeout(900)
    scales = [frame.locator(".leaflet-control-scale-line").inner_text() for frame in (tab.map, second)]
    assert scales[0] == scales[1]  # the second follows the first

    address = tab.page.url
    for part in ("lapisan=laju", "pulau=Timor", "banding=kemiskinan", "desa=53.01.06.1004", "#"):
        assert part in address
    with tab.page.expect_download() as waiting:
        tab.map.get_by_role("button", name="Simpan yang tampak").click()
    picture = tmp_path / "peta.png"
    waiting.value.save_as(picture)
    assert "DATA-CONTOH" in waiting.value.suggested_filename
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size > 20_000

    other = new_tab()
    other.page.goto(address)
    other.wait_painted()
    other.quiet()
    other.page.locator(".st-key-kartu_desa").get_by_text("53.01.06.1004").wait_for()
    assert other.map.locator(".leaflet-control-scale-line").inner_text() == scales[0]
    assert "Laju" in other.page.locator(".st-key-lapisan [role=combobox]").first.input_value()
    assert other.page.url == address
    for one in (tab, other):
        assert one.watch.outside == []
        assert one.watch.faults == []


def test_the_map_goes_along_as_svg(new_tab: NewTab, tmp_path: Path) -> None:
    tab = new_tab(accept_downloads=True)
    tab.open("peta?kabupaten=53.11&lapisan=skor")
    tab.wait_painted()
    tab.quiet()
    with tab.page.expect_download(timeout=60_000) as waiting:
        tab.page.get_by_role("button", name="Unduh peta").click()
    waiting.value.save_as(tmp_path / "peta.svg")
    texts = [
        text.text or "" for text in ElementTree.parse(tmp_path / "peta.svg").iter("{http://www.w3.org/2000/svg}text")
    ]
    assert any(text.startswith("DATA CONTOH") for text in texts)
    assert "Kabupaten Sumba Timur" in texts
    assert any(re.fullmatch(r"\d+ km", text) for text in texts)


def test_from_the_card_to_the_village_and_back_to_the_map(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta?desa=53.04.01.2001")
    tab.wait_painted()
    tab.page.locator(".st-key-kartu_desa").get_by_role("link", name="Buka halaman desa").click()
    tab.page.wait_for_url(re.compile(r"/desa\?.*kode=53\.04\.01\.2001"))
    tab.page.get_by_role("heading", name="Kewar").wait_for()
    tab.page.locator(".st-key-peta_desa img").nth(1).wait_for()
    tab.page.reload()
    tab.page.get_by_role("heading", name="Kewar").wait_for()
    tab.page.get_by_role("link", name="Lihat di peta").click()
    tab.page.locator(".st-key-kartu_desa").get_by_text("53.04.01.2001").wait_for()
    assert tab.watch.faults == []


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "telephone"])
def test_a_village_page_prints_without_the_screens_furniture(new_tab: NewTab, size: tuple[int, int]) -> None:
    tab = new_tab(*size)
    tab.open("desa?kode=53.04.01.2001")
    tab.page.get_by_role("heading", name="Kewar").wait_for()
    tab.quiet()
    tab.page.emulate_media(media="print")
    assert not tab.page.locator(".st-key-pilih_desa").is_visible()
    assert not tab.page.locator("[data-testid=stHeader]").is_visible()
    assert tab.page.get_by_text("Data yang dimiliki").is_visible()


def test_the_head_of_the_map_page_names_what_the_map_will_fetch(new_tab: NewTab) -> None:
    tab = new_tab()
    tab.open("peta")
    tab.wait_painted()
    named = tab.page.evaluate(
        "[...document.querySelectorAll('link[rel=prefetch], link[rel=modulepreload]')].map(link => link.href)"
    )
    assert all(tab.page.request.get(url).status == 200 for url in named)
    fetched = {url for url in tab.watch.requests if "/aset/" in url and not re.search(r"gaya\.css|ikon\.svg", url)}
    assert fetched
    assert fetched <= set(named)
    assert tab.watch.outside == []
