"""What a plan is made from: a row per village, the problem over them, what is known of their order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from campaign.planning.effort import WEST_MONSOON, team_days
from campaign.planning.problem import Problem
from campaign.planning.request import CONCAVE, PlanRequest
from campaign.planning.solver.conflict import with_floors
from campaign.planning.solver.greedy import greedy
from campaign.planning.solver.returns import Returns, cells, returns_of
from data.domain.codes import CodeError, level_of
from data.domain.score_version import ScoreVersion
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from risk import pairs
from risk.scoring.bands import Band, Grade
from risk.scoring.evidence import Evidence

AFTER, HALF_LIFE = 0.8, 365.0
"""A session takes this share of a village's value on its day, half of it a year later."""
_FROM_SCORES = (
    "kode",
    "skor",
    "skor_bawah",
    "skor_atas",
    "p_top",
    "prioritas",
    "kualitas_data",
    "harapan",
    "laju",
    "tingkat_bukti",
)
EXPLORED = 0.2
"""Share of villages that count as little known when grades tell nothing: those with the widest intervals."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What a plan is made from: a row per village, the problem over them, the score version, the returns that diminish
    (None where all evidence stands at village level), the chances of villages."""

    villages: pd.DataFrame
    problem: Problem
    version: ScoreVersion
    chances: Chances
    request: PlanRequest
    returns: Returns | None = None
    months_bind: bool = False

    def expected_shares(self) -> pd.Series:
        """Each kabupaten's share of the expected cases (index ``kode_kab``)."""
        expected = self.villages.groupby("kode_kab")["harapan"].sum()
        return expected / max(float(expected.sum()), 1e-12)


@dataclass(frozen=True, eq=False)
class Chances:
    """What is known of the order of villages (``kode``): draws kept with the score version, or where a version has none
    only the chance ``p_top`` to be among the ``n_top`` highest."""

    kode: np.ndarray
    kept: dict[str, Any] | None
    p_top: np.ndarray
    n_top: int

    def among(self, n: int) -> np.ndarray:
        """Per village the chance to be among the ``n`` highest. Without draws never more than is known: that of a
        shorter list for a longer one, a part of it for a shorter one."""
        if self.kept is None:
            return np.asarray(np.nan_to_num(self.p_top) * min(n / max(self.n_top, 1), 1.0))
        return pairs.among_top(self.kept, n).reindex(self.kode).fillna(0.0).to_numpy()

    def above(self, i: int) -> np.ndarray:
        """Per village the probability that it expects more cases than village number ``i``; without draws .5."""
        if self.kept is None or self.kode[i] not in self.kept["kode"]:
            return np.full(len(self.kode), 0.5)
        return pairs.above(self.kept, str(self.kode[i])).reindex(self.kode).fillna(0.0).to_numpy()


