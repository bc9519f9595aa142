"""A person settles names and columns once; the next file of the same source needs no question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.intake.confirming import confirm, confirmable, file_columns, remember_columns, remembered_names
from campaign.intake.importing import Upload, examine
from campaign.intake.questions import neighbour_codes, older_names, others, questions
from campaign.reading.snapshot import Snapshot
from data.domain.actor import owner
from data.errors import Refused, WrongUse
from data.gazetteer import read_gazetteer
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace

pytestmark = pytest.mark.slow

HEADER = "Desa;Kecamatan;Kabupaten;Tahun;Jumlah Kasus TPPO\n"


def written(folder: Path, text: str, name: str = "kasus.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_confirmed_name_settles_this_file_and_the_next(place: tuple[Workspace, Store], tmp_path: Path) -> None:
    workspace, store = place
    path = written(tmp_path, HEADER + "Bokonussan;Semau;Kab. Kupang;2024;2\nOttan;Semau;Kab. Kupang;2024;1\n")
    options = ImportOptions(source="Polres Kupang")
    found = examine("kasus", path, store, workspace, options)
    rows = confirmable(found)
    assert [(row, those[0].kode) for row, those in rows.items()] == [(2, "53.01.04.2003"), (3, "53.01.04.2004")]
    before = store.table_hashes()
    assert confirm(owner("ani"), found, {2: "53.01.04.2003"}, store, "Polres Kupang") == 1
    half = examine("kasus", path, store, workspace, options)
    assert [issue.row for issue in half.report.errors] == [3]
    assert "ALIAS_USED" in {issue.reason for issue in half.report.warnings}
    confirm(owner("ani"), half, {3: "53.01.04.2004"}, store, "Polres Kupang")
    whole = examine("kasus", path, store, workspace, options)
    assert (whole.report.outcome, whole.rows["kode"].tolist()) == ("ok", ["53.01.04.2003", "53.01.04.2004"])
    assert examine("kasus", path, store, workspace, ImportOptions(source="polres kupang")).report.outcome == "ok"
    assert examine("kasus", path, store, workspace, ImportOptions(source="BP3MI")).report.outcome == "row_errors"
    assert store.audit.trail()["act"].tolist().count("remember_alias") == 2
    for number in store.names.all()["id"]:
        store.names.forget(int(number), "ani")
    assert store.table_hashes() == before
    assert examine("kasus", path, store, workspace, options).report.outcome == "row_errors"


def test_what_cannot_be_confirmed_is_refused_and_nothing_is_kept(
    place: tuple[Workspace, Store], tmp_path: Path
) -> None:
    workspace, store = place
    path = written(tmp_path, HEADER + "Bokonussan;Semau;Kab. Kupang;2024;2\nOtan;Semau;Kab. Kupang;2024;1\n")
    found = examine("kasus", path, store, workspace)
    for choices, reason in (
        ({2: "53.01.04.2003", 3: "53.01.04.2004"}, "NOT_CONFIRMABLE"),
        ({2: "53.02.01.2001"}, "CHOICE_OUTSIDE"),
        ({2: "53.01.04"}, "CHOICE_OUTSIDE"),
        ({2: "53.01.04.2999"}, "CHOICE_OUTSIDE"),
    ):
        with pytest.raises(WrongUse, match=reason):
            confirm(owner("ani"), found, choices, store, None)
    assert store.names.all().empty
    wrong_code = written(
        tmp_path, "Kode Desa;" + HEADER + "53.01.04.2999;Bokonussan;Semau;Kab. Kupang;2024;2\n", "k.csv"
    )
    found = examine("kasus", wrong_code, store, workspace)
    assert found.report.proposals
    assert confirmable(found) == {}


def test_remembered_columns_are_used_for_the_same_headers(place: tuple[Workspace, Store], tmp_path: Path) -> None:
    workspace, store = place
    odd = "Nama Kampung;Kecamatan;Kabupaten;Tahun;Hitungan Petugas\nOtan;Semau;Kab. Kupang;2024;2\n"
    path = written(tmp_path, "REKAP\n" + odd)
    options = ImportOptions(source="Polres")
    assert examine("kasus", path, store, workspace, options).report.outcome == "refused"
    columns = {"desa": "Nama Kampung", "nilai": "Hitungan Petugas"}
    with pytest.raises(Refused, match="COLUMN_MAPPING"):
        remember_columns(owner("ani"), "kasus", path, {"nilai": "Tiada"}, store, workspace, options)
    assert store.columns.all().empty
    found = remember_columns(owner("ani"), "kasus", path, columns, store, workspace, options)
    assert (found.report.outcome, found.rows["kode"].tolist()) == ("ok", ["53.01.04.2004"])
    assert "MAPPING_USED" in {issue.reason for issue in found.report.warnings}
    later = written(tmp_path, odd.replace("2024;2", "2025;3"), "lagi.csv")
    assert examine("kasus", later, store, workspace, options).rows["value"].tolist() == [3]
    assert examine("kasus", later, store, workspace, ImportOptions(source="BPS")).report.outcome == "refused"
    store.columns.forget(int(store.columns.all()["id"].iloc[0]), "ani")
    assert examine("kasus", later, store, workspace, options).report.outcome == "refused"


def upload(rows: str, header: str = HEADER) -> Upload:
    return Upload("kasus.csv", (header + rows).encode())


def test_an_upload_is_settled_without_touching_the_disk(
    place: tuple[Workspace, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, store = place
    file = upload("Bokonussan;Semau;Kab. Kupang;2024;2\n")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", lambda *_: pytest.fail("an upload was written to disk"))
        patched.setattr("tempfile.mkstemp", lambda *_, **__: pytest.fail("an upload was written to disk"))
        found = examine("kasus", file, store, workspace)
        columns = file_columns("kasus", file, store)
    # What is settled is written, and with it where the audit's chain ends.
    assert confirm(owner("ani"), found, {2: "53.01.04.2003"}, store, None) == 1
    assert examine("kasus", file, store, workspace).report.outcome == "ok"
    assert [one.field for one in columns] == ["desa", "kecamatan", "kabupaten", "tahun", "tppo"]


def test_a_name_like_no_other_can_still_be_settled_by_a_person(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    file = upload("Zzyzx;Semau;Kab. Kupang;2024;2\n")
    found = examine("kasus", file, store, workspace)
    assert found.report.proposals == []
    assert found.report.to_json(lambda reason, _: reason)["proposals"] == []
    confirm(owner("ani"), found, {2: "53.01.04.2004"}, store, None)
    assert examine("kasus", file, store, workspace).rows["kode"].tolist() == ["53.01.04.2004"]
    assert remembered_names(store)[["teks", "nama", "lingkup_nama"]].to_numpy().tolist() == [["Zzyzx", "Otan", "Semau"]]


def test_one_name_in_many_rows_is_one_question_with_all_that_tells_candidates_apart(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    rows = "".join(f"Oesao;Kupang Timur;Kab. Kupang;{year};1\n" for year in range(2019, 2025))
    found = examine("kasus", upload(rows + "Bokonussan;Semau;Kupang;2024;2\n"), store, demo_copy)
    snapshot = Snapshot.load(demo_copy, store)
    oesao, bokonusan = questions(found, snapshot, older_names(store), neighbour_codes(store, demo_copy))
    assert oesao.rows == (2, 3, 4, 5, 6, 7)
    assert oesao.where == "Kupang Timur, Kab. Kupang"
    assert {one.kode for one in oesao.candidates} == {"53.01.06.1004", "53.01.06.2015"}
    town, village = sorted(oesao.candidates, key=lambda one: one.kode)
    assert (town.name, town.place) == ("Oesao (kel.)", "Kupang Timur · Kabupaten Kupang")
    assert town.neighbours != village.neighbours
    assert "Oesao (kel.)" in village.neighbours
    assert bokonusan.candidates[0].name == "Bokonusan"
    rest = others(bokonusan, snapshot)
    assert "53.01.04.2003" not in rest
    assert all(kode.startswith("53.01.04.") for kode in rest)
    assert confirm(owner("ani"), found, {2: "53.01.06.2015", 5: "53.01.06.2015"}, store, None) == 1
    with pytest.raises(WrongUse, match="CHOICE_TWICE"):
        confirm(owner("ani"), found, {2: "53.01.06.2015", 3: "53.01.06.1004"}, store, None)
    store.close()


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Store]]:
    """Names known to a kecamatan, to a kabupaten, and of a kecamatan; names of no likely place among them."""
    workspace = Workspace(tmp_path_factory.mktemp("sifat") / "kerja").create()
    store = workspace.store()
    store.gazetteer.replace(read_gazetteer())
    rows = (
        "Bokonussan;Semau;Kab. Kupang;2024;2\nZzyzx;Semau;Kab. Kupang;2024;1\nOesao;;Kab. Kupang;2024;1\n"
        ";Semauu;Kab. Kupang;2024;1\nOttan;Semauu;Kab. Kupang;2024;1\nOtan;Semau;Kab. Kupang;2024;1\n"
        ";;Kupang;2024;1\nOtan;Semau;Kab. Kpang;2024;1\n"
    )
    yield examine("kasus", upload(rows), store, workspace), store
    store.close()


CODES = sorted({*read_gazetteer()["kode"], *read_gazetteer()["kode_kec"], *read_gazetteer()["kode_kab"]})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    row=st.integers(1, 10),
    kode=st.sampled_from(CODES)
    | st.sampled_from([kode for kode in CODES if kode.startswith("53.01")])
    | st.from_regex(r"53\.01\.04\.\d{4}", fullmatch=True)
    | st.text(max_size=14),
)
def test_confirming_never_accepts_a_code_outside_the_scope(examined: tuple[Any, Store], row: int, kode: str) -> None:
    found, store = examined
    before = store.names.all()
    try:
        confirm(owner("ani"), found, {row: kode}, store, None)
    except WrongUse:
        assert store.names.all().equals(before)
        return
    proposal = confirmable(found)[row][0]
    assert kode in CODES
    assert kode.startswith(proposal.lingkup + ".")
    level = "kabupaten" if proposal.kunci.startswith("//") else "kecamatan" if proposal.kunci.endswith("/") else "desa"
    assert len(kode) == {"kabupaten": 5, "kecamatan": 8, "desa": 13}[level]


def test_a_misspelt_kabupaten_is_settled_for_all_its_rows(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    file = upload("Otan;Semau;Kab. Kpang;2024;2\nUitao;Semau;Kab. Kpang;2024;1\n;;Kupang;2024;4\n")
    found = examine("kasus", file, store, workspace)
    assert {one.kode for one in confirmable(found)[2]} >= {"53.01", "53.71"}
    assert confirm(owner("ani"), found, {2: "53.01", 4: "53.01"}, store, None) == 2
    again = examine("kasus", file, store, workspace)
    assert again.rows["kode"].tolist() == ["53.01.04.2004", "53.01.04.2005", "53.01"]
    assert remembered_names(store)["lingkup_nama"].tolist() == ["Nusa Tenggara Timur"] * 2


def test_columns_of_a_header_of_two_rows_are_remembered_too(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    header = "Kampung;Kec;Kab;Thn;Hitungan;\n;;;;Lapor;Sidang\n"
    options = ImportOptions(source="Polda")
    file, chosen = upload("Otan;Semau;Kab. Kupang;2024;2;5\n", header), {"desa": "Kampung", "nilai": "Hitungan Sidang"}
    found = remember_columns(owner("ani"), "kasus", file, chosen, store, workspace, options)
    assert found.rows["value"].tolist() == [5]
    again = examine("kasus", upload("Uitao;Semau;Kab. Kupang;2025;1;4\n", header), store, workspace, options)
    assert (again.report.outcome, again.rows["value"].tolist()) == ("ok", [4])


def test_one_column_cannot_hold_two_things(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    with pytest.raises(WrongUse, match="COLUMN_TWICE"):
        remember_columns(
            owner("ani"),
            "kasus",
            upload("Otan;Semau;Kab. Kupang;2024;2\n"),
            {"desa": "Desa", "nilai": "Desa"},
            store,
            workspace,
            ImportOptions(),
        )
    assert store.columns.all().empty
