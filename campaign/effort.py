"""What a session costs in team-days: an open assumption about roads, boats and hours that the office can change.

Nothing here is measured for NTT. Each number is a round assumption of this project, printed with every plan made from
it, and the first thing an office should replace by what its own teams need.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from data.errors import WrongUse

WEST_MONSOON = (1, 2)
"""Months in which small boats often cannot cross (angin barat, January and February)."""


@dataclass(frozen=True)
class Effort:
    """Assumptions of a plan; all can be changed. Team-days are days of one whole team."""

    jam_per_sesi: float = 6.0
    """Hours in a village: preparing, the session itself, talking afterwards."""
    jam_per_hari: float = 8.0
    """Working hours of a team-day."""
    km_per_jam: float = 20.0
    """Speed on the road."""
    liku: float = 1.5
    """Road kilometres per kilometre of straight line."""
    hari_laut: float = 0.5
    """Days for one crossing by boat, waiting included."""
    rupiah_per_hari: float = 2_500_000.0
    """Cost of one team-day (transport, allowances, materials)."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            lowest = 1.0 if name == "liku" else 0.0
            may_be_zero = name in ("hari_laut", "rupiah_per_hari")
            if not np.isfinite(value) or value < lowest or (value == 0 and not may_be_zero):
                raise WrongUse("BAD_ASSUMPTION", name=name, value=str(value))


def changed(assumptions: Effort, pairs: dict[str, str]) -> Effort:
    """``assumptions`` with some replaced (name → number as text). Raises `WrongUse` (``BAD_ASSUMPTION``)."""
    values: dict[str, Any] = asdict(assumptions)
    for name, text in pairs.items():
        if name not in values:
            raise WrongUse("UNKNOWN_ASSUMPTION", name=name, known=", ".join(one.name for one in fields(Effort)))
        try:
            values[name] = float(text.replace(",", "."))
        except ValueError:
            raise WrongUse("BAD_ASSUMPTION", name=name, value=text[:20]) from None
    return Effort(**values)


def team_days(travel: pd.DataFrame, effort: Effort) -> pd.DataFrame:
    """Per village (row order of ``travel``, from `geo.travel.travel_table`): ``desa`` team-days for its session and the
    way from the middle of its kecamatan and back, ``trip`` team-days to get to that kecamatan and back (spent once for
    all its villages), ``laut`` whether a boat is needed. To two decimals.
    """
    hours_per_km = 2 * effort.liku / effort.km_per_jam
    desa = (effort.jam_per_sesi + hours_per_km * travel["km_kec"]) / effort.jam_per_hari
    trip = hours_per_km * travel["km_kab"] / effort.jam_per_hari
    laut_kec, laut_kab = travel["laut_kec"].to_numpy(dtype=bool), travel["laut_kab"].to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "kode": travel["kode"].to_numpy(),
            "desa": (desa + 2 * effort.hari_laut * laut_kec).round(2).to_numpy(),
            "trip": (trip + 2 * effort.hari_laut * laut_kab).round(2).to_numpy(),
            "laut": laut_kec | laut_kab,
        }
    )
