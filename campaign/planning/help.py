"""Kinds of help that can go along with a session, each with whom it is for and where it is proposed.

The kinds, their rules and where these are from stand in ``help_kinds.csv``. A rule looks at one measure that is no
count of cases: above (``atas``) or below (``bawah``) a fixed number, or a quantile over all areas of the level the
measure is known at. Where it is not held, nothing is proposed and the plan says so: an office may add it by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from campaign.planning.plan_types import HelpGround, Plan, PlanHelp
from campaign.sessions.topics import AUDIENCES
from data.choose import latest
from data.disclosure import guarded_rows, release_facts
from data.domain.distance import nearest_km
from data.store.store import Store

TABLE = Path(__file__).with_name("help_kinds.csv")
SERVICES = ("ltsa", "imigrasi")
_DIRECTIONS = ("atas", "bawah")


@dataclass(frozen=True)
class HelpKind:
    """One kind of help, a row of the table: ``host`` who gives it, ``audiences`` whom it is for (of
    `campaign.sessions.topics.AUDIENCES`), ``measure`` its rule looks at (of `MEASURES`, or an indicator), ``above`` or
    below the limit: a ``quantile`` or a ``fixed`` number; ``source`` of the rule."""

    key: str
    host: str
    audiences: tuple[str, ...]
    measure: str
    above: bool
    quantile: float | None
    fixed: float | None
    source: str

    def __post_init__(self) -> None:
        if (self.quantile is None) == (self.fixed is None):
            raise ValueError(f"help {self.key!r} needs one limit: kuantil:SHARE or tetap:NUMBER")
        if not self.audiences or set(self.audiences) - set(AUDIENCES):
            raise ValueError(f"help {self.key!r} is for {self.audiences}, expected some of {AUDIENCES}")
        if not (self.key and self.host and self.measure and self.source):
            raise ValueError(f"help {self.key!r} lacks its host, measure or source")

    @property
    def texts(self) -> tuple[str, ...]:
        """The text keys it needs: over its column, in sentences and lists, and what its rule says."""
        return (f"bantuan.{self.key}", f"bantuan.lengkap.{self.key}", f"bantuan.ukuran.{self.measure}")


@dataclass(frozen=True, eq=False)
class Measured:
    """A measure of areas of one ``level``, indexed by their code."""

    values: pd.Series
    level: str
    source: str


@cache
def kinds() -> dict[str, HelpKind]:
    """The kinds of help by key, in the order of the table; raises ``ValueError`` for a row that lacks something."""
    out = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            how, _, number = row["batas"].partition(":")
            if row["arah"] not in _DIRECTIONS:
                raise ValueError(f"help {row['bantuan']!r} looks {row['arah']!r}, expected one of {_DIRECTIONS}")
            out[row["bantuan"]] = HelpKind(
                row["bantuan"],
                row["penyelenggara"],
                tuple(row["kelompok"].split(";")),
                row["ukuran"],
                row["arah"] == "atas",
                float(number) if how == "kuantil" else None,
                float(number) if how == "tetap" else None,
                row["sumber"],
            )
    return out


def help_for(store: Store, codes: list[str]) -> PlanHelp:
    """What is proposed for villages: ``usulan`` (kinds by code), ``dasar`` (per kind what its rule looked at: ``ukuran,
    tingkat, ambang, sumber``), ``tanpa_data`` (kinds whose measure is not held)."""
    proposed: dict[str, list[str]] = {kode: [] for kode in codes}
    grounds: dict[str, HelpGround] = {}
    lacking = []
    for key, kind in kinds().items():
        found = _measured(store, kind.measure)
        if found is None:
            lacking.append(key)
            continue
        limit = float(found.values.quantile(kind.quantile)) if kind.quantile is not None else float(kind.fixed or 0)
        passed = found.values >= limit if kind.above else found.values <= limit
        inside = set(found.values.index[passed])
        for kode in codes:
            if (kode if found.level == "desa" else kode[:5]) in inside:
                proposed[kode].append(key)
        grounds[key] = {
            "ukuran": kind.measure,
            "tingkat": found.level,
            "ambang": round(limit, 2),
            "sumber": found.source,
        }
    return {"usulan": proposed, "dasar": grounds, "tanpa_data": lacking}


def help_of(plan: Plan, changed: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """Kinds of help by village as planned: what a person ``changed`` stands before what was proposed."""
    proposed = plan["bantuan"]["usulan"] if "bantuan" in plan else {}
    return {
        row["kode"]: list((changed or {}).get(row["kode"], proposed.get(row["kode"], ()))) for row in plan["villages"]
    }


def audiences_of(chosen: list[str]) -> list[str]:
    """Whom the chosen kinds are for, each once; the public for a session without any."""
    known = kinds()
    out = [one for key in chosen if key in known for one in known[key].audiences]
    return list(dict.fromkeys(out)) or ["umum"]


def _measured(store: Store, measure: str) -> Measured | None:
    return MEASURES[measure](store) if measure in MEASURES else _figure(store, "indikator", measure)


def _figure(store: Store, jenis: str, indikator: str, level: str = "") -> Measured | None:
    """The newest figures of the finest level they are known at."""
    facts = store.facts.read(jenis=jenis, indikator=indikator).dropna(subset=["value"])
    facts = facts[~guarded_rows(facts)]
    for one in [level] if level else ["desa", "kabupaten"]:
        known = facts[facts["level"] == one].reset_index(drop=True)
        if len(known):
            newest = latest(known)
            return Measured(newest.set_index("kode")["value"].astype(float), one, _sources(newest))
    return None


def _poor(store: Store) -> Measured | None:
    """Poor people in percent: of the village where both are counted, else of the kabupaten."""
    poor = _figure(store, "kemiskinan", "penduduk_miskin", "desa")
    people = _figure(store, "indikator", "penduduk", "desa")
    if poor is None or people is None:
        return _figure(store, "kemiskinan", "persen_miskin", "kabupaten")
    share = (100 * poor.values / people.values.reindex(poor.values.index).replace(0, np.nan)).dropna()
    return Measured(share, "desa", poor.source)


def _way_to_service(store: Store) -> Measured | None:
    """Kilometres in a straight line to the nearest LTSA or immigration office."""
    points = store.records.read("titik")
    points = points[points["jenis"].isin(SERVICES)]
    placed = store.gazetteer.villages().dropna(subset=["lon", "lat"])
    if points.empty or placed.empty:
        return None
    away = nearest_km(placed["lon"], placed["lat"], points["lon"], points["lat"])
    return Measured(pd.Series(away, index=placed["kode"].to_numpy()), "desa", _sources(points))


def _placements(store: Store) -> Measured | None:
    """Published procedural departures per 1,000 people of the kabupaten."""
    facts = store.facts.read(jenis="keberangkatan", level="kabupaten").query("indikator == 'prosedural' and published")
    known = release_facts(latest(facts.reset_index(drop=True)), role="publik")
    people = _figure(store, "indikator", "penduduk", "kabupaten")
    counted = pd.to_numeric(known.set_index("kode")["value"], errors="coerce").dropna()
    if counted.empty or people is None:
        return None
    return Measured((1000 * counted / people.values.reindex(counted.index)).dropna(), "kabupaten", _sources(known))


MEASURES: dict[str, Callable[[Any], Measured | None]] = {
    "miskin": _poor,
    "jarak_layanan": _way_to_service,
    "penempatan": _placements,
}
"""Measures that are worked out; every other one is the key of an indicator."""


def _sources(rows: pd.DataFrame) -> str:
    return "; ".join(sorted(set(rows["source"])))[:300]
