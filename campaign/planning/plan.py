"""A plan: which villages get a session within a budget, how each came in, and what the rules cost.

The value of a village is the number of people at the province's average risk that it stands for: expected cases a year
of the published model over the province's rate. Where a session was held not long ago the value is lower. Among
villages nobody can tell apart returns diminish (`campaign.planning.solver.returns`) unless the plain sum is asked for,
and names are drawn by lottery (`campaign.planning.lottery`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from campaign.planning import choosing
from campaign.planning.choosing import Choice
from campaign.planning.ground import Ground, ground_of
from campaign.planning.help import help_for
from campaign.planning.lottery import drawn, pools
from campaign.planning.plan_types import Plan, PlanContent, PlanVillage, TiedVillage
from campaign.planning.prices import baselines, binding, lifted_choices, of_objective, rules_in_use
from campaign.planning.problem import Problem
from campaign.planning.request import CONCAVE, LINEAR, PlanRequest, kept_request
from campaign.planning.solver.conflict import refuse_empty, refuse_far
from campaign.planning.solver.greedy import topped_up
from campaign.planning.warnings import warnings_of
from campaign.statements.plan import rule_sentence
from data.store.store import Store
from data.workspace import Workspace
from risk.scoring.bands import CERTAIN, UNCERTAIN
from risk.scoring.evidence import Evidence

WAYS = ("wajib", "undian", "eksplorasi", "pemerataan", "tegas", "jangkauan")
"""How a village came into a plan: asked for, drawn, for little data, for a floor, clearly among as many of the highest
as the plan has villages (chance of `CERTAIN` or more), or computed among equals, being cheaper or larger."""


def make_plan(
    store: Store,
    workspace: Workspace,
    request: PlanRequest,
    *,
    today: dt.date | None = None,
    lang: str = "id",
    tell: Callable[[str, int, int], None] = lambda step, i, n: None,
    earlier: Plan | None = None,
) -> Plan:
    """The plan as plain values (INTERFACE, ``plan``); ``tell`` hears of each step: its name, and which of how many.
    ``earlier`` is the plan that ``request.keep`` is about: what was drawn there stays drawn.

    Raises `WrongUse`: ``NO_SCORE``, ``PLAN_BUDGET`` (not exactly one budget above 0), ``PLAN_UNKNOWN`` (a code that is
    no village, or no area, of the gazetteer), ``PLAN_REASON``, ``PLAN_REASON_PERSONAL``, ``PLAN_CONFLICT`` (a village
    both asked for and left out), ``PLAN_SHARE``, ``PLAN_MONTH``, ``PLAN_LIMIT``, and those of
    `campaign.planning.solver.conflict`.
    """
    today = today or dt.date.today()
    tell("jarak", 0, 1)
    ground = ground_of(store, workspace, request, today)
    villages, problem = ground.villages, ground.problem
    tell("pilih", 0, 1)
    first = choosing.best(problem)
    refuse_empty(problem, first.chosen)
    refuse_far(problem, first.gap)
    seed = request.seed or _seed(villages, request, ground.version.versi)
    lifted = lifted_choices(problem, rules_in_use(request, ground.months_bind), tell)
    # Who is in for little data alone is not drawn away.
    without = lifted["explore"].chosen if "explore" in lifted else first.chosen
    explored = problem.explored & first.chosen & ~without
    final, tie_zone = _settled(ground, first.chosen, seed, explored)
    tie_zone = _with_earlier(tie_zone, earlier["tie_zone"] if earlier else [])
    lost = villages["kode"].isin({row["kode"] for row in tie_zone if not row["terpilih"]}).to_numpy(dtype=bool)
    rules = binding(problem, villages, first.chosen, final, lifted, ~lost)
    other = LINEAR if request.objective == CONCAVE else CONCAVE
    otherwise = first
    if ground.returns is not None:
        otherwise = choosing.nearly_best(
            replace(problem, kept=None, returns=ground.returns if other == CONCAVE else None)
        )
        rules += of_objective(problem, first.chosen, otherwise.chosen, request.objective)
    villages["p_top"] = ground.chances.among(int(final.sum()))
    how = _how(problem, villages, final, tie_zone, lifted)
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
        "used_team_days": problem.days(final),
        "used_rupiah": round(problem.cost_of(final)),
        "objective": round(problem.reached(final), 1),
        "solver": first.solver,
        "gap": first.gap,
        "villages": rows,
        "tie_zone": tie_zone,
        "binding": [rule_sentence(rule, lang) for rule in rules],
        "rules": rules,
        "baselines": {
            **baselines(problem, villages, lambda chosen: _settled(ground, chosen, seed, explored)[0]),
            other: round(problem.reached(otherwise.chosen), 1),
        },
        "warnings": warnings_of(villages[final], ground.expected_shares(), first.gap),
        "bantuan": helped,
        "excluded": [{"kode": kode, "alasan": reason} for kode, reason in sorted(request.exclude.items())],
        "wishes": kept_request(request),
    }
    return {"version": _version(body, today), **body}


def _tied(villages: pd.DataFrame) -> np.ndarray:
    return villages["p_top"].between(UNCERTAIN, CERTAIN).to_numpy(dtype=bool)


def _strata(ground: Ground, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who may change places with whom in a draw: a number per village (-1: takes no part), and the name of each.

    Villages with evidence of their own take part when their chance is neither high nor low, in the whole province;
    others within the area their evidence speaks of. Rules for kabupaten, islands and little data hold on both sides of
    a draw. With a budget of days or rupiah only kecamatan that are visited anyway take part.
    """
    villages, problem, request = ground.villages, ground.problem, ground.request
    own = (villages["tingkat_bukti"] == Evidence.VILLAGE).to_numpy()
    open_to = ~problem.must & ~problem.never & (villages["p_top"] < CERTAIN).to_numpy()
    if problem.kept is not None:
        open_to &= ~problem.kept
    open_to &= ~own | _tied(villages)
    if problem.budget is not None:
        open_to &= np.isin(problem.kecamatan, problem.kecamatan[chosen])
    level = villages["tingkat_bukti"]
    name = (
        villages["kode_kab"]
        .str[:2]
        .where(
            ~level.isin(["kabupaten", "kecamatan"]),
            villages["kode_kab"].where(level == "kabupaten", villages["kode_kec"]),
        )
    )
    if request.floor_per_kabupaten or request.ceiling_per_kabupaten is not None:
        name = name.where(name.str.len() > 2, villages["kode_kab"])
    if request.floor_per_island or request.ceiling_per_island is not None:
        name = name + "@" + villages["pulau"]
    name = name + np.where(own, ":desa", "")
    if request.explore:
        name = name + np.where(problem.explored, ":sedikit", "")
    number, names = pd.factorize(name)
    return np.where(open_to, number, -1), np.asarray(names)


