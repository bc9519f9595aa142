"""Official boundaries and public figures from their homes into the workspace: fetched, verified, imported like any
other file."""

from __future__ import annotations

import shutil

import pandas as pd

from campaign.intake.importing import Upload, commit, examine
from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import Refused, WrongUse
from data.intake.examined import ImportOptions
from data.intake.report import ImportReport
from data.public import Progress, fetch, fetch_table, public_boundaries, public_table
from data.store.store import Store
from data.workspace import Workspace

FOLDER = "unduhan"
"""Where files under way wait in the workspace; gone once they are imported."""


@act(Act.FETCH_PUBLIC)
def fetch_public(
    actor: Actor, store: Store, workspace: Workspace, *, base_url: str | None = None, progress: Progress | None = None
) -> ImportReport:
    """Fetches the village boundaries of the store's province and stores them as one batch; returns the report.

    The report is as for a file of the kind ``batas``; features with errors are left out and listed in it. When this
    version is stored already nothing is fetched and ``batch`` is the one that did. Raises what `data.public.fetch`
    raises; what was fetched so far stays for the next try.
    """
    wanted = public_boundaries(_province(store))
    batches = store.batches.all()
    days = pd.to_datetime(batches["as_of"]).dt.strftime("%Y-%m-%d")
    known = batches[(batches["source"] == wanted.source) & (days == wanted.version) & (batches["status"] == "aktif")]
    if len(known):
        return ImportReport(batch=str(known["batch"].iloc[0]))
    folder = fetch(wanted, workspace.path / FOLDER / wanted.name, base_url, progress)
    options = ImportOptions(source=wanted.source, as_of=wanted.version, valid_rows_only=True)
    found = examine("batas", folder, store, workspace, options)
    report = found.report
    if report.outcome != "refused":
        report.batch = commit(actor, found, "batas", store, workspace)
        report.committed, report.outcome = True, "ok"
    shutil.rmtree(workspace.path / FOLDER)
    return report


@act(Act.FETCH_PUBLIC)
def fetch_public_figures(
    actor: Actor, store: Store, workspace: Workspace, *, base_url: str | None = None, progress: Progress | None = None
) -> ImportReport | None:
    """Fetches the village development index of the store's province and stores it as one batch; returns the report.

    None where no public home of it is known. A server that does not have it, or has something else, gives a report
    with the outcome ``refused``: boundaries that came before it stay.
    """
    wanted = public_table(_province(store))
    if wanted is None:
        return None
    batches = store.batches.all()
    known = batches[
        (batches["source"] == wanted.source) & (batches["jenis"] == "indikator") & (batches["status"] == "aktif")
    ]
    if len(known):
        return ImportReport(batch=str(known["batch"].iloc[0]))
    try:
        content = fetch_table(wanted, base_url, progress)
    except Refused as fault:
        return ImportReport.refusal(fault)
    table = Upload(f"{wanted.name}-{wanted.year}.csv", content)
    found = examine("indikator", table, store, workspace, ImportOptions(source=wanted.source))
    report = found.report
    if report.outcome != "refused" and report.rows_ok:
        report.batch = commit(actor, found, "indikator", store, workspace)
        report.committed, report.outcome = True, "ok"
    return report


def _province(store: Store) -> str:
    provinces = sorted(set(store.gazetteer.villages()["kode_prov"]))
    if len(provinces) != 1:
        raise WrongUse("NO_PUBLIC_LIST", province=", ".join(provinces))
    return str(provinces[0])
