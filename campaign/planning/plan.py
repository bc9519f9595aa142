"""A plan: which villages get a session within a budget, how each came in, and what the rules cost.

The value of a village is the number of people at the province's average risk that it stands for: expected cases a year
of the published model over the province's rate. Where a session was held not long ago the value is lower. What the
optimum leaves undecided is drawn by lottery (`campaign.planning.lottery`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from campaign.planning import choosing
from campaign.planning.choosing import Choice
from campaign.planning.effort import WEST_MONSOON, team_days
from campaign.planning.help import help_for
from campaign.planning.lottery import draw, strata
from campaign.planning.plan_types import Plan, PlanContent, PlanVillage, TiedVillage
from campaign.planning.prices import baselines, binding, lifted_choices, rules_in_use
from campaign.planning.problem import Problem
from campaign.planning.request import PlanRequest, kept_request
from campaign.planning.tables import sentence
from data.domain.codes import CodeError, level_of
from data.domain.score_version import ScoreVersion
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from risk.scoring.bands import CERTAIN, UNCERTAIN, Band, Grade

WAYS = ("wajib", "undian", "eksplorasi", "pemerataan", "tegas")
"""How a village came into a plan."""
AFTER, HALF_LIFE = 0.8, 365.0
"""A session takes this share of a village's value on its day, half of it a year later."""
EXPLORED = 0.2
"""Share of villages that count as little known when grades tell nothing: those with the widest intervals."""


def make_plan(
    store: Store,
    workspace: Workspace,
    request: PlanRequest,
    *,
    today: dt.date | None = None,
    seconds: float = choosing.SECONDS,
    lang: str = "id",
    tell: Callable[[str, int, int], None] = lambda step, i, n: None,
    earlier: Plan | None = None,
) -> Plan:
    """The plan as plain values (INTERFACE, ``plan``); ``tell`` hears of each step: its name, and which of how many.
    ``earlier`` is the plan that ``request.keep`` is about: what was drawn there stays drawn.

    Raises `WrongUse`: ``NO_SCORE``, ``PLAN_BUDGET`` (not exactly one budget above 0), ``PLAN_UNKNOWN`` (a code that is
    no village, or no area, of the gazetteer), ``PLAN_REASON``, ``PLAN_REASON_PERSONAL``, ``PLAN_CONFLICT`` (a village
    both asked for and left out), ``PLAN_SHARE``, ``PLAN_MONTH``, ``PLAN_LIMIT``, ``PLAN_INFEASIBLE``.
    """
    today = today or dt.date.today()
    tell("jarak", 0, 1)
    ground = ground_of(store, workspace, request, today)
    villages, problem = ground.villages, ground.problem
    tell("pilih", 0, 1)
    first = choosing.best(problem, seconds)
    seed = request.seed or _seed(villages, request, ground.version.versi)
    spent = replace(
        problem, cost=villages["hari"].to_numpy(dtype=float), cost_rp=villages["desa_rp"].to_numpy(dtype=float)
    )
    final, tie_zone = _settled(villages, problem, spent, first.chosen, seed)
    tie_zone = _with_earlier(tie_zone, earlier["tie_zone"] if earlier else [])
    lifted = lifted_choices(problem, rules_in_use(request, ground.months_bind), tell)
    how = _how(problem, villages["kode"].to_numpy(dtype=str), final, first.chosen, tie_zone, lifted)
    rules = binding(problem, spent, villages, first.chosen, final, lifted)
    rows = _rows(villages, final, how)
    helped = help_for(store, [row["kode"] for row in rows])
    body: PlanContent = {
        "name": request.name,
        "score_version": ground.version.versi,
        "data_contoh": ground.version.data_contoh,
        "made": today.isoformat(),
        "seed": seed,
        "team_days": request.team_days,
        "villages_asked": request.villages,
        "rupiah": request.rupiah,
        "used_team_days": spent.days(final),
        "used_rupiah": round(spent.cost_of(final)),
        "objective": round(problem.reached(final), 1),
        "solver": first.solver,
        "gap": first.gap,
        "villages": rows,
        "tie_zone": tie_zone,
        "binding": [sentence(rule, lang) for rule in rules],
        "rules": rules,
        "baselines": baselines(
            problem, spent, villages, lambda chosen: _settled(villages, problem, spent, chosen, seed)[0]
        ),
        "bantuan": helped,
        "excluded": [{"kode": kode, "alasan": reason} for kode, reason in sorted(request.exclude.items())],
        "wishes": kept_request(request),
    }
    return {"version": _version(body, today), **body}


@dataclass(frozen=True, eq=False)
class Ground:
    """What a plan is made from: a row per village, the problem over them, the score version."""

    villages: pd.DataFrame
    problem: Problem
    version: ScoreVersion
    months_bind: bool = False


