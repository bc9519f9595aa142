"""Files that leave the office: complete, marked, harmless to open, and silent about counts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from campaign.documents.registry import SCORES
from campaign.handover.export import TABLE_FORMATS, write_table
from campaign.handover.score_table import SCORE_COLUMNS, ranked, score_rows
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from tests.unit.campaign.papers import export_scores


@pytest.fixture(scope="module")
def rows(demo_workspace: Workspace) -> pd.DataFrame:
    store = demo_workspace.store()
    try:
        return score_rows(store)
    finally:
        store.close()


def test_every_village_has_one_row_with_the_columns_promised(rows: pd.DataFrame) -> None:
    assert tuple(rows.columns) == tuple(column.name for column in SCORE_COLUMNS)
    assert len(rows) == 3442
    assert rows["kode"].is_unique
    assert rows["kode"].str.fullmatch(r"53\.\d\d\.\d\d\.[12]\d{3}").all()
    assert rows["data_contoh"].all()


def test_scores_are_percentiles_inside_their_interval(rows: pd.DataFrame) -> None:
    assert rows["skor"].between(0, 100).all()
    assert (rows["skor_bawah"] <= rows["skor"]).all()
    assert (rows["skor"] <= rows["skor_atas"]).all()
    assert rows["p_top"].between(0, 1).all()
    assert rows["p_top"].sum() == pytest.approx(rows["n_top"].iloc[0], rel=0.05)


def test_reasons_are_sentences_in_both_languages(demo_store: Store) -> None:
    for lang in ("id", "en"):
        table = score_rows(demo_store, lang=lang)
        for column in ("alasan_1", "alasan_2", "alasan_3"):
            assert table[column].str.endswith(".").mean() > 0.99
            assert not table[column].str.contains(r"[{}]").any()


@pytest.mark.parametrize("level", ["kecamatan", "kabupaten"])
def test_levels_above_have_one_row_an_area(demo_store: Store, level: str) -> None:
    table = score_rows(demo_store, level=level)
    assert len(table) == {"kecamatan": 315, "kabupaten": 22}[level]
    assert table["skor"].notna().all()


def test_the_public_role_sees_bands_but_no_village_numbers(demo_store: Store) -> None:
    public = score_rows(demo_store, role="publik")
    assert public[["skor", "skor_bawah", "skor_atas", "p_top"]].isna().all().all()
    assert (public["prioritas"] != "").all()
    assert score_rows(demo_store, role="publik", level="kabupaten")["skor"].notna().all()


def read_back(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype={"kode": str, "kode_kec": str, "kode_kab": str})
    if path.suffix == ".xlsx":
        return pd.read_excel(path, sheet_name="Daftar", dtype={"kode": str, "kode_kec": str, "kode_kab": str})
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    import geopandas as gpd

    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.notna().all()
    return pd.DataFrame(frame.drop(columns="geometry"))


@pytest.mark.parametrize("suffix", TABLE_FORMATS)
def test_a_file_of_each_format_gives_back_every_code_and_score(
    suffix: str, rows: pd.DataFrame, demo_workspace: Workspace, demo_store: Store, tmp_path: Path
) -> None:
    path = tmp_path / f"skor{suffix}"
    write_table(rows, path, demo_store, demo_workspace)
    back = read_back(path)
    assert set(back["kode"].astype(str)) == set(rows["kode"])
    back = back.assign(kode=back["kode"].astype(str)).sort_values("kode", ignore_index=True)
    assert (back["skor"].astype(float) - rows["skor"]).abs().max() < 1e-6
    assert (back["kode_kab"].astype(str) == rows["kode_kab"]).all()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_files_say_data_contoh_and_their_version(
    rows: pd.DataFrame, demo_workspace: Workspace, demo_store: Store, tmp_path: Path
) -> None:
    version = demo_store.scores.version().versi
    write_table(rows, tmp_path / "a.xlsx", demo_store, demo_workspace)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Daftar", "Metadata", "Kamus"]
    meta = {row[0].value: row[1].value for row in book["Metadata"].iter_rows()}
    assert any("DATA CONTOH" in str(value) for value in meta.values())
    assert version in meta.values()
    assert "DATA CONTOH" in book["Daftar"].oddHeader.right.text
    explained = {row[0].value for row in book["Kamus"].iter_rows(min_row=2)}
    assert explained == set(rows.columns)
    write_table(rows.head(5), tmp_path / "a.geojson", demo_store, demo_workspace)
    document = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert any("DATA CONTOH" in value for value in document["metadata"].values())
    name = SCORES.file_name(version, True, ".xlsx")
    assert "DATA-CONTOH" in name
    assert version in name


def test_a_cell_that_looks_like_a_formula_is_text(
    rows: pd.DataFrame, demo_workspace: Workspace, demo_store: Store, tmp_path: Path
) -> None:
    evil = rows.head(4).copy()
    evil["desa"] = ["=1+1", "+cmd|' /C calc'!A0", " @SUM(A1)", "{{7*7}}"]
    write_table(evil, tmp_path / "e.csv", demo_store, demo_workspace)
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        names = [row["desa"] for row in csv.DictReader(file)]
    assert names == ["'=1+1", "'+cmd|' /C calc'!A0", "' @SUM(A1)", "{{7*7}}"]
    write_table(evil, tmp_path / "e.xlsx", demo_store, demo_workspace)
    cell = openpyxl.load_workbook(tmp_path / "e.xlsx")["Daftar"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_no_exported_column_is_a_count_of_cases(rows: pd.DataFrame, demo_store: Store) -> None:
    cases = demo_store.facts.read(jenis="kasus", level="desa").groupby("kode")["value"].sum()
    own = cases.reindex(rows["kode"]).fillna(0).to_numpy()
    for column in rows.select_dtypes("number").columns:
        if column != "n_top":
            assert abs(pd.Series(own).corr(rows[column], method="spearman")) < 0.9
    assert not rows[["alasan_1", "alasan_2", "alasan_3"]].apply(lambda c: c.str.contains(r"\b\d+ kasus")).any().any()


def test_a_ranked_list_starts_with_the_highest_score(rows: pd.DataFrame) -> None:
    ordered = ranked(rows)
    assert list(ordered["no"]) == list(range(1, 3443))
    assert ordered["skor"].is_monotonic_decreasing


@pytest.mark.parametrize(("name", "reason"), [("a.pdf", "UNKNOWN_FORMAT"), ("nope/a.csv", "NO_FOLDER")])
def test_a_target_that_cannot_be_written_is_refused(
    name: str, reason: str, demo_workspace: Workspace, demo_store: Store, tmp_path: Path
) -> None:
    with pytest.raises(WrongUse) as refusal:
        export_scores(tmp_path / name, demo_store, demo_workspace)
    assert refusal.value.reason == reason
    assert list(tmp_path.iterdir()) == []


def test_every_export_is_written_down(demo_copy: Workspace, tmp_path: Path) -> None:
    store = demo_copy.store()
    try:
        export_scores(tmp_path / "a.csv", store, demo_copy, user="siti")
        trail = store.audit.trail()
    finally:
        store.close()
    mine = trail[(trail["act"] == "export") & (trail["user"] == "siti")]
    assert len(mine) == 1
    assert "3442" in str(mine["what_json"].iloc[0])