def ground_of(store: Store, workspace: Workspace, request: PlanRequest, today: dt.date) -> Ground:
    """Everything a plan is chosen from; raises what `make_plan` raises before it solves."""
    from geo.proximity.travel import travel_table  # geometry is not needed to read a plan

    request.check()
    version = store.scores.version()
    if version is None:
        raise WrongUse("NO_SCORE")
    villages = store.gazetteer.villages()[["kode", "nama", "jenis", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
    scores = store.scores.table("desa")
    scores = scores[[name for name in _FROM_SCORES if name in scores.columns]]
    travel = travel_table(store, workspace)
    villages = villages.merge(scores, on="kode", how="left", validate="one_to_one")
    villages = villages.merge(travel, on="kode", validate="one_to_one")
    villages = villages.merge(team_days(travel, request.effort).rename(columns={"desa": "hari"}), on="kode")
    villages["hindari"] = _avoided(villages, request)
    expected = villages["harapan"].fillna(0.0)
    people = (expected / villages["laju"] * 1000).where(villages["laju"] > 0, 0.0)
    rate = expected.sum() / people.sum() if people.sum() > 0 else 1.0
    villages["orang"] = people.fillna(0.0)
    villages["nilai"] = expected / rate * _freshness(store, villages["kode"], today)
    villages["sering"] = people * villages["skor"].fillna(0.0)
    # Score versions from before the column do not say it: nothing is claimed below the kabupaten then.
    villages["tingkat_bukti"] = villages["tingkat_bukti"].replace("", None).fillna(str(Evidence.KABUPATEN))
    chances = Chances(
        villages["kode"].to_numpy(dtype=str),
        store.results.get(pairs.RESULT, version.versi),
        villages["p_top"].to_numpy(dtype=float),
        version.n_top,
    )
    shut = _shut(villages["hindari"], request.months)
    problem = with_floors(_problem(villages, request, shut))
    places = _places(problem)
    villages["p_top"] = chances.among(places)
    known = (villages["tingkat_bukti"] == Evidence.KECAMATAN).to_numpy()
    returns = returns_of(problem.value, cells(villages), problem.never, places, known)
    if request.objective == CONCAVE:
        problem = replace(problem, returns=returns)
    return Ground(villages, problem, version, chances, request, returns, bool(shut.any()))


def _places(problem: Problem) -> int:
    """About how many villages a plan will have."""
    if problem.villages is not None:
        return min(problem.villages, int((~problem.never).sum()))
    try:
        return int(greedy(problem).sum())
    except WrongUse:  # refused with its numbers when the plan is chosen
        return 1


def _avoided(villages: pd.DataFrame, request: PlanRequest) -> list[tuple[int, ...]]:
    """Months in which nobody goes to a village: the west monsoon by boat, and what was asked for its area."""
    out = [set(WEST_MONSOON) if sea else set() for sea in villages["laut"]]
    for kode, months in request.avoid.items():
        for i in np.flatnonzero(_inside(villages["kode"].to_numpy(dtype=str), kode)):
            out[i] |= set(months)
    return [tuple(sorted(months)) for months in out]


def _shut(avoided: pd.Series, months: tuple[int, ...]) -> np.ndarray:
    """Villages nobody can go to in any month that is left (bool)."""
    open_months = set(months or range(1, 13))
    return avoided.map(lambda shut: open_months <= set(shut)).to_numpy(dtype=bool)


def _inside(codes: np.ndarray, kode: str) -> np.ndarray:
    """Which villages lie in an area (bool). Raises `WrongUse` (``PLAN_UNKNOWN``) for one that has none."""
    try:
        inside = (codes == kode) if level_of(kode) == "desa" else np.char.startswith(codes, kode + ".")
    except CodeError:
        raise WrongUse("PLAN_UNKNOWN", kode=kode[:20]) from None
    if not inside.any():
        raise WrongUse("PLAN_UNKNOWN", kode=kode)
    return inside


def _problem(villages: pd.DataFrame, request: PlanRequest, shut: np.ndarray) -> Problem:
    codes = villages["kode"].to_numpy(dtype=str)
    must = np.isin(codes, request.must)
    if unknown := sorted(set(request.must) - set(codes)):
        raise WrongUse("PLAN_UNKNOWN", kode=", ".join(unknown[:5]))
    never = np.zeros(len(codes), dtype=bool)
    for kode in request.exclude:
        never |= _inside(codes, kode)
    if (must & never).any():
        raise WrongUse("PLAN_CONFLICT", kode=", ".join(codes[must & never][:5]))
    never |= shut & ~must
    kecamatan, _ = pd.factorize(villages["kode_kec"])
    explored = _little_known(villages)
    kept = np.isin(codes, request.keep)
    trips = villages.groupby(kecamatan)[["trip", "trip_rp"]].first().to_numpy(dtype=float)
    return Problem(
        value=villages["nilai"].to_numpy(dtype=float),
        cost=villages["hari"].to_numpy(dtype=float),
        kecamatan=kecamatan,
        trip=trips[:, 0],
        cost_rp=villages["desa_rp"].to_numpy(dtype=float),
        trip_rp=trips[:, 1],
        rupiah=request.rupiah,
        group=pd.factorize(villages["kode_kab"])[0],
        island=pd.factorize(villages["pulau"])[0],
        must=must,
        never=never,
        explored=explored,
        team_days=request.team_days,
        villages=request.villages,
        floor=request.floor_per_kabupaten,
        ceiling=request.ceiling_per_kabupaten,
        island_floor=request.floor_per_island,
        island_ceiling=request.ceiling_per_island,
        explore=request.explore,
        kept=kept,
        settled=must | kept,
    )


def _freshness(store: Store, codes: pd.Series, today: dt.date) -> np.ndarray:
    """1 for villages without a session, less the newer their last one is."""
    held = store.records.read("sesi")
    if held.empty:
        return np.ones(len(codes))
    last = pd.to_datetime(held.groupby("kode")["tanggal"].max()).reindex(codes)
    days = (pd.Timestamp(today) - last).dt.days.clip(lower=0).to_numpy(dtype=float)
    return 1 - np.nan_to_num(AFTER * 0.5 ** (days / HALF_LIFE))


def _little_known(villages: pd.DataFrame) -> np.ndarray:
    """Villages to be explored: poor data, or where that is no fifth of all, the widest intervals."""
    poor = villages["kualitas_data"].isin([Grade.C, Grade.D]) | (villages["prioritas"] == Band.UNKNOWN)
    poor |= villages["skor"].isna()
    if poor.mean() >= EXPLORED:
        return poor.to_numpy(dtype=bool)
    width = (villages["skor_atas"] - villages["skor_bawah"]).fillna(np.inf)
    return (poor | (width >= width.quantile(1 - EXPLORED))).to_numpy(dtype=bool)
