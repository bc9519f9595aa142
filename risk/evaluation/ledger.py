"""What changed since the last list, and why; and how lists of earlier years fared once their year was over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation.metrics import LISTS, hit_rates
from risk.scoring.inputs import NoCases, build_inputs, fit_models, read_store
from risk.scoring.observed import observe
from risk.scoring.ranks import top

VERSIONS = 24
CHANGES, PAST = "perubahan", "daftar_lalu"
CAUSES = ("undo", "prefer_source", "forget_preference")
"""Acts of a person by which an order changes without new data."""
Read = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]


def change_ledger(store: Store, workspace: Workspace, read: Read | None = None) -> dict[str, Any]:
    """The newest score version against the one before it.

    ``before, after`` (names of versions), ``same, entered, left`` (villages of the list), and how many of those that
    entered or left are due to ``data_baru`` (batches stored since), ``koreksi`` (batches taken back), ``pilihan`` (a
    preferred source named or withdrawn by a person) and ``model`` (program, length of the list): each step is computed
    in turn, from the old list to the new one. Where corrections or choices were made besides a changed program, the
    rest is theirs: the old state cannot be brought back to tell them apart. Empty with fewer than two versions.
    """
    history = store.scores.history("desa", newest=2)
    names = list(dict.fromkeys(history["versi"])) if len(history) else []
    if len(names) < 2:
        return {}
    before, after = (store.scores.version(name) for name in names)
    assert before is not None
    assert after is not None
    lists = [
        _list_of(history[history["versi"] == name], v.n_top) for name, v in zip(names, (before, after), strict=True)
    ]
    frame, facts, graph = read or read_store(store, workspace)
    since = pd.Timestamp(before.created_at)
    earlier = facts[facts["created_at"] <= since]
    acts = set(store.audit.trail(*CAUSES, since=since.to_pydatetime())["act"])
    out: dict[str, Any] = {
        "before": names[0],
        "after": names[1],
        "same": len(lists[0] & lists[1]),
        "entered": len(lists[1] - lists[0]),
        "left": len(lists[0] - lists[1]),
        "data_baru": 0,
        "koreksi": 0,
        "pilihan": 0,
        "model": 0,
    }
    changed = lists[0] ^ lists[1]
    if not changed:
        return out
    without = lists[0]
    if len(earlier) < len(facts):
        try:
            inputs = build_inputs(frame, earlier.reset_index(drop=True), graph)
            expected = fit_models(inputs).published.predict(inputs.a_year())
            codes = inputs.frame["kode"].to_numpy(str)
            without = set(codes[top(expected, after.n_top)])
        except NoCases:
            without = set()
        out["data_baru"] = len(changed & (without ^ lists[1]))
    rest = len(changed) - out["data_baru"]
    cause = "koreksi" if "undo" in acts else "pilihan" if acts else "model"
    if len(earlier) == len(facts) and before.input_version != after.input_version and cause == "model":
        cause = "data_baru"  # figures of places, the list of villages or boundaries
    out[cause] += rest
    return out


def past_lists(store: Store, workspace: Workspace) -> list[dict[str, Any]]:
    """Every calendar year's last list, scored on what was recorded in the years after it: ``versi, year, test_year``,
    the village counts of the list hidden as always (`risk.evaluation.metrics.hit_rates`), the newest first."""
    history = store.scores.history("desa", newest=VERSIONS)
    if history.empty:
        return []
    made = history.assign(year=pd.to_datetime(history["created_at"]).dt.year)
    cases = store.facts.read(jenis="kasus", level="desa")
    if cases.empty or cases["period_start"].dt.year.max() <= made["year"].min():
        return []
    frame, facts, _ = read_store(store, workspace)
    people = frame.set_index("kode")["penduduk_taksiran"]
    located = facts[(facts["jenis"] == "kasus") & (facts["level"] == "desa")]
    out: list[dict[str, Any]] = []
    for year in sorted(set(made["year"])):
        versions = made[made["year"] == year]
        last = versions[versions["versi"] == versions["versi"].iloc[-1]].set_index("kode")["skor"]
        ranking = last.reindex(frame["kode"]).fillna(-1.0).to_numpy()
        for test in sorted({int(y) for y in located["period_start"].dt.year if y > year}):
            first, end = pd.Timestamp(test, 1, 1), pd.Timestamp(test, 12, 31)
            then = observe(facts, frame, people, since=first, until=end).village.to_numpy()
            if then.sum() > 0:
                out.append(
                    {
                        "versi": str(versions["versi"].iloc[-1]),
                        "year": int(year),
                        "test_year": test,
                        **hit_rates(ranking, then, LISTS),
                        "population": hit_rates(people.to_numpy(), then, LISTS)[f"hit_{LISTS[0]}"],
                    }
                )
    return sorted(out, key=lambda one: (-one["test_year"], -one["year"]))


def _list_of(version: pd.DataFrame, n_top: int) -> set[str]:
    ordered = version.set_index("kode")["skor"]
    return set(ordered.index[top(ordered.fillna(-np.inf).to_numpy(), n_top)])


def keep_account(store: Store, workspace: Workspace, versi: str, user: str = "", read: Read | None = None) -> None:
    """Stores what a new version changed and how earlier years' lists fared, beside the version. ``read``: what
    `risk.scoring.inputs.read_store` gives, when it is at hand."""
    store.results.save(CHANGES, versi, change_ledger(store, workspace, read), user)
    store.results.save(PAST, versi, past_lists(store, workspace), user)
