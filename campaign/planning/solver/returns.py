"""What one more village of the same kind is worth: less the more of them a plan has, where nobody can tell them apart.

Villages behind whose order evidence stands at village level are worth what they are worth (linear). All others form
cells of villages that are exchangeable but for what is known of each, its people: those of a kabupaten whose evidence
stands at kabupaten level, of a kecamatan, or of the whole province. A cell's villages are worth their value until the
cell has its fair share, and from there on quickly less (with the third power of how often the fair share is exceeded).

The fair share of a kabupaten, or of the province's rest, are as many of the places as it has of the expected cases;
beyond twice of that one more village is worth nothing. Of a kecamatan the mean is known: its fair share is a third of
its villages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.scoring.evidence import Evidence

"""Levels of evidence (``tingkat_bukti``): at the first villages are told apart, at the second kecamatan."""
THIRD = 1 / 3
MOST = 2.0
"""Times its fair share of places from which on a cell's villages are worth nothing more."""
_EXACT, _STEP = 24, 1.15


@dataclass(frozen=True, eq=False)
class Returns:
    """``cell`` its number per village, -1 for one that is a kind of its own; per cell ``unit``, the value of one of its
    larger villages (the average of as many as could be taken), ``fair``, how many of those are worth their value, and
    ``most``, beyond how many none is."""

    cell: np.ndarray
    unit: np.ndarray
    fair: np.ndarray
    most: np.ndarray

    def gained(self, value: np.ndarray, chosen: np.ndarray) -> float:
        """The objective of a choice (bool per village)."""
        linear = float(value[chosen & (self.cell < 0)].sum())
        return linear + float(self._worth(self._held(value, chosen), np.arange(len(self.unit))).sum())

    def gain(self, value: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Per village what it adds to a choice; of those that are in, what they add to the others."""
        inside = self.cell >= 0
        cell = self.cell[inside]
        before = self._held(value, chosen)[cell] - np.where(chosen[inside], value[inside], 0.0)
        out = value.astype(float)
        out[inside] = self._worth(before + value[inside], cell) - self._worth(before, cell)
        return out

    def slices(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same as pieces of a linear programme: each one's cell, how much value it holds, what a unit of it gives.
        A cell's pieces give less from one to the next, so they are filled in order."""
        cells, widths, slopes = [], [], []
        for number, unit in enumerate(self.unit):
            ends = _steps(float(self.fair[number]), float(self.most[number])) * unit
            if len(ends) < 2:
                continue
            width = np.diff(ends)
            cells.append(np.full(len(width), number))
            widths.append(width)
            slopes.append(np.diff(self._worth(ends, np.full(len(ends), number))) / width)
        if not cells:
            return np.zeros(0, dtype=int), np.zeros(0), np.zeros(0)
        return np.concatenate(cells), np.concatenate(widths), np.concatenate(slopes)

    def _held(self, value: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        inside = chosen & (self.cell >= 0)
        return np.bincount(self.cell[inside], value[inside], minlength=len(self.unit))

    def _worth(self, held: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """What so much value of each ``cell`` is worth: the integral of min(1, (fair / villages)^3) up to ``most``."""
        unit, fair = self.unit[cell], self.fair[cell]
        many = np.minimum(held / unit, self.most[cell])
        beyond = np.where(many > fair, fair / 2 * (1 - (fair / np.maximum(many, 1e-12)) ** 2), 0.0)
        return np.asarray(unit * (np.minimum(many, fair) + beyond))


def _steps(fair: float, most: float) -> np.ndarray:
    """Where pieces end, in villages: the fair share, then every village at first, then wider steps."""
    ends = [0.0, min(fair, most)]
    while ends[-1] < most - 1e-9:
        step = 1.0 if len(ends) < _EXACT else ends[-1] * (_STEP - 1)
        ends.append(min(ends[-1] + step, most))
    return np.unique(np.array(ends))


def returns_of(
    value: np.ndarray, cell: np.ndarray, never: np.ndarray, places: int, known: np.ndarray
) -> Returns | None:
    """The returns of cells (number per village, -1 none) when about ``places`` villages are chosen; ``known``: villages
    (bool) of cells whose mean is known, the kecamatan. None where no village is in a cell."""
    counted = (cell >= 0) & ~never & (value > 0)
    if not counted.any() or places < 1:
        return None
    _, numbered = np.unique(cell[counted], return_inverse=True)
    mine = np.full(len(cell), -1)
    mine[counted] = numbered
    total, many = np.bincount(numbered, value[counted]), np.bincount(numbered)
    share = places * total / value[~never].sum()
    # Half a place and less is none: one village would be more than twice the share.
    most = np.where(share >= 0.5, MOST * share, 0.0)
    with_mean = np.bincount(numbered, known[counted]) > 0
    fair = np.where(with_mean, np.ceil(many * THIRD), share)
    # As large as those that would be taken, else the largest few fill a cell's share and places stay empty.
    unit = np.array(
        [
            np.sort(value[mine == number])[::-1][: max(int(np.ceil(reach)), 1)].mean()
            for number, reach in enumerate(np.where(with_mean, fair, most))
        ]
    )
    return Returns(mine, unit, fair, np.where(with_mean, many, np.minimum(most, many)) * (1 + 1e-9))


def cells(villages: pd.DataFrame) -> np.ndarray:
    """The cell of each village by where the evidence behind its order stands (``tingkat_bukti, kode_kab, kode_kec``):
    villages nobody can tell apart but for their people have the same number, -1 stands for village level."""
    level = villages["tingkat_bukti"]
    name = villages["kode_kab"].where(
        level == Evidence.KABUPATEN, villages["kode_kec"].where(level == Evidence.KECAMATAN, "*")
    )
    return np.where(level == Evidence.VILLAGE, -1, pd.factorize(name)[0])
