"""Why an area ranks where it does: the strongest exact factors of its expected cases, as numbers, never as sentences.

A row says the figure, the average, the coefficient behind it with its SD, and what these allow to be said: that it
raises the priority, that it lowers it, or only that the figure differs. `campaign.statements` makes sentences of it. No
value is a count of cases: factors come from the published model, which knows released totals only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypedDict

import numpy as np
import pandas as pd

from risk.scoring.covariates import CLEAR, COVARIATES, EFFECTS, PEOPLE
from risk.scoring.features import Features

REASONS = 3
NEGLIGIBLE = 0.02  # a factor within 2 % of 1 is no reason
LONGEST_SOURCE = 90
NOTHING = "tidak_menonjol"
"""Stands for a factor where none is strong enough to be told."""


class Way(StrEnum):
    """What a factor does to the priority of an area, as far as the numbers tell; the values are stored."""

    UP = "naik"
    DOWN = "turun"
    DIFFERS = "beda"
    UNTOLD = ""


class Status(StrEnum):
    """How well the figure behind a factor is known; the values are stored.

    Known, an estimate (also what the model infers), not known of this area itself, or without a coefficient that says
    what it means (of a score version that kept none)."""

    KNOWN = "diketahui"
    ESTIMATE = "perkiraan"
    UNKNOWN = "tidak_diketahui"
    UNTESTED = "tidak_diuji"


class Reason(TypedDict):
    """A stored row. ``nilai`` and ``rata`` in the unit they are shown in, of effects times the usual and 1; ``koef``
    and ``sd`` per unit of the model's measure, of effects the log of ``nilai``; None where there is none."""

    faktor: str
    nilai: float | None
    rata: float | None
    koef: float | None
    sd: float | None
    status: str
    arah: str
    sumber: str


@dataclass(frozen=True)
class Grounds:
    """What reasons are made of, one row per area: ``strength`` log factors (they add up to the log of expected cases
    relative to the average), ``own`` whether the figure behind a factor is the area's own, ``values`` the figures,
    ``means`` their average over people, ``sources`` by factor, ``coefficients`` (mean, SD) by covariate, ``spread`` the
    SD of the log factor of each effect."""

    strength: pd.DataFrame
    own: pd.DataFrame
    values: pd.DataFrame
    means: dict[str, float]
    sources: dict[str, str]
    coefficients: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    spread: pd.DataFrame = field(default_factory=pd.DataFrame)


def direction(name: str, value: float | None, mean: float | None, coef: float | None, sd: float | None) -> Way:
    """What may be said of a factor: a direction only where the coefficient is `CLEAR`, of the sign that is known of the
    factor (``Covariate.sign``), and the figure differs from the average; else that it differs."""
    if value is None or mean is None or coef is None or sd is None:
        return Way.DIFFERS
    if not math.isfinite(value) or not math.isfinite(mean) or value == mean or not is_clear(name, coef, sd):
        return Way.DIFFERS
    above = value > mean
    if name in EFFECTS.values():
        return Way.DIFFERS if above != (coef > 0) else Way.UP if above else Way.DOWN
    return Way.UP if above == (coef > 0) else Way.DOWN


def is_clear(name: str, coef: float, sd: float) -> bool:
    """Whether a coefficient is far enough from 0 and of the sign that is known of its factor. The log factor of an
    effect may have either sign: it is what the factor says."""
    if not math.isfinite(coef) or not math.isfinite(sd) or coef == 0 or abs(coef) < CLEAR * sd:
        return False
    return name in EFFECTS.values() or coef * _sign(name) > 0


def clear_factors(found: Grounds) -> list[str]:
    """The factors whose part in a comparison of two areas may be told as a cause: covariates by `is_clear`; people and
    what was recorded around always, for how sure a comparison is has a number of its own."""
    return [
        str(name)
        for name in found.strength.columns
        if name not in COVARIATES or is_clear(name, *found.coefficients.get(name, (0.0, 0.0)))
    ]


def instead_of_reasons(why: str) -> Reason:
    """The one row of every area whose order another way made (``cadangan.…``, ``pilihan.…``), or without a reason."""
    return Reason(
        faktor=why, nilai=None, rata=None, koef=None, sd=None, status=Status.KNOWN, arah=Way.UNTOLD, sumber=""
    )


