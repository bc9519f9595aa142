"""What one more village of the same kind is worth: less the more of them a plan has, where nobody can tell them apart.

Villages behind whose order evidence stands at village level are worth what they are worth (linear). All others form
cells of villages that are exchangeable but for what is known of each, its people: those of a kabupaten whose evidence
stands at kabupaten level, of a kecamatan, or of the whole province. The first village of a cell is worth much, the k-th
a k-th of it (a harmonic sum, which grows like a logarithm), so that places are shared out in proportion to expected
cases instead of all going to the cell with the highest mean. A cell's fair share of the places is its share of the
expected cases; with as many villages as that, one more is worth what the last village of a plan without cells is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.store.store import Store

_EXACT, _STEP, _LAST = 24, 1.15, 5000.0
SAME = "desa"
"""Evidence at this level tells villages apart."""
HALF = 0.5


def _breaks() -> tuple[np.ndarray, np.ndarray]:
    """Where the slope of the harmonic sum changes, and the sum there: every village at first, then wider steps."""
    at = [float(k) for k in range(_EXACT + 1)]
    while at[-1] < _LAST:
        at.append(float(np.ceil(at[-1] * _STEP)))
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(at[-1]) + 1))])
    return np.array(at), harmonic[np.array(at, dtype=int)]


BREAKS, HARMONIC = _breaks()


@dataclass(frozen=True, eq=False)
class Returns:
    """``cell`` its number per village, -1 for one that is a kind of its own; per cell ``first``, what its first village
    is worth, and ``unit``, the value of an average village of it (both in the unit of values)."""

    cell: np.ndarray
    first: np.ndarray
    unit: np.ndarray

    def gained(self, value: np.ndarray, chosen: np.ndarray) -> float:
        """The objective of a choice (bool per village)."""
        linear = float(value[chosen & (self.cell < 0)].sum())
        return linear + float(self._of(self._held(value, chosen)).sum())

    def gain(self, value: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Per village what it adds to a choice; of those that are in, what they add to the others."""
        held = self._held(value, chosen)
        inside = self.cell >= 0
        cell = self.cell[inside]
        before = held[cell] - np.where(chosen[inside], value[inside], 0.0)
        out = value.astype(float).copy()
        of = self.first[cell]
        grown = np.interp((before + value[inside]) / self.unit[cell], BREAKS, HARMONIC)
        out[inside] = of * (grown - np.interp(before / self.unit[cell], BREAKS, HARMONIC))
        return out

    def slices(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same as pieces of a linear programme: each one's cell, how much value it holds, what a unit of it gives.
        A cell's pieces give less from one to the next, so they are filled in order."""
        most = np.bincount(self.cell[self.cell >= 0], minlength=len(self.first))
        cells, widths, slopes = [], [], []
        for number, (first, unit) in enumerate(zip(self.first, self.unit, strict=True)):
            n = int(np.searchsorted(BREAKS, most[number])) or 1
            width = np.diff(BREAKS[: n + 1])
            cells.append(np.full(n, number))
            widths.append(width * unit)
            slopes.append(first / unit * np.diff(HARMONIC[: n + 1]) / width)
        # The last piece takes the rounding of what a whole cell holds.
        for width in widths:
            width[-1] *= 1 + 1e-6
        return np.concatenate(cells), np.concatenate(widths), np.concatenate(slopes)

    def _held(self, value: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        inside = chosen & (self.cell >= 0)
        return np.bincount(self.cell[inside], value[inside], minlength=len(self.first))

    def _of(self, held: np.ndarray) -> np.ndarray:
        return np.asarray(self.first * np.interp(held / self.unit, BREAKS, HARMONIC))


def returns_of(value: np.ndarray, cell: np.ndarray, never: np.ndarray, places: int) -> Returns | None:
    """The returns of cells (number per village, -1 none) when about ``places`` villages are chosen; None where no
    village is in one."""
    counted = (cell >= 0) & ~never & (value > 0)
    if not counted.any() or places < 1:
        return None
    _, numbered = np.unique(cell[counted], return_inverse=True)
    mine = np.full(len(cell), -1)
    mine[counted] = numbered
    total = np.bincount(numbered, value[counted])
    everyone = value[~never]
    last = np.sort(everyone)[-min(places, len(everyone))]
    fair = places * total / everyone.sum()
    return Returns(mine, max(float(last), 1e-9) * fair, total / np.bincount(numbered))


def cells(villages: pd.DataFrame) -> np.ndarray:
    """The cell of each village by where the evidence behind its order stands (``tingkat_bukti, kode_kab, kode_kec``):
    villages nobody can tell apart but for their people have the same number, -1 stands for village level."""
    level = villages["tingkat_bukti"]
    name = villages["kode_kab"].where(level == "kabupaten", villages["kode_kec"].where(level == "kecamatan", "*"))
    return np.where(level == SAME, -1, pd.factorize(name)[0])


def evidence(store: Store, villages: pd.DataFrame) -> pd.Series:
    """``tingkat_bukti`` of score versions that do not say it: the finest level to which half of a kabupaten's cases are
    located, ``tanpa`` where it has none."""
    facts = store.facts.read(jenis="kasus")
    facts = facts[facts["value"] > 0]
    known = facts.groupby([facts["kode"].str[:5], "level"])["value"].sum().unstack()
    known = known.reindex(columns=["desa", "kecamatan", "kabupaten"], fill_value=0.0).fillna(0.0)
    share = known.cumsum(axis=1).div(known.sum(axis=1), axis=0)
    level = (share >= HALF).idxmax(axis=1)
    return villages["kode_kab"].map(level).fillna("tanpa")
