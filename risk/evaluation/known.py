"""What was known on a day: records and figures by when they were dated or stored, never by what is known today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from data.domain.levels import DRAWN
from geo.figures import known_by
from risk.scoring.inputs import Inputs, Models, NoCases, build_inputs, fit_models

FrameAt = Callable[[pd.Timestamp], pd.DataFrame]
"""The village frame as it was known before a day."""


@dataclass(frozen=True)
class EvaluationOrigin:
    """The first day of a test year: ``facts`` of cases and departures, ``inputs`` and ``models`` as they were known
    then. ``late``: kinds of case of which none had been dated or stored by then; theirs are taken by their period
    instead (a register written down later)."""

    first: pd.Timestamp
    facts: pd.DataFrame
    inputs: Inputs
    models: Models
    late: frozenset[str]

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
        late = _kinds(over) - _kinds(known)
        taken_late = over[(over["jenis"] == "kasus") & over["indikator"].isin(late)]
        others = known[~((known["jenis"] == "kasus") & known["indikator"].isin(late))]
        facts = pd.concat([others, taken_late]).sort_index().reset_index(drop=True)
        frame = self._at(first) if self._at else self.frame
        try:
            inputs = build_inputs(frame, facts, self.graph)
            return EvaluationOrigin(first, facts, inputs, fit_models(inputs), late)
        except NoCases:
            return None


def _kinds(facts: pd.DataFrame) -> frozenset[str]:
    """Kinds of which there is a case of an area; figures of the province alone teach nothing."""
    of_areas = (facts["jenis"] == "kasus") & facts["level"].isin([str(level) for level in DRAWN])
    return frozenset(facts.loc[of_areas & (facts["value"] > 0), "indikator"])
