"""What was known on a day: records and figures by when they were dated or stored, never by what is known today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from geo.figures import known_by
from risk.scoring.inputs import Inputs, Models, NoCases, build_inputs, fit_models

FrameAt = Callable[[pd.Timestamp], pd.DataFrame]
"""The village frame as it was known before a day."""


@dataclass(frozen=True)
class EvaluationOrigin:
    """The first day of a test year: ``facts`` of cases and departures, ``inputs`` and ``models`` as they were known
    then. ``dated``: False when no case had been dated or stored by then, and cases are taken by their period instead
    (a register written down later)."""

    first: pd.Timestamp
    facts: pd.DataFrame
    inputs: Inputs
    models: Models
    dated: bool

    @property
    def last(self) -> pd.Timestamp:
        """The last day of the test year."""
        return pd.Timestamp(self.first.year, 12, 31)


class Origins:
    """Test years of one evaluation; each is fitted once, for all levels.

    ``frame``: the village frame of today, which stands for all days where ``at`` is not given; ``facts``: all cases and
    departures; ``graph``: neighbours.
    """

    def __init__(
        self, frame: pd.DataFrame, facts: pd.DataFrame, graph: pd.DataFrame | None = None, at: FrameAt | None = None
    ) -> None:
        self.frame, self.facts, self.graph, self._at = frame, facts, graph, at
        self._made: dict[int, EvaluationOrigin | None] = {}

    def of(self, year: int) -> EvaluationOrigin | None:
        """The year's origin, or None when no case was known by then."""
        if year not in self._made:
            self._made[year] = self._make(pd.Timestamp(year, 1, 1))
        return self._made[year]

    def _make(self, first: pd.Timestamp) -> EvaluationOrigin | None:
        over = self.facts[self.facts["period_end"] < first]
        known = known_by(over, first)
        dated = bool((known.loc[known["jenis"] == "kasus", "value"] > 0).any())
        facts = (known if dated else over).reset_index(drop=True)
        frame = self._at(first) if self._at else self.frame
        try:
            inputs = build_inputs(frame, facts, self.graph)
            return EvaluationOrigin(first, facts, inputs, fit_models(inputs), dated)
        except NoCases:
            return None
