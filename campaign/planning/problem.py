"""The problem a plan solves: villages with what they are worth and take, a budget, and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from campaign.planning.solver.returns import Returns

MILLION = 1e6
DEARER = 0.25
"""How much more than the cheapest of its area a village may take that a floor is kept with."""


@dataclass(frozen=True, eq=False)
class Problem:
    """``value, cost`` per village (float, >= 0), ``kecamatan`` its trip's number 0..m-1, ``trip`` team-days per trip,
    ``group`` kabupaten number per village, ``island`` island number; ``must, never, explored`` bool per village.
    Exactly one of ``team_days``, ``villages`` and ``rupiah`` is the budget; ``cost_rp`` and ``trip_rp`` are what
    villages and trips cost in rupiah. ``floor`` and ``island_floor`` are the least number of villages of each kabupaten
    and island, ``ceiling`` and ``island_ceiling`` the most (None: no limit). ``kept`` (bool per village) is an earlier
    choice: its villages stay and what is left is filled. Where not all of them fit those go that give least for what
    they take; where the rules cannot be kept that way the choice is made afresh. ``returns`` diminish within cells of
    exchangeable villages; without them every village gives its value. ``settled`` (bool per village) count for a floor
    whatever they take: those that a person asked for or an earlier choice had. ``any_for_floor``: every village counts,
    where the budget does not suffice for those that need it most."""

    value: np.ndarray
    cost: np.ndarray
    kecamatan: np.ndarray
    trip: np.ndarray
    group: np.ndarray
    island: np.ndarray
    must: np.ndarray
    never: np.ndarray
    explored: np.ndarray
    team_days: float | None = None
    villages: int | None = None
    rupiah: float | None = None
    cost_rp: np.ndarray | None = None
    trip_rp: np.ndarray | None = None
    floor: int = 0
    island_floor: int = 0
    ceiling: int | None = None
    island_ceiling: int | None = None
    explore: float = 0.0
    kept: np.ndarray | None = None
    returns: Returns | None = None
    settled: np.ndarray | None = None
    any_for_floor: bool = False

    def days(self, chosen: np.ndarray) -> float:
        """Team-days of a choice (bool per village), trips included."""
        trips = np.unique(self.kecamatan[chosen])
        return round(float(self.cost[chosen].sum() + self.trip[trips].sum()), 2)

    def cost_of(self, chosen: np.ndarray) -> float:
        """Rupiah of a choice, trips included; 0 where prices are not known."""
        if self.cost_rp is None or self.trip_rp is None:
            return 0.0
        return float(self.cost_rp[chosen].sum() + self.trip_rp[np.unique(self.kecamatan[chosen])].sum())

    def reached(self, chosen: np.ndarray) -> float:
        """The value of a choice, whatever is maximised."""
        return float(self.value[chosen].sum())

    def gained(self, chosen: np.ndarray) -> float:
        """The objective of a choice: what is maximised."""
        return self.reached(chosen) if self.returns is None else self.returns.gained(self.value, chosen)

    def gain(self, chosen: np.ndarray) -> np.ndarray:
        """What each village adds to the objective of a choice; of those that are in, what they add to the others."""
        return self.value if self.returns is None else self.returns.gain(self.value, chosen)

    @property
    def budget(self) -> float | None:
        """Team-days, or million rupiah; None where the budget is a number of villages."""
        return self.rupiah / MILLION if self.rupiah is not None else self.team_days

    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """What each village and each trip takes from the budget, in its unit."""
        if self.rupiah is not None and self.cost_rp is not None and self.trip_rp is not None:
            return self.cost_rp / MILLION, self.trip_rp / MILLION
        return self.cost, self.trip

    def spent(self, chosen: np.ndarray) -> float:
        """What a choice takes from the budget, in its unit."""
        of_village, of_trip = self.taken()
        return round(float(of_village[chosen].sum() + of_trip[np.unique(self.kecamatan[chosen])].sum()), 6)

    def floors(self) -> np.ndarray:
        """Villages each kabupaten gets at least: the floor, or all it has to offer."""
        return self._least(self.group, self.floor)

    def island_floors(self) -> np.ndarray:
        """The same of each island."""
        return self._least(self.island, self.island_floor)

    def floor_villages(self) -> Iterator[tuple[np.ndarray, int]]:
        """Of every kabupaten and island with a floor the villages (bool) it is kept with, and how many there must be:
        those of most value among all that take at most `DEARER` more than as many of its cheapest, not simply the
        cheapest. What is ``settled`` counts too."""
        of_village, of_trip = self.taken()
        price = of_village + of_trip[self.kecamatan]
        settled = np.zeros(len(price), dtype=bool) if self.settled is None else self.settled
        for of, floors in ((self.group, self.floors()), (self.island, self.island_floors())):
            for number in np.flatnonzero(floors):
                least = int(floors[number])
                if self.any_for_floor:
                    yield of == number, least
                    continue
                open_to = np.flatnonzero((of == number) & ~self.never)
                nearly = open_to[price[open_to] <= (1 + DEARER) * np.sort(price[open_to])[least - 1] + 1e-9]
                lowest = np.sort(self.value[nearly])[-least]
                counted = np.zeros(len(self.value), dtype=bool)
                counted[nearly[self.value[nearly] >= lowest]] = True
                yield counted | (settled & (of == number)), least

    def _least(self, of: np.ndarray, floor: int) -> np.ndarray:
        return np.minimum(np.bincount(of[~self.never], minlength=of.max() + 1), floor)
