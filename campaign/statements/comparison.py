"""The score against a simple ranking: told with both numbers, or as not tested. A number that is missing proves
nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import evaluation
from campaign.statements.shares import share_text
from words import t


@dataclass(frozen=True)
class ScoreComparison:
    """What the top ``n`` by the score reach (``ours``, a share) and by a simple ranking (``simple``); ``mode`` says
    against what: ``truth`` (of DATA CONTOH) or ``rolling`` (recorded in the next year)."""

    n: int
    ours: float
    simple: float
    mode: str

    @property
    def simple_is_better(self) -> bool:
        return self.simple > self.ours


def compared(snapshot: Snapshot, simple: str = "poverty") -> ScoreComparison | None:
    """The published score against ``simple`` on the shortest list; None where either was not tested."""
    table = evaluation(snapshot)
    if table.empty or not {"published", simple} <= set(table.index):
        return None
    ours, theirs = (float(table[table.columns[0]].astype(float)[key]) for key in ("published", simple))
    if not math.isfinite(ours) or not math.isfinite(theirs):
        return None
    return ScoreComparison(int(table.columns[0]), ours, theirs, snapshot.evaluation.get("mode", "rolling"))


def comparison_sentence(found: ScoreComparison | None, lang: str = "id") -> str:
    """Both numbers, or that nothing was tested."""
    if found is None:
        return t("nota.belum_diuji", lang)
    skor, miskin = _both(found, lang)
    return t(f"nota.uji.{'truth' if found.mode == 'truth' else 'rolling'}", lang, n=found.n, skor=skor, miskin=miskin)


def comparison_warning(found: ScoreComparison | None, lang: str = "id") -> str:
    """That the simple ranking did better, with both numbers; empty where it did not or was not tested."""
    if found is None or not found.simple_is_better:
        return ""
    skor, miskin = _both(found, lang)
    return t("nota.kalah", lang, n=found.n, skor=skor, miskin=miskin)


def _both(found: ScoreComparison, lang: str) -> tuple[str, str]:
    """Both shares, with as many decimals as show that they differ."""
    for decimals in (0, 1, 2):
        skor, miskin = (share_text(one, lang, decimals) for one in (found.ours, found.simple))
        if skor != miskin:
            break
    return skor, miskin
