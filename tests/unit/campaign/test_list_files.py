"""The list in every format: what it holds, what it never holds, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from campaign.documents.listing.columns import sheet_columns
from campaign.documents.listing.rows import kabupaten_rows, list_rows, rule_sentences
from campaign.documents.registry import DOCUMENTS
from campaign.documents.team_sheets import team_sheets
from campaign.handover.columns import FilledBy
from campaign.handover.document import Need
from campaign.handover.lists import TargetList, listed
from campaign.planning.plan_types import Plan
from data.errors import Refused, WrongUse
from data.store.parts.audit import Audit
from data.store.parts.gazetteer import Gazetteer
from data.store.parts.scores import Scores
from data.store.store import Store
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, docx_text, export_list, kept_variant
from words.stigma import stigma

COLUMNS = tuple(column.name for column in sheet_columns())
BY_HAND = [column.name for column in sheet_columns() if column.filled_by is not FilledBy.PRODUCT]
NEVER = {"skor", "skor_bawah", "skor_atas", "p_top", "harapan", "laju", "p_rr2", "kasus", "jumlah_kasus"}


@pytest.fixture
def target_list(planned: Planned) -> TargetList:
    return listed(planned.store, planned.plan, today=MADE)


def written(planned: Planned, target_list: TargetList, folder: Path, suffix: str, **options: Any) -> Path:
    path = folder / f"daftar{suffix}"
    export_list(target_list, path, planned.store, planned.workspace, user="uji", **options)
    return path


def test_the_workbook_has_the_five_sheets_with_codes_as_text(
    planned: Planned, target_list: TargetList, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(written(planned, target_list, tmp_path, ".xlsx"))
    assert book.sheetnames == ["Daftar", "Metadata", "Kamus", "Rekap_Kab", "Override"]
    sheet = book["Daftar"]
    assert tuple(cell.value for cell in sheet[1]) == COLUMNS
    codes = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.value for cell in codes} == {row["kode"] for row in target_list.plan["villages"]}
    assert all(cell.data_type == "s" and cell.number_format == "@" for cell in codes)
    explained = {row[0].value for row in book["Kamus"].iter_rows(min_row=2)}
    assert explained == set(COLUMNS)
    said = {row[0].value: row[1].value for row in book["Metadata"].iter_rows()}
    assert said["Sidik SHA-256"] == target_list.sidik
    assert said["Benih undian"] == target_list.plan["seed"]
    assert said["Berlaku sampai"] == "20 November 2027"
    changed = [[cell.value for cell in row] for row in book["Override"].iter_rows(min_row=2)]
    assert ["53.20", "O3"] in [[row[0], row[3]] for row in changed]
    assert "sudah ada program provinsi" in [row[5] for row in changed]


def test_no_column_tells_a_count_or_a_score_and_the_chance_is_a_word(planned: Planned, target_list: TargetList) -> None:
    rows = list_rows(target_list, planned.store)
    assert not NEVER & set(rows.columns)
    assert set(rows["p_topN"]) <= {"tegas", "seri", "–"}
    by_code = {row["kode"]: row["p_top"] for row in target_list.plan["villages"]}
    for kode, word in zip(rows["kode_desa"], rows["p_topN"], strict=True):
        p = by_code[kode]
        assert word == ("tegas" if p >= 0.8 else "seri" if p >= 0.2 else "–")
    assert (rows[BY_HAND] == "").all(axis=None), "nothing is invented for what the office fills in"
    assert (rows["penduduk"] % 10 == 0).all()
    assert list(rows["kode_desa"]) == sorted(rows["kode_desa"]), "the order is no rank"


def test_team_days_of_the_list_and_its_summary_are_those_of_the_villages_and_trips(
    planned: Planned, target_list: TargetList
) -> None:
    chosen = pd.DataFrame(target_list.plan["villages"])
    days = chosen["team_days"].sum() + chosen.drop_duplicates("trip")["trip_days"].sum()
    rows, summary = list_rows(target_list, planned.store), kabupaten_rows(target_list, planned.store)
    assert rows["hari_tim"].sum() + rows["hari_jalan"].sum() == pytest.approx(days, abs=0.01 * len(rows))
    assert summary["hari_tim"].sum() == pytest.approx(days, abs=0.05 * len(summary))
    assert summary["desa"].sum() == len(rows)
    assert len(summary) == 22, "kabupaten without a village are there too"


def test_the_decree_and_the_workbook_carry_the_same_fingerprint_and_the_annex_no_reasons(
    planned: Planned, target_list: TargetList, tmp_path: Path
) -> None:
    from docx import Document

    path = written(planned, target_list, tmp_path, ".docx")
    text = docx_text(path)
    book = openpyxl.load_workbook(written(planned, target_list, tmp_path, ".xlsx"))
    in_book = {row[0].value: row[1].value for row in book["Metadata"].iter_rows()}["Sidik SHA-256"]
    assert in_book in text
    assert f"benih undian {target_list.plan['seed']}" in text
    for sentence in rule_sentences(target_list):
        assert sentence in text, "Menimbang tells the rule the plan was made with"
    annex = Document(str(path)).tables[-1]
    heads = [cell.text for cell in annex.rows[0].cells]
    assert heads == ["No", "Kab/Kota", "Kecamatan", "Desa/Kel.", "Kode", "Pelaksana", "Triwulan"]
    cells = [[cell.text for cell in row.cells] for row in annex.rows[1:]]
    assert [row[4] for row in cells] == list(list_rows(target_list, planned.store)["kode_desa"])
    assert "DATA CONTOH" in text
    reasons = {r for name in ("alasan_1", "alasan_2") for r in list_rows(target_list, planned.store)[name] if r}
    assert not any(reason in text for reason in reasons)
    assert not re.search(r"Prioritas (I|II|III)\b", text)
    assert stigma(text) == []


def test_the_annex_has_the_quarter_of_the_planned_day_and_the_decree_its_year(
    planned: Planned, target_list: TargetList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docx import Document

    from campaign.documents import decree

    first, *rest = (row["kode"] for row in target_list.plan["villages"])
    monkeypatch.setattr(decree, "planned_days", lambda *_: {first: dt.date(2028, 5, 3)})
    path = written(planned, target_list, tmp_path, ".docx")
    quarters = {row.cells[4].text: row.cells[6].text for row in Document(str(path)).tables[-1].rows[1:]}
    assert quarters[first] == "II 2028"
    assert {quarters[kode] for kode in rest} == {""}
    text = docx_text(path)
    assert "TAHUN 2028" in text
    for number_of in range(1, 7):
        assert f"[{number_of}]" in text, "what the legal office is asked to check"
    assert not re.search(r"Pasal 4[12]|Ps\.? \d", text), "no article that was not checked"


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".kml"])
def test_the_map_formats_hold_every_village_and_say_what_they_are(
    planned: Planned, target_list: TargetList, tmp_path: Path, suffix: str
) -> None:
    path = written(planned, target_list, tmp_path, suffix)
    read = pyogrio.read_dataframe(path, layer=0)
    assert len(read) == len(target_list.plan["villages"])
    assert read.geometry.notna().all()
    if suffix == ".geojson":
        document = json.loads(path.read_text(encoding="utf-8"))
        assert document["metadata"]["Sidik SHA-256"] == target_list.sidik
        assert not NEVER & set(document["features"][0]["properties"])


def test_the_columns_an_office_expects_are_there_in_their_order() -> None:
    """The columns of the office's own target lists; ours stand between them and never change their order."""
    expected = [
        "no",
        "kode_desa",
        "kode_bps",
        "kabupaten",
        "kecamatan",
        "desa_kel",
        "status",
        "pulau",
        "penduduk_15_35",
        "kk",
        "prioritas",
        "p_topN",
        "alasan_1",
        "alasan_2",
        "alasan_3",
        "kualitas_data",
        "cara_pilih",
        "kode_override",
        "alasan_override",
        "sesi_terakhir",
        "topik_belum",
        "moda",
        "waktu_tempuh_jam",
        "musim_hindari",
        "hari_tim",
        "biaya_rp",
        "pelaksana",
        "tim",
        "tgl_rencana",
        "lokasi",
        "kelompok_sasaran",
        "mitra",
        "kontak_kantor",
        "bahasa_daerah",
        "status_plan",
        "verifikasi_kab",
        "versi",
        "hash",
    ]
    assert [name for name in COLUMNS if name in expected] == expected


