"""What is known of every village, as columns beside the gazetteer's; the half of the village frame without geometry.

This is the one place that decides which stored figure stands for a village: the newest chosen one of the finest level
that has it. Whoever needs figures of villages takes them from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from data.choose import latest
from data.disclosure import guarded_rows
from data.domain.capitals import distance_to_seat
from data.domain.kinds import fact_kinds
from data.domain.levels import LEVELS, Level
from data.domain.measures import MEASURES

CARRIED_UNITS = frozenset({"persen", "%", "indeks", "skor", "tahun", "rasio", "per seribu", "per 1.000"})
"""Units of figures that are true of every part of an area, as a share is. The count or the size of a kabupaten is not
one of its villages', so it is never carried down to them."""
USUAL_PEOPLE = 1500.0
"""Persons in a village where no population is known at all."""


@dataclass(frozen=True)
class Figure:
    """One column: ``value`` per village (index ``kode``, NaN for none), ``level`` it is of, the ``rows`` it is from."""

    value: pd.Series
    level: pd.Series
    rows: pd.DataFrame
    estimated: pd.Series | None = None
    """Villages whose figure rests on an estimated population (bool by village), None where no population went in."""

    def origin(self) -> dict[str, Any]:
        """``sumber`` (publishers), ``satuan``, ``periode`` (first and last day, ISO), ``data_contoh``,
        ``taksiran`` (whether any rests on an estimated population); plain values."""
        dates = [self.rows["period_start"].min(), self.rows["period_end"].max()] if len(self.rows) else []
        return {
            "sumber": list(dict.fromkeys(self.rows["source"])),
            "satuan": "; ".join(dict.fromkeys(unit for unit in self.rows["unit"] if unit)),
            "periode": [day.date().isoformat() for day in dates],
            "data_contoh": bool(self.rows["data_contoh"].any()),
            "taksiran": self.estimated is not None and bool(self.estimated.any()),
        }


