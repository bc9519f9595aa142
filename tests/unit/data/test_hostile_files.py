"""Dirty and hostile files of a fictional province: each is stored right or refused for the right reason."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import hostile_formats
import hostile_people
import hostile_places
import hostile_reading
import hostile_second
import hostile_values
import pandas as pd
import pytest
from hostile_world import Case, make_province
from imports import render

from data.intake.examine import commit, examine_content
from data.intake.examined import Examined, ImportOptions
from data.store.store import Store

pytestmark = pytest.mark.slow

CASES: list[Case] = [
    *hostile_reading.CASES,
    *hostile_places.CASES,
    *hostile_values.CASES,
    *hostile_people.CASES,
    *hostile_formats.CASES,
    *hostile_second.CASES,
]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    folder = tmp_path_factory.mktemp("provinsi97")
    store = Store.open(f"sqlite:///{folder / 'x.db'}")
    store.gazetteer.replace(make_province())
    yield store, folder
    store.close()


def test_every_case_has_its_own_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_dirty_file_comes_out_right(
    case: Case, province: tuple[Store, Path], caplog: pytest.LogCaptureFixture
) -> None:
    store, folder = province
    before = store.table_hashes()
    started = time.perf_counter()
    with caplog.at_level(logging.DEBUG):
        found = examine_content(case.kind, case.content, case.file_name, store, options_of(case))
    assert time.perf_counter() - started < 3
    assert store.table_hashes() == before
    assert [path.name for path in folder.iterdir() if not path.name.startswith("x.db")] == []
    report = found.report
    assert report.rows_read == report.rows_ok + report.rows_error + report.rows_skipped
    said = str(report.to_json(render)) + caplog.text + str(report.to_store()) + str(found.refused_rows)
    assert [secret for secret in case.secrets if secret in said] == []
    assert "intake." not in said
    check(case, found)


def options_of(case: Case) -> ImportOptions:
    """What a case says of its file; keys with a mark before them are for `check`."""
    return ImportOptions(**{name: value for name, value in case.options.items() if not name.startswith("_")})


def check(case: Case, found: Examined) -> None:
    want, report = case.want, found.report
    told = (report.outcome, report.reason, report.params, [(i.row, i.reason, i.params) for i in report.errors][:6])
    if want.reasons:
        assert report.reason in want.reasons, told
        assert found.rows.empty
        return
    assert {(issue.row, issue.reason) for issue in report.errors} == set(want.errors), told
    assert report.outcome == ("row_errors" if want.errors else "ok"), told
    if want.values is not None:
        stored = {
            kode: None if pd.isna(value) else value
            for kode, value in zip(found.rows["kode"], found.rows["value"], strict=True)
        }
        assert stored == pytest.approx(want.values)
        assert len(found.rows) == len(stored)
    if want.total is not None:
        assert found.rows["value"].sum() == pytest.approx(want.total)
    if ends := case.options.get("_ends"):
        assert found.rows["period_end"].tolist() == ends
    if want.rows is not None:
        assert len(found.rows) == want.rows
    if want.skipped is not None:
        assert [issue.row for issue in report.skipped] == list(want.skipped), [
            (issue.row, issue.reason) for issue in report.skipped
        ]
    if "TOTAL_MISMATCH" not in want.said:
        assert "TOTAL_MISMATCH" not in {issue.reason for issue in report.warnings}
    if case.kind != "indikator" and "note" in found.rows:
        assert set(found.rows["note"]) <= {""}
    assert want.said <= {issue.reason for issue in report.warnings}


def test_what_was_right_can_be_stored_and_taken_back(province: tuple[Store, Path]) -> None:
    store, _ = province
    before = store.table_hashes()
    for case in CASES:
        if not case.want.reasons and not case.want.errors:
            found = examine_content(case.kind, case.content, case.file_name, store, options_of(case))
            if found.report.outcome == "ok":
                store.batches.undo(commit(found, store, "penguji"), "penguji")
    assert store.table_hashes()["fakta"] == before["fakta"]