def _settled(ground: Ground, chosen: np.ndarray, seed: str, stay: np.ndarray) -> tuple[np.ndarray, list[TiedVillage]]:
    """The choice after the draws with what they left over filled, and every village that took part in a draw. Villages
    that ``stay`` (bool) take no part."""
    villages, problem = ground.villages, ground.problem
    codes = villages["kode"].to_numpy(dtype=str)
    stratum, names = _strata(ground, chosen)
    stratum = np.where(stay, -1, stratum)
    own = (villages["tingkat_bukti"] == Evidence.VILLAGE).to_numpy()
    final, lost = chosen, np.zeros(len(chosen), dtype=bool)
    zone: list[TiedVillage] = []
    for members in pools(problem, chosen, stratum, own, ground.chances.above):
        final, passed = drawn(problem, final, members, codes, seed)
        lost[members] = ~final[members]
        for i in members:
            row: TiedVillage = {
                "kode": codes[i],
                "kelompok": str(names[stratum[i]]),
                "tempat": int(final[members].sum()),
                "dari": len(members),
                "terpilih": bool(final[i]),
            }
            zone.append({**row, "lewat": True} if passed[i] else row)
    return topped_up(problem, final, ~lost), zone


def _with_earlier(zone: list[TiedVillage], earlier: list[TiedVillage]) -> list[TiedVillage]:
    """The draws of this plan, and of the earlier one those of villages that were not drawn among again."""
    again = {row["kode"] for row in zone}
    return zone + [row for row in earlier if row["kode"] not in again]


def _how(
    problem: Problem, villages: pd.DataFrame, final: np.ndarray, zone: list[TiedVillage], lifted: dict[str, Choice]
) -> dict[str, str]:
    """Per chosen village one of `WAYS`."""
    codes, chance = villages["kode"].to_numpy(dtype=str), villages["p_top"].to_numpy(dtype=float)
    was_drawn = {row["kode"] for row in zone if row["terpilih"]}
    how = {}
    for i in np.flatnonzero(final):
        forced = [rule for rule, choice in lifted.items() if not choice.chosen[i]]
        if problem.must[i]:
            how[codes[i]] = "wajib"
        elif codes[i] in was_drawn:
            how[codes[i]] = "undian"
        elif ("floor" in forced and final[problem.group == problem.group[i]].sum() <= problem.floor) or (
            "island_floor" in forced and final[problem.island == problem.island[i]].sum() <= problem.island_floor
        ):
            how[codes[i]] = "pemerataan"
        elif "explore" in forced and problem.explored[i]:
            how[codes[i]] = "eksplorasi"
        else:
            how[codes[i]] = "tegas" if chance[i] >= CERTAIN else "jangkauan"
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
            "p_top": round(row["p_top"], 3),
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
