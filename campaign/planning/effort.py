"""What a session costs in team-days and rupiah: open assumptions about roads, boats, hours and prices that the office
can change.

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


MAY_BE_ZERO = ("hari_laut", "rupiah_per_hari", "rupiah_per_sesi", "rupiah_per_laut")
SOURCE_LENGTH = 160


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
    """Rupiah for one team-day: allowances, lodging, transport by road."""
    rupiah_per_sesi: float = 500_000.0
    """Rupiah for one session beside its team-days: materials, refreshments, the room."""
    rupiah_per_laut: float = 1_000_000.0
    """Rupiah for a whole team to cross by boat and back."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            lowest = 1.0 if name == "liku" else 0.0
            may_be_zero = name in MAY_BE_ZERO
            if not np.isfinite(value) or value < lowest or (value == 0 and not may_be_zero):
                raise WrongUse("BAD_ASSUMPTION", name=name, value=str(value))


def effort_of(values: dict[str, Any]) -> Effort:
    """The assumptions a plan was made from, as its file keeps them; what an older plan did not know costs nothing."""
    known = {one.name: float(values[one.name]) for one in fields(Effort) if one.name in values}
    return Effort(**{"rupiah_per_sesi": 0.0, "rupiah_per_laut": 0.0, **known})


def split_sources(pairs: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """``{"rupiah_per_hari": "3000000: SBM 2026"}`` → the numbers as text, and where each is from."""
    numbers, sources = {}, {}
    for name, text in pairs.items():
        numbers[name], _, source = (part.strip() for part in text.partition(":"))
        if source:
            sources[name] = " ".join(source.split())[:SOURCE_LENGTH]
    return numbers, sources


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
    """Per village (row order of ``travel``, from `geo.proximity.travel.travel_table`): ``desa`` team-days for its
    session and the way from the middle of its kecamatan and back, ``trip`` team-days to get to that kecamatan and
    back (spent once for all its villages), to two decimals; ``desa_rp`` and ``trip_rp`` rupiah for the same; ``laut``
    whether a boat is needed.
    """
    hours_per_km = 2 * effort.liku / effort.km_per_jam
    km_kec, km_kab = travel["km_kec"].to_numpy(dtype=float), travel["km_kab"].to_numpy(dtype=float)
    laut_kec, laut_kab = travel["laut_kec"].to_numpy(dtype=bool), travel["laut_kab"].to_numpy(dtype=bool)
    session = (effort.jam_per_sesi + hours_per_km * km_kec) / effort.jam_per_hari
    desa = (session + 2 * effort.hari_laut * laut_kec).round(2)
    trip = (hours_per_km * km_kab / effort.jam_per_hari + 2 * effort.hari_laut * laut_kab).round(2)
    return pd.DataFrame(
        {
            "kode": travel["kode"].to_numpy(),
            "desa": desa,
            "trip": trip,
            "desa_rp": desa * effort.rupiah_per_hari + effort.rupiah_per_sesi + effort.rupiah_per_laut * laut_kec,
            "trip_rp": trip * effort.rupiah_per_hari + effort.rupiah_per_laut * laut_kab,
            "laut": laut_kec | laut_kab,
        }
    )
