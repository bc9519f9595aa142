"""The map's view in the address, filters, basket, second map, picture; and the village's page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.batches import BatchMeta
from data.workspace import Workspace
from tests.screens.test_pages import PAGES, map_arguments, words_on

Open = Callable[..., AppTest]
KEWAR = "53.04.01.2001"


@pytest.fixture
def at(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """``at(workspace, "peta", desa=…)`` opens a page from an address."""

    def run(workspace: Workspace, page: str, lang: str = "id", **asked: str) -> AppTest:
        screen = open_page(workspace, "tentang", lang)
        for key, value in asked.items():
            screen.query_params[key] = value
        return screen.switch_page(str(PAGES / f"{page}.py")).run()

    return run


def faded(screen: AppTest) -> set[str]:
    """Whether some areas are outside the filter: their class is written as 7."""
    text = re.search(r'"c":"([^"]*)"', map_arguments(screen)["feature_group"])
    assert text
    pairs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-."
    return {str(n) for sign in text[1] for n in divmod(pairs.index(sign), 8)}


def test_the_view_is_taken_from_the_address_and_written_to_it(at: Open, demo_workspace: Workspace) -> None:
    screen = at(
        demo_workspace, "peta", tingkat="kecamatan", lapisan="laju", pulau="Sumba", prioritas="I,II", desa="53.11.01"
    )
    assert not screen.exception
    assert screen.selectbox(key="tingkat").value == "kecamatan"
    assert screen.selectbox(key="lapisan").value == "laju"
    assert screen.session_state["pulau"] == "Sumba"  # its widget comes when the filters are opened
    assert screen.multiselect(key="prioritas").value == ["I", "II"]
    assert "Kode 53.11.01" in words_on(screen).replace("\\", "")
    assert "7" in faded(screen)
    screen.selectbox(key="lapisan").set_value("skor").run()
    assert screen.query_params["lapisan"] == "skor"
    assert screen.query_params["desa"] == "53.11.01"
    assert "kabupaten" not in screen.query_params


def test_nonsense_in_the_address_is_left_out(at: Open, demo_workspace: Workspace) -> None:
    screen = at(
        demo_workspace,
        "peta",
        tingkat="{{7*7}}",
        lapisan="<script>",
        desa="99.99",
        prioritas="I,X",
        kabupaten="53.0199",
    )
    assert not screen.exception
    assert screen.selectbox(key="tingkat").value == "desa"
    assert screen.selectbox(key="lapisan").value == "prioritas"
    assert screen.multiselect(key="prioritas").value == ["I"]
    assert "{{" not in json.dumps(map_arguments(screen))


def test_reasons_and_a_shape_filter_and_stay_in_the_address(at: Open, demo_workspace: Workspace) -> None:
    shape = "123.500,-10.300;124.200,-10.400;124.000,-9.600"
    screen = at(demo_workspace, "peta", alasan="kemiskinan.naik,bukan.alasan", bentuk=shape)
    assert not screen.exception
    assert screen.session_state["alasan"] == ["kemiskinan.naik"]
    assert screen.query_params["bentuk"] == shape
    assert screen.query_params["alasan"] == "kemiskinan.naik"
    sent = map_arguments(screen)["feature_group"]
    assert '"b":[[123.5,-10.3],[124.2,-10.4],[124.0,-9.6]]' in sent
    assert "7" in faded(screen)
    nonsense = at(demo_workspace, "peta", bentuk="123,-10;javascript:alert(1)", selisih="{{7*7}}", tahun="1999")
    assert not nonsense.exception
    assert "bentuk" not in nonsense.query_params
    assert '"b":' not in map_arguments(nonsense)["feature_group"]


def test_a_layer_with_years_has_a_slider_and_its_classes_do_not_move(at: Open, demo_workspace: Workspace) -> None:
    sent = []
    for year in ("2022", "2024"):
        screen = at(demo_workspace, "peta", lapisan="meninggal", tahun=year)
        assert not screen.exception
        assert screen.select_slider(key="tahun").value == int(year)
        assert screen.query_params["tahun"] == year
        assert "hanya ada untuk kabupaten/kota" in words_on(screen)
        sent.append(map_arguments(screen)["feature_group"])
    palettes = [re.findall(r'"p":\[[^\]]*\]', text) for text in sent]
    assert len(palettes[0]) == 1
    assert palettes[0] == palettes[1]
    assert '"t":2' in sent[0]
    plain = at(demo_workspace, "peta", lapisan="skor", tahun="2022")
    assert not plain.select_slider
    assert "tahun" not in plain.query_params


@pytest.mark.parametrize(
    ("layer", "beside", "said"),
    [
        ("kemiskinan", "2019", "Selisih: Penduduk miskin dikurangi Penduduk miskin, 2019"),
        ("skor", "kemiskinan", "Selisih peringkat persen"),
        ("skor", "kualitas", "tidak dapat dikurangkan"),
    ],
)
def test_the_second_map_may_show_what_differs(
    at: Open, demo_workspace: Workspace, layer: str, beside: str, said: str
) -> None:
    screen = at(demo_workspace, "peta", lapisan=layer, banding=beside, selisih="1", tingkat="kabupaten")
    assert not screen.exception
    assert screen.query_params["selisih"] == "1"
    assert said in words_on(screen).replace("\\", "")


def test_what_the_map_tells_is_a_code_a_level_or_a_shape_and_nothing_else(at: Open, demo_workspace: Workspace) -> None:
    screen = at(demo_workspace, "peta", tingkat="otomatis")
    assert '"o":1' in map_arguments(screen)["feature_group"]
    assert '"t":2' in map_arguments(screen)["feature_group"]
    assert screen.query_params["tingkat"] == "otomatis"
    down = at(demo_workspace, "peta", desa="53.04")
    assert not down.exception
    down.button(key="masuk").click().run()
    assert down.selectbox(key="tingkat").value == "kecamatan"
    assert down.query_params["kabupaten"] == "53.04"
    assert "7" in faded(down)


def test_the_table_marks_and_shows_first_what_was_chosen_on_the_map(at: Open, demo_workspace: Workspace) -> None:
    from campaign.reading.snapshot import Snapshot
    from campaign.reading.tables import area_table

    store = demo_workspace.store()
    shown = Snapshot.load(demo_workspace, store)
    store.close()
    rows = area_table(shown, "desa", first="53.11.01.2001" if "53.11.01.2001" in shown.labels else KEWAR)
    everything = area_table(shown, "desa")
    assert rows.at[0, "kode"] != everything.at[0, "kode"]
    assert len(rows) == len(everything)
    assert rows.at[0, "no"] == everything.set_index("kode").at[rows.at[0, "kode"], "no"]  # its rank stays


def test_a_note_is_written_read_on_card_and_page_and_deleted(at: Open, demo_copy: Workspace) -> None:
    screen = at(demo_copy, "desa", kode=KEWAR)
    assert "nama tidak diverifikasi" in words_on(screen)
    screen.text_area(key="catatan_teks").set_value("telepon 0812 3456 7890")
    screen.text_input(key="catatan_nama").set_value("Bidang {{7*7}} <b>")
    screen.button(key="simpan_catatan").click().run()
    assert not screen.exception
    assert "data pribadi" in words_on(screen)
    assert "3456" not in " ".join(error.value for error in screen.error)
    screen.text_area(key="catatan_teks").set_value("Jadwal setelah panen *bulan* Mei")
    screen.button(key="simpan_catatan").click().run()
    assert not screen.exception
    assert "Jadwal setelah panen \\*bulan\\* Mei" in words_on(screen)
    card = at(demo_copy, "peta", desa=KEWAR)
    assert "Bidang \\{\\{7\\*7\\}\\} \\<b\\>" in words_on(card)
    assert "panen" not in json.dumps(map_arguments(card))
    button = next(one for one in screen.button if str(one.key).startswith("hapus_catatan_"))
    button.click().run()
    assert "Belum ada catatan" in words_on(screen)


def test_a_village_goes_into_the_basket_and_out_again(at: Open, demo_workspace: Workspace) -> None:
    screen = at(demo_workspace, "peta", desa=KEWAR)
    screen.button(key="keranjang_desa").click().run()
    assert screen.session_state["keranjang"] == [KEWAR]
    assert "Keranjang: 1 desa" in words_on(screen)
    screen.button(key="keranjang_desa").click().run()
    assert screen.session_state["keranjang"] == []


def test_a_second_map_shows_another_layer_or_an_older_version(at: Open, demo_copy: Workspace) -> None:
    from risk.scoring.score import score

    store = demo_copy.store()
    before = store.scores.needed_version().versi
    score(store, demo_copy)
    store.close()
    for beside in ("kemiskinan", before):
        screen = at(demo_copy, "peta", banding=beside)
        assert not screen.exception
        maps = [json.loads(node.proto.json_args) for node in walk(screen._tree)]
        assert len(maps) == 2
        assert maps[0]["script"] == maps[1]["script"]
        assert "Peta kedua" not in words_on(screen)


def walk(node: object) -> list[Any]:
    found: list[Any] = []
    for child in getattr(node, "children", {}).values():
        found += [child] if getattr(child, "type", "") == "component_instance" else walk(child)
    return found


@pytest.mark.parametrize(
    "layer", ["prioritas", "skor", "p_top", "selang", "harapan", "laju", "konsentrasi", "keberangkatan", "kualitas"]
)
@pytest.mark.parametrize("level", ["desa", "kabupaten"])
def test_every_layer_is_drawn_in_both_languages(at: Open, demo_workspace: Workspace, layer: str, level: str) -> None:
    for lang in ("id", "en"):
        screen = at(demo_workspace, "peta", lang, lapisan=layer, tingkat=level)
        assert not screen.exception
        assert len(map_arguments(screen)["feature_group"]) < 6_000


def test_a_village_page_says_where_how_sure_why_and_what_is_known(at: Open, demo_copy: Workspace) -> None:
    store = demo_copy.store()
    meta = BatchMeta(
        jenis="titik", source="Disnakertrans", file_name="t.csv", as_of=None, user="uji", rows_read=1, rows_ok=1
    )
    store.records.commit(
        meta,
        pd.DataFrame(
            [
                {
                    "nama": "LTSA `x` {{7*7}}",
                    "jenis": "ltsa",
                    "kode": "",
                    "lon": 123.6,
                    "lat": -10.17,
                    "source": "Disnakertrans",
                    "row": 2,
                }
            ]
        ),
    )
    meta = BatchMeta(
        jenis="sesi", source="Disnakertrans", file_name="s.csv", as_of=None, user="uji", rows_read=1, rows_ok=1
    )
    held = {
        "kode": KEWAR,
        "tanggal": pd.Timestamp("2026-02-03").date(),
        "topik": "Migrasi aman",
        "khalayak": "",
        "peserta": 31,
        "source": "Disnakertrans",
        "row": 2,
    }
    store.records.commit(meta, pd.DataFrame([held]))
    store.close()
    screen = at(demo_copy, "desa", kode=KEWAR)
    assert not screen.exception
    said = words_on(screen)
    assert [header.value for header in screen.header] == ["Kewar"]
    assert re.search(r"Skor \d+ dari 100", said)
    assert "Mengapa kelas ini" in said
    assert "bukan jumlah yang tercatat" in said
    cells = {str(cell) for table in screen.table for cell in table.value.to_numpy().ravel()}
    assert "Migrasi aman" in cells
    assert any("LTSA \\`x\\` \\{\\{7\\*7\\}\\}" in cell for cell in cells)
    assert any(cell.endswith(" km") for cell in {str(cell).replace("\\", "") for cell in cells})
    assert {"Fulur"} <= {cell.replace("\\", "") for cell in cells}  # its neighbours


def test_two_villages_whose_intervals_overlap_cannot_be_told_apart(at: Open, demo_workspace: Workspace) -> None:
    screen = at(demo_workspace, "desa", kode=KEWAR)
    screen.text_input(key="banding_cari").set_value("fulur").run()
    screen.button(key="banding_cari_53.04.01.2002").click().run()
    assert not screen.exception
    assert "tidak dapat dibedakan" in words_on(screen)


def test_the_public_sees_a_village_without_its_numbers(at: Open, demo_workspace: Workspace) -> None:
    from campaign.reading.snapshot import Snapshot
    from campaign.reading.village import history, neighbour_table

    store = demo_workspace.store()
    shown = Snapshot.load(demo_workspace, store)
    store.close()
    assert list(neighbour_table(shown, KEWAR, numbers=False).columns) == ["Nama", "Kecamatan", "Prioritas"]
    assert "Skor" not in history(shown, KEWAR, numbers=False).columns


def test_an_unknown_village_is_said(at: Open, demo_workspace: Workspace) -> None:
    screen = at(demo_workspace, "desa", kode="53.99.99.9999")
    assert not screen.exception
    assert "Tidak ada desa dengan kode itu" in words_on(screen)


def test_the_picture_marks_the_tie_zone_and_outlines_the_shape(demo_workspace: Workspace) -> None:
    from campaign.maps.image import layer_sheet
    from campaign.maps.layers import map_layer
    from campaign.reading.snapshot import Snapshot

    store = demo_workspace.store()
    shown = Snapshot.load(demo_workspace, store)
    store.close()
    layer = map_layer(shown, "desa", "prioritas")
    drawn = layer_sheet(shown, demo_workspace, layer, shape=((123.5, -10.0), (124.0, -10.0), (124.0, -9.5)))
    tree = ElementTree.fromstring(drawn)
    svg = "{http://www.w3.org/2000/svg}"
    marked = [path for path in tree.iter(f"{svg}path") if path.get("fill", "").startswith("url(#t1")]
    assert 0 < len(marked) <= layer.marks.count("1")
    texts = " ".join(str(text.text) for text in tree.iter(f"{svg}text"))
    assert "Zona seri" in texts
    assert "Laut Sawu" in texts
    assert tree.find(f".//{svg}polygon") is not None
    filtered = layer.limited_to([])
    plain = ElementTree.fromstring(layer_sheet(shown, demo_workspace, filtered))
    assert not [path for path in plain.iter(f"{svg}path") if path.get("fill", "").startswith("url(#t1")]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(99.9, 100.0, "(99–100)"), (100.0, 100.0, "(99–100)"), (61.2, 98.7, "(61–99)"), (0.0, 0.0, "(0–1)")],
)
def test_an_interval_in_a_table_is_never_a_single_number(low: float, high: float, said: str) -> None:
    from campaign.reading.village import _interval

    row = pd.Series({"skor": (low + high) / 2, "skor_bawah": low, "skor_atas": high})
    assert said in _interval(row, "id")


def test_the_picture_holds_all_that_must_stand_beside_a_map(demo_workspace: Workspace, tmp_path: Path) -> None:
    from campaign.maps.image import layer_sheet
    from campaign.maps.layers import map_layer
    from campaign.reading.snapshot import Snapshot

    store = demo_workspace.store()
    shown = Snapshot.load(demo_workspace, store)
    store.close()
    for lang, north in (("id", "U"), ("en", "N")):
        layer = map_layer(shown, "desa", "skor")
        drawn = layer_sheet(shown, demo_workspace, layer, within="53.11", lang=lang, about="<Sumber> & {{7*7}}")
        tree = ElementTree.fromstring(drawn)
        texts = [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")]
        assert any(text.startswith("DATA CONTOH") for text in texts)
        assert north in texts
        assert any(str(text).endswith(" km") for text in texts)
        assert "<Sumber> & {{7*7}}" in texts
        assert str(sum(row.count for row in layer.legend)) == "3442"
