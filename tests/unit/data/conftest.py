"""Workspaces, stores and the fictional province the tests of this room share."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from imports import Examine, render, xlsx
from province98 import make_gazetteer

from data.intake.examine import examine_content
from data.intake.examined import Examined, ImportOptions
from data.store.store import Store


@pytest.fixture
def gazetteer() -> pd.DataFrame:
    return make_gazetteer()


@pytest.fixture
def filled(store: Store, gazetteer: pd.DataFrame) -> Store:
    store.gazetteer.replace(gazetteer)
    return store


@pytest.fixture
def look(filled: Store) -> Examine:
    """Examines text as a CSV (or a list of rows as an XLSX) and checks what every report promises."""

    def run(kind: str, content: str | list[list[Any]], name: str = "rekap.csv", **options: Any) -> Examined:
        raw = content.encode() if isinstance(content, str) else xlsx(content)
        found = examine_content(kind, raw, name, filled, ImportOptions(**options))
        report = found.report
        assert report.rows_read == report.rows_ok + report.rows_error + report.rows_skipped
        assert report.rows_error == len({issue.row for issue in report.errors})
        assert len(report.skipped) == report.rows_skipped
        rendered = report.to_json(render)
        assert not any("intake." in str(part) for part in rendered.values())
        if report.outcome == "ok" and "jumlah" in report.totals:
            counted = found.rows[found.rows["indikator"] != "persen_miskin"]["value"].sum()
            assert report.totals["jumlah"] == pytest.approx(counted)
        return found

    return run
