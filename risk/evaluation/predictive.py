"""Whether what came lies where it was predicted: PIT, CRPS, the 90 % range, and an alarm when too much falls out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

RANGE = (0.05, 0.95)
ALARM = 0.05
"""More areas outside the range than this chance allows is an alarm."""
PIT_BINS = 5


@dataclass(frozen=True)
class Forecast:
    """Counts drawn from what was predicted, ``drawn`` (draws, areas), and the counts that came, ``then`` (areas,)."""

    drawn: np.ndarray
    then: np.ndarray

    @property
    def low(self) -> np.ndarray:
        """Lower end of the central 90 % range per area."""
        return np.quantile(self.drawn, RANGE[0], axis=0, method="inverted_cdf")

    @property
    def high(self) -> np.ndarray:
        """Upper end of the central 90 % range per area."""
        return np.quantile(self.drawn, RANGE[1], axis=0, method="inverted_cdf")

    def pit(self, seed: int = 0) -> np.ndarray:
        """Randomised probability integral transform per area: uniform on 0-1 when the forecast is honest."""
        below, upto = (self.drawn < self.then).mean(axis=0), (self.drawn <= self.then).mean(axis=0)
        return below + np.random.default_rng(seed).random(len(self.then)) * (upto - below)

    def crps(self) -> np.ndarray:
        """Continuous ranked probability score per area, in cases; 0 is perfect."""
        n = len(self.drawn)
        ordered = np.sort(self.drawn, axis=0)
        spread = ((2 * np.arange(1, n + 1) - n - 1) @ ordered) / n**2
        return np.abs(self.drawn - self.then).mean(axis=0) - spread


def forecast(rates: np.ndarray, exposure: np.ndarray, then: np.ndarray, seed: int = 0) -> Forecast:
    """Poisson counts of ``rates`` (draws, areas) x ``exposure`` (areas,)."""
    return Forecast(np.random.default_rng(seed).poisson(rates * exposure).astype(float), np.asarray(then, float))


def pit_shares(values: np.ndarray) -> list[float]:
    """Share of areas in each fifth of 0-1; all .2 when the forecast is honest."""
    counts = np.histogram(values, PIT_BINS, (0.0, 1.0))[0]
    return [round(float(one), 3) for one in counts / max(len(values), 1)]


def alarm(found: Forecast) -> dict[str, float | int | bool]:
    """``above`` and ``below`` the range, of ``areas``; ``p``, the chance of as many or more when a tenth falls outside;
    ``alarm`` when that is less than `ALARM`."""
    above, below = int((found.then > found.high).sum()), int((found.then < found.low).sum())
    n = len(found.then)
    p = float(binom.sf(above + below - 1, n, 1 - (RANGE[1] - RANGE[0])))
    return {"areas": n, "above": above, "below": below, "p": round(p, 4), "alarm": bool(p < ALARM)}