def test_every_table_and_map_format_holds_the_same_rows(
    planned: Planned, target_list: TargetList, tmp_path: Path
) -> None:
    wanted = list_rows(target_list, planned.store)[["kode_desa", "desa_kel", "hari_tim", "hash"]].to_numpy().tolist()
    book = pd.read_excel(
        written(planned, target_list, tmp_path, ".xlsx"), sheet_name="Daftar", dtype={"kode_desa": str}
    )
    text = pd.read_csv(written(planned, target_list, tmp_path, ".csv"), dtype={"kode_desa": str})
    for read in (book, text):
        assert read[["kode_desa", "desa_kel", "hari_tim", "hash"]].to_numpy().tolist() == wanted
    for suffix in (".gpkg", ".geojson", ".kml"):
        areas = pyogrio.read_dataframe(written(planned, target_list, tmp_path, suffix), layer=0)
        assert sorted(areas["kode"]) == [row[0] for row in wanted]


def test_the_csv_is_the_sheet(planned: Planned, target_list: TargetList, tmp_path: Path) -> None:
    read = pd.read_csv(written(planned, target_list, tmp_path, ".csv"), dtype=str, keep_default_na=False)
    assert tuple(read.columns) == COLUMNS
    assert set(read["status_data"]) == {"DATA CONTOH"}
    assert set(read["hash"]) == {target_list.sidik[:16]}


