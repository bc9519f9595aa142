"""What changed since an earlier score version: told only between versions that can be compared, with the cause."""

from __future__ import annotations

from typing import Any

import pandas as pd

from campaign.reading.snapshot import Snapshot
from data.domain.score_version import ScoreVersion
from data.store.store import Store
from risk.scoring.bands import MAIN
from risk.scoring.standing import ranking_of
from words import t

MOST = 3
OBSTACLES = ("contoh", "panjang", "metode", "urutan", "faktor")
"""Why two versions cannot be compared: one is of DATA CONTOH, their lists have other lengths, the method changed,
another way made the order, other figures explain it."""


def change_sentences(snapshot: Snapshot, store: Store, lang: str = "id") -> list[str]:
    """The largest changes in the number of villages of bands I and II against the newest earlier version that can be
    compared, then why; or that nothing can be compared, and why not."""
    history = snapshot.history
    versions = list(dict.fromkeys(history["versi"])) if len(history) else []
    if len(versions) < 2:
        return [t("nota.satu_versi", lang)]
    later = store.scores.version(versions[-1])
    earlier = [(versi, one) for versi in reversed(versions[:-1]) if (one := store.scores.version(versi)) is not None]
    if later is None or not earlier:
        return [t("nota.satu_versi", lang)]
    versi, before = next(((versi, one) for versi, one in earlier if not obstacle(one, later)), ("", None))
    if before is None:
        why_not = t(f"pernyataan.tak_sebanding.{obstacle(earlier[0][1], later)}", lang)
        return [t("pernyataan.tak_sebanding", lang, versi=earlier[0][0], sebab=why_not)]
    own = history["versi"]
    was, is_now = (_main(history[own == one]) for one in (versi, versions[-1]))
    change = is_now.sub(was, fill_value=0).astype(int)
    largest = change[change != 0].sort_values(key=lambda n: -n.abs(), kind="stable").head(MOST)
    if largest.empty:
        return [t("nota.tidak_berubah", lang, versi=versi)]
    names = snapshot.places["kabupaten"]["nama"]
    said = [change_sentence(str(names.get(kode, kode)), int(n), lang) for kode, n in largest.items()]
    return [*said, why(before, later, snapshot.batches, lang)]


def change_sentence(kabupaten: str, change: int, lang: str = "id") -> str:
    """How many villages of bands I and II more or fewer a kabupaten has; ``change`` is not 0."""
    return t(f"pernyataan.berubah.{'lebih' if change > 0 else 'kurang'}", lang, kabupaten=kabupaten, n=abs(change))


def obstacle(before: ScoreVersion, after: ScoreVersion) -> str:
    """Why two versions cannot be compared, one of `OBSTACLES`; empty when they can."""
    alike = (
        before.data_contoh == after.data_contoh,
        before.n_top == after.n_top,
        before.params.get("metode") == after.params.get("metode"),
        _order(before) == _order(after),
        _explained_by(before) == _explained_by(after),
    )
    return next((why_not for why_not, same in zip(OBSTACLES, alike, strict=True) if not same), "")


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
    """How a score was computed, beyond what makes it comparable."""
    params = version.params
    return tuple(params.get(name) for name in ("draws", "seed", "neighbour_field", "version"))


def _order(version: ScoreVersion) -> str | None:
    """The simple ranking that stands in the model's place, by the office's choice or by the verdict; None for none."""
    return (version.evaluation.get("choice") or {}).get("ranking") or ranking_of(version) or None


def _explained_by(version: ScoreVersion) -> list[str]:
    return sorted(version.params.get("covariates", {}))


def _main(rows: pd.DataFrame) -> pd.Series:
    """Villages of bands I and II per kabupaten."""
    return rows["prioritas"].isin(MAIN).groupby(rows["kode"].str[:5]).sum()
