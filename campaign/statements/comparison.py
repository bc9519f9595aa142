"""The score against a simple ranking: told with both numbers, or as not tested. A number that is missing proves
nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import evaluation
from campaign.statements.shares import share_text
from data.domain.levels import Level
from words import number, t


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


@dataclass(frozen=True)
class LevelTest:
    """The order of areas of ``level`` against cases recorded in ``years``: Spearman's rank correlation of the published
    score (``ours``) and of ordering by poverty (``simple``)."""

    level: Level
    years: tuple[int, ...]
    ours: float
    simple: float


def level_test(snapshot: Snapshot, simple: str = "poverty") -> LevelTest | None:
    """The finest level above the village whose order was tested; None where none was."""
    levels = snapshot.evaluation.get("levels", {})
    for level in (Level.KECAMATAN, Level.KABUPATEN):
        methods = levels.get(level, {}).get("methods", {})
        both = [methods.get(name, {}).get("spearman") for name in ("published", simple)]
        if all(isinstance(one, int | float) and math.isfinite(one) for one in both):
            return LevelTest(level, tuple(int(year) for year in levels[level]["years"]), *map(float, both))
    return None


def comparison_sentence(found: ScoreComparison | None, tested: LevelTest | None, lang: str = "id") -> str:
    """Both numbers of villages, else those of a larger level, or that nothing was tested."""
    if found is None and tested is not None:
        return t(
            "nota.uji.tingkat",
            lang,
            tingkat=t(f"tingkat.{tested.level}", lang).lower(),
            tahun=", ".join(map(str, tested.years)),
            skor=number(tested.ours, lang, 2),
            miskin=number(tested.simple, lang, 2),
        )
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
