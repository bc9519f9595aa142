"""Official boundaries from their public home into the workspace: fetched, verified, imported like any other file."""

from __future__ import annotations

import shutil
from typing import Any

import pandas as pd

from campaign.importing import commit, examine
from data.errors import WrongUse
from data.intake.report import ImportReport
from data.public import Progress, fetch, public_boundaries
from data.workspace import Workspace

FOLDER = "unduhan"
"""Where files under way wait in the workspace; gone once they are imported."""


def fetch_public(
    store: Any, workspace: Workspace, *, base_url: str | None = None, user: str = "", progress: Progress | None = None
) -> ImportReport:
    """Fetches the village boundaries of the store's province and stores them as one batch; returns the report.

    The report is as for a file of the kind ``batas``; features with errors are left out and listed in it. When this
    version is stored already nothing is fetched and ``batch`` is the one that did. Raises what `data.public.fetch`
    raises; what was fetched so far stays for the next try.
    """
    provinces = sorted(set(store.gazetteer()["kode_prov"]))
    if len(provinces) != 1:
        raise WrongUse("NO_PUBLIC_LIST", province=", ".join(provinces))
    wanted = public_boundaries(provinces[0])
    batches = store.batches()
    days = pd.to_datetime(batches["as_of"]).dt.strftime("%Y-%m-%d")
    known = batches[(batches["source"] == wanted.source) & (days == wanted.version) & (batches["status"] == "aktif")]
    if len(known):
        return ImportReport(batch=str(known["batch"].iloc[0]))
    folder = fetch(wanted, workspace.path / FOLDER / wanted.name, base_url, progress)
    options = {"source": wanted.source, "as_of": wanted.version, "valid_rows_only": True}
    found = examine("batas", folder, store, workspace, options)
    report: ImportReport = found.report
    if report.outcome != "refused":
        report.batch = commit(found, "batas", store, workspace, user)
        report.committed, report.outcome = True, "ok"
    shutil.rmtree(workspace.path / FOLDER)
    return report
