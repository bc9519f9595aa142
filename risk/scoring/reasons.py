"""Why an area ranks where it does: the three strongest exact factors of its expected cases, as keys and values.

The catalogue (``words/alasan.csv``) makes sentences of them. No value is a count of cases: factors come from the
published model, which knows released totals only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from risk.scoring.covariates import COVARIATES, EFFECTS, PEOPLE
from risk.scoring.features import Features

REASONS = 3
NEGLIGIBLE = 0.02  # a factor within 2 % of 1 is no reason
LONGEST_SOURCE = 90


@dataclass(frozen=True)
class Grounds:
    """What reasons are made of, one row per area: ``strength`` log factors (they add up to the log of expected cases
    relative to the average), ``own`` whether the figure behind a factor is the area's own, ``values`` the figures,
    ``means`` their average over people, ``sources`` by factor."""

    strength: pd.DataFrame
    own: pd.DataFrame
    values: pd.DataFrame
    means: dict[str, float]
    sources: dict[str, str]


def grounds(factors: pd.DataFrame, population: pd.Series, features: Features, case_source: str) -> Grounds:
    """Grounds per village from ``factors`` (``decompose`` of the published model, index ``kode``).

    People enter as a factor of their own, relative to the average village, because the score counts people; that the
    rate itself goes with the size of a village is part of it. In the
    published model a village's "own history" is its share of its cell's released total, so it goes with the kecamatan.
    """
    strength = factors.drop(columns=["baseline", "own_history"])
    strength["kec"] *= factors["own_history"]
    size = strength.pop("area_size") if "area_size" in strength else 1.0
    strength[PEOPLE] = population / population.mean() * size
    strength = strength.rename(columns=EFFECTS).transform(np.log)
    own = pd.DataFrame(True, strength.index, strength.columns)
    borrowed = features.borrowed()
    own[borrowed.columns] = ~borrowed
    values = features.values.assign(**{PEOPLE: population})
    means = {str(name): float(np.average(features.values[name], weights=population)) for name in features.values}
    means[PEOPLE] = float(population.mean())
    sources = {**features.sources, **dict.fromkeys(EFFECTS.values(), case_source)}
    return Grounds(strength, own, values, means, {name: _short(text) for name, text in sources.items()})


def of_areas(
    villages: Grounds,
    area: pd.Series,
    population: pd.Series,
    borrowed: pd.DataFrame,
    *,
    join: tuple[str, str] | None = None,
) -> Grounds:
    """Grounds of larger areas (``area``: village -> area code): factors and figures averaged over people, population
    summed; ``borrowed`` says by area which figures are not its own. ``join`` adds one factor to
    another: seen from a kabupaten, its kecamatan are no separate reason."""
    if join:
        strength = villages.strength.drop(columns=join[0])
        strength[join[1]] += villages.strength[join[0]]
        villages = replace(villages, strength=strength)
    share = population / population.groupby(area).transform("sum")

    def mean(table: pd.DataFrame) -> pd.DataFrame:
        return table.mul(share, axis=0).groupby(area).sum()

    people = population.groupby(area).sum()
    strength = mean(villages.strength).assign(**{PEOPLE: np.log(people / people.mean())})
    values = mean(villages.values).assign(**{PEOPLE: people})
    means = {**villages.means, PEOPLE: float(people.mean())}
    own = pd.DataFrame(True, strength.index, strength.columns)
    own[borrowed.columns] = ~borrowed.loc[strength.index]
    return Grounds(strength, own, values, means, villages.sources)


def reasons(found: Grounds) -> pd.Series:
    """Per area up to three ``{"kunci", "nilai"}``, the strongest factor first.

    ``kunci`` ends in ``.naik`` where the factor raises expected cases and ``.turun`` where it lowers them. A figure
    that is not the area's own explains nothing about it; when such a factor matters, the last reason says what is
    missing instead (``alasan.belum_ada.…``). Never empty.
    """
    size = found.strength.abs()
    own, borrowed = size.where(found.own, 0.0).to_numpy(), size.mask(found.own, 0.0).to_numpy()
    order = np.argsort(-own, axis=1, kind="stable")[:, :REASONS]
    names = list(found.strength.columns)
    signed = found.strength.to_numpy()
    value_of = {name: found.values[name].to_numpy() for name in found.values}
    out: list[list[dict[str, Any]]] = []
    for i in range(len(size)):
        said = [
            _reason(names[j], signed[i, j], value_of[names[j]][i] if names[j] in value_of else None, found)
            for j in order[i]
            if own[i, j] > NEGLIGIBLE
        ]
        missing = int(borrowed[i].argmax())
        if borrowed[i, missing] > NEGLIGIBLE:
            said = [*said[: REASONS - 1], {"kunci": f"alasan.belum_ada.{names[missing]}", "nilai": {}}]
        out.append(said or [{"kunci": "alasan.tidak_menonjol", "nilai": {}}])
    return pd.Series(out, size.index, dtype=object)


def _reason(name: str, log_factor: float, value: float | None, found: Grounds) -> dict[str, Any]:
    key = f"alasan.{name}.{'naik' if log_factor > 0 else 'turun'}"
    source = found.sources.get(name, "")
    if value is None:
        return {"kunci": key, "nilai": {"kali": round(float(np.exp(log_factor)), 2), "sumber": source}}
    own, mean = (_shown(name, number) for number in (value, found.means[name]))
    return {"kunci": key, "nilai": {"nilai": own, "rata": mean, "sumber": source}}


def _shown(name: str, value: float) -> float | int:
    """A figure in the unit it is shown in, to its decimals, else to about three figures: 1 638 · 38 · 7.9 · 0.62."""
    known = COVARIATES.get(name)
    number = float(known.shown(value) if known else value)
    if known is not None and known.decimals is not None:
        return round(number, known.decimals)
    return round(number) if abs(number) >= 20 else round(number, 1 if abs(number) >= 2 else 2)


def _short(text: str) -> str:
    """The publisher's name, without the road by which the figure came here."""
    text = text.split(" via ")[0]
    return text if len(text) <= LONGEST_SOURCE else text[: LONGEST_SOURCE - 1].rstrip(" ;,") + "…"
