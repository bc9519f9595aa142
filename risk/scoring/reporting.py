"""The second list: what the ranking would be if cases far from a desk, or of the poor, are reported less, as told.

Counts alone cannot tell "few cases" from "few reports" where the same distance also drives risk (Stoner, Economou &
Drummond 2019; Powers, Gerlach & Stamey 2010), so nothing here is estimated from counts: people who know say, for a few
travel times to the nearest police, BP3MI or LTSA desk, the share of cases reported as 5 / 50 / 95 % points, and, if
they can, what of that is left where so many percent are poor. The list is averaged over what they are unsure of. It is
made from the published model's draws and gives nothing more away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.domain.distance import nearest_km
from data.errors import WrongUse
from risk.scoring.ranks import rank_table, top

RESULT = "pelaporan"
"""Name under which the store keeps the second list of a score version."""
DESKS = ("polisi", "bp3mi", "ltsa")
"""Kinds of service point where a case can be reported."""
KM_PER_HOUR = 18.0
"""Straight-line kilometres an hour on the way: winding roads of NTT. An assumption, told with the list."""
UNSURE = 0.5
"""SD on the log-odds scale where only the middle was told: 35 % then means some 19 to 55 %."""
LEAST = 0.02
POOR = "miskin"
"""The word that opens the part on poverty in a curve's text form."""
_Z = 1.6449  # of the 95 % point
Point = tuple[float, float, float, float]