def test_every_export_is_written_to_the_audit(planned: Planned, target_list: TargetList, tmp_path: Path) -> None:
    path = written(planned, target_list, tmp_path, ".csv", purpose="koordinasi")
    last = planned.store.audit.trail().iloc[0]
    what = json.loads(last["what_json"])
    import hashlib

    assert (last["user"], last["act"]) == ("uji", "export")
    assert what["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (what["rows"], what["purpose"], what["sidik"]) == (
        len(target_list.plan["villages"]),
        "koordinasi",
        target_list.sidik,
    )


def test_a_list_whose_export_cannot_be_written_down_is_not_there(
    planned: Planned, target_list: TargetList, tmp_path: Path
) -> None:
    (planned.workspace.path / "kunci.pem").rename(tmp_path / "kunci.pem")
    with pytest.raises(Refused, match="KEY_LOST"):
        written(planned, target_list, tmp_path, ".csv", purpose="koordinasi")
    assert not list(tmp_path.glob("*.csv"))
    assert not list(tmp_path.glob(".*"))


def test_a_wrong_purpose_format_or_folder_is_told_and_nothing_is_written(
    planned: Planned, target_list: TargetList, tmp_path: Path
) -> None:
    for path, options, reason in (
        (tmp_path / "a.csv", {"purpose": "penindakan"}, "UNKNOWN_PURPOSE"),
        (tmp_path / "a.exe", {}, "UNKNOWN_FORMAT"),
        (tmp_path / "tidak" / "a.csv", {}, "NO_FOLDER"),
    ):
        with pytest.raises(WrongUse) as caught:
            export_list(target_list, path, planned.store, planned.workspace, **options)
        assert caught.value.reason == reason
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".csv", ".exe")]


def test_file_names_carry_version_day_and_the_mark(target_list: TargetList) -> None:
    names = [
        (document.list_file_name(target_list, suffix, today=MADE), suffix)
        for document in DOCUMENTS
        if Need.LIST in document.needs
        for suffix in document.formats
    ]
    assert "daftar-desa" in names[0][0]
    assert len(set(names)) == len(names)
    for name, suffix in names:
        assert name.endswith(f"{target_list.name}-2026-11-20-DATA-CONTOH{suffix}")


def test_an_old_score_version_is_said_in_the_metadata(planned: Planned, tmp_path: Path) -> None:
    import dataclasses

    old = dataclasses.replace(listed(planned.store, planned.plan, today=MADE), current_score=False)
    book = openpyxl.load_workbook(written(planned, old, tmp_path, ".xlsx"))
    assert any("bukan terbaru" in str(row[1].value) for row in book["Metadata"].iter_rows())


