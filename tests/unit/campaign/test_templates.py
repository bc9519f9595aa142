"""A template filled in imports without a question; as it is, it stores nothing wrong."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from campaign.intake.importing import commit, examine
from campaign.intake.templates import template_name, template_workbook
from data.domain.actor import owner
from data.domain.kinds import KINDS
from data.errors import WrongUse
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace

pytestmark = pytest.mark.slow

KABUPATEN = "53.04"
VALUES = {"bulat": 3, "angka": 7.5, "persen": 62.5, "tanggal": dt.datetime(2025, 3, 14), "teks": "Migrasi aman"}
REMARKS = {"OTHER_SHEETS", "COLUMN_IGNORED"}


def sent(content: bytes, path: Path, fill: Any) -> Path:
    book = openpyxl.load_workbook(io.BytesIO(content))
    fill(book["Isian"])
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", ["kasus", "keberangkatan", "kemiskinan", "indikator", "sesi"])
def test_filled_in_it_imports_without_a_question(
    place: tuple[Workspace, Store], tmp_path: Path, kind: str, lang: str
) -> None:
    workspace, store = place
    villages = store.gazetteer.villages()
    villages = villages[villages["kode_kab"] == KABUPATEN]

    def fill(sheet: Any) -> None:
        assert [cell.value for cell in sheet[1]] == [field.header for field in KINDS[kind].template]
        for row in range(2, sheet.max_row + 1):
            for column, field in enumerate(KINDS[kind].template, start=1):
                if not field.known and field.what != "tahun":
                    sheet.cell(row, column, VALUES[field.what])

    content = template_workbook(kind, store, KABUPATEN, lang=lang, year=2025)
    path = sent(content, tmp_path / template_name(kind, KABUPATEN), fill)
    found = examine(kind, path, store, workspace, ImportOptions(source="Dinas uji"))
    assert (found.report.outcome, found.report.reason) == ("ok", None), (found.report.params, found.report.errors[:3])
    assert found.report.rows_ok == len(villages)
    assert {issue.reason for issue in found.report.warnings} <= REMARKS
    assert found.report.proposals == []
    assert set(found.rows["kode"]) == set(villages["kode"])
    if kind == "sesi":
        first = found.rows.iloc[0]
        assert (first["peserta"], first["pre"], first["tanggal"]) == (6, 62.5, dt.date(2025, 3, 14))
    else:
        measures = [field for field in KINDS[kind].template if not field.known and field.what != "tahun"]
        assert len(found.rows) == len(villages) * len(measures)
        assert found.rows["indikator"].nunique() == len(measures)
        assert set(found.rows["value"]) == {VALUES[field.what] for field in measures}
        assert {str(day) for day in found.rows["period_end"]} == {"2025-12-31"}
    commit(owner("ani"), found, kind, store, workspace)


def test_points_and_crosswalk(place: tuple[Workspace, Store], tmp_path: Path) -> None:
    workspace, store = place
    villages = store.gazetteer.villages()
    first = villages.loc[villages["kode_kab"] == KABUPATEN, "kode"].iloc[0]

    def points(sheet: Any) -> None:
        for column, value in enumerate(["LTSA Uji", "ltsa", -9.1, 124.9, first], start=1):
            sheet.cell(2, column, value)

    path = sent(template_workbook("titik", store, KABUPATEN), tmp_path / "t.xlsx", points)
    found = examine("titik", path, store, workspace)
    assert (found.report.outcome, found.report.rows_read) == ("ok", 1), (found.report, found.rows)
    assert found.rows[["jenis", "lat", "lon"]].values.tolist() == [["ltsa", -9.1, 124.9]]

    def crosswalk(sheet: Any) -> None:
        sheet.cell(2, 3, "5306999001")
        sheet.cell(3, 5, "Kampung Uji")

    path = sent(template_workbook("padanan", store, KABUPATEN), tmp_path / "p.xlsx", crosswalk)
    found = examine("padanan", path, store, workspace)
    assert (found.report.outcome, found.report.errors) == ("ok", [])
    assert {"5306999001", "Kampung Uji"} <= set(found.rows["nilai"])


def test_what_the_workbook_promises(place: tuple[Workspace, Store]) -> None:
    _, store = place
    assert {name for name, kind in KINDS.items() if not kind.template} == {"batas"}
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("kasus", store, KABUPATEN)))
    assert book.sheetnames == ["Isian", "Petunjuk"]
    sheet = book["Isian"]
    assert (sheet["A2"].data_type, sheet["A2"].number_format) == ("s", "@")
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "whole"}
    assert "DATA" not in sheet["A1"].value
    assert book["Petunjuk"]["A1"].value.startswith("Petunjuk pengisian: kasus, Kabupaten")
    points = openpyxl.load_workbook(io.BytesIO(template_workbook("titik", store, KABUPATEN)))
    assert points.sheetnames == ["Isian", "Petunjuk", "Desa"]
    for kind, kode, reason in (("batas", KABUPATEN, "NO_TEMPLATE"), ("kasus", "53.99", "UNKNOWN_AREA")):
        with pytest.raises(WrongUse, match=reason):
            template_workbook(kind, store, kode)