@dataclass(frozen=True)
class Curve:
    """Share of cases reported by travel time: rows of ``points`` are (hours, 5 %, 50 %, 95 % point), hours rising.

    ``poor``: what of that share is left by poverty: (percent of people poor, 5 %, 50 %, 95 % point of a factor up to
    1), percents rising; empty when reporting is not taken to depend on poverty.
    """

    points: tuple[Point, ...]
    poor: tuple[Point, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Curve:
        """From ``"0.5=0.6/0.8/0.9 3=0.2/0.35/0.5 8=0.1"``: hours = 5 / 50 / 95 % points, or the 50 % point alone.

        Behind ``;`` and the word ``miskin`` what is left of it by percent of people poor, in the same form:
        ``"0.5=0.8 8=0.1; miskin 10=1 30=0.4/0.6/0.8"``; the factor may be 1. A decimal comma is read as a point.
        Raises `WrongUse` (``REPORTING_CURVE``) for anything else, for shares outside 0-1, for points not in order, and
        for fewer than two travel times or two percents.
        """
        by_hours, sign, rest = text.replace(",", ".").partition(";")
        word, *by_poverty = rest.split() or [""]
        if sign and word.casefold() != POOR:
            raise WrongUse("REPORTING_CURVE", value=rest.strip() or text)
        points = _points(by_hours.split(), text, most=1000)
        poor = _points(by_poverty, text, most=101, factor=True) if sign else ()
        return cls(points, poor)

    def text(self) -> str:
        """The curve in the form that `parse` reads."""
        by_hours, by_poverty = (
            " ".join(f"{at:g}=" + "/".join(f"{share:g}" for share in shares) for at, *shares in part)
            for part in (self.points, self.poor)
        )
        return f"{by_hours}; {POOR} {by_poverty}" if self.poor else by_hours

    def draws(self, hours: np.ndarray, n: int, seed: int = 0, poor: np.ndarray | None = None) -> np.ndarray:
        """``n`` curves from the prior at travel times (k,) in hours: shares of shape (n, k), each never rising with the
        hours, nor with ``poor``, the percent of people poor (k,), which is left out when None.

        Between the told times the log odds go straight, between the told percents the log of the factor; outside they
        stay. Half of the doubt is common to all times, half of that on poverty to all percents.
        """
        rng = np.random.default_rng(seed)
        table = np.array(self.points)
        odds = np.log(table[:, 1:] / (1 - table[:, 1:]))
        sd = (odds[:, 2] - odds[:, 0]) / (2 * _Z)
        doubt = np.sqrt(0.5) * (rng.standard_normal((n, 1)) + rng.standard_normal((n, len(table))))
        told = np.minimum.accumulate(odds[:, 1] + sd * doubt, axis=1)
        between = np.array([np.interp(hours, table[:, 0], one) for one in told])
        shares = 1 / (1 + np.exp(-between))
        if poor is not None and self.poor:
            table = np.array(self.poor)
            logs = np.log(table[:, 1:])
            doubt = np.sqrt(0.5) * (rng.standard_normal((n, 1)) + rng.standard_normal((n, len(table))))
            left = np.minimum(logs[:, 1] + (logs[:, 2] - logs[:, 0]) / (2 * _Z) * doubt, 0.0)
            left = np.minimum.accumulate(left, axis=1)
            shares *= np.exp(np.array([np.interp(poor, table[:, 0], one) for one in left]))
        return np.maximum(shares, LEAST)


def _points(parts: list[str], text: str, most: float, factor: bool = False) -> tuple[Point, ...]:
    """Rows of (at, 5 %, 50 %, 95 % point), ``at`` from 0 to below ``most``; a ``factor`` may be 1, a share may not."""
    points: list[Point] = []
    for part in parts:
        try:
            where, shares = part.split("=")
            told = [float(share) for share in shares.split("/")]
            at = float(where)
        except ValueError:
            raise WrongUse("REPORTING_CURVE", value=part) from None
        if len(told) == 1 and 0 < told[0] <= 1 and factor:
            # the farther from no effect, the less sure; 1 says that here nothing is lost
            told = [told[0] ** (1 + UNSURE * _Z), told[0], told[0] ** (1 - UNSURE * _Z)]
        elif len(told) == 1 and 0 < told[0] < 1:
            odds = np.log(told[0] / (1 - told[0])) + UNSURE * _Z * np.array([-1.0, 0.0, 1.0])
            told = [float(share) for share in 1 / (1 + np.exp(-odds))]
        if len(told) != 3 or not (0 < told[0] <= told[1] <= told[2] <= 1) or not 0 <= at < most:
            raise WrongUse("REPORTING_CURVE", value=part)
        if told[2] == 1 and not factor:
            raise WrongUse("REPORTING_CURVE", value=part)
        points.append((at, told[0], told[1], told[2]))
    points.sort()
    if len({at for at, *_ in points}) != len(points) or len(points) < 2:
        raise WrongUse("REPORTING_CURVE", value=text)
    return tuple(points)


def travel_hours(villages: pd.DataFrame, desks: pd.DataFrame) -> tuple[pd.Series, str]:
    """Hours from each village to the nearest desk, and which: ``meja`` (service points) or ``pusat`` (the kabupaten's
    seat, where no desk is known).

    ``villages`` index ``kode`` with ``lon, lat`` (EPSG:4326) and ``jarak_km``; ``desks`` as the store's ``titik``.
    Villages without a place get the mean of their kecamatan, else of all.
    """
    known = desks[desks["jenis"].isin(DESKS)]
    if len(known):
        km = pd.Series(nearest_km(villages["lon"], villages["lat"], known["lon"], known["lat"]), villages.index)
    else:
        km = villages["jarak_km"].astype(float)
    km = km.fillna(km.groupby(villages.index.str[:8]).transform("mean")).fillna(km.mean()).fillna(0.0)
    return km / KM_PER_HOUR, "meja" if len(known) else "pusat"


def poverty_percent(villages: pd.DataFrame) -> pd.Series | None:
    """Percent of people poor per village (``kemiskinan``), where unknown the mean of its kabupaten, else of all; None
    when it is known nowhere."""
    poor = villages["kemiskinan"].astype(float) if "kemiskinan" in villages else pd.Series(np.nan, villages.index)
    if poor.isna().all():
        return None
    return poor.fillna(poor.groupby(villages.index.str[:5]).transform("mean")).fillna(poor.mean())


def corrected(expected: np.ndarray, draws: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Expected cases and their draws if ``shares`` (s, n) of the cases are reported, in the reported total.

    Each curve is scaled to the same total before they are averaged: how much is reported on the whole only scales the
    list, and the gloomiest curves would otherwise outweigh all others. ``expected`` (n,), ``draws`` (s, n).
    """
    factor = 1 / shares
    factor *= (expected.sum() / (factor @ expected))[:, None]
    return expected * factor.mean(axis=0), draws * factor[: len(draws)]


def second_list(
    curve: Curve,
    villages: pd.DataFrame,
    desks: pd.DataFrame,
    expected: np.ndarray,
    draws: np.ndarray,
    n_top: int,
    seed: int = 0,
) -> dict[str, Any]:
    """The list under the assumption beside the published one, as plain values.

    ``kurva``, ``kurva_miskin`` (as told), ``miskin_ada`` (is poverty known), ``jarak`` (see `travel_hours`),
    ``km_per_jam``, ``n_top``; ``desa``: per village code ``[skor, skor_bawah, skor_atas, p_top, jam]``; ``kukuh``:
    codes among the top of both lists; ``hanya_asumsi`` and ``hanya_terlapor``: of one only, the highest first.
    """
    hours, basis = travel_hours(villages, desks)
    poor = poverty_percent(villages)
    shares = curve.draws(hours.to_numpy(), len(draws), seed, None if poor is None else poor.to_numpy())
    mean, drawn = corrected(expected, draws, shares)
    table = rank_table(mean, drawn, n_top)
    codes = villages.index.to_numpy()
    first, second = codes[top(expected, n_top)], codes[top(mean, n_top)]
    numbers = np.column_stack([table[["skor", "skor_bawah", "skor_atas"]].round(1), table["p_top"].round(3), hours])
    return {
        "kurva": [list(point) for point in curve.points],
        "kurva_miskin": [list(point) for point in curve.poor],
        "miskin_ada": poor is not None,
        "jarak": basis,
        "km_per_jam": KM_PER_HOUR,
        "n_top": n_top,
        "desa": {str(kode): [round(float(x), 3) for x in row] for kode, row in zip(codes, numbers, strict=True)},
        "kukuh": [str(kode) for kode in first if kode in set(second)],
        "hanya_asumsi": [str(kode) for kode in second if kode not in set(first)],
        "hanya_terlapor": [str(kode) for kode in first if kode not in set(second)],
    }
