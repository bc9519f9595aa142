"""A person settles names and columns once; the next file of the same source needs no question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.confirming import confirm, confirmable, remember_columns
from campaign.importing import examine
from data.errors import Refused, WrongUse
from data.gazetteer import read_gazetteer
from data.store.store import Store
from data.workspace import Workspace

HEADER = "Desa;Kecamatan;Kabupaten;Tahun;Jumlah Kasus TPPO\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, Store]]:
    monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)
    workspace = Workspace(tmp_path / "kerja").create()
    store = workspace.store()
    store.set_gazetteer(read_gazetteer())
    yield workspace, store
    store.close()


def written(folder: Path, text: str, name: str = "kasus.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_confirmed_name_settles_this_file_and_the_next(place: tuple[Workspace, Store], tmp_path: Path) -> None:
    workspace, store = place
    path = written(tmp_path, HEADER + "Bokonussan;Semau;Kab. Kupang;2024;2\nOttan;Semau;Kab. Kupang;2024;1\n")
    options: dict[str, Any] = {"source": "Polres Kupang"}
    found = examine("kasus", path, store, workspace, options)
    rows = confirmable(found)
    assert [(row, those[0].kode) for row, those in rows.items()] == [(2, "53.01.04.2003"), (3, "53.01.04.2004")]
    before = store.table_hashes()
    assert confirm(found, {2: "53.01.04.2003"}, store, "Polres Kupang", "ani") == 1
    half = examine("kasus", path, store, workspace, options)
    assert [issue.row for issue in half.report.errors] == [3]
    assert "ALIAS_USED" in {issue.reason for issue in half.report.warnings}
    confirm(half, {3: "53.01.04.2004"}, store, "Polres Kupang", "ani")
    whole = examine("kasus", path, store, workspace, options)
    assert (whole.report.outcome, whole.rows["kode"].tolist()) == ("ok", ["53.01.04.2003", "53.01.04.2004"])
    assert examine("kasus", path, store, workspace, {"source": "polres kupang"}).report.outcome == "ok"
    assert examine("kasus", path, store, workspace, {"source": "BP3MI"}).report.outcome == "row_errors"
    assert store.audit_trail()["act"].tolist().count("remember_alias") == 2
    for number in store.aliases()["id"]:
        store.forget_alias(int(number), "ani")
    assert store.table_hashes() == before
    assert examine("kasus", path, store, workspace, options).report.outcome == "row_errors"


def test_what_cannot_be_confirmed_is_refused_and_nothing_is_kept(
    place: tuple[Workspace, Store], tmp_path: Path
) -> None:
    workspace, store = place
    path = written(tmp_path, HEADER + "Bokonussan;Semau;Kab. Kupang;2024;2\nOtan;Semau;Kab. Kupang;2024;1\n")
    found = examine("kasus", path, store, workspace, {})
    for choices, reason in (
        ({2: "53.01.04.2003", 3: "53.01.04.2004"}, "NOT_CONFIRMABLE"),
        ({2: "53.02.01.2001"}, "CHOICE_OUTSIDE"),
        ({2: "53.01.04"}, "CHOICE_OUTSIDE"),
        ({2: "53.01.04.2999"}, "CHOICE_OUTSIDE"),
    ):
        with pytest.raises(WrongUse, match=reason):
            confirm(found, choices, store, None, "ani")
    assert store.aliases().empty
    wrong_code = written(
        tmp_path, "Kode Desa;" + HEADER + "53.01.04.2999;Bokonussan;Semau;Kab. Kupang;2024;2\n", "k.csv"
    )
    found = examine("kasus", wrong_code, store, workspace, {})
    assert found.report.proposals
    assert confirmable(found) == {}


def test_remembered_columns_are_used_for_the_same_headers(place: tuple[Workspace, Store], tmp_path: Path) -> None:
    workspace, store = place
    odd = "Nama Kampung;Kecamatan;Kabupaten;Tahun;Hitungan Petugas\nOtan;Semau;Kab. Kupang;2024;2\n"
    path = written(tmp_path, "REKAP\n" + odd)
    options: dict[str, Any] = {"source": "Polres"}
    assert examine("kasus", path, store, workspace, options).report.outcome == "refused"
    columns = {"desa": "Nama Kampung", "nilai": "Hitungan Petugas"}
    with pytest.raises(Refused, match="COLUMN_MAPPING"):
        remember_columns("kasus", path, {"nilai": "Tiada"}, store, workspace, options, "ani")
    assert store.mappings().empty
    found = remember_columns("kasus", path, columns, store, workspace, options, "ani")
    assert (found.report.outcome, found.rows["kode"].tolist()) == ("ok", ["53.01.04.2004"])
    assert "MAPPING_USED" in {issue.reason for issue in found.report.warnings}
    later = written(tmp_path, odd.replace("2024;2", "2025;3"), "lagi.csv")
    assert examine("kasus", later, store, workspace, options).rows["value"].tolist() == [3]
    assert examine("kasus", later, store, workspace, {"source": "BPS"}).report.outcome == "refused"
    store.forget_mapping(int(store.mappings()["id"].iloc[0]), "ani")
    assert examine("kasus", later, store, workspace, options).report.outcome == "refused"
