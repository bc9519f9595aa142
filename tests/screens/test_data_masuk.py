"""Data in: names and columns settled by hand, sheets chosen, decisions listed and forgotten."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data.workspace import Workspace
from tests.screens.test_pages import words_on

Open = Callable[..., AppTest]
HEADER = ["Kabupaten", "Kecamatan", "Desa", "Tahun", "Jumlah Kasus TPPO"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def book(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def upload(screen: AppTest, content: bytes, name: str = "rekap.xlsx") -> AppTest:
    screen.file_uploader[0].set_value((name, content, XLSX))
    return screen.run()


def code_in(option: str) -> str:
    """The village code at the end of an option, as it is before Markdown."""
    found = re.search(r"53[\d.\\]+$", option)
    assert found is not None
    return found[0].replace("\\", "")


def radios(screen: AppTest) -> list[Any]:
    return [one for one in screen.radio if one.key.startswith("nama_")]


def press(screen: AppTest, key: str) -> AppTest:
    return next(one for one in screen.button if one.key == key).click().run()


def outcome(screen: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in screen.metric}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_clerk_settles_names_and_the_file_is_checked_again_at_once(
    open_page: Open, demo_copy: Workspace, lang: str
) -> None:
    rows: list[list[Any]] = [HEADER, *(["Kab. Kupang", "Semau", "Bokonussan", year, 1] for year in (2022, 2023))]
    rows += [["Kab. Kupang", "Kupang Timur", "Oesao", 2024, 1], ["Kab. Kupang", "Semau", "Otan", 2024, 1]]
    screen = open_page(demo_copy, "data_masuk", lang)
    screen.text_input(key="sumber").set_value("Polres Kupang").run()
    screen = upload(screen, book(("Rekap", rows)))
    assert not screen.exception
    bokonusan, oesao = radios(screen)
    assert bokonusan.value is None, "nothing is chosen for the clerk"
    assert bokonusan.options[0] == r"Bokonusan · 53\.01\.04\.2003"
    said = words_on(screen).replace("\\", "")
    assert ("Baris 2, 3 · tertulis di Semau, Kab. Kupang" if lang == "id" else "Row 2, 3 · written under Semau") in said
    captions = " ".join(oesao.proto.captions).replace("\\", "")
    assert ("bertetangga dengan" if lang == "id" else "next to") in captions
    assert "Oesao (kel.)" in captions
    save = next(one for one in screen.button if one.key == "simpan_nama")
    assert save.disabled
    bokonusan.set_value("53.01.04.2003").run()
    radios(screen)[1].set_value("lain").run()
    pick = next(one for one in screen.selectbox if one.key.endswith("_lain"))
    assert all("53.01.06." in option for option in pick.options)
    assert not any("Oesao" in option for option in pick.options)
    radios(screen)[1].set_value("biarkan").run()
    press(screen, "simpan_nama")
    assert not screen.exception
    assert [one.value for one in radios(screen)] == ["biarkan"]
    assert list(outcome(screen).values()) == ["4", "3", "1", "0"]
    store = demo_copy.store()
    known = store.names.all()
    assert known[["teks", "kode", "sumber"]].to_numpy().tolist() == [["Bokonussan", "53.01.04.2003", "polres kupang"]]
    store.close()


def test_many_names_come_in_pages_and_choices_stay_when_one_turns_them(open_page: Open, demo_copy: Workspace) -> None:
    store = demo_copy.store()
    places = store.gazetteer.villages()
    store.close()
    villages = places[places["kode_kab"] == "53.01"].head(13)
    rows = [["Kab. Kupang", row.kecamatan, f"{row.nama}xq", 2024, 1] for row in villages.itertuples()]
    screen = upload(open_page(demo_copy, "data_masuk"), book(("Rekap", [HEADER, *rows])))
    asked = len(radios(screen))
    assert asked == 6
    first = radios(screen)[0]
    first.set_value(code_in(first.options[0])).run()
    (turn,) = screen.pagination
    turn.set_value(2).run()
    assert not screen.exception
    second = radios(screen)[0]
    assert second.key != first.key
    second.set_value(code_in(second.options[0])).run()
    turn.set_value(3).run()
    (last,) = radios(screen)
    last.set_value(code_in(last.options[0])).run()
    press(screen, "simpan_nama")
    assert not screen.exception, "the last page is gone, and the one before it is shown"
    assert radios(screen)
    store = demo_copy.store()
    assert len(store.names.all()) == 3
    store.close()


def test_columns_are_matched_by_hand_and_remembered(open_page: Open, demo_copy: Workspace) -> None:
    rows: list[list[Any]] = [["Kampung", "Kec", "Kab", "Thn", "Hitungan", "Uraian kejadian"]]
    rows += [[name, "Semau", "Kab. Kupang", 2024, 2, "Maria Tefa pulang"] for name in ("Otan", "Uitao", "Uiasa")]
    screen = upload(open_page(demo_copy, "data_masuk"), book(("Rekap", rows)))
    assert not screen.exception
    (sample,) = [one for one in screen.dataframe if "Kampung" in one.value.columns]
    assert sample.value["Kampung"].tolist() == ["Otan", "Uitao", "Uiasa"]
    assert "Maria" not in sample.value.to_string()

    def column(name: str) -> Any:
        return next(one for one in screen.selectbox if one.key.startswith(f"kolom_kasus_{name}_"))

    assert (column("kecamatan").value, column("tahun").value, column("desa").value) == ("Kec", "Thn", None)
    column("desa").set_value("Kampung")
    column("nilai").set_value("Kampung")
    press(screen, "pakai_kolom")
    assert "dipilih untuk dua hal" in words_on(screen)
    column("nilai").set_value("Hitungan")
    press(screen, "pakai_kolom")
    assert not screen.exception
    press(screen, "simpan")
    assert "Tersimpan sebagai" in words_on(screen)
    assert not any(b"Maria" in file.read_bytes() for file in demo_copy.path.rglob("*") if file.is_file())
    later: list[list[Any]] = [rows[0], ["Otan", "Semau", "Kab. Kupang", 2025, 4, ""]]
    again = upload(open_page(demo_copy, "data_masuk"), book(("Rekap", later)), "lagi.xlsx")
    assert list(outcome(again).values()) == ["1", "1", "0", "0"]
    assert not [one for one in again.button if one.key == "pakai_kolom"]
    next(one for one in again.toggle if one.key.startswith("kolom_keliru_")).set_value(True).run()
    now = {one.key.split("_")[2]: one.value for one in again.selectbox if one.key.startswith("kolom_kasus_")}
    assert (now["desa"], now["nilai"]) == ("Kampung", "Hitungan")


def test_a_sheet_is_chosen_by_its_real_name(open_page: Open, demo_copy: Workspace) -> None:
    rows: list[list[Any]] = [["Kode Desa", "Tahun", "Jumlah Kasus"], ["53.01.04.2003", 2024, 2]]
    more = [*rows, ["53.01.04.2004", 2024, 1]]
    sheets = ("Januari, Februari", rows), ("Maret", more), ("Catatan", [["kosong"]])
    screen = upload(open_page(demo_copy, "data_masuk"), book(*sheets))
    (part,) = [one for one in screen.selectbox if one.key.startswith("bagian_")]
    assert part.options == ["Januari, Februari", "Maret", "Catatan"]
    assert not screen.metric
    part.set_value("Maret").run()
    assert not screen.exception
    assert outcome(screen)["Baris baik"] == "2"


def test_a_workbook_that_says_which_sheet_is_meant_asks_nothing(open_page: Open, demo_copy: Workspace) -> None:
    rows: list[list[Any]] = [["Kode Desa", "Tahun", "Jumlah Kasus"], ["53.01.04.2003", 2024, 2]]
    screen = upload(open_page(demo_copy, "data_masuk"), book(("Isian", rows), ("Petunjuk", [["Isilah"]])))
    assert outcome(screen)["Baris baik"] == "1"
    assert not [one for one in screen.selectbox if one.key.startswith("bagian_")]


def test_a_layer_is_chosen_by_its_real_name(open_page: Open, demo_copy: Workspace, tmp_path: Any) -> None:
    import geopandas as gpd
    import shapely

    shape = shapely.box(124.0, -9.6, 124.1, -9.5)
    for layer in ("desa, lama", "kecamatan"):
        gpd.GeoDataFrame({"kode": ["53.01.04.2003"]}, geometry=[shape], crs=4326).to_file(
            tmp_path / "batas.gpkg", layer=layer
        )
    screen = open_page(demo_copy, "data_masuk")
    screen.selectbox(key="jenis").set_value("batas").run()
    screen = upload(screen, (tmp_path / "batas.gpkg").read_bytes(), "batas.gpkg")
    assert not screen.exception
    (part,) = [one for one in screen.selectbox if one.key.startswith("bagian_")]
    assert part.options == ["desa, lama", "kecamatan"]
    part.set_value("desa, lama").run()
    assert not screen.exception
    assert "Pilih satu" not in words_on(screen)


def test_what_is_remembered_is_listed_and_forgotten(open_page: Open, demo_copy: Workspace) -> None:
    store = demo_copy.store()
    store.names.remember("Bokonussan", "bokonussan", "53.01.04.2003", "53.01.04", "polres kupang", "ani")
    store.columns.remember("kasus", "", "x" * 64, {"desa": "Kampung"}, "budi")
    store.close()
    screen = open_page(demo_copy, "data_masuk")
    names, columns = (one.value for one in screen.dataframe if "Untuk sumber" in one.value.columns)
    assert names.iloc[0][["Tertulis", "Di", "Berarti", "Kode", "Untuk sumber", "Oleh"]].tolist() == [
        "Bokonussan",
        "Semau",
        "Bokonusan",
        "53.01.04.2003",
        "polres kupang",
        "ani",
    ]
    assert columns.iloc[0][["Kolom", "Untuk sumber", "Oleh"]].tolist() == ["Nama desa = Kampung", "semua", "budi"]
    for what in ("nama", "kolom"):
        assert next(one for one in screen.button if one.key == f"lupa_{what}").disabled
        screen.selectbox(key=f"lupa_{what}_mana").set_value(1).run()
        screen.checkbox(key=f"lupa_{what}_yakin").check().run()
        press(screen, f"lupa_{what}")
        assert not screen.exception
        assert "Sudah dilupakan" in words_on(screen)
    assert "Belum ada nama atau kolom yang diingat" in words_on(screen)
    store = demo_copy.store()
    assert store.names.all().empty
    assert {"forget_alias", "forget_mapping"} <= set(store.audit.trail()["act"])
    store.close()


def real_files() -> dict[str, tuple[str, bytes, int]]:
    """One file a kind as its sender makes it, and how many rows of it are data."""
    idm = [
        "KODE_PROV",
        "NAMA_PROVINSI",
        "KODE_KAB",
        "NAMA_KABUPATEN",
        "KODE_KEC",
        "NAMA_KECAMATAN",
        "KODE_DESA",
        "NAMA_DESA",
        "IKS_2024",
        "IKE_2024",
        "IKL_2024",
        "NILAI_IDM_2024",
        "STATUS_IDM_2024",
        "Keterangan",
    ]
    ntt = [53, "NUSA TENGGARA TIMUR", 5301, "KUPANG", 530104, "SEMAU"]
    box = {
        "type": "Polygon",
        "coordinates": [[[123.3, -10.3], [123.4, -10.3], [123.4, -10.2], [123.3, -10.2], [123.3, -10.3]]],
    }
    rbi = {
        "OBJECTID": 1,
        "NAMOBJ": "Bokonusan",
        "KDEPUM": "53.01.04.2003",
        "WADMKD": "Bokonusan",
        "WADMKC": "Semau",
        "WADMKK": "Kupang",
        "WADMPR": "Nusa Tenggara Timur",
        "LUASWH": 0,
    }
    feature = {"type": "Feature", "properties": rbi, "geometry": box}
    return {
        "kasus": (
            "polda.xlsx",
            book(
                (
                    "Rekap",
                    [
                        ["REKAP LAPORAN POLISI TPPO TAHUN 2024"],
                        ["No", "Kabupaten", "Jumlah LP", "Korban L", "Korban P", "P21"],
                        [1, "Kab. Kupang", 3, 1, 4, 1],
                        [2, "Belu", 2, 0, 2, 0],
                        [None, "JUMLAH", 5, 1, 6, 1],
                    ],
                )
            ),
            2,
        ),
        "keberangkatan": (
            "bp3mi.csv",
            b"Asal Kabupaten;Tahun;Prosedural;Nonprosedural\nKab. Kupang;2024;1.204;31\nKab. Belu;2024;988;12\n",
            2,
        ),
        "kemiskinan": (
            "bps.xlsx",
            book(
                (
                    "Sheet1",
                    [
                        ["Wilayah", "Persentase Penduduk Miskin (Persen)", None],
                        [None, 2023, 2024],
                        ["Belu", "13,94", "13,50"],
                        ["Kota Kupang", "8,61", "8,24"],
                        ["NUSA TENGGARA TIMUR", "19,96", "19,48"],
                    ],
                )
            ),
            2,
        ),
        "indikator": (
            "idm.xlsx",
            book(
                (
                    "IDM 2024",
                    [
                        idm,
                        [*ntt, 5301042003, "BOKONUSAN", 0.71, 0.55, 0.6, 0.62, "BERKEMBANG", None],
                        [*ntt, 5301042004, "OTAN", 0.7, 0.5, 0.6, 0.6, "TERTINGGAL", "Update 2023"],
                    ],
                )
            ),
            2,
        ),
        "titik": ("layanan.csv", b'Nama,Jenis,Lintang,Bujur\nPelabuhan Tenau,Pelabuhan,"-10,1936","123,5289"\n', 1),
        "sesi": (
            "sesi.xlsx",
            book(
                (
                    "Sesi",
                    [
                        ["Kode Desa", "Desa", "Tanggal", "Topik", "Peserta L", "Peserta P", "Dirujuk"],
                        ["53.01.04.2003", "Bokonusan", "12/03/2026", "Migrasi aman", 14, 22, 1],
                    ],
                )
            ),
            1,
        ),
        "padanan": (
            "bridging.csv",
            b"kode_bps,nama_bps,kode_dagri,nama_dagri\n5303180001,BOKONUSAN,53.01.04.2003,Bokonusan\n",
            1,
        ),
        "batas": ("batas.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), 1),
    }


@pytest.mark.parametrize("kind", real_files())
def test_every_kind_goes_in_through_the_screen(open_page: Open, demo_copy: Workspace, kind: str) -> None:
    name, content, rows = real_files()[kind]
    screen = open_page(demo_copy, "data_masuk")
    screen.selectbox(key="jenis").set_value(kind).run()
    screen = upload(screen, content, name)
    assert not screen.exception
    assert outcome(screen).get("Baris baik") == str(rows), words_on(screen)
    assert outcome(screen)["Baris salah"] == "0"
    press(screen, "simpan")
    assert not screen.exception
    assert "Tersimpan sebagai" in words_on(screen)
    store = demo_copy.store()
    newest = store.batches.all().iloc[0]
    assert (newest["jenis"], newest["file_name"], newest["rows_ok"]) == (kind, name, rows)
    store.close()


def test_the_code_column_of_boundaries_is_named_by_hand(open_page: Open, demo_copy: Workspace) -> None:
    content = real_files()["batas"][1].replace(b"KDEPUM", b"KUNCI").replace(b"WADMKD", b"TULISAN")
    screen = open_page(demo_copy, "data_masuk")
    screen.selectbox(key="jenis").set_value("batas").run()
    screen = upload(screen, content, "batas.geojson")
    assert "Tidak ada kolom kode wilayah" in words_on(screen)
    code = next(one for one in screen.selectbox if one.key.startswith("kolom_batas_kode_"))
    code.set_value("KUNCI")
    press(screen, "pakai_kolom")
    assert not screen.exception
    assert outcome(screen)["Baris baik"] == "1"


def test_a_bare_kupang_is_settled_for_a_whole_table(open_page: Open, demo_copy: Workspace) -> None:
    rows: list[list[Any]] = [
        ["Kabupaten/Kota", "Tahun", "Jumlah Penduduk Miskin"],
        ["Kupang", 2023, 100],
        ["Kupang", 2024, 90],
        ["Kota Kupang", 2024, 40],
    ]
    screen = open_page(demo_copy, "data_masuk")
    screen.selectbox(key="jenis").set_value("kemiskinan").run()
    screen = upload(screen, book(("Rekap", rows)))
    (kupang,) = radios(screen)
    offered = [option.replace("\\", "") for option in kupang.options]
    assert offered[:3] == ["Kabupaten Kupang · 53.01", "Kota Kupang · 53.71", "Kabupaten/kota lain"]
    kupang.set_value("53.01").run()
    press(screen, "simpan_nama")
    assert list(outcome(screen).values()) == ["3", "3", "0", "0"]
    assert not radios(screen)
