"""What changed since the score version before, by kabupaten, and what changed in what goes in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from campaign.reading.snapshot import Snapshot
from data.domain.score_version import ScoreVersion
from data.store.store import Store
from risk.scoring.bands import MAIN
from words import t

MOST = 3


def change_sentences(snapshot: Snapshot, store: Store, lang: str = "id") -> list[str]:
    """The largest changes in the number of villages of bands I and II, then why; or that nothing can be compared."""
    history = snapshot.history
    versions = list(dict.fromkeys(history["versi"])) if len(history) else []
    if len(versions) < 2:
        return [t("nota.satu_versi", lang)]
    before, after = (_main(history[history["versi"] == versi]) for versi in versions[-2:])
    change = after.sub(before, fill_value=0).astype(int)
    largest = change[change != 0].sort_values(key=lambda n: -n.abs(), kind="stable").head(MOST)
    if largest.empty:
        return [t("nota.tidak_berubah", lang, versi=versions[-2])]
    names = snapshot.places["kabupaten"]["nama"]
    said = [
        t("nota.naik" if n > 0 else "nota.turun", lang, kabupaten=str(names.get(kode, kode)), n=abs(int(n)))
        for kode, n in largest.items()
    ]
    earlier, later = store.scores.version(versions[-2]), store.scores.version(versions[-1])
    if earlier is None or later is None:
        return said
    return [*said, why(earlier, later, snapshot.batches, lang)]


def why(before: ScoreVersion, after: ScoreVersion, batches: pd.DataFrame, lang: str = "id") -> str:
    """Cause as far as the versions tell: new data, another way of computing, both or neither."""
    data = before.input_version != after.input_version
    way = _way(before) != _way(after)
    if not data:
        return t("nota.sebab.cara" if way else "nota.sebab.ulang", lang)
    newer = batches[pd.to_datetime(batches["created_at"]) > pd.Timestamp(before.created_at)]
    kinds = list(dict.fromkeys(newer["jenis"])) or ["kasus"]
    named = ", ".join(t(f"dokumen.jenis.{kind}", lang).lower() for kind in kinds[:3])
    return t("nota.sebab.data_cara" if way else "nota.sebab.data", lang, data=named)


def _way(version: ScoreVersion) -> tuple[Any, ...]:
    """What a score was computed with, without what it was computed from."""
    params = version.params
    return (
        version.n_top,
        tuple(sorted(params.get("covariates", {}))),
        params.get("draws"),
        params.get("seed"),
        params.get("neighbour_field"),
        params.get("version"),
    )


def _main(rows: pd.DataFrame) -> pd.Series:
    """Villages of bands I and II per kabupaten."""
    return rows["prioritas"].isin(MAIN).groupby(rows["kode"].str[:5]).sum()