def ground_of(store: Store, workspace: Workspace, request: PlanRequest, today: dt.date) -> Ground:
    """Everything a plan is chosen from; raises what `make_plan` raises before it solves."""
    from geo.proximity.travel import travel_table  # geometry is not needed to read a plan

    request.check()
    version = store.scores.version()
    if version is None:
        raise WrongUse("NO_SCORE")
    villages = store.gazetteer.villages()[["kode", "nama", "jenis", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
    scores = store.scores.table("desa")[
        ["kode", "skor", "skor_bawah", "skor_atas", "p_top", "prioritas", "kualitas_data", "harapan", "laju"]
    ]
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
    shut = _shut(villages["hindari"], request.months)
    return Ground(villages, _problem(villages, request, shut), version, bool(shut.any()))


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
    tied = _tied(villages) & ~must & ~never & ~kept & ~(explored & (request.explore > 0))
    stratum = _stratum(villages)
    days = villages["hari"].to_numpy(dtype=float)

    # Whoever is drawn must fit: a tied village counts as many days as the dearest of its stratum.
    def dearest(of: np.ndarray) -> np.ndarray:
        most = pd.Series(np.where(tied, of, 0.0)).groupby(stratum).transform("max").to_numpy()
        return np.asarray(np.where(tied, most, of))

    trips = villages.groupby(kecamatan)[["trip", "trip_rp"]].first().to_numpy(dtype=float)
    return Problem(
        value=villages["nilai"].to_numpy(dtype=float),
        cost=dearest(days),
        kecamatan=kecamatan,
        trip=trips[:, 0],
        cost_rp=dearest(villages["desa_rp"].to_numpy(dtype=float)),
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


def _tied(villages: pd.DataFrame) -> np.ndarray:
    return villages["p_top"].between(UNCERTAIN, CERTAIN).to_numpy(dtype=bool)


def _stratum(villages: pd.DataFrame) -> np.ndarray:
    return pd.factorize(villages["kode_kec"] + "@" + villages["pulau"])[0]


def _settled(
    villages: pd.DataFrame, problem: Problem, spent: Problem, chosen: np.ndarray, seed: str
) -> tuple[np.ndarray, list[TiedVillage]]:
    """The choice after the draws with what they left over filled, and every village that took part in a draw.

    ``spent`` is the problem at what villages really cost.
    """
    tied = _tied(villages) & ~problem.must & ~problem.never & ~(problem.explored & (problem.explore > 0))
    if problem.kept is not None:
        tied &= ~problem.kept
    drawn, zone = _drawn(villages, tied, chosen, seed)
    return choosing.topped_up(spent, drawn, ~_tied(villages)), zone


def _drawn(
    villages: pd.DataFrame, tied: np.ndarray, chosen: np.ndarray, seed: str
) -> tuple[np.ndarray, list[TiedVillage]]:
    codes = villages["kode"].to_numpy(dtype=str)
    final = chosen.copy()
    zone: list[TiedVillage] = []
    for members in strata(tied, chosen, _stratum(villages)):
        places = int(chosen[members].sum())
        lucky = set(draw(seed, codes[members], places))
        for i in members:
            final[i] = codes[i] in lucky
            zone.append(
                {
                    "kode": codes[i],
                    "kelompok": villages["kode_kec"].iloc[i],
                    "tempat": places,
                    "dari": len(members),
                    "terpilih": bool(final[i]),
                }
            )
    return final, zone


def _with_earlier(zone: list[TiedVillage], earlier: list[TiedVillage]) -> list[TiedVillage]:
    """The draws of this plan, and of the earlier one those of villages that were not drawn among again."""
    again = {row["kode"] for row in zone}
    return zone + [row for row in earlier if row["kode"] not in again]


def _how(
    problem: Problem,
    codes: np.ndarray,
    final: np.ndarray,
    first: np.ndarray,
    zone: list[TiedVillage],
    lifted: dict[str, Choice],
) -> dict[str, str]:
    """Per chosen village one of `WAYS`."""
    drawn = {row["kode"] for row in zone if row["terpilih"]}
    how = {}
    for i in np.flatnonzero(final):
        forced = [rule for rule, choice in lifted.items() if not choice.chosen[i]]
        if problem.must[i]:
            how[codes[i]] = "wajib"
        elif codes[i] in drawn:
            how[codes[i]] = "undian"
        elif not first[i]:
            how[codes[i]] = "tegas"
        elif ("floor" in forced and final[problem.group == problem.group[i]].sum() <= problem.floor) or (
            "island_floor" in forced and final[problem.island == problem.island[i]].sum() <= problem.island_floor
        ):
            how[codes[i]] = "pemerataan"
        elif "explore" in forced and problem.explored[i]:
            how[codes[i]] = "eksplorasi"
        else:
            how[codes[i]] = "tegas"
    return how


def _rows(villages: pd.DataFrame, final: np.ndarray, how: dict[str, str]) -> list[PlanVillage]:
    listed = villages[final].sort_values(["kode_kab", "kode_kec", "kode"]).to_dict("records")
    return [
        {
            "kode": row["kode"],
            "how": how[row["kode"]],
            "team_days": row["hari"],
            "trip": row["kode_kec"],
            "trip_days": row["trip"],
            "pulau": row["pulau"],
            "laut": bool(row["laut"]),
            "musim_hindari": list(row["hindari"]),
            "orang": int(round(row["orang"], -1)),
            "p_top": round(row["p_top"], 2),
            "biaya_rp": round(row["desa_rp"]),
            "trip_rp": round(row["trip_rp"]),
        }
        for row in listed
    ]


def _seed(villages: pd.DataFrame, request: PlanRequest, versi: str) -> str:
    """Hash of what the draw is about: a seed nobody chose, for plans made before a date was agreed on."""
    tied = villages.loc[_tied(villages), "kode"].tolist()
    budget = [request.team_days, request.villages, *([request.rupiah] if request.rupiah is not None else [])]
    return hashlib.sha256(json.dumps([versi, tied, *budget]).encode()).hexdigest()[:16]


def _version(body: PlanContent, today: dt.date) -> str:
    content = json.dumps(body, sort_keys=True, default=str).encode()
    return f"R{today:%Y%m%d}-{hashlib.sha256(content).hexdigest()[:8]}"
