"""Who is reached and who is passed over, whether where we went explains what we found, and on whom the list hangs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.choose import chosen
from data.disclosure import SMALLEST, rounded
from data.suppression import release_tables, release_tree
from risk.evaluation.known import Origins
from risk.scoring.covariates import COVARIATES, FIFTHS
from risk.scoring.features import build_features
from risk.scoring.inputs import Inputs, Models, NoCases, build_inputs, fit_models
from risk.scoring.observed import CASE_KINDS, observe
from risk.scoring.ranks import top

FEWEST_VISITED = 20
SOURCES = 6
"""Sources left out one by one: those with most cases."""


def groups_of(inputs: Inputs, island: pd.Series) -> dict[str, pd.Series]:
    """Labels by village for each way of looking: ``pulau``, ``kabupaten`` (codes), and fifths ``1``–``5`` (the lowest
    first) of the covariates that are ``compared``, where they are known."""
    kode = pd.Index(inputs.frame["kode"])
    found: dict[str, pd.Series] = {"pulau": island.reindex(kode).fillna("-").astype(str)}
    found["kabupaten"] = pd.Series(kode.str[:5], kode)
    for name in (one.name for one in COVARIATES.values() if one.compared):
        if name in inputs.features.values:
            place = inputs.features.values[name].rank(method="first", pct=True)
            found[name] = (place * FIFTHS).apply(np.ceil).clip(1, FIFTHS).astype(int).astype(str)
    return found


def reached(inputs: Inputs, models: Models, groups: dict[str, pd.Series], n_top: int) -> dict[str, Any]:
    """Per way of looking a list of groups: ``group, villages``, its ``people`` and its share of the ``list`` and of
    ``expected`` cases (the published model's), all shares of the province; ``ratio`` list over people."""
    people = inputs.features.population
    expected = pd.Series(models.published.predict(inputs.a_year()), people.index)
    listed = pd.Series(0.0, people.index)
    listed.iloc[top(expected.to_numpy(), n_top)] = 1.0
    table = pd.DataFrame(
        {"people": people / people.sum(), "list": listed / listed.sum(), "expected": expected / expected.sum()}
    )
    out = {}
    for name, label in groups.items():
        of_group = table.groupby(label.reindex(people.index).to_numpy())
        shares = of_group.sum().assign(villages=of_group.size()).reset_index(names="group")
        shares["ratio"] = (shares["list"] / shares["people"]).round(2)
        out[name] = shares.round({"people": 3, "list": 3, "expected": 3}).to_dict("records")
    return out


def feedback(sessions: pd.DataFrame, frame: pd.DataFrame, facts: pd.DataFrame, origins: Origins) -> dict[str, Any]:
    """Does where we went explain what we "found"? For the last year after sessions: recorded over expected cases
    (expected by a model of earlier years) where sessions were held, over the same elsewhere.

    ``ratio`` about 1: visits do not change what is recorded; 2: twice as much is recorded where we had been, through
    trust or through looking, and the next list would follow it. ``visited`` villages; ``ratio`` and its 90 % interval
    are None below twenty villages or ten cases.
    """
    out: dict[str, Any] = {"visited": 0, "year": None, "ratio": None, "low": None, "high": None}
    located = facts[(facts["jenis"] == "kasus") & (facts["level"] == "desa")]
    if sessions.empty or located.empty:
        return out
    year = int(located["period_start"].dt.year.max())
    first = pd.Timestamp(year, 1, 1)
    before = sessions[pd.to_datetime(sessions["tanggal"]) < first]
    visited = frame["kode"].isin(before["kode"]).to_numpy()
    out |= {"visited": int(visited.sum()), "year": year}
    if visited.sum() < FEWEST_VISITED or visited.all():
        return out
    then = observe(facts, frame, build_features(frame).population, since=first).village.to_numpy()
    origin = origins.of(year)
    if origin is None:
        return out
    due = origin.models.full.predict(origin.inputs.a_year())
    if then[visited].sum() < SMALLEST or then[~visited].sum() < SMALLEST:
        return out

    def ratio(pick: np.ndarray) -> float:
        inside, outside = pick[visited[pick]], pick[~visited[pick]]
        return float((then[inside].sum() / due[inside].sum()) / max(then[outside].sum() / due[outside].sum(), 1e-9))

    rng = np.random.default_rng(0)
    again = [ratio(rng.integers(0, len(then), len(then))) for _ in range(500)]
    low, high = np.quantile(again, [0.05, 0.95])
    return out | {"ratio": round(ratio(np.arange(len(then))), 1), "low": round(low, 1), "high": round(high, 1)}


def without_each_source(inputs: Inputs, models: Models, facts: pd.DataFrame, n_top: int) -> list[dict[str, Any]]:
    """Per source of cases: ``kept``, the share of the list that stays when the source is left out, and its ``share``
    of cases (from released numbers; None when hidden). The source on which most hangs first."""
    year = inputs.a_year()
    listed = set(top(models.published.predict(year), n_top))
    rows = chosen(facts[(facts["jenis"] == "kasus") & facts["indikator"].isin(CASE_KINDS)])
    by_source = rows.groupby("source")["value"].sum()
    whole = rounded(by_source.sum())
    out = []
    for source in inputs.observed.sources[:SOURCES]:
        left = facts[(facts["source"] != source) | (facts["jenis"] != "kasus")]
        own = rounded(float(by_source.get(source, 0.0)))
        share = round(own / whole, 2) if isinstance(own, int) and isinstance(whole, int) else None
        try:
            other = fit_models(build_inputs(inputs.frame, left, inputs.graph)).published.predict(year)
            kept = round(len(listed & set(top(other, n_top))) / len(listed), 2)
        except NoCases:
            kept = 0.0
        out.append({"source": source, "share": share, "kept": kept})
    return sorted(out, key=lambda one: one["kept"])


def released_by_year(inputs: Inputs, facts: pd.DataFrame) -> dict[str, Any]:
    """Recorded cases, published ones aside, by kabupaten and year as they may be shown beside what the score knows:
    ``years``, ``rows`` (``kode``, ``total``, a cell a year). A cell is a number, ``"<10"`` or ``"…"``."""
    observed = inputs.observed
    sizes = observed.village.index.str[:8].value_counts()
    single = set(sizes.index[sizes == 1])
    located, only_kab = observed.guarded
    tree = release_tree(located, only_kab, single)
    rows = facts[
        (facts["jenis"] == "kasus") & facts["indikator"].isin(CASE_KINDS) & facts["level"].isin(["desa", "kecamatan"])
    ]
    years = sorted(set(rows["period_start"].dt.year)) if len(rows) else []
    if not years:
        return {"years": [], "rows": []}
    people = inputs.features.population
    counts = pd.DataFrame(
        {
            str(year): observe(
                facts, inputs.frame, people, since=pd.Timestamp(year, 1, 1), until=pd.Timestamp(year, 12, 31)
            )
            .guarded[0]
            .reindex(located.index, fill_value=0.0)
            for year in years
        }
    )
    if not np.allclose(counts.sum(axis=1), located):  # periods across years: years do not add up to the whole
        return {"years": [], "rows": []}
    slack = {str(kab): float(n) for kab, n in only_kab.items() if n < SMALLEST}
    shown = release_tables(counts, single=single, tree=tree, slack=slack)
    table = [{"kode": kab, "total": total, **shown.loc[kab].to_dict()} for kab, total in tree.kabupaten.items()]
    return {"years": [str(year) for year in years], "rows": table}
