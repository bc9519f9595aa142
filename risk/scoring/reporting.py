"""The second list: what the ranking would be if cases far from a desk are reported less, by an assumption told aloud.

Counts alone cannot tell "few cases" from "few reports" where the same distance also drives risk (Stoner, Economou &
Drummond 2019; Powers, Gerlach & Stamey 2010), so nothing here is estimated from counts: people who know say, for a few
travel times to the nearest police, BP3MI or LTSA desk, the share of cases reported as 5 / 50 / 95 % points. The list is
averaged over what they are unsure of. It is made from the published model's draws and gives nothing more away.
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
_Z = 1.6449  # of the 95 % point


@dataclass(frozen=True)
class Curve:
    """Share of cases reported by travel time: rows of ``points`` are (hours, 5 %, 50 %, 95 % point), hours rising."""

    points: tuple[tuple[float, float, float, float], ...]

    @classmethod
    def parse(cls, text: str) -> Curve:
        """From ``"0.5=0.6/0.8/0.9 3=0.2/0.35/0.5 8=0.1"``: hours = 5 / 50 / 95 % points, or the 50 % point alone.

        A decimal comma is read as a point. Raises `WrongUse` (``REPORTING_CURVE``) for anything else, for shares
        outside 0-1, for points not in order, and for fewer than two travel times.
        """
        points = []
        for part in text.replace(",", ".").split():
            try:
                hours, shares = part.split("=")
                told = [float(share) for share in shares.split("/")]
                at = float(hours)
            except ValueError:
                raise WrongUse("REPORTING_CURVE", value=part) from None
            if len(told) == 1 and 0 < told[0] < 1:
                middle = told[0]
                odds = np.log(middle / (1 - middle)) + UNSURE * _Z * np.array([-1.0, 0.0, 1.0])
                told = [float(share) for share in 1 / (1 + np.exp(-odds))]
            if len(told) != 3 or not (0 < told[0] <= told[1] <= told[2] < 1) or not 0 <= at < 1000:
                raise WrongUse("REPORTING_CURVE", value=part)
            points.append((at, *told))
        points.sort()
        if len({at for at, *_ in points}) != len(points) or len(points) < 2:
            raise WrongUse("REPORTING_CURVE", value=text)
        return cls(tuple((at, low, middle, high) for at, low, middle, high in points))

    def draws(self, hours: np.ndarray, n: int, seed: int = 0) -> np.ndarray:
        """``n`` curves from the prior at travel times (k,): shares of shape (n, k), each never rising with the hours.

        Between the told times the log odds go straight, outside they stay. Half of the doubt is common to all times.
        """
        rng = np.random.default_rng(seed)
        table = np.array(self.points)
        odds = np.log(table[:, 1:] / (1 - table[:, 1:]))
        sd = (odds[:, 2] - odds[:, 0]) / (2 * _Z)
        doubt = np.sqrt(0.5) * (rng.standard_normal((n, 1)) + rng.standard_normal((n, len(table))))
        told = np.minimum.accumulate(odds[:, 1] + sd * doubt, axis=1)
        between = np.array([np.interp(hours, table[:, 0], one) for one in told])
        return np.maximum(1 / (1 + np.exp(-between)), LEAST)


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

    ``kurva`` (as told), ``jarak`` (see `travel_hours`), ``km_per_jam``, ``n_top``; ``desa``: per village code
    ``[skor, skor_bawah, skor_atas, p_top, jam]``; ``kukuh``: codes among the top of both lists; ``hanya_asumsi`` and
    ``hanya_terlapor``: of one only, the highest first.
    """
    hours, basis = travel_hours(villages, desks)
    mean, drawn = corrected(expected, draws, curve.draws(hours.to_numpy(), len(draws), seed))
    table = rank_table(mean, drawn, n_top)
    codes = villages.index.to_numpy()
    first, second = codes[top(expected, n_top)], codes[top(mean, n_top)]
    numbers = np.column_stack([table[["skor", "skor_bawah", "skor_atas"]].round(1), table["p_top"].round(3), hours])
    return {
        "kurva": [list(point) for point in curve.points],
        "jarak": basis,
        "km_per_jam": KM_PER_HOUR,
        "n_top": n_top,
        "desa": {str(kode): [round(float(x), 3) for x in row] for kode, row in zip(codes, numbers, strict=True)},
        "kukuh": [str(kode) for kode in first if kode in set(second)],
        "hanya_asumsi": [str(kode) for kode in second if kode not in set(first)],
        "hanya_terlapor": [str(kode) for kode in first if kode not in set(second)],
    }
