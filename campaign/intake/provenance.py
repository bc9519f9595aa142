"""The card of a batch: where it came from, what became of its rows, which of its figures are in use and why.

Of a batch that counts single people below the kabupaten nobody but who may read its areas as they are learns how many
rows it had, nor the hash of its file: with zeros left out, rows are villages that have a case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd

from campaign.intake.comparison import FIGURE, in_force
from data.disclosure import guarded_rows
from data.domain.actor import NOWHERE, Scope
from data.domain.levels import BELOW_KABUPATEN
from data.store.store import Store
from data.store.tables import RECORD_TABLES
from data.workspace import Workspace

ABOUT = (
    "batch",
    "jenis",
    "status",
    "source",
    "file_name",
    "sha256",
    "user",
    "rows_read",
    "rows_ok",
    "rows_error",
    "rows_skipped",
)
"""What a card takes from the batch as it is stored."""


def cards(store: Store, workspace: Workspace, scope: Scope = NOWHERE) -> list[dict[str, Any]]:
    """A card of every batch ever stored, the newest first; plain values, dates as ISO text. ``guarded`` says that the
    batch counts single people below the kabupaten outside of ``scope``: rows and hash are None then.

    `ABOUT`, ``as_of``, ``created_at``, ``data_contoh``, and: ``rows_stored``, ``rows_refused`` (with the skipped they
    make up ``rows_read``), ``refused`` and ``skipped`` (reason → rows), ``period`` (first and last day, or None),
    ``figures`` (`_figures`), ``boundaries`` (``level, kind, n_polygons, in_force_in``: kabupaten), ``records`` (their
    number) and ``taken_back`` (``user, at``, or None).
    """
    facts = in_force(store.facts.read())
    by_batch = dict(iter(facts.groupby("batch")))
    hidden = store.batches.hidden_from(scope)
    records = pd.concat([store.records.read(kind)["batch"] for kind in RECORD_TABLES]).value_counts()
    borders = _boundaries(store, workspace)
    undone = {act["batch"]: act for act in _undone(store)}
    out = []
    for row in store.batches.all(scope).to_dict("records"):
        name = row["batch"]
        own = by_batch.get(name, facts.iloc[:0])
        guarded = name in hidden
        report = json.loads(row["report_json"] or "{}")
        if guarded:
            own = own[~(guarded_rows(own) & own["level"].isin(BELOW_KABUPATEN))]
        out.append(
            {
                **{key: row[key] for key in ABOUT},
                "guarded": guarded,
                "as_of": _day(row["as_of"]),
                "created_at": _moment(row["created_at"]),
                "data_contoh": bool(row["data_contoh"]),
                "rows_stored": row["rows_ok"],
                "rows_refused": row["rows_error"],
                "refused": _reasons(report.get("errors")),
                "skipped": _reasons(report.get("skipped")),
                "period": [_day(own["period_start"].min()), _day(own["period_end"].max())] if len(own) else None,
                "figures": _figures(own),
                "boundaries": borders.get(name, []),
                "records": int(records.get(name, 0)),
                "taken_back": undone.get(name),
            }
        )
    return out


def card(store: Store, workspace: Workspace, batch: str, scope: Scope = NOWHERE) -> dict[str, Any] | None:
    """The card of one batch, None when there is none of that name."""
    return next((one for one in cards(store, workspace, scope) if one["batch"] == batch), None)


def _figures(own: pd.DataFrame) -> list[dict[str, Any]]:
    """Per figure and level: ``areas``, ``period``, ``in_use`` and ``superseded`` (numbers of figures), and ``why_used``
    and ``why_not`` (key of `campaign.intake.comparison.in_force` → figures)."""
    out = []
    for (jenis, indikator, level), rows in own.groupby(FIGURE, sort=True):
        used = rows["dipakai"]
        out.append(
            {
                "jenis": jenis,
                "indikator": indikator,
                "level": level,
                "areas": int(rows["kode"].nunique()),
                "period": [_day(rows["period_start"].min()), _day(rows["period_end"].max())],
                "in_use": int(used.sum()),
                "superseded": int((~used).sum()),
                "why_used": _counted(rows.loc[used, "alasan_pilih"]),
                "why_not": _counted(rows.loc[~used, "alasan_pilih"]),
            }
        )
    return out


def _boundaries(store: Store, workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """By batch the boundary files it brought and the kabupaten each is in force in."""
    from data.errors import Refused
    from geo.boundaries.composition import composition

    out: dict[str, list[dict[str, Any]]] = {}
    for level in ("desa", "kecamatan", "kabupaten", "provinsi"):
        try:
            found = composition(store, workspace, level)
        except Refused:  # a file is gone: what is registered can still be told
            found = None
        parts = found.parts if found is not None and found.level == level else {}
        for row in store.boundaries.of(level):
            here = sorted(kab for kab, one in parts.items() if (one.batch, one.level) == (row.batch, level))
            out.setdefault(row.batch, []).append(
                {"level": level, "kind": row.kind, "n_polygons": row.n_polygons, "in_force_in": here}
            )
    return out


def _undone(store: Store) -> Iterable[dict[str, Any]]:
    for row in store.audit.trail("undo").to_dict("records"):
        yield {"batch": json.loads(row["what_json"])["batch"], "user": row["user"], "at": _moment(row["at"])}


def _reasons(issues: Any) -> dict[str, int]:
    """Rows by reason; a row with two faults of a sort counts once."""
    rows = {(str(issue["reason"]), issue["row"]) for issue in issues or []}
    return _counted(pd.Series([reason for reason, _ in rows], dtype=object))


def _counted(keys: pd.Series) -> dict[str, int]:
    return {str(key): int(n) for key, n in keys.value_counts().sort_index().items()}


def _day(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(pd.Timestamp(value).date())


def _moment(value: Any) -> str:
    return str(pd.Timestamp(value).isoformat())