def village_attributes(gazetteer: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The village frame without geometry; see `geo.frame.village_frame` for its columns.

    ``gazetteer`` and ``facts`` as `data.store.store.Store` gives them; only open figures of kinds that are features
    of places are taken (cases and departures count people and stay in the store), of areas in the gazetteer.
    """
    villages = gazetteer.sort_values("kode", ignore_index=True).set_index("kode", drop=False)
    known = known_figures(facts)
    people = known[known["indikator"] == "penduduk"]
    estimate = people_everywhere(people, villages)
    derived = {"kemiskinan": _poverty(known, villages, estimate), "jarak_km": _remoteness(villages, known)}
    out = villages.assign(
        **_columns("penduduk", _own_people(people, villages)),
        penduduk_gazetir=villages["penduduk"],
        **_columns("penduduk_taksiran", estimate),
    )
    taken = {*out.columns, *(f"{name}{end}" for name in derived for end in ("", "__level", "__taksiran"))}
    taken |= {"geometry", "punya_poligon", "area_km2"}
    figures = {name: figure for name, figure in derived.items() if figure.value.notna().any()}
    origins = {"penduduk": estimate.origin()}
    for name, rows in known.groupby("indikator", sort=True):
        figure = finest(_carried(rows), villages)
        if name == "penduduk" or not figure.value.notna().any():
            continue
        name = str(name)
        while {name, f"{name}__level"} & taken:
            name += "_fakta"
        taken |= {name, f"{name}__level"}
        figures[name] = figure
    columns: dict[str, Any] = {}
    for name, figure in figures.items():
        columns |= _columns(name, figure)
        origins[name] = figure.origin()
    frame = out.join(pd.DataFrame(columns, index=out.index)).reset_index(drop=True)
    frame.attrs["angka"] = origins
    return frame


def known_by(facts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The facts that were known before ``day``: dated (``as_of``, else the end of their period) or stored by then."""
    return facts[(facts["as_of"].fillna(facts["period_end"]) < day) | (facts["created_at"] < day)]


def places_known_by(facts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The same of figures of places. Where no population was known by then, its oldest figures stand in: how many
    people live somewhere changes slowly, and without them nothing can be compared with anything."""
    known = known_by(facts, day)
    people = facts[(facts["indikator"] == "penduduk") & facts["value"].notna()]
    for level, rows in people.groupby("level"):
        if not ((known["indikator"] == "penduduk") & (known["level"] == level) & known["value"].notna()).any():
            known = pd.concat([known, rows[rows["period_end"] == rows["period_end"].min()]])
    return known.reset_index(drop=True)


def known_figures(facts: pd.DataFrame) -> pd.DataFrame:
    """The newest chosen figure of each indicator, level and area; what is missing never hides an older figure."""
    ours = facts["jenis"].isin(fact_kinds(of_places=True)) & facts["value"].notna()
    rows = latest(facts[ours & ~guarded_rows(facts)])
    newest = rows.sort_values("period_end", kind="stable").drop_duplicates(["indikator", "level", "kode"], keep="last")
    return newest.sort_index()


def finest(rows: pd.DataFrame, villages: pd.DataFrame) -> Figure:
    """The figure of one indicator per village, from the finest level that has one. ``rows`` one a level and area."""
    value = np.full(len(villages), np.nan)
    level = np.full(len(villages), "", dtype=object)
    of_level, kode, known = rows["level"].to_numpy(str), rows["kode"].to_numpy(object), rows["value"].to_numpy(float)
    for one in LEVELS:
        of_area = dict(zip(kode[of_level == one], known[of_level == one], strict=True))
        if not of_area:
            continue
        found = np.array([of_area.get(area, np.nan) for area in villages[one.column].to_numpy(object)])
        take = np.isnan(value) & ~np.isnan(found)
        value[take], level[take] = found[take], str(one)
    used = rows[np.isin(of_level, list(set(level)))]
    return Figure(pd.Series(value, villages.index), pd.Series(level, villages.index, dtype="str"), used)


def is_carried(indikator: str) -> bool:
    """Whether an indicator is known to be such a figure, whatever its file says of the unit (often nothing)."""
    return indikator in MEASURES and MEASURES[indikator].unit in CARRIED_UNITS


def _carried(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of villages, and of larger areas those that are true of each of their villages."""
    down = rows["indikator"].map(is_carried).astype(bool) | rows["unit"].str.lower().isin(CARRIED_UNITS)
    return rows[(rows["level"] == "desa") | down]


def _columns(name: str, figure: Figure) -> dict[str, pd.Series]:
    columns = {name: figure.value, f"{name}__level": figure.level.astype(object)}
    if figure.estimated is not None:
        columns[f"{name}__taksiran"] = figure.estimated
    return columns


def _own_people(rows: pd.DataFrame, villages: pd.DataFrame) -> Figure:
    """Persons counted in the village itself: the newest figure, else the gazetteer's."""
    own = rows[rows["level"] == "desa"].set_index("kode")["value"].reindex(villages.index)
    value = own.fillna(villages["penduduk"])
    return Figure(value, pd.Series(np.where(value.notna(), "desa", ""), villages.index), rows)


def people_everywhere(rows: pd.DataFrame, villages: pd.DataFrame) -> Figure:
    """Persons per village without gaps, always above 0, and the level the figure is of.

    Where only a kecamatan's or kabupaten's total is known, what its counted villages leave is shared equally among
    the others; with nothing known (level ""), a village has the mean of the known ones.
    """
    people = _own_people(rows, villages).value.where(lambda value: value > 0)
    level: pd.Series = pd.Series(np.where(people.notna(), "desa", ""), villages.index, dtype=object)
    for above in LEVELS[1:]:
        total = rows[rows["level"] == above].set_index("kode")["value"]
        open_ = people.isna()
        if not open_.any() or total.empty:
            continue
        area = villages[above.column]
        left = area.map(total) - area.map(people.groupby(area).sum())
        each = left / area.map(open_.groupby(area).sum())
        level = level.mask(open_ & (each > 0), str(above))
        people = people.fillna(each.where(each > 0))
    usual = float(people.mean()) if people.notna().any() else USUAL_PEOPLE
    return Figure(people.fillna(usual), level, rows[rows["level"].isin(level.unique())], level != "desa")


def people_of_areas(estimate: Figure, area: pd.Series, level: str) -> pd.DataFrame:
    """Per area of ``level`` (labels in ``area``) ``orang`` from what `people_everywhere` gives, and ``taksiran``: some
    of its people are neither counted in their village nor part of a total of the area, or of one within it.
    NaN where nothing at all is known of its people."""
    rank = {str(one): i for i, one in enumerate(LEVELS)}
    guessed = estimate.level.map(rank).fillna(len(rank)) > rank[level]
    label = area.to_numpy()
    known = (estimate.level != "").groupby(label).any()
    people = estimate.value.groupby(label).sum().where(known)
    return pd.DataFrame({"orang": people, "taksiran": guessed.groupby(label).any()})


def poor_shares(persons: pd.DataFrame, given: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Shares of poor people in percent of one level: one row an area, with ``taksiran``.

    ``persons``, ``given``: rows (``kode``, ``value``) of poor persons and of published percentages; ``people`` as
    `people_of_areas` gives it. Persons by counted people come first, then a given percentage, and persons by an
    estimated population only where nothing else is known: what the source divided by was better than a guess.
    """
    size = people.reindex(persons["kode"])
    share = (100 * persons["value"].to_numpy(float) / size["orang"].to_numpy(float)).clip(max=100.0)
    own = persons.assign(value=share, unit="persen", taksiran=size["taksiran"].fillna(True).to_numpy(bool))
    parts = [own[~own["taksiran"]], given.assign(taksiran=False), own[own["taksiran"]]]
    return pd.concat(parts).dropna(subset=["value"]).drop_duplicates("kode")


def _poverty(known: pd.DataFrame, villages: pd.DataFrame, estimate: Figure) -> Figure:
    """Share of poor people in percent (`poor_shares`) of the finest level that has one."""
    both = []
    for level in LEVELS:
        persons, given = (
            known[(known["indikator"] == name) & (known["level"] == level)]
            for name in ("penduduk_miskin", "persen_miskin")
        )
        both.append(poor_shares(persons, given, people_of_areas(estimate, villages[level.column], level)))
    found = finest(pd.concat(both), villages)
    guessed = pd.concat(both).query("taksiran")
    estimated = pd.Series(False, villages.index)
    for at, codes in guessed.groupby("level")["kode"]:
        estimated |= (found.level == at) & villages[Level(str(at)).column].isin(codes)
    return replace(found, estimated=estimated)


def _remoteness(villages: pd.DataFrame, known: pd.DataFrame) -> Figure:
    """Kilometres to the kabupaten's seat; of the village's own level only where its own point is known."""
    value = distance_to_seat(villages)
    own = value.notna() & (villages["presisi_titik"] == "desa")
    return Figure(value, pd.Series(np.where(own, "desa", ""), villages.index), known.iloc[:0])