def grounds(
    factors: pd.DataFrame,
    population: pd.Series,
    features: Features,
    case_source: str,
    coefficients: Mapping[str, tuple[float, float]] | None = None,
    draws: np.ndarray | None = None,
) -> Grounds:
    """Grounds per village from ``factors`` (``decompose`` of the published model, index ``kode``), its coefficients
    (mean, SD) and its ``draws`` of cases a year (draws, villages).

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
    return Grounds(
        strength,
        own,
        values,
        means,
        {name: _short(text) for name, text in sources.items()},
        dict(coefficients or {}),
        pd.DataFrame(index=strength.index) if draws is None else _spread(draws, population),
    )


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
    return replace(villages, strength=strength, own=own, values=values, means=means, spread=mean(villages.spread))


def reasons(found: Grounds) -> pd.Series:
    """Per area up to three rows (`Reason`): what has a direction first, then what only differs, each the strongest
    first.

    A figure that is not the area's own explains nothing about it; when such a factor matters, the last row says that it
    is missing. A figure that is shown like its average is not told. Never empty.
    """
    size = found.strength.abs()
    own, borrowed = size.where(found.own, 0.0).to_numpy(), size.mask(found.own, 0.0).to_numpy()
    names = [str(name) for name in found.strength.columns]
    signed = found.strength.to_numpy()
    values = {name: found.values[name].to_numpy() for name in names if name in found.values}
    spread = {name: found.spread[name].to_numpy() for name in names if name in found.spread}
    order = np.argsort(-own, axis=1, kind="stable")
    out: list[list[Reason]] = []
    for i in range(len(size)):
        told = []
        for j in order[i]:
            if own[i, j] <= NEGLIGIBLE:
                break
            name = names[j]
            value = values[name][i] if name in values else None
            sd = float(spread[name][i]) if name in spread else None
            told.append(_row(name, signed[i, j], value, sd, found))
        told = sorted((one for one in told if one["nilai"] != one["rata"]), key=lambda one: one["arah"] == Way.DIFFERS)
        said = told[:REASONS]
        missing = int(borrowed[i].argmax())
        if borrowed[i, missing] > NEGLIGIBLE:
            said = [*said[: REASONS - 1], _missing(names[missing], found)]
        out.append(said or [instead_of_reasons(NOTHING)])
    return pd.Series(out, size.index, dtype=object)


def _row(name: str, log_factor: float, value: float | None, sd: float | None, found: Grounds) -> Reason:
    """``value`` None is an effect: what it is times the usual, by the model."""
    own: float
    mean: float
    coef: float | None
    if value is None:
        own, mean = round(float(np.exp(log_factor)), 2), 1.0
        coef, status = _two_figures(float(log_factor)), Status.ESTIMATE
        sd = None if sd is None else _two_figures(sd)
    else:
        own, mean = (_shown(name, number) for number in (value, found.means[name]))
        coef, sd = _coefficient(name, found)
        status = Status.KNOWN
    way = direction(name, own, mean, coef, sd)
    if value is not None and way != Way.DIFFERS and (way == Way.UP) != (log_factor > 0):
        way = Way.DIFFERS  # a figure near the average, where rounding or the size of villages turns it round
    return Reason(
        faktor=name,
        nilai=own,
        rata=mean,
        koef=coef,
        sd=sd,
        status=Status.UNTESTED if sd is None else status,
        arah=way,
        sumber=found.sources.get(name, ""),
    )


def _missing(name: str, found: Grounds) -> Reason:
    known = COVARIATES.get(name)
    estimated = known.estimated if known else name == PEOPLE
    coef, sd = _coefficient(name, found)
    mean = _shown(name, found.means[name]) if name in found.means else None
    status = Status.ESTIMATE if estimated else Status.UNKNOWN
    return Reason(faktor=name, nilai=None, rata=mean, koef=coef, sd=sd, status=status, arah=Way.UNTOLD, sumber="")


def _coefficient(name: str, found: Grounds) -> tuple[float | None, float | None]:
    """People count one for one; what no coefficient is known of has none."""
    if name == PEOPLE:
        return 1.0, 0.0
    mean, sd = found.coefficients.get(name, (None, None))
    return (None, None) if mean is None or sd is None else (_two_figures(mean), _two_figures(sd))


def _sign(name: str) -> int:
    known = COVARIATES.get(name)
    return known.sign if known else int(name == PEOPLE)


def _spread(draws: np.ndarray, population: pd.Series) -> pd.DataFrame:
    """SD over draws of the log of a village's rate against its kecamatan's, of that against its kabupaten's, and of
    that against the province's: how sure "so many times the usual" is, whatever part of the model says it."""
    from scipy import sparse  # who only reads reasons needs none of it

    people = population.to_numpy()
    rate = {"sekitar": np.log(draws / people)}
    whole = np.log(draws.sum(axis=1) / people.sum())[:, None]
    for name, length in (("kecamatan", 8), ("kabupaten", 5)):
        code = pd.factorize(population.index.str[:length])[0]
        sums = (sparse.csr_matrix((np.ones(len(code)), (code, np.arange(len(code))))) @ draws.T).T
        rate[name] = np.log(sums / np.bincount(code, weights=people))[:, code]
    apart = {
        "sekitar": rate["sekitar"] - rate["kecamatan"],
        "kecamatan": rate["kecamatan"] - rate["kabupaten"],
        "kabupaten": rate["kabupaten"] - whole,
    }
    return pd.DataFrame({name: values.std(axis=0) for name, values in apart.items()}, population.index)


def _shown(name: str, value: float) -> float | int:
    """A figure in the unit it is shown in, to its decimals, else to about three figures: 1 638 · 38 · 7.9 · 0.62."""
    known = COVARIATES.get(name)
    number = float(known.shown(value) if known else value)
    if known is not None and known.decimals is not None:
        return round(number, known.decimals)
    return round(number) if abs(number) >= 20 else round(number, 1 if abs(number) >= 2 else 2)


def _two_figures(value: float) -> float:
    return float(f"{value:.2g}")


def _short(text: str) -> str:
    """The publisher's name, without the road by which the figure came here."""
    text = text.split(" via ")[0]
    return text if len(text) <= LONGEST_SOURCE else text[: LONGEST_SOURCE - 1].rstrip(" ;,") + "…"
