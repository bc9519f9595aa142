"""Every page in both languages over the demonstration workspace, alone, and over workspaces that hold less."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from campaign.office.installation import prepare
from data.store.parts.audit import Audit
from data.workspace import Workspace
from pages import reading
from pages.serving import faults, preparation

PAGES = Path(__file__).resolve().parents[2] / "pages"
Open = Callable[..., AppTest]

TABLE = {
    # page: (heading in Bahasa, heading in English, keys of widgets it must have)
    "ringkasan": ("Ringkasan", "Summary", set()),
    "peta": ("Peta", "Map", {"tingkat", "lapisan", "kabupaten", "prioritas", "cari"}),
    "desa": ("Desa", "Village", {"cari"}),
    "sasaran": ("Desa Sasaran", "Target Villages", {"tingkat", "kabupaten", "prioritas", "cari_teks", "format_unduh"}),
    "rencana": ("Rencana", "Plan", {"rencana_anggaran", "rencana_bulan", "rencana_wajib", "susun", "keluar_kode"}),
    "sesi": ("Sesi", "Sessions", {"sesi_desa", "sesi_topik", "simpan_sesi"}),
    "data_masuk": ("Data Masuk", "Data In", {"jenis", "sumber", "batal_mana", "templat_kabupaten"}),
    "model": ("Model", "Model", {"nilai"}),
    "tentang": ("Tentang", "About", set()),
    "akun": ("Akun", "Accounts", {"akun_nama", "akun_peran", "akun_wilayah"}),
    "jejak": ("Jejak audit", "Audit", {"jejak_siapa", "jejak_cari", "jejak_kelompok", "jejak_dari", "jejak_sampai"}),
}
STIGMA = re.compile(r"desa rawan|zona merah|asal korban", re.I)


def words_on(screen: AppTest) -> str:
    """All text a screen shows, as one string."""
    parts: list[str] = []
    for kind in ("title", "header", "subheader", "markdown", "caption", "text", "warning", "info", "error", "success"):
        parts += [str(element.value) for element in getattr(screen, kind)]
    parts += [str(element.label) for element in screen.metric]
    return "\n".join(parts)


def widget_keys(screen: AppTest) -> set[str]:
    kinds = ("selectbox", "multiselect", "text_input", "button", "checkbox", "button_group", "date_input")
    return {element.key for kind in kinds for element in getattr(screen, kind)}


def test_the_audit_page_filters_and_says_where_the_chain_breaks(
    open_page: Open, demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = demo_copy.store()
    store.audit.record("Cici", "export", {"file": "daftar rahasia.xlsx"}, "cici@kantor")
    store.close()
    screen = open_page(demo_copy, "jejak")
    assert "Rantai utuh" in words_on(screen)
    screen.text_input(key="jejak_siapa").input("CICI").run()
    (table,) = screen.dataframe
    assert len(table.value) == 1
    assert "daftar rahasia.xlsx" in table.value.to_string()
    with monkeypatch.context() as patched:
        patched.setattr(Audit, "verify", lambda _self: pytest.fail("nothing was written since it was verified"))
        screen.run()
        assert not screen.exception
    assert "Rantai utuh" in words_on(screen)
    store = demo_copy.store()
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET act = 'view' WHERE id = 3")
    store.close()
    screen.run()
    assert any("nomor 3" in error.value for error in screen.error)
    (demo_copy.path / "kunci.pem").unlink()
    screen.run()
    assert not screen.exception
    assert any("kunci.pem" in error.value for error in screen.error)


def map_arguments(screen: AppTest) -> dict[str, Any]:
    """What goes to the browser for the map, as streamlit-folium sends it."""

    def walk(node: Any) -> Any:
        for child in getattr(node, "children", {}).values():
            if getattr(child, "type", "") == "component_instance":
                yield json.loads(child.proto.json_args)
            yield from walk(child)

    (found,) = walk(screen._tree)
    return found


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("page", TABLE)
def test_every_page_shows_its_heading_widgets_and_the_demonstration_mark(
    open_page: Open, demo_workspace: Workspace, page: str, lang: str
) -> None:
    screen = open_page(demo_workspace, page, lang)
    assert not screen.exception
    in_bahasa, in_english, keys = TABLE[page]
    assert [title.value for title in screen.title] == [in_english if lang == "en" else in_bahasa]
    assert keys | {"bahasa"} <= widget_keys(screen)
    said = words_on(screen)
    assert "DATA CONTOH" in said
    assert not STIGMA.search(said)
    assert "{" not in re.sub(r":material/\w+:", "", said)


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.py") if path.name != "start.py"))
def test_a_page_opened_without_the_router_draws_nothing(
    demo_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(demo_workspace.path))
    screen = AppTest.from_file(str(PAGES / page), default_timeout=30).run()
    assert not screen.exception
    assert len(screen.main) == 0
    assert len(screen.sidebar) == 0


def test_every_page_file_is_in_the_router_and_asks_the_gate_first() -> None:
    for name in TABLE:
        code = (PAGES / f"{name}.py").read_text(encoding="utf-8")
        assert code.index("gate.require()") < code.index("def "), name
    from_router = set(re.findall(r'Entry\("(\w+)"', (PAGES / "start.py").read_text(encoding="utf-8")))
    assert from_router == set(TABLE)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_without_a_workspace_the_app_offers_to_prepare_one(open_page: Open, tmp_path: Path, lang: str) -> None:
    screen = open_page(Workspace(tmp_path / "baru"), "peta", lang)
    assert not screen.exception
    assert [button.key for button in screen.button] == ["siapkan"]
    assert not screen.title
    assert not (tmp_path / "baru").exists()


def test_preparation_that_fails_says_a_number_and_can_be_tried_again(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "isi"
    place.mkdir()
    (place / "milik-orang-lain.txt").write_text("x")
    with pytest.raises(Exception, match="FOLDER_NOT_EMPTY"):
        preparation.prepare_if_new(Workspace(place))
    failed = preparation.progress()
    assert failed.stage == "failed"
    assert re.fullmatch("[0-9a-f]{8}", failed.fault)
    screen = open_page(Workspace(place), "ringkasan")
    assert [button.key for button in screen.button] == ["siapkan"]


@pytest.fixture(scope="module")
def bare_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """What ``init --empty`` makes: places, boundaries and published figures, no scores."""
    workspace = Workspace(tmp_path_factory.mktemp("bare") / "workspace")
    prepare(workspace, demo=False)
    return workspace


@pytest.mark.parametrize("page", TABLE)
def test_every_page_stands_without_scores_and_without_the_demonstration_mark(
    open_page: Open, bare_workspace: Workspace, page: str
) -> None:
    screen = open_page(bare_workspace, page)
    assert not screen.exception
    assert "DATA CONTOH" not in words_on(screen).replace("DATA CONTOH (sample data)", "")


def test_the_map_sends_codes_and_numbers_only_and_nothing_from_outside(
    open_page: Open, demo_workspace: Workspace
) -> None:
    sent = map_arguments(open_page(demo_workspace, "peta"))
    everything = json.dumps(sent)
    assert "://" not in everything
    assert all(link.startswith("../../aset/") for link in sent["js_links"] + sent["css_links"])
    assert "Oesao" not in everything
    assert "Kupang" not in everything
    assert re.search(r'"topo":"../../aset/lapisan/peta-[0-9a-f]{8}.topo.json"', sent["script"])


def test_another_layer_keeps_the_map_and_sends_little(open_page: Open, demo_workspace: Workspace) -> None:
    screen = open_page(demo_workspace, "peta")
    before = map_arguments(screen)
    screen.selectbox(key="lapisan").set_value("skor").run()
    after = map_arguments(screen)
    assert not screen.exception
    assert after["key"] == before["key"]
    assert after["script"] == before["script"]
    assert after["feature_group"] != before["feature_group"]
    assert len(json.dumps(after)) < 6_000


@pytest.mark.parametrize("kode", ["53.01.06.1004", "53.01.06", "53.01"])
def test_search_opens_the_card_and_turns_to_its_level(open_page: Open, demo_workspace: Workspace, kode: str) -> None:
    level = {13: "desa", 8: "kecamatan", 5: "kabupaten"}[len(kode)]
    screen = open_page(demo_workspace, "peta")
    screen.text_input(key="cari").set_value(kode).run()
    screen.button(key=f"cari_{kode}").click().run()
    assert not screen.exception
    assert screen.selectbox(key="tingkat").value == level
    assert kode in words_on(screen).replace("\\", "")
    assert f'"s":"{kode}"' in map_arguments(screen)["feature_group"]
    screen.button(key="tutup_kartu").click().run()
    assert not [button for button in screen.button if button.key == "tutup_kartu"]


def test_two_villages_of_one_name_in_one_kecamatan_can_be_told_apart(
    open_page: Open, demo_workspace: Workspace
) -> None:
    screen = open_page(demo_workspace, "peta")
    screen.text_input(key="cari").set_value("oseao").run()  # two letters swapped
    found = {button.key: button.label.replace("\\", "") for button in screen.button if button.key.startswith("cari_")}
    assert found["cari_53.01.06.1004"] == "Oesao (kel.) · Kupang Timur · Kabupaten Kupang"
    assert found["cari_53.01.06.2015"] == "Oesao · Kupang Timur · Kabupaten Kupang"


def test_filters_fade_what_is_outside_and_the_list_follows(open_page: Open, demo_workspace: Workspace) -> None:
    screen = open_page(demo_workspace, "sasaran")
    everything = len(screen.dataframe[0].value)
    screen.selectbox(key="kabupaten").set_value("53.21").run()
    screen.multiselect(key="prioritas").set_value(["I", "II"]).run()
    shown = screen.dataframe[0].value
    assert everything == 3442
    assert 0 < len(shown) < 127
    assert shown["kode"].str.startswith("53.21").all()
    assert set(shown["prioritas"]) <= {"Prioritas I", "Prioritas II"}
    screen.text_input(key="cari_teks").set_value("tidak ada desa bernama begini").run()
    assert not screen.exception
    assert len(screen.dataframe[0].value) == 0


def test_no_screen_shows_a_count_of_events_in_a_village(open_page: Open, demo_workspace: Workspace) -> None:
    shown = open_page(demo_workspace, "sasaran").dataframe[0].value
    places = {"no", "nama", "kecamatan", "kabupaten", "kode", "titik"}
    assert set(shown.columns) == places | {
        "prioritas",
        "bukti",
        "skor",
        "selang",
        "p_top",
        "peluang",
        "alasan",
        "kualitas_data",
    }
    assert shown["p_top"].between(1, 99).all()


CANARIES = [
    "{{7*7}}",
    "{% raw %}",
    "${alert(1)}",
    "`x`",
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "**tebal**",
    "a\u202eb",
]


def test_a_hostile_village_name_is_only_text(open_page: Open, demo_copy: Workspace) -> None:
    store = demo_copy.store()
    places = store.gazetteer.villages()
    codes = list(places["kode"][: len(CANARIES)])
    places.loc[places["kode"].isin(codes), "nama"] = CANARIES
    store.gazetteer.replace(places)
    from geo.drawing.layers import build_layers

    build_layers(store, demo_copy)
    store.close()
    screen = open_page(demo_copy, "peta")
    sent = json.dumps(map_arguments(screen))
    for kode, name in zip(codes, CANARIES, strict=True):
        assert name not in sent
        screen.text_input(key="cari").set_value(kode).run()
        screen.button(key=f"cari_{kode}").click().run()
        assert not screen.exception
        heading = next(h.value for h in screen.subheader)
        assert re.sub(r"\\(.)", r"\1", heading) == name
        assert "49" not in heading
    assert all(not element.proto.allow_html for element in screen.markdown)
    listed = open_page(demo_copy, "sasaran").dataframe[0].value
    assert set(CANARIES) <= set(listed["nama"])


def test_stored_data_that_changed_are_seen_without_a_restart(open_page: Open, demo_copy: Workspace) -> None:
    screen = open_page(demo_copy, "ringkasan")
    assert "sebelum data terakhir" not in words_on(screen)
    store = demo_copy.store()
    live = store.batches.all().query("status == 'aktif' and jenis == 'kemiskinan'")
    store.batches.undo(live["batch"].iloc[0], "uji")
    store.close()
    screen.run()
    assert "sebelum data terakhir" in words_on(screen)


def test_layers_that_come_after_their_boundaries_are_seen(open_page: Open, demo_copy: Workspace) -> None:
    kept = {path: path.read_bytes() for path in demo_copy.layers.glob("*.meta.json")}
    for path in kept:
        path.unlink()
    screen = open_page(demo_copy, "peta")
    assert not screen.exception
    (bar,) = screen.get("progress")
    assert "sedang dibuat" in bar.proto.text
    for path, content in kept.items():
        path.write_bytes(content)
    screen.run()
    assert map_arguments(screen)


def test_readers_share_one_snapshot(demo_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(demo_workspace.path))
    assert reading.snapshot() is reading.snapshot()


def test_a_fault_gives_a_number_and_no_cell(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("ERROR", logger="peta_aman.fault"):
        try:
            raise ValueError("3201234567890001 Maria")
        except ValueError as error:
            number = faults.note(error)
    assert number in caplog.text
    assert "ValueError" in caplog.text
    assert "Maria" not in caplog.text


def test_streamlits_own_log_loses_the_message_too() -> None:
    import logging

    faults.log_to(Workspace(Path("tidak-ada")))
    try:
        raise ValueError("3201234567890001 Maria")
    except ValueError as error:
        about = (type(error), error, error.__traceback__)
        record = logging.LogRecord("streamlit.error_util", 40, "", 0, "x", (), about)
    for one in logging.getLogger("streamlit.error_util").filters:
        one.filter(record)
    assert "Maria" not in logging.Formatter().format(record)
    assert "test_pages.py" in record.getMessage()
