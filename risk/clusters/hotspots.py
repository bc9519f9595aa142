"""Where cases lie together: P(RR > 2) of the published model, and three second opinions that use no model at all.

Everything here is computed from released numbers (`risk.scoring.released`): kecamatan totals of ten and more,
rounded, and what remains of kabupaten and province, spread over the hidden kecamatan by exposure. So Gi*, local Moran
and the scan are statistics of kecamatan; a village carries its kecamatan's. A statistic of villages' own counts would
give the counts back: Gi* of a village without neighbours *is* its count. Villages of a kecamatan that swap their
cases leave every figure here as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.domain.distance import plane_km
from data.domain.levels import Level
from data.store.store import Store
from data.workspace import Workspace
from risk.clusters.local import gi_star, local_moran, smoothed_rates
from risk.clusters.scan import scan
from risk.scoring.inputs import DRAWS, Inputs, build_inputs, fit_models, read_store
from risk.scoring.ranks import rate_table
from risk.scoring.released import released_spread

RESULT = "titik_panas"
SIGNIFICANT = 0.05
COUNTED = (Level.KECAMATAN, Level.KABUPATEN)
"""Levels the statistics are computed at."""
HOTSPOT_COLUMNS = (
    "p_rr2",
    "gi_z",
    "gi_p",
    "gi_q",
    "gi_kelas",
    "lisa_i",
    "lisa_kuadran",
    "lisa_p",
    "lisa_q",
    "klaster",
    "klaster_rr",
    "klaster_p",
    "dihitung_pada",
)


def hotspots(store: Store, workspace: Workspace, level: str = "desa", user: str = "") -> pd.DataFrame:
    """The hot spots of what is stored now, one row per area of ``level``, index ``kode``, columns `HOTSPOT_COLUMNS`.

    ``p_rr2`` probability that the area's rate is more than twice the province's; ``gi_kelas`` ``tinggi``, ``rendah``
    or ``""`` (``gi_q`` > 0.05); ``klaster`` number of the scan's cluster the area is in (0: none), with the cluster's
    relative risk and p; ``dihitung_pada`` the level Gi*, local Moran and scan were computed at. Kept by the version of
    its input. Raises `risk.scoring.inputs.NoCases`.
    """
    key = store.input_version()
    kept = store.results.get(RESULT, key)
    if kept is None:
        kept = {name: table.reset_index().to_dict("list") for name, table in compute(store, workspace).items()}
        store.results.save(RESULT, key, kept, user)
    return pd.DataFrame(kept[level]).set_index("kode")[list(HOTSPOT_COLUMNS)]


def compute(store: Store, workspace: Workspace, seed: int = 0) -> dict[str, pd.DataFrame]:
    """The tables of all three levels, computed anew (some seconds)."""
    from geo.proximity.adjacency import area_pairs  # geometry libraries take a second to import

    inputs = build_inputs(*read_store(store, workspace))
    chance = chances(inputs, seed)
    pairs = {str(level): area_pairs(store, workspace, level) for level in COUNTED}
    tables = {str(level): statistics(inputs, level, pairs[level], seed) for level in COUNTED}
    villages = inputs.frame.set_index("kode")["kode_kec"]
    tables["desa"] = tables["kecamatan"].reindex(villages).set_axis(villages.index)
    return {level: table.assign(p_rr2=chance[level].reindex(table.index)) for level, table in tables.items()}


def chances(inputs: Inputs, seed: int = 0) -> dict[str, pd.Series]:
    """P(RR > 2) by level, as the score table has it."""
    people = inputs.features.population
    draws = fit_models(inputs, seed).published.sample(DRAWS) * people.to_numpy()
    area = inputs.frame.set_index("kode").reindex(people.index)
    out = {"desa": pd.Series(rate_table(draws[0], draws, people.to_numpy())["p_rr2"].to_numpy(), people.index)}
    for level in COUNTED:
        code, names = pd.factorize(area[level.column], sort=True)
        member = np.zeros((len(code), len(names)))
        member[np.arange(len(code)), code] = 1.0
        sums = draws @ member
        out[str(level)] = pd.Series(rate_table(sums[0], sums, people.to_numpy() @ member)["p_rr2"].to_numpy(), names)
    return {level: chance.round(3) for level, chance in out.items()}


def statistics(inputs: Inputs, level: str, pairs: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Gi*, local Moran and scan of the areas of ``level`` (kecamatan or kabupaten) from released numbers."""
    spread = released_spread(inputs.observed, inputs.table().set_index("desa")["paparan"])
    villages = inputs.frame.set_index("kode")
    area = villages[Level(level).column]
    cases, exposure = (spread[name].groupby(area).sum() for name in ("cases", "exposure"))
    codes = cases.index.rename("kode")
    seen = (exposure > 0).to_numpy()
    expected = (exposure * cases.sum() / exposure.sum()).to_numpy()
    nothing = {
        "gi_z": 0.0,
        "gi_p": 1.0,
        "gi_q": 1.0,
        "lisa_i": 0.0,
        "lisa_kuadran": "",
        "lisa_p": 1.0,
        "lisa_q": 1.0,
        "klaster": 0,
        "klaster_rr": np.nan,
        "klaster_p": np.nan,
    }
    out = pd.DataFrame(nothing, index=codes)
    watched, counts, due = codes[seen], cases.to_numpy()[seen], expected[seen]
    if seen.sum() >= 4 and counts.sum() > 0:
        out.update(gi_star(smoothed_rates(counts, due), pairs, watched))
        out.update(local_moran(counts, due, pairs, watched, seed=seed))
        for number, cluster in enumerate(scan(counts, due, _plane(villages, area, watched), seed=seed), start=1):
            if cluster.p <= SIGNIFICANT:
                inside = watched[cluster.members]
                out.loc[inside, "klaster"] = number
                out.loc[inside, "klaster_rr"] = round(cluster.rr, 2)
                out.loc[inside, "klaster_p"] = cluster.p
    high = np.where(out["gi_z"] > 0, "tinggi", "rendah")
    out["gi_kelas"] = np.where(out["gi_q"] <= SIGNIFICANT, high, "")
    out["dihitung_pada"] = str(level)
    return out.round({"gi_z": 3, "gi_p": 5, "gi_q": 5, "lisa_i": 3, "lisa_p": 5, "lisa_q": 5})


def _plane(villages: pd.DataFrame, area: pd.Series, codes: pd.Index) -> np.ndarray:
    """Where the people of each area live on average, in kilometres on a plane around the middle of them all."""
    people = villages["penduduk_taksiran"].where(villages["lon"].notna())
    weighted: Any = villages[["lon", "lat"]].mul(people, axis=0).groupby(area).sum(min_count=1)
    middle = weighted.div(people.groupby(area).sum(min_count=1), axis=0)
    own = middle.reindex(codes)
    kab = middle.groupby(middle.index.str[:5]).transform("mean").reindex(codes)
    own = own.fillna(kab).fillna(middle.mean())
    return plane_km(own["lon"], own["lat"])