def test_the_team_gets_a_plan_for_each_kabupaten_and_a_form_for_each_village(planned: Planned) -> None:
    few = kept_variant(planned.store, planned.plan, villages=planned.plan["villages"][:3])
    pdf = team_sheets(listed(planned.store, few, today=MADE), planned.store)
    kabupaten = {row["kode"][:5] for row in few["villages"]}
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page\n") in (0, len(kabupaten) + 3)


SURROGATES: tuple[Literal["Cs"]] = ("Cs",)


class Hostile(Store):
    """A store whose names of places are what somebody hostile typed."""

    def __init__(self, store: Store, names: list[str]) -> None:
        self.__dict__.update(store.__dict__)
        villages = store.gazetteer.villages()
        for column, name in zip(("nama", "kecamatan", "kabupaten"), names, strict=True):
            villages[column] = name
        self.gazetteer = cast(Gazetteer, _Kept(store.gazetteer, villages=villages.copy))
        self.scores = cast(Scores, _Kept(store.scores, table=cache(store.scores.table)))
        # Nothing is kept of what a test hands over a hundred times.
        self.audit = cast(Audit, _Kept(store.audit, record=lambda *what: None))


class _Kept:
    """A part of the store with some of its answers replaced."""

    def __init__(self, part: Any, **answers: Any) -> None:
        self._part = part
        self.__dict__.update(answers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


FORMULA = re.compile(r"^[\s\x00-\x20\ufeff\u200b-\u200f\u2060]*[=+\-@|%]")
CANARIES = (
    "{{7*7}}",
    "{% raw %}",
    "${7*7}",
    "`x`",
    "<img onerror=x>",
    "#set page()",
    "*tebal*",
    "\u202eabc",
    "$x$",
    "\\",
    "=1+1",
    "\x08=",
    "]#panic()[",
)
typed = st.one_of(
    st.text(st.characters(exclude_categories=SURROGATES), min_size=1, max_size=20),
    st.builds(
        lambda blank, sign, rest: blank + sign + rest,
        st.sampled_from(["", " ", "\t", "\ufeff", "\n", "\x00", "\x08", "\u200b"]),
        st.sampled_from("=+-@|%"),
        st.sampled_from(["1+1", 'HYPERLINK("http://x")', "cmd|' /C calc'!A0", ""]),
    ),
    st.sampled_from(CANARIES),
)


@given(names=st.tuples(typed, typed, typed), reason=typed)
@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_typed_by_anybody_runs_in_a_spreadsheet(
    planned_once: Planned, tmp_path: Path, names: tuple[str, str, str], reason: str
) -> None:
    import dataclasses

    plan: Plan = {
        **planned_once.plan,
        "villages": planned_once.plan["villages"][:2],
        "excluded": [{"kode": "53.01.04.2003", "alasan": f"O2:{reason}"}],
        "name": reason,
    }
    target_list = dataclasses.replace(listed(planned_once.store, planned_once.plan, today=MADE), plan=plan)
    store = Hostile(planned_once.store, list(names))
    book_path, csv_path = tmp_path / "a.xlsx", tmp_path / "a.csv"
    export_list(target_list, book_path, store, planned_once.workspace)
    export_list(target_list, csv_path, store, planned_once.workspace)
    book = openpyxl.load_workbook(book_path)
    for sheet in book:
        assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row), "no formula, no link"
        assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    read = pd.read_csv(csv_path, dtype=str, keep_default_na=False, na_filter=False)
    texts = read.drop(columns=[name for name in read.columns if name in ("biaya_rp", "hari_tim", "hari_jalan")])
    assert not [text for text in texts.to_numpy().ravel() if FORMULA.match(text) and text != "–"]


@pytest.mark.parametrize("canary", CANARIES)
def test_what_somebody_typed_is_printed_as_it_stands(planned_once: Planned, tmp_path: Path, canary: str) -> None:
    import dataclasses

    plan: Plan = {**planned_once.plan, "villages": planned_once.plan["villages"][:1]}
    target_list = dataclasses.replace(listed(planned_once.store, planned_once.plan, today=MADE), plan=plan)
    store = Hostile(planned_once.store, [canary] * 3)
    export_list(target_list, tmp_path / "a.docx", store, planned_once.workspace)
    assert canary.replace("\x08", "") in docx_text(tmp_path / "a.docx")
    export_list(target_list, tmp_path / "a.pdf", store, planned_once.workspace)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
