"""How the values of a layer become classes: the palettes, the breaks, the class characters and the legend.

Colours are one hue that darkens with the need for service, so that they keep their order in greyscale and for every
colour vision; "no data" is a class of its own and hatched. No class is red.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from campaign.reading.snapshot import Snapshot

NEED = ("#2d1e6b", "#5f55b2", "#948fd0", "#dad9ee")
FIVE = ("#eeeef8", "#c4c3e4", "#948fd0", "#5f55b2", "#2d1e6b")
UNSURE = ("#e6f1f0", "#b5d6d4", "#79b3b1", "#3f8786", "#14504f")
PLAIN = ("#edf2f7", "#c3d5e6", "#8fb1d0", "#5482ad", "#224b74")
"""For facts that are no need: distances, departures, sessions."""
NO_DATA, TOO_FEW = "#8b9099", "#a98b4f"
FADED = "-"
NO_DATA_KEY, TOO_FEW_KEY = "peta.tanpa_data", "peta.terlalu_sedikit"
Keys = list[tuple[str, dict[str, Any]]]
"""The text key of each class, with its values."""


@dataclass(frozen=True)
class LegendRow:
    """One class: its character in ``MapLayer.classes``, a text key with values, a colour and how many areas it has."""

    char: str
    key: str
    colour: str
    count: int
    values: dict[str, Any] = field(default_factory=dict)
    hatched: bool = False


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """Classes of numbers: ``breaks`` between them (one less than ``colours``), or what gives them for a snapshot, the
    layer's key and a level. The legend says them in the texts ``peta.kelas.<text>_bawah, _antara, _atas``, up to
    ``highest`` where the scale ends; or by the keys ``names``, one a class."""

    breaks: tuple[float, ...] | Callable[[Snapshot, str, str], tuple[float, ...]]
    colours: tuple[str, ...]
    text: str = ""
    highest: float | None = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.text) == bool(self.names):
            raise ValueError("a class of numbers is told by a text or by names")
        if not callable(self.breaks) and len(self.breaks) + 1 != len(self.colours):
            raise ValueError(f"{len(self.breaks)} breaks make {len(self.breaks) + 1} classes, not {len(self.colours)}")

    @property
    def texts(self) -> tuple[str, ...]:
        """The text keys of the legend."""
        return self.names or tuple(f"peta.kelas.{self.text}_{end}" for end in ("bawah", "antara", "atas"))

    def classify(self, snapshot: Snapshot, key: str, level: str, values: pd.Series) -> tuple[np.ndarray, Keys]:
        """The number of each area's class, and the classes' texts; "no data" is the last."""
        breaks = self.breaks(snapshot, key, level) if callable(self.breaks) else self.breaks
        texts: Keys = [(name, {}) for name in self.names] or self._ranges(breaks)
        return cut(values, breaks), [*texts, (NO_DATA_KEY, {})]

    def _ranges(self, breaks: tuple[float, ...]) -> Keys:
        below, between, above = self.texts
        last = {"dari": breaks[-1]} if self.highest is None else {"dari": breaks[-1], "sampai": self.highest}
        return [
            (below, {"sampai": breaks[0]}),
            *((between, {"dari": a, "sampai": b}) for a, b in pairwise(breaks)),
            (above, last),
        ]


@dataclass(frozen=True, kw_only=True)
class Named:
    """Classes that have names: the values are ``names``, told in the texts ``<stem>.<name>``. ``unknown`` is the name
    that stands for areas without a value; without one they are "no data"."""

    names: tuple[str, ...]
    colours: tuple[str, ...]
    stem: str
    unknown: str = ""

    def __post_init__(self) -> None:
        if len(self.names) - bool(self.unknown) != len(self.colours):
            raise ValueError(f"{len(self.names)} names, {len(self.colours)} colours")

    @property
    def texts(self) -> tuple[str, ...]:
        """The text keys of the legend."""
        return tuple(f"{self.stem}.{name}" for name in self.names)

    def classify(self, snapshot: Snapshot, key: str, level: str, values: pd.Series) -> tuple[np.ndarray, Keys]:
        """The number of each area's class, and the classes' texts; "no data", or what stands for it, is the last."""
        texts: Keys = [(text, {}) for text in self.texts]
        if not self.unknown:
            texts.append((NO_DATA_KEY, {}))
        return number_of(values, self.names, len(texts) - 1), texts


Classes = Ranges | Named


def number_of(values: pd.Series, names: Sequence[str], other: int) -> np.ndarray:
    """The position of each value among the names; ``other`` for a value that is none of them."""
    index = {name: i for i, name in enumerate(names)}
    return np.array([index.get(value, other) for value in values], dtype=int)


def cut(values: pd.Series, breaks: tuple[float, ...]) -> np.ndarray:
    """Class numbers; a value on a break belongs to the class above; missing is one past the last class."""
    numbers = np.searchsorted(np.asarray(breaks), values.to_numpy(dtype=float), side="right")
    return np.where(values.isna().to_numpy(), len(breaks) + 1, numbers)


def chars(numbers: np.ndarray) -> str:
    """Class numbers as characters, one an area."""
    return "".join("0123456789"[i] for i in numbers)


def legend_rows(numbers: np.ndarray, keys: Keys, colours: Sequence[str], hatched: set[int]) -> tuple[LegendRow, ...]:
    """One row a class, with the number of its areas."""
    counts = np.bincount(numbers, minlength=len(keys))
    return tuple(
        LegendRow(str(i), key, colours[i], int(counts[i]), values, i in hatched) for i, (key, values) in enumerate(keys)
    )
